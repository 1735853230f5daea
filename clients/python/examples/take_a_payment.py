# FACTURE=http://127.0.0.1:9112 TOKEN=facture_token_… python3 examples/take_a_payment.py
import os

from facture_client import Facture, FactureError

facture = Facture(os.environ["FACTURE"], os.environ["TOKEN"])
order = "order-2026-7"
try:
    invoice = facture.create_invoice(
        {"amount_sat": 2500, "description": "Two bags of tea", "order_id": order},
        idempotency_key=order,
    )
    print("pay at", invoice["status_url"], flush=True)
    while invoice["status"] == "unpaid":
        invoice = facture.wait_for_invoice(invoice["label"], timeout=30)
    print(invoice["status"])
except FactureError as error:
    print(error.code, error.message, error.field)
