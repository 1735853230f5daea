#!/usr/bin/env bash
# boltz-bolt12 0.2.0 (npm) shows an offer of 1.00 USD as one without an amount.
#
# BOLT 12: with offer_currency (an ISO 4217 code) offer_amount is in that currency's minor unit, here 100 cents; without
# it in millisatoshis. One expects both to be told, or the offer to be refused. Offer.amount is undefined, and there is
# no property for the currency, so the offer looks exactly like a donation, where the payer is free to choose. In
# millisatoshis the same number is told.
#
# For a wallet or a checkout that reads offers: an undefined amount is not "any amount"; ask the node, or read the field
# oneself.
#
# The package is made for bundlers: plain Node.js cannot load its .wasm file, hence the flag. The issuer_id of the
# offers is the generator point of secp256k1. Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while
# this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts boltz-bolt12@0.2.0
cat >"$folder/check.mjs" <<'NODE'
import { Offer } from "boltz-bolt12";

const ISSUER = Buffer.from("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", "hex");
const field = (type, value) => Buffer.concat([Buffer.from([type, value.length]), Buffer.from(value)]);
const encode = (...fields) => {
  let bits = "";
  for (const byte of Buffer.concat(fields)) bits += byte.toString(2).padStart(8, "0");
  const letters = bits.match(/.{1,5}/g).map((group) => parseInt(group.padEnd(5, "0"), 2));
  return "lno1" + letters.map((value) => "qpzry9x8gf2tvdw0s3jn54khce6mua7l"[value]).join("");
};
const rest = [field(10, Buffer.from("Order 7")), field(22, ISSUER)];
const offers = {
  "100 msat": encode(field(8, [100]), ...rest),
  "1.00 USD": encode(field(6, Buffer.from("USD")), field(8, [100]), ...rest),
  "no amount": encode(...rest),
};
for (const [name, text] of Object.entries(offers)) {
  const { amount, description } = new Offer(text);
  console.log(`${name}: amount ${amount}, description ${description}`);
}
console.log("currency" in Offer.prototype ? "there is a currency" : "there is no currency");
NODE
seen=$(node --no-warnings --experimental-wasm-modules "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == '100 msat: amount 100, description Order 7
1.00 USD: amount undefined, description Order 7
no amount: amount undefined, description Order 7
there is no currency' ]] || {
  echo "it has changed"
  exit 1
}
