#!/usr/bin/env bash
# lnurl 2.0.2 (PyPI) has a model for LUD-21 answers, and its get() takes them for something else.
#
# LUD-21: the answer with the invoice may name an address "verify", which tells {"status": "OK", "settled": ...,
# "preimage": ..., "pr": ...}. lnurl keeps that address and has the class LnurlPayVerifyResponse, so one expects get()
# to give it. get() takes whatever holds "pr" for an answer with an invoice, where "settled" and "preimage" are not
# allowed, and raises LnurlResponseException, settled or not. It works only when the class is named: get(...,
# response_class=...).
#
# For a checkout: a client that polls "verify" through get() never sees the payment; name the class.
#
# Seen with pydantic 2.14.4 on Python 3.11. Needs python3 with venv, and PyPI. Exits 0 while this is so, 1 when it has
# changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  lnurl==2.0.2 bolt11==2.2.0 bitstring==4.4.0 pydantic==2.14.4
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import hashlib
import http.server
import json
import os
import threading

import lnurl

INVOICE = (
    "lnbc2500n1p5ww7qqpp52v5emy74l02myf26r3qazvggnuh744y8tvrh2tx5404464n7fq8ssp5uwmlel6fyfz0ek7ug5truxy0hjtz3kzp56rgn3cmjkflpmxee42qhp589z4z6f42lry8088n2yztpufe43k90uk87sfe53xgp0yunms8tpqxqrrsscqzpg9qrsgqhp5j3s34yluvr8j8z365q48avvmpu4nk7kpj66x8zmtk2dytd3phegu9rgvjl02ha7lsulnu6txersvyecvavu7s0xqaye22sh5n7dqqyhyax7"
)
ANSWERS = {
    "/open": {"status": "OK", "settled": False, "preimage": None, "pr": INVOICE},
    "/paid": {"status": "OK", "settled": True, "preimage": hashlib.sha256(b"order 7").hexdigest(), "pr": INVOICE},
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps(ANSWERS[self.path]).encode()
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
seen = []
for path in ANSWERS:
    for named in (None, lnurl.LnurlPayVerifyResponse):
        address = f"http://127.0.0.1:{server.server_port}{path}"
        try:
            told = f"settled: {asyncio.run(lnurl.get(address, response_class=named)).settled}"
        except lnurl.LnurlResponseException as error:
            told = type(error).__name__
        seen.append(told)
        print(path, "class named," if named else "get() alone,", told)
expected = ["LnurlResponseException", "settled: False", "LnurlResponseException", "settled: True"]
raise SystemExit(0 if seen == expected else "it has changed")
PYTHON
