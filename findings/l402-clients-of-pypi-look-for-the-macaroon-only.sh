#!/usr/bin/env bash
# bolt402 0.1.0, l402kit 1.10.1 and l402-requests 0.9.0 (PyPI) do not know the token of an L402 challenge by its name.
#
# The L402 of today (its specification of 2026) has L402 version="0", token="...", invoice="...", where older servers
# wrote macaroon="...". One expects clients to take either. All three look for "macaroon" only and give up, each with an
# error, before they pay. @getalby/lightning-tools 9.0.1 (npm) reads both.
#
# For a checkout that sells with L402: send the token under both names, macaroon and invoice first.
#
# The server takes any credentials and also answers in place of a node's REST API. Seen on Python 3.11 and Node.js 20.
# Needs python3 with venv, node, npm, PyPI and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  bolt402==0.1.0 l402kit==1.10.1 l402-requests==0.9.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts @getalby/lightning-tools@9.0.1
cat >"$folder/check.py" <<'PYTHON'
import json
import multiprocessing
from http.server import BaseHTTPRequestHandler, HTTPServer

INVOICE = "lnbc2500n1p5ww7qqpp52v5emy74l02myf26r3qazvggnuh744y8tvrh2tx5404464n7fq8ssp5uwmlel6fyfz0ek7ug5truxy0hjtz3kzp56rgn3cmjkflpmxee42qdqvdaexgetjyqmscqzpg9qrsgqtrrm2nh4xa2v8fhuy5q44n4tmpkdarjayeh8ush9er8pqwjv2ttk6rv35jmrf65wv35x2dua3z2zep5emy8dd6vcpmfary4dpm8axyqq549203"
CHALLENGES = {
    "macaroon": f'L402 macaroon="AgEDbG5k", invoice="{INVOICE}"',
    "token": f'L402 version="0", token="AgEDbG5k", invoice="{INVOICE}"',
    "both": f'L402 macaroon="AgEDbG5k", invoice="{INVOICE}", version="0", token="AgEDbG5k"',
}
PAID = {
    "payment_preimage": "07" * 32, "payment_hash": "08" * 32, "destination": "02" * 33, "status": "complete",
    "amount_msat": 250000, "amount_sent_msat": 250000, "created_at": 1, "parts": 1,
}


class Shop(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body, challenge=None):
        self.send_response(status)
        if challenge:
            self.send_header("WWW-Authenticate", challenge)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if "Authorization" in self.headers:
            self.answer(200, b"{}")
        else:
            self.answer(402, b"{}", CHALLENGES[self.path[1:]])

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
        return error


server = HTTPServer(("127.0.0.1", 0), Shop)
shop = multiprocessing.get_context("fork").Process(target=server.serve_forever, daemon=True)
shop.start()
address = f"http://127.0.0.1:{server.server_port}"

import bolt402
import l402kit
from l402_requests.challenge import parse_challenge

for name, challenge in CHALLENGES.items():
    url = f"{address}/{name}"
    print(f"bolt402, {name}:", told(lambda: bolt402.L402Client.with_cln_rest(address, "rune").get(url).status))
    print(f"l402kit, {name}:", told(lambda: l402kit.L402Client(wallet=Wallet()).get(url).status_code))
    print(f"l402-requests, {name}:", told(lambda: parse_challenge(challenge).macaroon))
shop.terminate()
PYTHON
cat >"$folder/check.mjs" <<'NODE'
import { parseL402 } from "@getalby/lightning-tools";

for (const name of ["macaroon", "token"])
  console.log(`lightning-tools, ${name}: ${parseL402(`L402 ${name}="AgEDbG5k", invoice="lnbc1"`).token}`);
NODE
seen=$("$folder/venv/bin/python" "$folder/check.py"
  node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == "bolt402, macaroon: 200
l402kit, macaroon: 200
l402-requests, macaroon: AgEDbG5k
bolt402, token: L402 protocol error: invalid L402 challenge: missing 'macaroon' parameter
l402kit, token: 402 response missing invoice or macaroon
l402-requests, token: Failed to parse challenge: no L402/LSAT challenge found
bolt402, both: 200
l402kit, both: 200
l402-requests, both: AgEDbG5k
lightning-tools, macaroon: AgEDbG5k
lightning-tools, token: AgEDbG5k" ]] || {
  echo "it has changed"
  exit 1
}
