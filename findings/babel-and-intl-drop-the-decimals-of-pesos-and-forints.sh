#!/usr/bin/env bash
# Babel 2.19.0 (PyPI) and Intl of Node.js 20 write 1234.56 HUF as HUF 1,235, and a price in dinars of Iraq whole.
#
# ISO 4217 gives the forint and the pesos of Colombia two decimals and the dinar of Iraq three, and a payment API counts
# in that unit. ECMA-402 takes the minor unit of ISO 4217 for a currency, so one expects the decimals to be shown. Both
# take the number of decimals from CLDR, which has none for these, as for the currencies of Albania, Indonesia, Lebanon
# and others, and round. Currency of Java 17 and iso4217 1.16.20260101 (PyPI) tell those of ISO 4217.
#
# For a checkout: format with the decimals of ISO 4217 said (minimumFractionDigits, currency_digits=False), or what the
# customer sees is not what is charged.
#
# Seen on Python 3.11, Node.js 20 and Java 17. Needs python3 with venv, node, java and PyPI. Exits 0 while this is so, 1
# when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check babel==2.19.0 iso4217==1.16.20260101
cat >"$folder/check.py" <<'PYTHON'
import sys
from decimal import Decimal

from babel.numbers import format_currency
from iso4217 import Currency

for code in sys.argv[1:]:
    shown = format_currency(Decimal("1234.567"), code, locale="en").replace("\xa0", " ")
    print(f"Babel: {shown}; ISO 4217: {Currency(code).exponent} decimals")
PYTHON
cat >"$folder/check.mjs" <<'NODE'
for (const currency of process.argv.slice(2)) {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  console.log("Intl:", format.format(1234.567).replace("\u00a0", " "));
}
NODE
cat >"$folder/Check.java" <<'JAVA'
import java.util.Currency;

class Check {
  public static void main(String[] codes) {
    for (var code : codes) {
      System.out.println("Java: " + code + " " + Currency.getInstance(code).getDefaultFractionDigits() + " decimals");
    }
  }
}
JAVA
codes=(HUF COP IQD EUR)
seen=$("$folder/venv/bin/python" "$folder/check.py" "${codes[@]}"
  node "$folder/check.mjs" "${codes[@]}"
  java "$folder/Check.java" "${codes[@]}")
printf '%s\n' "$seen"
[[ $seen == 'Babel: HUF1,235; ISO 4217: 2 decimals
Babel: COP1,235; ISO 4217: 2 decimals
Babel: IQD1,235; ISO 4217: 3 decimals
Babel: €1,234.57; ISO 4217: 2 decimals
Intl: HUF 1,235
Intl: COP 1,235
Intl: IQD 1,235
Intl: €1,234.57
Java: HUF 2 decimals
Java: COP 2 decimals
Java: IQD 3 decimals
Java: EUR 2 decimals' ]] || {
  echo "it has changed"
  exit 1
}
