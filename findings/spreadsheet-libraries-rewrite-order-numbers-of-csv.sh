#!/usr/bin/env bash
# xlsx 0.18.5 (SheetJS) and exceljs 4.4.0 (npm) read the order number 00042 in a CSV file as 42 and 12E5 as 1200000.
#
# CSV has no types (RFC 4180): a field is text, in quotes or not, and one expects a library to leave "00042" what it is.
# Both turn what looks like a number into one, quotes or not, and SheetJS makes a date of 3-4 as well (the number
# 36954), so that a payment is no longer found by its order. With the option raw of SheetJS, and with the option map of
# exceljs, all stays text; papaparse 5.7.1 (npm) leaves it by default.
#
# For a checkout that exports CSV: begin order numbers with a letter other than E, say "A-00042". For one that reads it:
# set these options.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts xlsx@0.18.5 exceljs@4.4.0 papaparse@5.7.1
cat >"$folder/check.cjs" <<'NODE'
const { Readable } = require("node:stream");
const { Workbook } = require("exceljs");
const { parse } = require("papaparse");
const { read, utils } = require("xlsx");

const CSV = '"order"\n"00042"\n"12E5"\n"3-4"\n"A-00042"\n';
const sheetjs = (options) =>
  utils.sheet_to_json(read(CSV, { type: "string", ...options }).Sheets.Sheet1).map(({ order }) => order);
const exceljs = async (options) => {
  const values = [];
  const sheet = await new Workbook().csv.read(Readable.from([CSV]), options);
  sheet.eachRow((row) => values.push(row.values[1]));
  return values.slice(1);
};
(async () => {
  const told = {
    SheetJS: sheetjs(),
    "SheetJS, raw": sheetjs({ raw: true }),
    exceljs: await exceljs(),
    "exceljs, map": await exceljs({ map: (value) => value }),
    papaparse: parse(CSV, { header: true, skipEmptyLines: true }).data.map(({ order }) => order),
  };
  for (const [name, values] of Object.entries(told)) console.log(`${name}: ${JSON.stringify(values)}`);
})();
NODE
seen=$(node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == 'SheetJS: [42,1200000,36954,"A-00042"]
SheetJS, raw: ["00042","12E5","3-4","A-00042"]
exceljs: [42,1200000,"3-4","A-00042"]
exceljs, map: ["00042","12E5","3-4","A-00042"]
papaparse: ["00042","12E5","3-4","A-00042"]' ]] || {
  echo "it has changed"
  exit 1
}
