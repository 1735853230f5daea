#!/usr/bin/env bash
# lnbits 1.6.2 (PyPI), paying through another LNbits, takes a refusal for "Unable to connect" and the payment for pending.
#
# LNbits answers a failed payment with {"detail": …, "status": "failed"}, and all else that it refuses, such as the
# invoice key where the admin key belongs, with {"detail": …} alone and a 4xx. A refused payment has not left, so one
# expects the LNbits in front to fail it and to tell the reason. Its LNbitsWallet looks for "status", finds none, and
# answers "Unable to connect", neither paid nor failed. A later look gets a 404, which it reads as pending, too. The
# reasons for refused invoices and a wrong key are lost in the same way, even with a "status".
#
# For a checkout that offers LNbits' routes: answer a refused payment with "detail" and with "status" of "failed".
#
# LNbits' own handlers of errors answer here, without a network. Seen on Python 3.11 with bitstring 4.4.0. Needs
# python3 with venv and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check lnbits==1.6.2 bitstring==4.4.0
cat >"$folder/check.py" <<'PYTHON'
import asyncio

import httpx
from fastapi import FastAPI, HTTPException
from loguru import logger

from lnbits.exceptions import InvoiceError, PaymentError, register_exception_handlers
from lnbits.wallets.lnbits import LNbitsWallet

INVOICE = "lnbc2500n1p5ww7qqpp52v5emy74l02myf26r3qazvggnuh744y8tvrh2tx5404464n7fq8ssp5uwmlel6fyfz0ek7ug5truxy0hjtz3kzp56rgn3cmjkflpmxee42qdqvdaexgetjyqmscqzpg9qrsgqtrrm2nh4xa2v8fhuy5q44n4tmpkdarjayeh8ush9er8pqwjv2ttk6rv35jmrf65wv35x2dua3z2zep5emy8dd6vcpmfary4dpm8axyqq549203"
logger.remove()
behind = FastAPI()
register_exception_handlers(behind)
refusal = None


@behind.api_route("/api/v1/{path:path}", methods=["GET", "POST"])
async def answer(path: str):
    raise refusal


async def main():
    global refusal
    wallet = LNbitsWallet()
    wallet.client = httpx.AsyncClient(transport=httpx.ASGITransport(behind), base_url=wallet.endpoint)
    key = HTTPException(403, "Invoice (or Admin) key required.")
    for refusal in (PaymentError("Insufficient balance.", status="failed"), key):
        paid = await wallet.pay_invoice(INVOICE, 1000)
        print(f"pay: failed {paid.failed}, pending {paid.pending}, {paid.error_message}")
    refusal = HTTPException(404, "Payment does not exist.")
    later = await wallet.get_payment_status("07" * 32)
    print(f"later: failed {later.failed}, pending {later.pending}")
    refusal = InvoiceError("Invoice amount 2000000 sats is too high.", status="failed")
    print("create:", (await wallet.create_invoice(2_000_000)).error_message)
    refusal = HTTPException(404, "Wallet not found.")
    print("balance:", (await wallet.status()).error_message)


asyncio.run(main())
PYTHON
seen=$(LNBITS_DATA_FOLDER="$folder" LNBITS_ENDPOINT=http://behind.example LNBITS_KEY=invoice-key \
  "$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'pay: failed True, pending False, Payment failed: Insufficient balance..
pay: failed False, pending True, Unable to connect to http://behind.example.
later: failed False, pending True
create: Unable to connect to http://behind.example.
balance: Unable to connect to http://behind.example.' ]] || {
  echo "it has changed"
  exit 1
}
