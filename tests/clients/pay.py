"""Another wallet, written by others: PyPI's lnurl pays to a Lightning Address. pay.py <url> <msat> <comment>"""

import asyncio
import hashlib
import sys

import lnurl
from bolt11 import decode


async def main(url: str, msat: int, comment: str) -> None:
    offered = await lnurl.get(url)
    assert isinstance(offered, lnurl.LnurlPayResponse), offered
    given = await lnurl.execute_pay_request(offered, msat, comment)
    invoice = decode(given.pr)
    assert invoice.description_hash == hashlib.sha256(offered.metadata.encode()).hexdigest(), invoice
    print(given.pr)
    print(offered.metadata.text)
    # Somebody who wants to pay too much is told why in words.
    offered.maxSendable = lnurl.types.MilliSatoshi(10**15)
    try:
        await lnurl.execute_pay_request(offered, 10**14)
    except lnurl.exceptions.LnurlResponseException as error:
        print(error)


asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
