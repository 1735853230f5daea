"""Verifies a webhook with standardwebhooks (PyPI): here from the environment and standard input, in your shop from the
request's headers and its body, byte for byte as it came."""

import os
import sys

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

body = sys.stdin.buffer.read()
headers = {
    "webhook-id": os.environ["WEBHOOK_ID"],
    "webhook-timestamp": os.environ["WEBHOOK_TIMESTAMP"],
    "webhook-signature": os.environ["WEBHOOK_SIGNATURE"],
}
webhook = Webhook(os.environ["WEBHOOK_SECRET"])
try:
    event = webhook.verify(body, headers)
except (WebhookVerificationError, ValueError):  # ValueError: what strangers send need not be a signature at all
    sys.exit("not from facture")  # in your shop: answer 400
# It may arrive twice: process each `webhook-id` only once. Then respond with 2xx.
if event["type"] == "invoice.paid":
    print("paid", event["data"]["invoice"]["order_id"])
