#!/usr/bin/env bash
# beanquery 0.2.0 (PyPI) shows a balance without its millisatoshis, also as CSV, or a fee as 1E-11.
#
# beanquery asks a Beancount ledger, which keeps exact decimals. Two sales in satoshis and a routing fee of one
# millisatoshi leave 0.00027499999 BTC, and one expects to read that. The column sum(position) has 0.00027500 BTC: an
# amount is written with the number of decimals that is most frequent in the ledger for its currency, rounded, and the
# format csv does the same. The column "number" is not rounded, but is written as 1E-11.
#
# For a checkout that exports a ledger: write all amounts of a currency with the same number of decimals. For one that
# reads it: ask through Python, not through the CSV.
#
# Seen with beancount 3.2.3 on Python 3.11. Needs python3 with venv and PyPI. Exits 0 while this is so, 1 when it has
# changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check beancount==3.2.3 beanquery==0.2.0
cat >"$folder/shop.beancount" <<'LEDGER'
2026-01-01 open Assets:Node
2026-01-01 open Expenses:Fees
2026-01-01 open Income:Shop
2026-01-02 * "Order 7"
  Assets:Node    0.00025000 BTC
  Income:Shop   -0.00025000 BTC
2026-01-03 * "Order 8"
  Assets:Node    0.00002500 BTC
  Income:Shop   -0.00002500 BTC
2026-01-04 * "Routing"
  Assets:Node   -0.00000000001 BTC
  Expenses:Fees  0.00000000001 BTC
LEDGER
ask() { "$folder/venv/bin/bean-query" --format csv "$folder/shop.beancount" "$1" | tr -d ' \r' | tail -n +2; }
balance=$(ask "SELECT sum(position) WHERE account = 'Assets:Node'")
sum=$(ask "SELECT sum(number) WHERE account = 'Assets:Node'")
fee=$(ask "SELECT number WHERE account = 'Expenses:Fees'")
printf '%-14s %s\n' 'sum(position):' "$balance" 'sum(number):' "$sum" 'number:' "$fee"
[[ $balance == 0.00027500BTC && $sum == 0.00027499999 && $fee == 1E-11 ]] || {
  echo "it has changed"
  exit 1
}
