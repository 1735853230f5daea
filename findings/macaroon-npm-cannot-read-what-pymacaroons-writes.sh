#!/usr/bin/env bash
# macaroon 3.0.4 (npm) cannot read a macaroon as pymacaroons 0.13.0 (PyPI) writes it: version 1 in binary.
#
# A macaroon is a token of a defined format, in binary or JSON, in a version 1 and a version 2, and both packages are of
# that kind. One expects what Macaroon(...).serialize() of Python returns to be read in
# JavaScript, as it is the other way about. pymacaroons writes version 1 unless told otherwise, and the npm package says
# "Version 1 binary format not supported", though it reads version 1 as JSON. With version=MACAROON_V2, which is what
# lnd writes, it is read and verified.
#
# For a checkout with L402: issue tokens of version 2.
#
# Seen on Python 3.11 and Node.js 20. Needs python3 with venv, node, npm, PyPI and the npm registry. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pymacaroons==0.13.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts macaroon@3.0.4
cat >"$folder/write.py" <<'PYTHON'
import json

from pymacaroons import MACAROON_V2, Macaroon
from pymacaroons.serializers import JsonSerializer

plain = Macaroon(location="shop", identifier="order-7", key="secret")
second = Macaroon(location="shop", identifier="order-7", key="secret", version=MACAROON_V2)
tokens = {
    "as it comes": plain.serialize(),
    "as it comes, JSON": json.loads(plain.serialize(JsonSerializer())),
    "version 2": second.serialize(),
}
print(json.dumps(tokens))
PYTHON
cat >"$folder/read.cjs" <<'NODE'
const { importMacaroon } = require("macaroon");
for (const [name, token] of Object.entries(JSON.parse(process.argv[2]))) {
  try {
    importMacaroon(token).verify(Buffer.from("secret"), () => "no caveat known", []);
    console.log(`${name}: verified`);
  } catch (error) {
    console.log(`${name}: ${error.message}`);
  }
}
NODE
seen=$(node "$folder/read.cjs" "$("$folder/venv/bin/python" "$folder/write.py")")
printf '%s\n' "$seen"
[[ $seen == 'as it comes: Version 1 binary format not supported
as it comes, JSON: verified
version 2: verified' ]] || {
  echo "it has changed"
  exit 1
}
