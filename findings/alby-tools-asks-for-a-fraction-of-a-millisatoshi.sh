#!/usr/bin/env bash
# @getalby/lightning-tools 9.0.1 (npm) asks a service for 16100.000000000002 millisatoshis.
#
# LUD-06: the amount in the callback is a number of millisatoshis, and the BOLTs have nothing smaller. requestInvoice()
# takes satoshis, also with decimals, and multiplies by 1000 in floating point without rounding: 16.1 satoshis become
# 16100.000000000002 in the query, which a service that reads an integer refuses. Where the price is fixed at 16100 the
# client refuses it itself with "Invalid amount"; 2500.5 satoshis go through.
#
# For a checkout: round LNURL prices to 1000 msat, and expect such an amount in the callback.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts @getalby/lightning-tools@9.0.1
invoice=lnbc2500n1p5ww7qqpp52v5emy74l02myf26r3qazvggnuh744y8tvrh2tx5404464n7fq8ssp5uwmlel6fyfz0ek7ug5truxy0hjtz3kzp56rgn3cmjkflpmxee42qhp589z4z6f42lry8088n2yztpufe43k90uk87sfe53xgp0yunms8tpqxqrrsscqzpg9qrsgqhp5j3s34yluvr8j8z365q48avvmpu4nk7kpj66x8zmtk2dytd3phegu9rgvjl02ha7lsulnu6txersvyecvavu7s0xqaye22sh5n7dqqyhyax7
export invoice
cat >"$folder/check.mjs" <<'NODE'
import { LightningAddress } from "@getalby/lightning-tools";

const ask = async (satoshi, min, max) => {
  const asked = [];
  globalThis.fetch = async (url) => {
    const { pathname, search } = new URL(url);
    if (pathname === "/cb/7") asked.push(search);
    const known = {
      "/cb/7": { pr: process.env.invoice, routes: [] },
      "/.well-known/lnurlp/shop": {
        tag: "payRequest", callback: "https://shop.example/cb/7", minSendable: min, maxSendable: max,
        metadata: '[["text/plain", "order 7"], ["text/identifier", "shop@pay.example"]]',
      },
    }[pathname];
    return new Response(JSON.stringify(known ?? {}), { status: known ? 200 : 404 });
  };
  const address = new LightningAddress("shop@pay.example", { proxy: false });
  await address.fetch();
  const told = await address.requestInvoice({ satoshi }).then(() => asked.join(), (error) => error.message);
  console.log(`${satoshi} sat, ${min} to ${max} msat: ${told}`);
};
await ask(16.1, 1, 100000);
await ask(16.1, 16100, 16100);
await ask(2500.5, 2500500, 2500500);
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == '16.1 sat, 1 to 100000 msat: ?amount=16100.000000000002
16.1 sat, 16100 to 16100 msat: Invalid amount
2500.5 sat, 2500500 to 2500500 msat: ?amount=2500500' ]] || {
  echo "it has changed"
  exit 1
}
