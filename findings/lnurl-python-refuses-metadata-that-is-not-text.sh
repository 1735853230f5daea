#!/usr/bin/env bash
# lnurl 2.0.2 (PyPI) refuses an LNURL-pay answer whose metadata holds anything but pairs of text.
#
# LUD-06: each entry of the metadata is an array, its first item names the type, and what follows may be of any JSON
# type; implementors must not take it for text. One expects an entry of an unknown type to be passed over, and so it is
# when it is a pair of strings. With an object, with two values behind the type or with none, the whole answer raises
# LnurlResponseException. @getalby/lightning-tools 9.0.1 and lnurl-pay 5.0.2 (npm) read all four.
#
# For a checkout: keep to pairs of text in the metadata, also in types of one's own.
#
# Seen with pydantic 2.14.4 on Python 3.11 and on Node.js 20. Needs python3 with venv, node, npm, PyPI and the npm
# registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  lnurl==2.0.2 bolt11==2.2.0 bitstring==4.4.0 pydantic==2.14.4
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  @getalby/lightning-tools@9.0.1 lnurl-pay@5.0.2
cat >"$folder/offers.json" <<'JSON'
{
  "a pair of text": ["example/table", "7"],
  "an object": ["example/table", {"number": 7}],
  "two values": ["example/table", 7, "terrace"],
  "no value": ["example/takeaway"]
}
JSON
cat >"$folder/check.py" <<'PYTHON'
import json
import sys

import lnurl

for name, entry in json.load(open(sys.argv[1])).items():
    offer = {
        "tag": "payRequest", "callback": "https://shop.example/cb", "minSendable": 1000, "maxSendable": 1000,
        "metadata": json.dumps([["text/plain", "order 7"], entry]),
    }
    try:
        told = lnurl.LnurlResponse.from_dict(offer).metadata.text
    except lnurl.LnurlResponseException as error:
        told = type(error).__name__
    print(f"lnurl, {name}: {told}")
PYTHON
cat >"$folder/check.mjs" <<'NODE'
import { LightningAddress } from "@getalby/lightning-tools";
import { requestPayServiceParams } from "lnurl-pay";
import { readFileSync } from "node:fs";

for (const [name, entry] of Object.entries(JSON.parse(readFileSync(process.argv[2])))) {
  const offer = {
    tag: "payRequest", callback: "https://shop.example/cb", minSendable: 1000, maxSendable: 1000,
    metadata: JSON.stringify([["text/plain", "order 7"], entry]),
  };
  globalThis.fetch = async (url) => {
    const known = String(url).includes("/lnurlp/");
    return new Response(JSON.stringify(known ? offer : {}), { status: known ? 200 : 404 });
  };
  const address = new LightningAddress("shop@pay.example", { proxy: false });
  await address.fetch();
  const other = await requestPayServiceParams({ lnUrlOrAddress: "shop@pay.example", fetchGet: async () => offer });
  console.log(`npm, ${name}: ${address.lnurlpData.description}, ${other.description}`);
}
NODE
seen=$("$folder/venv/bin/python" "$folder/check.py" "$folder/offers.json"
  node "$folder/check.mjs" "$folder/offers.json")
printf '%s\n' "$seen"
[[ $seen == 'lnurl, a pair of text: order 7
lnurl, an object: LnurlResponseException
lnurl, two values: LnurlResponseException
lnurl, no value: LnurlResponseException
npm, a pair of text: order 7, order 7
npm, an object: order 7, order 7
npm, two values: order 7, order 7
npm, no value: order 7, order 7' ]] || {
  echo "it has changed"
  exit 1
}
