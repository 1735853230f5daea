#!/usr/bin/env bash
# pylnbits 0.0.7 (PyPI) returns an exception as the answer when LNbits cannot be reached.
#
# check_invoice() asks LNbits for a payment and is documented to return a dictionary with "paid". One expects a refused
# connection or the error page of a proxy to raise. The methods catch every exception and return it in the place of the
# dictionary, so that answer.get("paid") raises an AttributeError far from the cause, and what catches errors around the
# call sees none. A refusal in JSON, such as a wrong key, comes back as any answer does, without its status.
#
# For a checkout: look whether "paid" is in the answer and is true, and treat all else as not known.
#
# It needs lnurl without saying so; release 0.0.8 asks for an lnbits that PyPI does not have. The server is one of the
# script's own at 127.0.0.1. Seen on Python 3.11. Needs python3 with venv and PyPI. Exits 0 while this is so, 1 when it
# has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  pylnbits==0.0.7 lnurl==2.0.2 bolt11==2.2.0 bitstring==4.4.0
cat >"$folder/check.py" <<'PYTHON'
import asyncio
import logging

import aiohttp
from aiohttp import web
from pylnbits.config import Config
from pylnbits.user_wallet import UserWallet


async def answer(request):
    if request.match_info["hash"] == "page":
        return web.Response(status=502, text="<h1>Bad gateway</h1>", content_type="text/html")
    if request.match_info["hash"] == "key":
        return web.json_response({"detail": "Invalid key"}, status=401)
    return web.json_response({"paid": False})


async def main():
    app = web.Application()
    app.router.add_get("/api/v1/payments/{hash}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    async with aiohttp.ClientSession() as session:
        wallet = UserWallet(Config(in_key="k", admin_key="k", lnbits_url=f"http://127.0.0.1:{port}"), session)
        print("not paid:", await wallet.check_invoice("unpaid"))
        print("wrong key:", await wallet.check_invoice("key"))
        told = await wallet.check_invoice("page")
        print("error page:", type(told).__name__)
        await runner.cleanup()
        told = await wallet.check_invoice("unpaid")
        print("no server:", "an exception" if isinstance(told, Exception) else told)


logging.disable()
asyncio.run(main())
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == "not paid: {'paid': False}
wrong key: {'detail': 'Invalid key'}
error page: ContentTypeError
no server: an exception" ]] || {
  echo "it has changed"
  exit 1
}
