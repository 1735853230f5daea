#!/usr/bin/env bash
# lnurl 2.0.2 (PyPI), lnurl-pay 5.0.2 and @getalby/lightning-tools 9.0.1 (npm) lose an error's reason.
#
# LUD-06 answers an error with {"status": "ERROR", "reason": "..."}, and LUD-01 says that HTTP status codes mean
# nothing: clients should parse the body whatever the status is. One expects the reason with a status of 400 as with
# 200. All three clients stop at a status of 400 and tell that number only; @getalby/lightning-tools tells no reason
# with 200 either.
#
# For a checkout: answer errors to LNURL requests with status 200, or a payer never reads "sold out".
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
cat >"$folder/check.py" <<'PYTHON'
import asyncio
import http.server
import json
import os
import threading

import lnurl


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"status": "ERROR", "reason": "sold out"}).encode()
        self.send_response(int(self.path[1:4]))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


os.environ["NO_PROXY"] = "127.0.0.1"
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
for status in (200, 400):
    offer = lnurl.LnurlPayResponse(
        callback=f"http://127.0.0.1:{server.server_port}/{status}",
        minSendable=1,
        maxSendable=1_000_000,
        metadata='[["text/plain", "order 7"], ["text/identifier", "shop@pay.example"]]',
    )
    try:
        asyncio.run(lnurl.execute_pay_request(offer, 250_000))
    except lnurl.LnurlResponseException as error:
        print("lnurl", status, "tells the reason:", "sold out" in str(error))
PYTHON
cat >"$folder/check.mjs" <<'NODE'
import http from "node:http";
import { LightningAddress } from "@getalby/lightning-tools";
import { requestInvoiceWithServiceParams } from "lnurl-pay";

const server = http.createServer((request, response) => {
  response.writeHead(Number(request.url.slice(1, 4)), { "Content-Type": "application/json" });
  response.end(JSON.stringify({ status: "ERROR", reason: "sold out" }));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
for (const status of [200, 400]) {
  const params = { callback: `http://127.0.0.1:${server.address().port}/${status}`, min: 1, max: 1_000_000 };
  const address = new LightningAddress("shop@pay.example", { proxy: false });
  address.lnurlpData = params;
  const clients = {
    "lnurl-pay": () => requestInvoiceWithServiceParams({ params, tokens: 250 }),
    "@getalby/lightning-tools": () => address.requestInvoice({ satoshi: 250 }),
  };
  for (const [name, ask] of Object.entries(clients)) {
    const message = await ask().catch((error) => error.message);
    console.log(name, status, "tells the reason:", String(message).includes("sold out"));
  }
}
server.close();
NODE
seen=$("$folder/venv/bin/python" "$folder/check.py")
npm_seen=$(env -u http_proxy -u HTTP_PROXY node "$folder/check.mjs")
printf '%s\n' "$seen" "$npm_seen"
[[ $seen == 'lnurl 200 tells the reason: True
lnurl 400 tells the reason: False' && $npm_seen == 'lnurl-pay 200 tells the reason: true
@getalby/lightning-tools 200 tells the reason: false
lnurl-pay 400 tells the reason: false
@getalby/lightning-tools 400 tells the reason: false' ]] || {
  echo "it has changed"
  exit 1
}
