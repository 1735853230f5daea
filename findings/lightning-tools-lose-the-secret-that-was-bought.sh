#!/usr/bin/env bash
# @getalby/lightning-tools 9.0.1 (npm) drops the success action "aes", and with it what was bought.
#
# LUD-10: the service sends with the invoice a secret that is encrypted with the payment's preimage, {"tag": "aes",
# "description", "ciphertext", "iv"}; the wallet decrypts it once it has paid. requestInvoice() keeps the actions
# "message" and "url" and tells null for this one, and the answer itself is not kept either: whoever pays by it has paid
# for a secret that cannot be read any more. lnurl-pay 5.0.2 (npm) keeps it, and has a function to decrypt it.
#
# For a checkout: show what was bought on a page of its own, too.
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
import { createCipheriv } from "node:crypto";
import { LightningAddress } from "@getalby/lightning-tools";
import { requestInvoice } from "lnurl-pay";

const [preimage, iv] = [Buffer.alloc(32, 7), Buffer.alloc(16, 9)];
const cipher = createCipheriv("aes-256-cbc", preimage, iv);
const ciphertext = Buffer.concat([cipher.update("swordfish"), cipher.final()]).toString("base64");
const action = { tag: "aes", description: "A word", ciphertext, iv: iv.toString("base64") };
const offer = {
  tag: "payRequest", callback: "https://shop.example/cb/7", minSendable: 250000, maxSendable: 250000,
  metadata: '[["text/plain", "A word"], ["text/identifier", "shop@pay.example"]]',
};
const answer = (url) =>
  String(url).includes("/lnurlp/") ? offer : { pr: process.env.invoice, routes: [], successAction: action };
globalThis.fetch = async (url) =>
  new Response(JSON.stringify(answer(url)), { status: /lnurlp|\/cb\//.test(String(url)) ? 200 : 404 });
const address = new LightningAddress("shop@pay.example", { proxy: false });
await address.fetch();
const tools = await address.requestInvoice({ satoshi: 250 });
console.log("@getalby/lightning-tools:", tools.successAction);
const pay = await requestInvoice({
  lnUrlOrAddress: "shop@pay.example", tokens: 250, fetchGet: async ({ url }) => answer(url),
});
console.log("lnurl-pay:", pay.successAction.decipher(preimage.toString("hex")));
NODE
said=$(cd "$folder" && node check.mjs)
echo "$said"
expected="@getalby/lightning-tools: null
lnurl-pay: swordfish"
[ "$said" = "$expected" ] || { echo "It is not so any more." >&2; exit 1; }
