#!/usr/bin/env bash
# bip21 3.0.0 and @getalby/lightning-tools 9.0.1 (npm) miss amount and invoice in an upper-case bitcoin: link.
#
# BIP 321 replaces BIP 21 and makes the keys of the query case-insensitive, because QR codes are smallest in upper
# case. In BITCOIN:BC1...?AMOUNT=0.0000025&LIGHTNING=LNBC... both packages take the scheme in upper case and leave
# AMOUNT and LIGHTNING among the keys they do not know: the link looks like one for an on-chain payment of any amount.
#
# For a checkout: leave the keys in lower case and only address and invoice in upper case; a QR encoder that mixes
# modes loses little by it.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts bip21@3.0.0 @getalby/lightning-tools@9.0.1
invoice=lnbc2500n1p5ww7qqpp52v5emy74l02myf26r3qazvggnuh744y8tvrh2tx5404464n7fq8ssp5uwmlel6fyfz0ek7ug5truxy0hjtz3kzp56rgn3cmjkflpmxee42qdqvdaexgetjyqmscqzpg9qrsgqtrrm2nh4xa2v8fhuy5q44n4tmpkdarjayeh8ush9er8pqwjv2ttk6rv35jmrf65wv35x2dua3z2zep5emy8dd6vcpmfary4dpm8axyqq549203
export invoice
cat >"$folder/check.mjs" <<'NODE'
import { parseBip21 } from "@getalby/lightning-tools";
import { decode } from "bip21";

const address = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0";
const lower = `bitcoin:${address}?amount=0.0000025&lightning=${process.env.invoice}`;
for (const uri of [lower, lower.toUpperCase()]) {
  const one = decode(uri).options;
  const two = parseBip21(uri);
  console.log(`${uri.slice(0, 8)} bip21: ${one.amount}, ${one.lightning?.slice(0, 9)}`);
  console.log(`${uri.slice(0, 8)} lightning-tools: ${two.amount}, ${two.lightning?.slice(0, 9)}`);
}
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == 'bitcoin: bip21: 0.0000025, lnbc2500n
bitcoin: lightning-tools: 0.0000025, lnbc2500n
BITCOIN: bip21: undefined, undefined
BITCOIN: lightning-tools: undefined, undefined' ]] || {
  echo "it has changed"
  exit 1
}
