#!/usr/bin/env bash
# @getalby/lightning-tools 9.0.1 (npm) finds no credentials in "Authorization: l402 ...".
#
# The name of an authentication scheme has no case (RFC 9110, section 11.1), and the specification of L402 says the same
# of its own. The library has both halves: parseL402() reads a server's challenge in either case, so one expects that of
# parseL402Authorization() too, which reads what a client sends. It returns null for "l402" and "lsat", as if nothing
# had been sent, and the server asks somebody who has paid to pay again.
#
# For a checkout that sells with L402: change the scheme to capitals before. For a buyer: send it in capitals.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts @getalby/lightning-tools@9.0.1
cat >"$folder/check.mjs" <<'NODE'
import { parseL402, parseL402Authorization } from "@getalby/lightning-tools";

for (const scheme of ["L402", "l402", "LSAT", "lsat"]) {
  const { token } = parseL402(`${scheme} macaroon="AgEDbG5k", invoice="lnbc1"`);
  const sent = parseL402Authorization(`${scheme} AgEDbG5k:${"07".repeat(32)}`);
  console.log(`${scheme}: token of the challenge ${token}, of the credentials ${sent && sent.token}`);
}
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == 'L402: token of the challenge AgEDbG5k, of the credentials AgEDbG5k
l402: token of the challenge AgEDbG5k, of the credentials null
LSAT: token of the challenge AgEDbG5k, of the credentials AgEDbG5k
lsat: token of the challenge AgEDbG5k, of the credentials null' ]] || {
  echo "it has changed"
  exit 1
}
