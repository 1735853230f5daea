#!/usr/bin/env bash
# pyl402 0.1.2 (PyPI) keeps the token that it paid for, sends it as "L402 L402 ..." and pays again.
#
# L402: the client pays once and then sends "Authorization: L402 <macaroon>:<preimage>" with every request, for as long
# as the server takes it. pyl402 has a store for that and looks into it first, so one expects one payment for three
# requests to an address. What it stores begins with the scheme, and the scheme is put in front once more: the server
# cannot read the header and asks for money again, which is paid. With the same header sent right the server answers.
#
# For a checkout that sells with L402: read a doubled scheme as well. For a buyer: store tokens oneself.
#
# The server is a transport of httpx that takes one token, and the wallet counts. Seen with httpx 0.27.2 on Python 3.11.
# Needs python3 with venv and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyl402==0.1.2
cat >"$folder/check.py" <<'PYTHON'
import httpx
from pyl402.client.l402 import L402Client
from pyl402.token_store import MemoryTokenStore
from pyl402.wallet import PaymentResult, Wallet

PREIMAGE = "07" * 32


class Counting(Wallet):
    paid = 0

    def pay_invoice(self, invoice):
        self.paid += 1
        return PaymentResult(preimage=PREIMAGE, success=True)


def server(request):
    sent = request.headers.get("Authorization", "nothing")
    print("sent:", sent.replace(PREIMAGE, "07.."))
    if sent == f"L402 AgEDbG5k:{PREIMAGE}":
        return httpx.Response(200)
    return httpx.Response(402, headers={"WWW-Authenticate": 'L402 macaroon="AgEDbG5k", invoice="lnbc1"'})


wallet = Counting()
client = L402Client(wallet, MemoryTokenStore(), transport=httpx.MockTransport(server))
for _ in range(3):
    answer = client.get("https://shop.example/report")
    print(f"answer {answer.status_code}, paid {wallet.paid} times")
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'sent: nothing
sent: L402 AgEDbG5k:07..
answer 200, paid 1 times
sent: L402 L402 AgEDbG5k:07..
sent: L402 AgEDbG5k:07..
answer 200, paid 2 times
sent: L402 L402 AgEDbG5k:07..
sent: L402 AgEDbG5k:07..
answer 200, paid 3 times' ]] || {
  echo "it has changed"
  exit 1
}
