#!/usr/bin/env bash
# bolt402 0.1.0 (PyPI) finds no L402 challenge when a challenge of another scheme stands before it.
#
# A server may offer several ways in one answer, as lines of WWW-Authenticate or as one line (RFC 9110, section 11.6.1),
# and a client takes the one that it knows. Servers that sell with L402 offer the scheme "Payment" or a login beside it.
# One expects the client to look for L402 among them. It looks at the first line, and at the beginning of that, and
# gives up otherwise: "header must start with 'L402' or 'LSAT'". With L402 first it pays; l402kit 1.10.1 (PyPI) pays in
# every order.
#
# For a checkout that sells with L402: send its challenge first, and the others behind it.
#
# The server takes any credentials and also answers in place of a node's REST API. Seen on Python 3.11. Needs python3
# with venv and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bolt402==0.1.0 l402kit==1.10.1
cat >"$folder/check.py" <<'PYTHON'
import json
import multiprocessing
from http.server import BaseHTTPRequestHandler, HTTPServer

INVOICE = "lnbc2500n1p5ww7qqpp52v5emy74l02myf26r3qazvggnuh744y8tvrh2tx5404464n7fq8ssp5uwmlel6fyfz0ek7ug5truxy0hjtz3kzp56rgn3cmjkflpmxee42qdqvdaexgetjyqmscqzpg9qrsgqtrrm2nh4xa2v8fhuy5q44n4tmpkdarjayeh8ush9er8pqwjv2ttk6rv35jmrf65wv35x2dua3z2zep5emy8dd6vcpmfary4dpm8axyqq549203"
L402 = f'L402 macaroon="AgEDbG5k", invoice="{INVOICE}"'
PAYMENT = 'Payment id="7", realm="shop", method="lightning"'
ORDERS = {"first": [L402, PAYMENT], "second": [PAYMENT, L402], "in one line": [f"{PAYMENT}, {L402}"], "alone": [L402]}
PAID = {
    "payment_preimage": "07" * 32, "payment_hash": "08" * 32, "destination": "02" * 33, "status": "complete",
    "amount_msat": 250000, "amount_sent_msat": 250000, "created_at": 1, "parts": 1,
}


class Shop(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body, challenges=()):
        self.send_response(status)
        for challenge in challenges:
            self.send_header("WWW-Authenticate", challenge)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if "Authorization" in self.headers:
            self.answer(200, b"{}")
        else:
            self.answer(402, b"{}", ORDERS[self.path[1:].replace("-", " ")])

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(201, json.dumps(PAID).encode())


class Wallet:
    def pay_invoice(self, invoice):
        return "07" * 32


def told(get):
    try:
        return get()
    except Exception as error:
        return str(error).split(", got")[0]


server = HTTPServer(("127.0.0.1", 0), Shop)
shop = multiprocessing.get_context("fork").Process(target=server.serve_forever, daemon=True)
shop.start()
address = f"http://127.0.0.1:{server.server_port}"

import bolt402
import l402kit

for name in ORDERS:
    url = f"{address}/{name.replace(' ', '-')}"
    print(f"bolt402, {name}:", told(lambda: bolt402.L402Client.with_cln_rest(address, "rune").get(url).status))
    print(f"l402kit, {name}:", told(lambda: l402kit.L402Client(wallet=Wallet()).get(url).status_code))
shop.terminate()
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == "bolt402, first: 200
l402kit, first: 200
bolt402, second: L402 protocol error: invalid L402 challenge: header must start with 'L402' or 'LSAT' scheme
l402kit, second: 200
bolt402, in one line: L402 protocol error: invalid L402 challenge: header must start with 'L402' or 'LSAT' scheme
l402kit, in one line: 200
bolt402, alone: 200
l402kit, alone: 200" ]] || {
  echo "it has changed"
  exit 1
}
