#!/usr/bin/env bash
# beancount 3.2.3 (PyPI) rounds the amount that it fills in to the fewest decimals written beside it.
#
# Beancount lets one posting of a transaction go without its amount and fills in what is missing. With 0.1 BTC received
# and a fee of 0.00065432 BTC one expects the rest to be 0.10065432 BTC. It fills in 0.1 BTC, and bean-check is content:
# of the decimals written for a currency the fewest set the transaction's tolerance (here 0.05 BTC), and the amount is
# rounded to it. Written as 0.10000000 BTC the rest is exact, and so it is next to the integer 1 BTC, which counts for
# no tolerance at all.
#
# For a checkout that exports a ledger: write every amount, and all with the same number of decimals (8, or 11 for
# millisatoshis).
#
# Seen on Python 3.11. Needs python3 with venv and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check beancount==3.2.3
cat >"$folder/check.py" <<'PYTHON'
from beancount import loader

LEDGER = """
2026-01-01 open Assets:Node
2026-01-01 open Expenses:Fees
2026-01-01 open Income:Shop
2026-01-02 * "Order 7"
  Assets:Node    {} BTC
  Expenses:Fees  0.00065432 BTC
  Income:Shop
"""
for received in ("0.1", "0.10000000", "1"):
    entries, errors, _ = loader.load_string(LEDGER.format(received))
    filled = entries[-1].postings[-1].units
    print(f"{received} and 0.00065432: {filled}, {len(errors)} errors")
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == '0.1 and 0.00065432: -0.1 BTC, 0 errors
0.10000000 and 0.00065432: -0.10065432 BTC, 0 errors
1 and 0.00065432: -1.00065432 BTC, 0 errors' ]] || {
  echo "it has changed"
  exit 1
}
