#!/usr/bin/env bash
# csv2ofx 0.34.2 (PyPI) makes 250001.00 of an amount of 250.001, 25.00 of 0.025, and refuses eight decimals.
#
# An amount of 250.001 satoshis is 250001 millisatoshis, and a CSV file states it with a decimal point in every row. One
# expects the point to be one throughout. csv2ofx guesses for each amount: one or two digits behind the point make it a
# decimal point, three make it a separator of thousands, and any other number is "Invalid number format". So satoshis
# with millisatoshis come out a thousand times as large, bitcoin amounts stop the conversion, and the row 0.25 between
# them is right.
#
# For a checkout that exports CSV: have a column in the shop's currency with two decimals for such tools.
#
# Seen on Python 3.11 with meza 0.47.0, which guesses. Needs python3 with venv and PyPI. Exits 0 while this is so, 1
# when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check csv2ofx==0.34.2 meza==0.47.0
convert() {
  printf 'Row,Account,Date,Amount,Reference,Description,Notes,Num\n1,node,2026-01-02,%s,Order 7,Shop,,1\n' "$1" \
    >"$folder/shop.csv"
  "$folder/venv/bin/csv2ofx" "$folder/shop.csv" "$folder/shop.ofx" >"$folder/told" 2>&1 || true
  grep -o 'Invalid number format for `[^`]*`' "$folder/told" ||
    sed -n 's/.*<TRNAMT>\(.*\)<\/TRNAMT>.*/\1/p' "$folder/shop.ofx"
}
seen=$(for amount in 250.001 0.025 0.25 0.00000250; do echo "$amount: $(convert "$amount")"; done)
printf '%s\n' "$seen"
[[ $seen == '250.001: 250001.00
0.025: 25.00
0.25: 0.25
0.00000250: Invalid number format for `0.00000250`' ]] || {
  echo "it has changed"
  exit 1
}
