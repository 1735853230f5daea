#!/usr/bin/env bash
# ofxparse 0.21 (PyPI) dates a payment of 1 January, half past midnight at the bank, to 31 December.
#
# OFX states a time with the bank's zone: 20270101003000[+1:CET]. One expects the bank's date, the one on the statement,
# or a time that knows its zone. ofxparse takes the offset off and returns a datetime without a zone: 23:30 of the day
# before, with nothing to tell that it is UTC. The same day as a date alone, 20270101, stays where it is, so payments of
# one day fall into two years. ofxtools 0.9.5 (PyPI) tells UTC with the time, and ofx-data-extractor 1.5.0 (npm) gives
# the bank's date.
#
# For a checkout that exports OFX: write dates without a time, or noon. For the reader: take the date from the text.
#
# Seen on Python 3.11 and Node.js 20. Needs python3 with venv, node, npm, PyPI and the npm registry. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ofxparse==0.21 ofxtools==0.9.5
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts ofx-data-extractor@1.5.0
cat >"$folder/statement.ofx" <<'OFX'
OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX>
<SIGNONMSGSRSV1>
<SONRS>
<STATUS>
<CODE>0
<SEVERITY>INFO
</STATUS>
<DTSERVER>20270102120000
<LANGUAGE>ENG
</SONRS>
</SIGNONMSGSRSV1>
<BANKMSGSRSV1>
<STMTTRNRS>
<TRNUID>1
<STATUS>
<CODE>0
<SEVERITY>INFO
</STATUS>
<STMTRS>
<CURDEF>EUR
<BANKACCTFROM>
<BANKID>12345678
<ACCTID>123456789
<ACCTTYPE>CHECKING
</BANKACCTFROM>
<BANKTRANLIST>
<DTSTART>20270101
<DTEND>20270102
<STMTTRN>
<TRNTYPE>CREDIT
<DTPOSTED>20270101003000[+1:CET]
<TRNAMT>19.90
<FITID>7
<NAME>A. Buyer
</STMTTRN>
<STMTTRN>
<TRNTYPE>CREDIT
<DTPOSTED>20270101
<TRNAMT>19.90
<FITID>8
<NAME>B. Buyer
</STMTTRN>
</BANKTRANLIST>
<LEDGERBAL>
<BALAMT>39.80
<DTASOF>20270102
</LEDGERBAL>
</STMTRS>
</STMTTRNRS>
</BANKMSGSRSV1>
</OFX>
OFX
cat >"$folder/check.py" <<'PYTHON'
import sys

import ofxparse
from ofxtools.Parser import OFXTree

with open(sys.argv[1], "rb") as file:
    parsed = ofxparse.OfxParser.parse(file).account.statement.transactions
tree = OFXTree()
tree.parse(sys.argv[1])
print("ofxparse:", ", ".join(f"{credit.date} {credit.date.tzinfo}" for credit in parsed))
print("ofxtools:", ", ".join(str(credit.dtposted) for credit in tree.convert().statements[0].transactions))
PYTHON
cat >"$folder/check.cjs" <<'NODE'
const { Ofx } = require("ofx-data-extractor");
const text = require("node:fs").readFileSync(`${__dirname}/statement.ofx`, "utf8");
console.log("ofx-data-extractor:", new Ofx(text).getBankTransferList().map((credit) => credit.DTPOSTED).join(", "));
NODE
seen=$("$folder/venv/bin/python" -W ignore "$folder/check.py" "$folder/statement.ofx"
  node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == 'ofxparse: 2026-12-31 23:30:00 None, 2027-01-01 00:00:00 None
ofxtools: 2026-12-31 23:30:00+00:00, 2027-01-01 00:00:00+00:00
ofx-data-extractor: 2027-01-01, 2027-01-01' ]] || {
  echo "it has changed"
  exit 1
}
