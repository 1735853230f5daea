#!/usr/bin/env bash
# bip21 3.0.0 and @getalby/lightning-tools 9.0.1 (npm) read "A+B" in a bitcoin: link as "A B".
#
# BIP 21 and BIP 321 encode a link as RFC 3986 does: what is not allowed is percent-encoded, and "+" is allowed in a
# query and means a plus sign (only HTML forms use it for a space). Both packages read the query with form rules, so a
# label such as "Tea+Cake" loses its plus sign. What they write themselves is safe: bip21 writes "%2B" and "%20".
#
# For a checkout: always percent-encode "+" in labels and messages, which every reader understands alike.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts bip21@3.0.0 @getalby/lightning-tools@9.0.1
cat >"$folder/check.mjs" <<'NODE'
import { parseBip21 } from "@getalby/lightning-tools";
import { decode, encode } from "bip21";

const address = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0";
const written = encode(address, { label: "Tea+Cake 7" });
console.log("bip21 writes", written.split("?")[1]);
for (const query of ["label=Tea+Cake%207", "label=Tea%2BCake%207"]) {
  const uri = `bitcoin:${address}?${query}`;
  console.log(`${query} | bip21: ${decode(uri).options.label} | lightning-tools: ${parseBip21(uri).label}`);
}
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == 'bip21 writes label=Tea%2BCake%207
label=Tea+Cake%207 | bip21: Tea Cake 7 | lightning-tools: Tea Cake 7
label=Tea%2BCake%207 | bip21: Tea+Cake 7 | lightning-tools: Tea+Cake 7' ]] || {
  echo "it has changed"
  exit 1
}
