#!/usr/bin/env bash
# btcpay-python-sdk 0.1.0 (PyPI) refuses to mark an invoice "Settled", the word that the Greenfield API uses.
#
# In BTCPay's Greenfield API the status of an invoice is New, Processing, Expired, Invalid or Settled, and an invoice
# can be marked Settled or Invalid. The SDK hands on the answers as they are, so one expects the word read there, and listed
# in availableStatusesForManualMarking, to be taken by mark_invoice_status(). It compares with "invalid" and "settled"
# and raises ValueError for the capital letter, before anything is sent; in small letters it asks.
#
# For a checkout that answers like BTCPay: take the status in either case.
#
# The server is one of the script's own at 127.0.0.1. Seen on Python 3.11. Needs python3 with venv and PyPI. Exits 0
# while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check btcpay-python-sdk==0.1.0
cat >"$folder/check.py" <<'PYTHON'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import btcpay

INVOICE = {"id": "I7", "status": "New", "availableStatusesForManualMarking": ["Settled", "Invalid"]}


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(INVOICE).encode())

    def do_POST(self):
        print("asked:", self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.do_GET()

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
btcpay.api_key, btcpay.store_id = "key", "S1"
btcpay.host_url = f"http://127.0.0.1:{server.server_port}/"
invoice = btcpay.Invoices.get_invoice("I7")
for status in (invoice["availableStatusesForManualMarking"][0], "settled"):
    try:
        btcpay.Invoices.mark_invoice_status("I7", status)
    except ValueError as error:
        print(f"{status}: {error}")
server.shutdown()
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'Settled: An invoice can only be marked invalid or settled.
asked: {"status": "settled"}' ]] || {
  echo "it has changed"
  exit 1
}
