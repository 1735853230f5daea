#!/usr/bin/env bash
# bolt12 0.1.3 (PyPI) reads no offer that follows the BOLT 12 of today.
#
# The package is called "Lightning Network BOLT12 Routines" and its Decoder takes "lno1..." strings, so one expects an
# offer to be read. It follows a draft of 2021, in which the issuer's key had 32 bytes and another number: the smallest
# offer of today, an issuer_id alone, and one with a description and an amount end in "extra data at end", and one that
# names its issuer in "Unknown even field number 18". boltz-bolt12 0.2.0 (npm) reads all three.
#
# For a checkout: have the node decode offers, or take a library that is newer than the merged BOLT (2024).
#
# The issuer_id of the offers is the generator point of secp256k1. Seen on Python 3.11 and Node.js 20. Needs python3
# with venv, node, npm, PyPI and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bolt12==0.1.3
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts boltz-bolt12@0.2.0
cat >"$folder/check.py" <<'PYTHON'
import sys

from bolt12 import Decoder

ISSUER = bytes.fromhex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")


def encode(fields):
    data = b"".join(bytes([number, len(value)]) + value for number, value in fields.items())
    bits = "".join(f"{byte:08b}" for byte in data)
    groups = [int(bits[start : start + 5].ljust(5, "0"), 2) for start in range(0, len(bits), 5)]
    return "lno1" + "".join("qpzry9x8gf2tvdw0s3jn54khce6mua7l"[group] for group in groups)


for fields in ({22: ISSUER}, {8: b"\x64", 10: b"Order 7", 22: ISSUER}, {10: b"Order 7", 18: b"Shop", 22: ISSUER}):
    text = encode(fields)
    decoder = Decoder()
    decoder.add(text)
    print(decoder.result())
    print(text, file=sys.stderr)
PYTHON
cat >"$folder/check.mjs" <<'NODE'
import { Offer } from "boltz-bolt12";
for (const text of process.argv.slice(2)) {
  const { amount, description, issuer } = new Offer(text);
  console.log(`boltz-bolt12: ${amount}, ${description}, ${issuer}`);
}
NODE
seen=$("$folder/venv/bin/python" "$folder/check.py" 2>"$folder/offers")
mapfile -t offers <"$folder/offers"
seen+=$'\n'$(node --no-warnings --experimental-wasm-modules "$folder/check.mjs" "${offers[@]}")
printf '%s\n' "$seen"
[[ $seen == "(None, 'extra data at end')
(None, 'extra data at end')
(None, 'Invalid: Unknown even field number 18')
boltz-bolt12: undefined, undefined, undefined
boltz-bolt12: 100, Order 7, undefined
boltz-bolt12: undefined, Order 7, Shop" ]] || {
  echo "it has changed"
  exit 1
}
