#!/usr/bin/env bash
# lnurl-pay 5.0.2 and @getalby/lightning-tools 9.0.1 (npm) send a comment to a service that takes none.
#
# LUD-12: a service that takes comments says so with commentAllowed, and without it (or with 0) a wallet sends none. Both
# clients check a comment's length against commentAllowed only where that is above 0, and send whatever there is where
# it is missing: a comment of 5000 characters too. The payer is not told that nobody will read it, and a service that
# refuses what it did not ask for makes no invoice.
#
# For a checkout: expect a comment always, and say in words that it is not taken.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  lnurl-pay@5.0.2 @getalby/lightning-tools@9.0.1
invoice=lnbc2500n1p5ww7qqpp52v5emy74l02myf26r3qazvggnuh744y8tvrh2tx5404464n7fq8ssp5uwmlel6fyfz0ek7ug5truxy0hjtz3kzp56rgn3cmjkflpmxee42qhp589z4z6f42lry8088n2yztpufe43k90uk87sfe53xgp0yunms8tpqxqrrsscqzpg9qrsgqhp5j3s34yluvr8j8z365q48avvmpu4nk7kpj66x8zmtk2dytd3phegu9rgvjl02ha7lsulnu6txersvyecvavu7s0xqaye22sh5n7dqqyhyax7
export invoice
cat >"$folder/check.mjs" <<'NODE'
import { LightningAddress } from "@getalby/lightning-tools";
import { requestInvoice } from "lnurl-pay";

const comment = "x".repeat(5000);
for (const commentAllowed of [undefined, 0, 10]) {
  const offer = {
    tag: "payRequest", callback: "https://shop.example/cb/7", minSendable: 1000, maxSendable: 1000000, commentAllowed,
    metadata: '[["text/plain", "order 7"], ["text/identifier", "shop@pay.example"]]',
  };
  const sent = [];
  const answer = (url, params) => {
    if (String(url).includes("/lnurlp/")) return offer;
    sent.push((params?.comment ?? new URL(url).searchParams.get("comment") ?? "").length);
    return { pr: process.env.invoice, routes: [] };
  };
  globalThis.fetch = async (url) =>
    /lnurlp|\/cb\//.test(String(url))
      ? new Response(JSON.stringify(answer(url)))
      : new Response("{}", { status: 404 });
  const told = (asked) => asked.then(() => `sent ${sent.pop()} characters`, (error) => error.message);
  const address = new LightningAddress("shop@pay.example", { proxy: false });
  await address.fetch();
  const tools = await told(address.requestInvoice({ satoshi: 250, comment }));
  const pay = await told(requestInvoice({
    lnUrlOrAddress: "shop@pay.example", tokens: 250, comment, fetchGet: async ({ url, params }) => answer(url, params),
  }));
  console.log(`${commentAllowed}: @getalby/lightning-tools: ${tools}; lnurl-pay: ${pay}`);
}
NODE
said=$(cd "$folder" && node check.mjs)
echo "$said"
sent="sent 5000 characters"
long="The comment length must be 10 characters or fewer"
expected="undefined: @getalby/lightning-tools: $sent; lnurl-pay: $sent
0: @getalby/lightning-tools: $sent; lnurl-pay: $sent
10: @getalby/lightning-tools: $long; lnurl-pay: $long"
[ "$said" = "$expected" ] || { echo "It is not so any more." >&2; exit 1; }
