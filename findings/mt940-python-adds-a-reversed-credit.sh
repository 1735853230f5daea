#!/usr/bin/env bash
# mt-940 5.1.1 (PyPI) gives a reversed credit of a bank statement a positive amount, so the statement does not add up.
#
# In an MT940 statement the mark of a line is C, D, RC or RD, where RC takes back a credit and counts like a debit
# (SWIFT, field 61, subfield 3). The library turns the amount of a D negative, so one expects an RC to be negative too.
# It stays positive, and an RD, which counts like a credit, is left positive as a C is. Here 0.15 came in and 0.05 of it
# was taken back: the bank's closing balance is 0.10, the sum of the amounts 0.20.
#
# For a shop's bookkeeping: look at the status of each transaction and turn RC oneself, and compare with the balances.
#
# Seen on Python 3.11. Needs python3 with venv and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check mt-940==5.1.1
cat >"$folder/check.py" <<'PYTHON'
import mt940

LINES = (":61:2601020102C0,15NTRFNONREF", ":61:2601030103RC0,05NTRFNONREF")
STATEMENT = "\n".join([
    ":20:1", ":25:SHOP", ":28C:1/1", ":60F:C260101EUR0,00",
    *(part for line in LINES for part in (line, ":86:Order 7")),
    ":62F:C260131EUR0,10", "-", "",
])
told = mt940.parse(STATEMENT)
amounts = [(line.data["status"], line.data["amount"].amount) for line in told]
for status, amount in amounts:
    print(f"{status}: {amount}")
print(f"sum {sum(amount for _, amount in amounts)}, closing balance {told.data['final_closing_balance'].amount.amount}")
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'C: 0.15
RC: 0.05
sum 0.20, closing balance 0.10' ]] || {
  echo "it has changed"
  exit 1
}
