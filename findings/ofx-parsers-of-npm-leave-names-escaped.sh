#!/usr/bin/env bash
# node-ofx-parser 0.5.1 (npm) makes "Bakery &amp;amp;amp; Sons" of the OFX name "Bakery & Sons".
#
# OFX writes "&", "<" and ">" inside a value as &amp;, &lt; and &gt;, in SGML (version 1) as in XML (version 2), and a
# reader turns them back. One expects the payer's name and the purpose as the bank meant them. node-ofx-parser escapes
# the text twice more and turns nothing back, and ofx-data-extractor 1.5.0 (npm) hands out &amp; as it stands in the
# file. ofx-js 1.1.1 (npm) and ofxparse 0.21 (PyPI) read "Bakery & Sons".
#
# For a checkout that matches transfers to orders, or that exports OFX: keep those three letters out of references.
#
# Seen on Node.js 20 and Python 3.11. Needs node, npm, python3 with venv, the npm registry and PyPI. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ofxparse==0.21
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  node-ofx-parser@0.5.1 ofx-data-extractor@1.5.0 ofx-js@1.1.1
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
<DTSERVER>20261129120000
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
<DTSTART>20261101
<DTEND>20261130
<STMTTRN>
<TRNTYPE>CREDIT
<DTPOSTED>20261129
<TRNAMT>19.90
<FITID>7
<NAME>Bakery &amp; Sons
<MEMO>order &lt;7&gt;
</STMTTRN>
</BANKTRANLIST>
<LEDGERBAL>
<BALAMT>39.80
<DTASOF>20261130
</LEDGERBAL>
</STMTRS>
</STMTTRNRS>
</BANKMSGSRSV1>
</OFX>
OFX
cat >"$folder/check.cjs" <<'NODE'
const fs = require("node:fs");
const { Ofx } = require("ofx-data-extractor");
const text = fs.readFileSync(`${__dirname}/statement.ofx`, "utf8");
const show = (name, { NAME, MEMO }) => console.log(`${name}: ${NAME}, ${MEMO}`);
const credit = (file) => file.OFX.BANKMSGSRSV1.STMTTRNRS.STMTRS.BANKTRANLIST.STMTTRN;
show("node-ofx-parser", credit(require("node-ofx-parser").parse(text)));
show("ofx-data-extractor", new Ofx(text).getBankTransferList()[0]);
require("ofx-js").parse(text).then((file) => show("ofx-js", credit(file)));
NODE
cat >"$folder/check.py" <<'PYTHON'
import sys

import ofxparse

with open(sys.argv[1], "rb") as file:
    credit = ofxparse.OfxParser.parse(file).account.statement.transactions[0]
print(f"ofxparse: {credit.payee}, {credit.memo}")
PYTHON
seen=$(node "$folder/check.cjs"
  "$folder/venv/bin/python" -W ignore "$folder/check.py" "$folder/statement.ofx")
printf '%s\n' "$seen"
[[ $seen == 'node-ofx-parser: Bakery &amp;amp;amp; Sons, order &amp;amp;lt;7&amp;amp;gt;
ofx-data-extractor: Bakery &amp; Sons, order &lt;7&gt;
ofx-js: Bakery & Sons, order <7>
ofxparse: Bakery & Sons, order <7>' ]] || {
  echo "it has changed"
  exit 1
}
