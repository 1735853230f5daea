#!/usr/bin/env bash
# stockholm 0.5.7 (PyPI) reads 250 minor units of "JPY" as 2.50 yen, and of its own currency JPY as 250.
#
# ISO 4217: yen have no decimals, dinars of Kuwait three, and payment APIs count in minor units, as an offer in a
# currency does (BOLT 12, offer_amount). The library has a table of the currencies and their decimals, so one expects it
# to look the code up there. Given a text it does not and counts two decimals for all; only the objects of
# stockholm.currency have theirs. The two amounts are then of one currency and can be added. In the table itself BTC has
# two decimals, as if there were cents of bitcoin: 250 of them are 2.50 BTC.
#
# For a checkout's client: turn the code into an object before, and name no sub-units of bitcoin.
#
# Seen on Python 3.11. Needs python3 with venv and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check stockholm==0.5.7
cat >"$folder/check.py" <<'PYTHON'
from stockholm import Money, currency

for code in ("JPY", "KWD", "EUR", "BTC"):
    text = Money.from_sub_units(250, code)
    known = Money.from_sub_units(250, getattr(currency, code))
    print(f"250 of {code}: {text} by its code, {known} by its object, together {text + known}")
print(f"1000 yen by the code: {Money(1000, 'JPY').sub_units} minor units")
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == '250 of JPY: 2.50 JPY by its code, 250 JPY by its object, together 252.50 JPY
250 of KWD: 2.50 KWD by its code, 0.250 KWD by its object, together 2.75 KWD
250 of EUR: 2.50 EUR by its code, 2.50 EUR by its object, together 5.00 EUR
250 of BTC: 2.50 BTC by its code, 2.50 BTC by its object, together 5.00 BTC
1000 yen by the code: 100000 minor units' ]] || {
  echo "it has changed"
  exit 1
}
