#!/usr/bin/env bash
# Babel 2.19.0 (PyPI) and Intl of Node.js 20 write 0.00000250 BTC as BTC 0.00, without a word.
#
# Both take a three-letter code and format an amount with the decimals of that currency. BTC and XBT are not in ISO
# 4217, so one expects an error or the digits of the amount. Both fall back on two decimals for a code that they do not
# know, and round. py-moneyed 3.0 (PyPI) says that there is no such currency. Babel keeps the digits with
# currency_digits=False and decimal_quantization=False, Intl with maximumFractionDigits.
#
# For a checkout: write bitcoin amounts with code of one's own, or say the number of decimals.
#
# Seen on Python 3.11 and Node.js 20. Needs python3 with venv, node and PyPI. Exits 0 while this is so, 1 when it has
# changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check babel==2.19.0 py-moneyed==3.0
cat >"$folder/check.py" <<'PYTHON'
from decimal import Decimal

from babel.numbers import format_currency
from moneyed import CurrencyDoesNotExist, Money

amount = Decimal("0.00000250")
for code in ("BTC", "XBT"):
    exact = format_currency(amount, code, locale="en", currency_digits=False, decimal_quantization=False)
    print(f"Babel: {format_currency(amount, code, locale='en')}, told to be exact {exact}")
try:
    print("py-moneyed:", Money(amount, "BTC"))
except CurrencyDoesNotExist as error:
    print("py-moneyed:", error)
PYTHON
cat >"$folder/check.cjs" <<'NODE'
for (const currency of ["BTC", "XBT"]) {
  const written = (more) => new Intl.NumberFormat("en", { style: "currency", currency, ...more }).format(0.0000025);
  console.log(`Intl: ${written()}, told the decimals ${written({ maximumFractionDigits: 8 })}`.replaceAll("\u00a0", " "));
}
NODE
seen=$("$folder/venv/bin/python" "$folder/check.py" && node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == 'Babel: BTC0.00, told to be exact BTC0.0000025
Babel: XBT0.00, told to be exact XBT0.0000025
py-moneyed: No currency with code BTC is defined.
Intl: BTC 0.00, told the decimals BTC 0.0000025
Intl: XBT 0.00, told the decimals XBT 0.0000025' ]] || {
  echo "it has changed"
  exit 1
}
