"""Another wallet, written by others: reads a voucher with PyPI's lnurl and claims it. withdraw.py <lnurl> <bolt11>"""

import asyncio
import sys

import lnurl


async def main(link: str, invoice: str) -> None:
    voucher = await lnurl.handle(link)
    assert isinstance(voucher, lnurl.LnurlWithdrawResponse), voucher
    print(voucher.minWithdrawable, voucher.maxWithdrawable, voucher.defaultDescription)
    done = await lnurl.execute_withdraw(voucher, invoice)
    assert isinstance(done, lnurl.LnurlSuccessResponse), done
    # Once more: the answer may have been lost.
    done = await lnurl.execute_withdraw(voucher, invoice)
    assert isinstance(done, lnurl.LnurlSuccessResponse), done
    # Somebody who comes later is told why in words.
    late = await lnurl.handle(link)
    assert isinstance(late, lnurl.LnurlErrorResponse), late
    print(late.reason)


asyncio.run(main(sys.argv[1], sys.argv[2]))
