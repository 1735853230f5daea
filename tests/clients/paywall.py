"""A paying program, written by others: PyPI's l402-requests buys what is behind the paywall, by the scheme that it prefers of those
that are offered. paywall.py <url>. Writes the invoice that it has to pay, and reads the preimage."""

import sys

from l402_requests import L402Client
from l402_requests.wallets import WalletBase


class Wallet(WalletBase):
    async def pay_invoice(self, bolt11: str) -> str:
        print(bolt11, flush=True)
        return sys.stdin.readline().strip()


# Directly, whatever the environment says of proxies.
client = L402Client(wallet=Wallet(), trust_env=False)
paid = client.get(sys.argv[1])
receipt = paid.payment_receipt
print(paid.status_code, receipt.reference if receipt else "no receipt", flush=True)
