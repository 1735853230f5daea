#!/usr/bin/env bash
# bip21 3.0.0 (npm) writes amounts below 100 satoshis as 1e-7, which no reader of the BIP has to understand.
#
# BIP 21 and BIP 321: the amount is in BTC, digits with at most one period. encode() takes a number and puts it into
# the address as JavaScript prints it: 0.000001 comes out well, and 0.0000001 (10 satoshis) as "1e-7". Its own decode()
# reads that back, so a test within the one package does not notice; parseBip21() of @getalby/lightning-tools 9.0.1,
# which holds to the grammar, finds no amount at all.
#
# For a checkout with small Lightning amounts: give encode() a string with fixed decimals, (msat / 1e11).toFixed(11) or
# so.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts bip21@3.0.0 @getalby/lightning-tools@9.0.1
cat >"$folder/check.mjs" <<'NODE'
import { parseBip21 } from "@getalby/lightning-tools";
import { decode, encode } from "bip21";

for (const amount of [0.000001, 0.0000001, "0.0000001"]) {
  const uri = encode("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", { amount });
  const sats = [Math.round(decode(uri).options.amount * 1e8), parseBip21(uri).amountSats];
  console.log(`${uri.split("?")[1]} | read by bip21: ${sats[0]} sat | by lightning-tools: ${sats[1]} sat`);
}
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == 'amount=0.000001 | read by bip21: 100 sat | by lightning-tools: 100 sat
amount=1e-7 | read by bip21: 10 sat | by lightning-tools: undefined sat
amount=0.0000001 | read by bip21: 10 sat | by lightning-tools: 10 sat' ]] || {
  echo "it has changed"
  exit 1
}
