#!/usr/bin/env bash
# xlsx 0.18.5 (npm, SheetJS) leaves the cell of a BigInt empty, in CSV and in a workbook, without an error.
#
# Millisatoshis are often kept as BigInt in JavaScript, as some Lightning clients hand them out. One expects
# json_to_sheet() to write the digits or to refuse the row. The cell has the value and a type for cells that are left
# out, so sheet_to_csv() writes nothing between the commas and the workbook has no such cell, and no sum has it.
# exceljs 4.4.0 (npm) raises a TypeError; papaparse 5.7.1 and csv-stringify 6.9.0 (npm) write 250001.
#
# For a checkout that exports payments: turn amounts into Number or String before.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  xlsx@0.18.5 exceljs@4.4.0 papaparse@5.7.1 csv-stringify@6.9.0
cat >"$folder/check.cjs" <<'NODE'
const { stringify } = require("csv-stringify/sync");
const { Workbook } = require("exceljs");
const papaparse = require("papaparse");
const xlsx = require("xlsx");

const rows = [{ order: "A-7", msat: 250001n, paid: true }];
const sheet = xlsx.utils.json_to_sheet(rows);
console.log("SheetJS, CSV:", xlsx.utils.sheet_to_csv(sheet).split("\n")[1]);
const book = xlsx.utils.book_new();
xlsx.utils.book_append_sheet(book, sheet, "payments");
const back = xlsx.read(xlsx.write(book, { type: "buffer", bookType: "xlsx" }));
console.log("SheetJS, workbook:", JSON.stringify(xlsx.utils.sheet_to_json(back.Sheets.payments)[0]));
console.log("papaparse:", papaparse.unparse(rows, { header: false }));
console.log("csv-stringify:", stringify(rows).trim());
try {
  new Workbook().addWorksheet("payments").addRow(Object.values(rows[0]));
  console.log("exceljs: taken");
} catch (error) {
  console.log("exceljs:", error.name);
}
NODE
seen=$(node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == 'SheetJS, CSV: A-7,,TRUE
SheetJS, workbook: {"order":"A-7","paid":true}
papaparse: A-7,250001,true
csv-stringify: A-7,250001,1
exceljs: TypeError' ]] || {
  echo "it has changed"
  exit 1
}
