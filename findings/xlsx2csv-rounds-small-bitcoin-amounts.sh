#!/usr/bin/env bash
# xlsx2csv 0.8.6 (PyPI) makes 0.000003 of the cell 0.0000025, and 0 of ten satoshis.
#
# A cell without a number format ("General") holds its number, and a CSV file is for handing on numbers: one expects
# 0.0000025 in it, in one way of writing or another. The program writes such a cell with six decimals when its number is
# stored with an exponent, as openpyxl 3.1.5 (PyPI) stores small ones; 250 satoshis in BTC become 300, ten become 0.
# With the format 0.00000000 in the cell it writes 2.5e-06, which is the number again, but not in that format.
# python-calamine 0.9.1 (PyPI) reads the cell as it is.
#
# For a checkout that writes workbooks: put amounts in satoshis into them. For a reader: the option floatformat, "%.8f".
#
# Seen on Python 3.11. Needs python3 with venv and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  xlsx2csv==0.8.6 openpyxl==3.1.5 python-calamine==0.9.1
cat >"$folder/check.py" <<'PYTHON'
import io
import sys

from openpyxl import Workbook
from python_calamine import CalamineWorkbook
from xlsx2csv import Xlsx2csv

AMOUNTS = (0.0000025, 0.0000001, 0.00025)
workbook = Workbook()
sheet = workbook.active
sheet.append(AMOUNTS)
sheet.append(AMOUNTS)
for cell in sheet[2]:
    cell.number_format = "0.00000000"
path = f"{sys.argv[1]}/sales.xlsx"
workbook.save(path)
csv = io.StringIO()
Xlsx2csv(path).convert(csv)
general, formatted = csv.getvalue().split()
told = io.StringIO()
Xlsx2csv(path, floatformat="%.8f").convert(told)
print("xlsx2csv:", general)
print("xlsx2csv, floatformat:", told.getvalue().split()[0])
print("xlsx2csv, format 0.00000000:", formatted)
print("calamine:", CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[0])
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py" "$folder")
printf '%s\n' "$seen"
[[ $seen == 'xlsx2csv: 0.000003,0,0.00025
xlsx2csv, floatformat: 0.0000025,0.0000001,0.00025
xlsx2csv, format 0.00000000: 2.5e-06,1e-07,0.00025000
calamine: [2.5e-06, 1e-07, 0.00025]' ]] || {
  echo "it has changed"
  exit 1
}
