#!/usr/bin/env bash
# bolt11 1.4.1 (npm) and pyln-proto 26.6.9 (PyPI) write invoices without the payment secret that readers want today.
#
# BOLT 11 has a writer put exactly one field "s" into every invoice, and a reader fails the payment without it. One
# expects a library that writes and signs an invoice to make that field or to ask for it. Both write one without, and
# pyln-proto says "Unknown tag s" when given it. bolt11 also writes a final CLTV expiry of 9 blocks when none is named,
# where BOLT 11 has 18 for a missing field. bolt11 2.2.0 (PyPI) refuses the invoices.
#
# For a checkout: such libraries serve for tests of the reading only; name secret and min_final_cltv_expiry in bolt11,
# and leave the writing to the node.
#
# Seen on Node.js 20 and Python 3.11. Needs python3 with venv, node, npm, PyPI and the npm registry. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  bolt11==2.2.0 pyln-proto==26.6.9 bitstring==4.4.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts bolt11@1.4.1
cat >"$folder/check.cjs" <<'NODE'
const { encode, sign } = require("bolt11");
const tags = [
  { tagName: "payment_hash", data: "01".repeat(32) },
  { tagName: "description", data: "Order 7" },
];
const secret = { tagName: "payment_secret", data: "02".repeat(32) };
for (const fields of [tags, [...tags, secret]])
  console.log(sign(encode({ satoshis: 250, timestamp: 1496314658, tags: fields }), "03".repeat(32)).paymentRequest);
NODE
cat >"$folder/check.py" <<'PYTHON'
import sys

import bolt11
from pyln.proto.invoice import Invoice


def told(do):
    try:
        return do()
    except Exception as error:
        return error


def read(text):
    return told(lambda: f"CLTV expiry {bolt11.decode(text).min_final_cltv_expiry}")


def write(*tags):
    return Invoice(paymenthash=b"\1" * 32, amount="0.0000025", tags=list(tags)).encode("03" * 32)


without, with_secret = sys.stdin.read().split()
print("bolt11 of npm:", read(without))
print("bolt11 of npm, secret named:", read(with_secret))
print("pyln-proto:", read(write(("d", "Order 7"))))
print("pyln-proto, secret named:", told(lambda: write(("d", "Order 7"), ("s", b"\2" * 32))))
PYTHON
seen=$(node "$folder/check.cjs" | "$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == "bolt11 of npm: Must include 'payment_secret'
bolt11 of npm, secret named: CLTV expiry 9
pyln-proto: Must include 'payment_secret'
pyln-proto, secret named: Unknown tag s" ]] || {
  echo "it has changed"
  exit 1
}
