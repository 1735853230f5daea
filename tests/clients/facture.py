"""Drives a sandbox with the client of clients/python. Arguments: URL, token."""

import json
import sys
import threading
import time
import urllib.request
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from facture_client import ConnectionFailed, Facture, FactureError, WebhookError, verify_webhook

url, token = sys.argv[1:]
facture = Facture(url, token)


def control(path, body=None):
    request = urllib.request.Request(f"{url}/sandbox/v1{path}", method="POST", data=json.dumps(body or {}).encode())
    request.add_header("Authorization", f"Bearer {token}")
    request.add_header("Content-Type", "application/json")
    urllib.request.urlopen(request).close()


def refused(call, *args, **named):
    try:
        call(*args, **named)
    except (FactureError, ConnectionFailed, WebhookError) as error:
        return error
    raise AssertionError("nothing was raised")


# The same key is the same invoice.
order = {"amount_sat": 21, "description": "Zwei Brötchen ☕", "order_id": "2026-7"}
one = facture.create_invoice(order, idempotency_key="python-1")
two = facture.create_invoice(order, idempotency_key="python-1")
assert one["label"] == two["label"]
control(f"/invoices/{one['label']}/pay")
assert facture.wait_for_invoice(one["label"], timeout=20)["status"] == "paid"
kinds = [e["type"] for e in facture.events() if e["data"]["invoice"] and e["data"]["invoice"]["label"] == one["label"]]
assert kinds == ["invoice.created", "invoice.paid"], kinds
assert len(facture.call("listInvoices", query={"limit": 1})["invoices"]) == 1

# Errors have the API's codes.
error = refused(facture.create_invoice, {**order, "amount_sat": 0})
assert (error.status, error.field) == (422, "amount_sat") and error.request_id, vars(error)
error = refused(facture.read_invoice, "no/such label")
assert (error.status, error.code) == (404, "invoice_not_found"), vars(error)
error = refused(Facture(url, "wrong").call, "readNode")
assert (error.status, error.code) == (401, "unauthorized"), vars(error)

# A lost answer is asked for again with the same key; what is not safe to repeat is not repeated.
keys = []


class Flaky(BaseHTTPRequestHandler):
    def do_POST(self):
        keys.append((self.path, self.headers["Idempotency-Key"]))
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if len(keys) % 3 == 1:
            self.connection.close()
        elif len(keys) % 3 == 2:
            self.send_response(503)
            self.send_header("Retry-After", "0")
            self.end_headers()
        else:
            self.send_response(201)
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Flaky)
threading.Thread(target=server.serve_forever, daemon=True).start()
flaky = Facture(f"http://127.0.0.1:{server.server_port}", token)
assert flaky.create_invoice(order) == order
assert len(keys) == 3 and len(set(keys)) == 1 and keys[0][1], keys
assert isinstance(refused(flaky.call, "createWebhook", body={}), ConnectionFailed)
assert len(keys) == 4, keys

# What the reference library signs is verified, and nothing else.
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
body = json.dumps({"type": "invoice.paid", "data": {"invoice": None}})
now = datetime.now(tz=timezone.utc)
headers = {"Webhook-Id": "msg_1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": "v1,AAAA v1,*"}
try:
    from standardwebhooks.webhooks import Webhook
except ImportError:
    print("no standardwebhooks")
else:
    headers["webhook-signature"] += " " + Webhook(secret).sign("msg_1", now, body)
    assert verify_webhook(secret, headers, body.encode())["type"] == "invoice.paid"
    refused(verify_webhook, secret, headers, body.encode() + b" ")
    refused(verify_webhook, secret, headers, body.encode(), now=time.time() + 301)
    refused(verify_webhook, secret, {**headers, "Webhook-Id": "msg_2"}, body.encode())
refused(verify_webhook, secret, {}, body.encode())
print("done")
