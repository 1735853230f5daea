#!/usr/bin/env bash
# beancount 3.2.3 (PyPI) books 0.1500006000000 EUR when it fills in the euros of an amount in millisatoshis.
#
# 250.001 satoshis at 60000.00 EUR a bitcoin are fifteen cents. Beancount infers the digits of a currency from the
# transaction, and the price is written in cents, so one expects the filled-in posting to be 0.15 EUR. A price does not
# count for that: with no amount in EUR in the transaction there is nothing to round to, and all the digits of the
# product stay, so that sums are no whole cents either. With the option inferred_tolerance_default "EUR:0.005" it is
# 0.15 EUR.
#
# For a checkout that exports a ledger: write the euros out, as they were shown to the customer.
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
2026-01-01 open Income:Shop
2026-01-02 * "Order 7"
  Assets:Node    0.00000250001 BTC @ 60000.00 EUR
  Income:Shop
"""
for option in ("", 'option "inferred_tolerance_default" "EUR:0.005"'):
    entries, errors, _ = loader.load_string(option + LEDGER)
    print(f"{option or 'no option'}: {entries[-1].postings[-1].units}, {len(errors)} errors")
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'no option: -0.1500006000000 EUR, 0 errors
option "inferred_tolerance_default" "EUR:0.005": -0.15 EUR, 0 errors' ]] || {
  echo "it has changed"
  exit 1
}
