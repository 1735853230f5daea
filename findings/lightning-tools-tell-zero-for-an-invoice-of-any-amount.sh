#!/usr/bin/env bash
# @getalby/lightning-tools 9.0.1 and invoices 5.0.2 (npm) tell 0 for an invoice that leaves the amount to the payer.
#
# BOLT 11: the amount is optional, and an invoice without one is paid with whatever the payer chooses; a price of 0 it
# cannot ask for. One expects no amount to be told, as bolt11 1.4.1 (npm, null) and light-bolt11-decoder 3.2.0 (npm, no
# such section) do. Both tell the number 0, in millisatoshis as in satoshis, and a page that shows it offers a donation
# for nothing.
#
# For a checkout: take 0 from either for "any amount", and ask for one.
#
# The invoice is the first example of BOLT 11. Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while
# this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  @getalby/lightning-tools@9.0.1 invoices@5.0.2 bolt11@1.4.1 light-bolt11-decoder@3.2.0
invoice=lnbc1pvjluezsp5zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zygspp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdpl2pkx2ctnv5sxxmmwwd5kgetjypeh2ursdae8g6twvus8g6rfwvs8qun0dfjkxaq9qrsgq357wnc5r2ueh7ck6q93dj32dlqnls087fxdwk8qakdyafkq3yap9us6v52vjjsrvywa6rt52cm9r9zqt8r2t7mlcwspyetp5h2tztugp9lfyql
export invoice
cat >"$folder/check.mjs" <<'NODE'
import { decodeInvoice } from "@getalby/lightning-tools";
import full from "bolt11";
import { parsePaymentRequest } from "invoices";
import light from "light-bolt11-decoder";

const { invoice } = process.env;
const { satoshi, millisatoshi } = decodeInvoice(invoice);
const { tokens, mtokens } = parsePaymentRequest({ request: invoice });
console.log(`lightning-tools: ${satoshi} sat, ${millisatoshi} msat`);
console.log(`invoices: ${tokens} sat, ${mtokens} msat`);
console.log(`bolt11: ${full.decode(invoice).millisatoshis}`);
console.log(`light-bolt11-decoder: ${light.decode(invoice).sections.find(({ name }) => name === "amount")}`);
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == 'lightning-tools: 0 sat, 0 msat
invoices: 0 sat, 0 msat
bolt11: null
light-bolt11-decoder: undefined' ]] || {
  echo "it has changed"
  exit 1
}
