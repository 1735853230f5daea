#!/usr/bin/env bash
# lnurl 2.0.2 (PyPI) refuses a whole LNURL-pay answer for one field that it does not know.
#
# The LUDs grow by adding fields to the answers of LUD-06 (comments, payer data, verify and so on), and LUD-12 says of
# its own that existing implementations are not affected: one expects a client to pass over fields it does not know.
# The models of lnurl forbid them: both the first answer (payRequest) and the one with the invoice raise
# LnurlResponseException. @getalby/lightning-tools 9.0.1 and lnurl-pay 5.0.2 (npm) read both.
#
# For a checkout: keep fields of one's own out of LNURL answers; put them into the metadata, the success action or a
# header.
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
invoice=lnbc2500n1p5ww7qqpp52v5emy74l02myf26r3qazvggnuh744y8tvrh2tx5404464n7fq8ssp5uwmlel6fyfz0ek7ug5truxy0hjtz3kzp56rgn3cmjkflpmxee42qhp589z4z6f42lry8088n2yztpufe43k90uk87sfe53xgp0yunms8tpqxqrrsscqzpg9qrsgqhp5j3s34yluvr8j8z365q48avvmpu4nk7kpj66x8zmtk2dytd3phegu9rgvjl02ha7lsulnu6txersvyecvavu7s0xqaye22sh5n7dqqyhyax7
export invoice
cat >"$folder/check.py" <<'PYTHON'
import os

import lnurl

OFFER = {
    "tag": "payRequest",
    "callback": "https://shop.example/cb/7",
    "minSendable": 250_000,
    "maxSendable": 250_000,
    "metadata": '[["text/plain", "order 7"], ["text/identifier", "shop@pay.example"]]',
}
INVOICE = {"pr": os.environ["invoice"], "routes": []}
for name, answer in (("payRequest", OFFER), ("invoice", INVOICE)):
    for extra in ({}, {"order": "7"}):
        try:
            told = type(lnurl.LnurlResponse.from_dict({**answer, **extra})).__name__
        except lnurl.LnurlResponseException as error:
            told = type(error).__name__
        print(name, "with a field more:" if extra else "as in LUD-06:", told)
PYTHON
cat >"$folder/check.mjs" <<'NODE'
import { LightningAddress } from "@getalby/lightning-tools";
import { requestInvoice } from "lnurl-pay";

const offer = {
  tag: "payRequest", callback: "https://shop.example/cb/7", minSendable: 250000, maxSendable: 250000,
  metadata: '[["text/plain", "order 7"], ["text/identifier", "shop@pay.example"]]', order: "7",
};
const answer = (url) => {
  if (url.includes("/lnurlp/")) return offer;
  return url.includes("/cb/7") ? { pr: process.env.invoice, routes: [], order: "7" } : undefined;
};
globalThis.fetch = async (url) => {
  const told = answer(String(url));
  return new Response(JSON.stringify(told ?? {}), { status: told ? 200 : 404 });
};
const address = new LightningAddress("shop@pay.example", { proxy: false });
await address.fetch();
console.log("@getalby/lightning-tools:", (await address.requestInvoice({ satoshi: 250 })).satoshi, "sat");
const fetchGet = async ({ url }) => answer(url);
const { hasValidAmount } = await requestInvoice({ lnUrlOrAddress: "shop@pay.example", tokens: 250, fetchGet });
console.log("lnurl-pay:", hasValidAmount ? "250 sat" : "another amount");
NODE
seen=$("$folder/venv/bin/python" "$folder/check.py")
npm_seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen" "$npm_seen"
[[ $seen == 'payRequest as in LUD-06: LnurlPayResponse
payRequest with a field more: LnurlResponseException
invoice as in LUD-06: LnurlPayActionResponse
invoice with a field more: LnurlResponseException' && $npm_seen == '@getalby/lightning-tools: 250 sat
lnurl-pay: 250 sat' ]] || {
  echo "it has changed"
  exit 1
}
