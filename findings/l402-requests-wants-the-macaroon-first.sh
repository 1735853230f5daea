#!/usr/bin/env bash
# l402-requests 0.9.0 (PyPI) finds no challenge in a header whose first parameter is not the macaroon.
#
# An L402 server answers 402 with WWW-Authenticate: L402 macaroon="...", invoice="...". The parameters of a challenge
# are a list without an order (RFC 9110, section 11.3), and a server may add a realm or a version. One expects the
# client to read them by name. It looks for the macaroon right behind the scheme and for the invoice right behind that,
# and says "no L402/LSAT challenge found" otherwise. @getalby/lightning-tools 9.0.1 (npm) reads all three.
#
# For a server that is paid with L402: send macaroon and invoice in this order, and further parameters behind them.
#
# Seen on Python 3.11 and Node.js 20. Needs python3 with venv, node, npm, PyPI and the npm registry. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check l402-requests==0.9.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts @getalby/lightning-tools@9.0.1
cat >"$folder/check.py" <<'PYTHON'
import sys

from l402_requests.challenge import parse_challenge
from l402_requests.exceptions import ChallengeParseError

for header in sys.argv[1:]:
    try:
        challenge = parse_challenge(header)
        print("l402-requests:", challenge.macaroon, challenge.invoice)
    except ChallengeParseError as error:
        print("l402-requests:", error.reason)
PYTHON
cat >"$folder/check.mjs" <<'NODE'
import { parseL402 } from "@getalby/lightning-tools";
for (const header of process.argv.slice(2)) {
  const { token, macaroon, invoice } = parseL402(header);
  console.log("lightning-tools:", macaroon ?? token, invoice);
}
NODE
headers=(
  'L402 macaroon="AgED", invoice="lnbc1"'
  'L402 invoice="lnbc1", macaroon="AgED"'
  'L402 realm="shop", macaroon="AgED", invoice="lnbc1"'
)
seen=$("$folder/venv/bin/python" "$folder/check.py" "${headers[@]}"
  node "$folder/check.mjs" "${headers[@]}")
printf '%s\n' "$seen"
[[ $seen == 'l402-requests: AgED lnbc1
l402-requests: no L402/LSAT challenge found
l402-requests: no L402/LSAT challenge found
lightning-tools: AgED lnbc1
lightning-tools: AgED lnbc1
lightning-tools: AgED lnbc1' ]] || {
  echo "it has changed"
  exit 1
}
