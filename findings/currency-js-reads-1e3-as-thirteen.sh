#!/usr/bin/env bash
# currency.js 2.0.4 (npm) reads the text "1e3" as 13.
#
# JavaScript writes 0.00000025 as 2.5e-7, Python's Decimal as 2.5E-7, and JSON has the exponent in its grammar (RFC
# 8259, section 6), so amounts in bitcoin arrive like this. One expects text to be read as the number is. The library
# strikes out what is no digit, point or minus: "1e3" becomes 13.
#
# For a checkout that hands out amounts in BTC: write them with all their digits, or count in satoshis.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts currency.js@2.0.4
cat >"$folder/check.cjs" <<'NODE'
const currency = require("currency.js");

const told = (value) => currency(value, { precision: 8 }).value;
for (const value of [1000, "1000", "1e3", "1E+3"])
  console.log(`${JSON.stringify(value)}: ${told(value)}`);
NODE
seen=$(node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == '1000: 1000
"1000": 1000
"1e3": 13
"1E+3": 13' ]] || {
  echo "it has changed"
  exit 1
}
