#!/usr/bin/env bash
# lndconnect 0.2.10 (npm) writes "END CERTIFICATE" and "BEGIN CERTIFICATE" into the link of a node.
#
# An lndconnect link holds the certificate of the node as base64url of its DER form. The file that lnd is given as
# tlscertpath may hold a chain, as every certificate of a public authority comes with one, and encode() takes the text
# of such a file. One expects the first certificate in the link, or an error. It takes the first and the last line away
# and keeps those between, so the link has both certificates with the words and dashes in the middle, which no reader
# can make one certificate of. With one certificate the link is right.
#
# For a checkout that reads such links: leave the certificate out where it is signed by an authority.
#
# The certificates are made up. Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1
# when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts lndconnect@0.2.10
cat >"$folder/check.cjs" <<'NODE'
const { encode } = require("lndconnect");
const pem = (der) => `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`;
for (const cert of [pem("MIIB+w=="), pem("MIIB+w==") + pem("MIIC/w==")]) {
  const link = encode({ host: "node.example:10009", cert, macaroon: "0201036c6e64" });
  console.log(link.replace(/&.*/, ""));
}
NODE
seen=$(node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == 'lndconnect://node.example:10009?cert=MIIB-w
lndconnect://node.example:10009?cert=MIIB-w-----END%20CERTIFICATE----------BEGIN%20CERTIFICATE-----MIIC_w' ]] || {
  echo "it has changed"
  exit 1
}
