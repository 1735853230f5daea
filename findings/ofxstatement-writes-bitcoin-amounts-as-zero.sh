#!/usr/bin/env bash
# ofxstatement 0.9.3 (PyPI) writes 0.00 for a payment of 0.00000250 BTC.
#
# OFX has no fixed number of decimals: an amount is up to 32 characters with a decimal point (OFX, section 3.2.9.1),
# and ofxstatement takes a Decimal for it. One expects the digits to get there. Amounts and balances are written with
# two decimals, so small payments and the fee become 0.00 and -0.00 and the balance 0.00; the time of day goes as well.
# No error and no warning. ofxtools 1.1.1 (PyPI) keeps the eleven decimals of an OFX file that has them.
#
# For a checkout's bookkeeper: keep such a statement in the currency of the shop, or take another format.
#
# The currency is XXX, which ISO 4217 has for no currency. Seen on Python 3.11. Needs python3 with venv and PyPI. Exits
# 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ofxstatement==0.9.3 ofxtools==1.1.1
cat >"$folder/check.py" <<'PYTHON'
import io
from datetime import datetime
from decimal import Decimal

from ofxstatement.ofx import OfxWriter
from ofxstatement.statement import Statement, StatementLine
from ofxtools.Parser import OFXTree

AMOUNTS = {"Order 7": "0.00000250", "Routing": "-0.00000000123"}
statement = Statement("shop", "node", "XXX")
for name, amount in AMOUNTS.items():
    line = StatementLine(name, datetime(2026, 1, 2, 15, 4, 5), name, Decimal(amount))
    line.trntype = "CREDIT" if line.amount > 0 else "DEBIT"
    statement.lines.append(line)
statement.start_date, statement.end_date = datetime(2026, 1, 1), datetime(2026, 1, 31)
statement.end_balance = Decimal("0.00000249877")
text = OfxWriter(statement).toxml()


def read(text):
    tree = OFXTree()
    tree.parse(io.BytesIO(text.encode()))
    told = tree.convert().statements[0]
    return [str(line.trnamt) for line in told.transactions] + [str(told.ledgerbal.balamt)]


print("as written:", *read(text))
for digits in (*AMOUNTS.values(), "0.00000249877"):
    text = text.replace(">-0.00<" if digits.startswith("-") else ">0.00<", f">{digits}<", 1)
print("with the digits put back, as ofxtools reads it:", *(f"{Decimal(amount):f}" for amount in read(text)))
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'as written: 0.00 -0.00 0.00
with the digits put back, as ofxtools reads it: 0.00000250 -0.00000000123 0.00000249877' ]] || {
  echo "it has changed"
  exit 1
}
