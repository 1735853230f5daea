#!/usr/bin/env bash
# lnurl-pay 5.0.2 (npm) refuses a fixed price that is not a whole number of satoshis.
#
# LUD-06 states minSendable and maxSendable in millisatoshis; a fixed price has both alike. lnurl-pay turns them into
# satoshis, the smaller rounded up and the larger down, so 2500500 becomes "at least 2501, at most 2500" and the whole
# answer is refused with "Invalid pay service params". @getalby/lightning-tools 9.0.1 (npm) takes it.
#
# For a checkout: a price converted from euros is rarely whole; round the LNURL price to 1000 msat, or leave a range.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  lnurl-pay@5.0.2 @getalby/lightning-tools@9.0.1
cat >"$folder/check.mjs" <<'NODE'
import { LightningAddress } from "@getalby/lightning-tools";
import { requestPayServiceParams } from "lnurl-pay";

for (const price of [2500000, 2500500]) {
  const offer = {
    tag: "payRequest", callback: "https://shop.example/cb/7", minSendable: price, maxSendable: price,
    metadata: '[["text/plain", "order 7"], ["text/identifier", "shop@pay.example"]]',
  };
  globalThis.fetch = async (url) =>
    new Response(JSON.stringify(offer), { status: String(url).includes("/lnurlp/") ? 200 : 404 });
  const address = new LightningAddress("shop@pay.example", { proxy: false });
  await address.fetch();
  console.log(`@getalby/lightning-tools: ${price}: ${address.lnurlpData.min} to ${address.lnurlpData.max} msat`);
  const told = await requestPayServiceParams({ lnUrlOrAddress: "shop@pay.example", fetchGet: async () => offer })
    .then(({ min, max }) => `${min} to ${max} sat`).catch((error) => error.message);
  console.log(`lnurl-pay: ${price}: ${told}`);
}
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == '@getalby/lightning-tools: 2500000: 2500000 to 2500000 msat
lnurl-pay: 2500000: 2500 to 2500 sat
@getalby/lightning-tools: 2500500: 2500500 to 2500500 msat
lnurl-pay: 2500500: Invalid pay service params' ]] || {
  echo "it has changed"
  exit 1
}
