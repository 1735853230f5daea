#!/usr/bin/env bash
# @getalby/lightning-tools 9.0.1 (npm) tells no amount for a link with amount=.5 or amount=50., without an error.
#
# BIP 321 and BIP 21 write an amount as digits, then a point and digits if need be, and in their grammar there may be no
# digit on either side of it (*digit [ "." *digit ]), so .5 is half a bitcoin. One expects parseBip21() to read it, or
# to refuse the link. It leaves amount and amountSats out, as for a link where the payer is free to choose, and keeps
# the text in params. bip21 3.0.0 (npm) reads both.
#
# For a checkout: write a digit on both sides of the point. For a wallet: look at params.amount before asking the payer.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts @getalby/lightning-tools@9.0.1 bip21@3.0.0
cat >"$folder/check.mjs" <<'NODE'
import { parseBip21 } from "@getalby/lightning-tools";
import { decode } from "bip21";

for (const written of ["0.5", ".5", "50", "50.", "any"]) {
  const link = `bitcoin:175tWpb8K1S7NmH4Zx6rewF9WQrcZv245W${written === "any" ? "" : `?amount=${written}`}`;
  const { amount, amountSats, params } = parseBip21(link);
  console.log(`lightning-tools, ${written}: ${amount} BTC, ${amountSats} satoshis, in params ${params.amount}`);
  console.log(`bip21, ${written}: ${decode(link).options.amount} BTC`);
}
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == 'lightning-tools, 0.5: 0.5 BTC, 50000000 satoshis, in params 0.5
bip21, 0.5: 0.5 BTC
lightning-tools, .5: undefined BTC, undefined satoshis, in params .5
bip21, .5: 0.5 BTC
lightning-tools, 50: 50 BTC, 5000000000 satoshis, in params 50
bip21, 50: 50 BTC
lightning-tools, 50.: undefined BTC, undefined satoshis, in params 50.
bip21, 50.: 50 BTC
lightning-tools, any: undefined BTC, undefined satoshis, in params undefined
bip21, any: undefined BTC' ]] || {
  echo "it has changed"
  exit 1
}
