#!/usr/bin/env bash
# nostrwalletconnect 0.2.1 (PyPI) raises "UNKNOWN: None" for a payment that has gone through.
#
# NIP-47: the "error" of a response is an object, "non-null in case of error", so a wallet may write "error": null
# beside its result, as the WalletService of applesauce-wallet-connect 6.2.0 (npm) does. One expects the preimage of the
# paid invoice. The client looks whether there is a field "error" at all, and raises NWCError with the code UNKNOWN, so
# that the caller takes a payment that was made for a failed one, without its preimage. Without the field it is told.
#
# For a checkout that answers as a wallet: leave "error" out of a response that has none. For one that pays out: look
# the payment up before it counts as failed.
#
# The relay and the wallet are in the script. Seen on Python 3.11 with nostrkey 0.3.5. Needs python3 with venv and PyPI.
# Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  nostrwalletconnect==0.2.1 nostrkey==0.3.5 websockets==16.1.1
cat >"$folder/check.py" <<'PYTHON'
import asyncio
import json

from nostrkey.crypto import decrypt, encrypt
from nostrkey.events import UnsignedEvent, sign_event
from nostrkey.keys import private_key_to_public_key
from nostrwalletconnect import NWCClient
from websockets.asyncio.server import serve

INVOICE = "lnbc2500n1p5ww7qqpp52v5emy74l02myf26r3qazvggnuh744y8tvrh2tx5404464n7fq8ssp5uwmlel6fyfz0ek7ug5truxy0hjtz3kzp56rgn3cmjkflpmxee42qdqvdaexgetjyqmscqzpg9qrsgqtrrm2nh4xa2v8fhuy5q44n4tmpkdarjayeh8ush9er8pqwjv2ttk6rv35jmrf65wv35x2dua3z2zep5emy8dd6vcpmfary4dpm8axyqq549203"
PAID = {"result_type": "pay_invoice", "result": {"preimage": "07" * 32}}
FAILED = {"result_type": "pay_invoice", "error": {"code": "QUOTA_EXCEEDED", "message": "too much"}, "result": None}
CLIENT, WALLET = "01" * 32, "02" * 32
WALLET_KEY = private_key_to_public_key(WALLET)
answer = None


async def relay(connection):
    subscription = None

    async def send(kind, content, tags):
        event = sign_event(WALLET, UnsignedEvent(kind=kind, content=content, tags=tags))
        await connection.send(json.dumps(["EVENT", subscription, event.to_dict()]))

    async for text in connection:
        kind, first, *rest = json.loads(text)
        if kind == "REQ":
            subscription = first
            if 13194 in rest[0]["kinds"]:
                await send(13194, "pay_invoice", [["encryption", "nip44_v2"]])
        elif kind == "EVENT":
            client = first["pubkey"]
            assert json.loads(decrypt(WALLET, client, first["content"]))["method"] == "pay_invoice"
            await send(23195, encrypt(WALLET, client, json.dumps(answer)), [["p", client], ["e", first["id"]]])


async def main():
    global answer
    async with serve(relay, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        uri = f"nostr+walletconnect://{WALLET_KEY}?relay=ws://127.0.0.1:{port}&secret={CLIENT}"
        answers = {"without an error": PAID, "with a null error": {**PAID, "error": None}, "failed": FAILED}
        for name, answer in answers.items():
            async with NWCClient(uri) as client:
                try:
                    print(f"{name}: {(await client.pay_invoice(INVOICE)).preimage}")
                except Exception as error:
                    print(f"{name}: {type(error).__name__}, {error}")


asyncio.run(main())
PYTHON
seen=$(NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 "$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'without an error: 0707070707070707070707070707070707070707070707070707070707070707
with a null error: NWCError, UNKNOWN: None
failed: NWCError, QUOTA_EXCEEDED: too much' ]] || {
  echo "it has changed"
  exit 1
}
