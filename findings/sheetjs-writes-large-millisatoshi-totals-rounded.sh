#!/usr/bin/env bash
# xlsx 0.18.5 (npm, SheetJS) writes 123456789012 into a CSV file as 1.23457E+11.
#
# A JavaScript number holds integers up to 2^53 exactly, enough for 90000 BTC in millisatoshis, and a CSV file is text,
# so one expects sheet_to_csv() to write the digits of a cell. It writes what Excel's format "General" would show: from
# twelve digits on, which is 1 BTC in millisatoshis, six significant digits and an exponent, and 0.00000250001 becomes
# 2.50001E-06. Reading the file back gives 123457000000. With the option rawNumbers the digits are there; papaparse
# 5.7.1 (npm) writes them by itself.
#
# For a checkout that exports payments: set rawNumbers, or write amounts as text.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts xlsx@0.18.5 papaparse@5.7.1
cat >"$folder/check.cjs" <<'NODE'
const { read, utils } = require("xlsx");
const { unparse } = require("papaparse");

const rows = [{ msat: 12345678901 }, { msat: 123456789012 }, { msat: 0.00000250001 }];
const sheet = utils.json_to_sheet(rows);
const line = (text) => text.trim().split(/\s+/).join(" ");
const csv = utils.sheet_to_csv(sheet);
console.log("SheetJS:", line(csv));
console.log("read back:", utils.sheet_to_json(read(csv, { type: "string" }).Sheets.Sheet1)[1].msat);
console.log("SheetJS, rawNumbers:", line(utils.sheet_to_csv(sheet, { rawNumbers: true })));
console.log("papaparse:", line(unparse(rows)));
NODE
seen=$(NO_COLOR=1 node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == 'SheetJS: msat 12345678901 1.23457E+11 2.50001E-06
read back: 123457000000
SheetJS, rawNumbers: msat 12345678901 123456789012 0.00000250001
papaparse: msat 12345678901 123456789012 0.00000250001' ]] || {
  echo "it has changed"
  exit 1
}
