#!/usr/bin/env bash
# lnurl 2.0.2 (PyPI) and @getalby/lightning-tools 9.0.1 (npm) drop the query that a callback address already has.
#
# LUD-06 lets a wallet ask for an invoice at <callback><?|&>amount=<millisatoshi>: the "&" is for a callback that has a
# query of its own. Both clients set the query instead of adding to it (the one through httpx, whose "params" replace
# what the address holds), so a service that answered with the callback https://shop.example/cb?order=7 is asked for
# /cb?amount=250000 and no longer knows which order is meant. lnurl-pay 5.0.2 (npm) keeps it.
#
# For a checkout: put whatever the callback needs into its path.
#
# Seen with httpx 0.28.1 on Python 3.11 and on Node.js 20. Needs python3 with venv, node, npm, PyPI and the npm
# registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  lnurl==2.0.2 bolt11==2.2.0 bitstring==4.4.0 httpx==0.28.1
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  @getalby/lightning-tools@9.0.1 lnurl-pay@5.0.2
invoice=lnbc2500n1p5ww7qqpp52v5emy74l02myf26r3qazvggnuh744y8tvrh2tx5404464n7fq8ssp5uwmlel6fyfz0ek7ug5truxy0hjtz3kzp56rgn3cmjkflpmxee42qhp589z4z6f42lry8088n2yztpufe43k90uk87sfe53xgp0yunms8tpqxqrrsscqzpg9qrsgqhp5j3s34yluvr8j8z365q48avvmpu4nk7kpj66x8zmtk2dytd3phegu9rgvjl02ha7lsulnu6txersvyecvavu7s0xqaye22sh5n7dqqyhyax7
export invoice
cat >"$folder/check.py" <<'PYTHON'
import asyncio
import http.server
import json
import os
import threading

import lnurl

asked = []


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        asked.append(self.path)
        body = json.dumps({"pr": os.environ["invoice"], "routes": []}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


os.environ["NO_PROXY"] = "127.0.0.1"
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
offer = lnurl.LnurlPayResponse(
    callback=f"http://127.0.0.1:{server.server_port}/cb?order=7",
    minSendable=1,
    maxSendable=1_000_000,
    metadata='[["text/plain", "order 7"], ["text/identifier", "shop@pay.example"]]',
)
asyncio.run(lnurl.execute_pay_request(offer, 250_000))
print(*asked)
PYTHON
cat >"$folder/check.mjs" <<'NODE'
import http from "node:http";
import { LightningAddress } from "@getalby/lightning-tools";
import { requestInvoiceWithServiceParams } from "lnurl-pay";

const asked = [];
const server = http.createServer((request, response) => {
  asked.push(request.url);
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify({ pr: process.env.invoice, routes: [] }));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const callback = `http://127.0.0.1:${server.address().port}/cb?order=7`;
const offer = { callback, min: 1, max: 1_000_000, commentAllowed: 0 };
const address = new LightningAddress("shop@pay.example", { proxy: false });
address.lnurlpData = offer;
await address.requestInvoice({ satoshi: 250 });
await requestInvoiceWithServiceParams({ params: offer, tokens: 250 });
server.close();
console.log(asked.join("\n"));
NODE
seen=$("$folder/venv/bin/python" "$folder/check.py")
npm_seen=$(env -u http_proxy -u HTTP_PROXY node "$folder/check.mjs")
{
  read -r alby
  read -r lnurl_pay
} <<<"$npm_seen"
printf '%-32s %s\n' 'lnurl (PyPI):' "$seen" '@getalby/lightning-tools (npm):' "$alby" 'lnurl-pay (npm):' "$lnurl_pay"
[[ $seen == '/cb?amount=250000' && $alby == '/cb?amount=250000' && $lnurl_pay == '/cb?order=7&amount=250000' ]] || {
  echo "it has changed"
  exit 1
}
