#!/usr/bin/env bash
# bolt11 1.4.1 (npm) shows one route hint and one fallback address in tagsObject, the last, however many there are.
#
# BOLT 11: an invoice may have several fields "r", one for each private channel that leads to the payee, and several
# "f", of which a payer may use the first that it understands. One expects the getter tagsObject, which makes an object
# of the list of tags, to hold them all or the first. It holds the last of each. The list "tags" has all, and so have
# light-bolt11-decoder 3.2.0 (route_hints) and invoices 5.0.2 (npm).
#
# For a checkout that looks whether an invoice can be reached, or shows its address: read the list, not the object.
#
# The node of both hints is the generator point of secp256k1. Seen on Node.js 20. Needs node, npm and the npm registry.
# Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  bolt11@1.4.1 light-bolt11-decoder@3.2.0 invoices@5.0.2
cat >"$folder/check.mjs" <<'NODE'
import bolt11 from "bolt11";
import { parsePaymentRequest } from "invoices";
import { decode } from "light-bolt11-decoder";

const hint = (channel, fee) => ({
  tagName: "routing_info",
  data: [
    {
      pubkey: "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
      short_channel_id: channel,
      fee_base_msat: fee,
      fee_proportional_millionths: 20,
      cltv_expiry_delta: 40,
    },
  ],
});
const fallback = (code, addressHash) => ({ tagName: "fallback_address", data: { code, addressHash } });
const tags = [
  { tagName: "payment_hash", data: "01".repeat(32) },
  { tagName: "payment_secret", data: "02".repeat(32) },
  { tagName: "description", data: "Order 7" },
  hint("0102030405060701", 1),
  hint("0102030405060702", 2),
  fallback(17, "03".repeat(20)),
  fallback(18, "04".repeat(20)),
];
const unsigned = bolt11.encode({ satoshis: 250, timestamp: 1496314658, tags });
const request = bolt11.sign(unsigned, "03".repeat(32)).paymentRequest;
const { tags: list, tagsObject } = bolt11.decode(request);
const many = (name) => list.filter(({ tagName }) => tagName === name).length;
console.log(`tags: ${many("routing_info")} hints, ${many("fallback_address")} addresses`);
const fees = tagsObject.routing_info.map((hop) => hop.fee_base_msat);
console.log(`tagsObject: hints with the fees ${fees}, address ${tagsObject.fallback_address.address}`);
const other = parsePaymentRequest({ request });
console.log(`invoices: ${other.routes.length} hints, ${other.chain_addresses}`);
console.log(`light-bolt11-decoder: ${decode(request).route_hints.length} hints`);
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == 'tags: 2 hints, 2 addresses
tagsObject: hints with the fees 2, address 324FSKrQmNmxe5BJvXA6q3Mj8Gxr3ijc2q
invoices: 2 hints, 1GvdqXEAMbSARrubpNP44Vqz4kr6TDPgC,324FSKrQmNmxe5BJvXA6q3Mj8Gxr3ijc2q
light-bolt11-decoder: 2 hints' ]] || {
  echo "it has changed"
  exit 1
}
