"""Verification of webhooks (Standard Webhooks 1.0.0)."""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping

from .models import WebhookEvent


class WebhookError(Exception):
    """The request is not a webhook of this facture, or an old one."""


def verify_webhook(
    secret: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    tolerance: float = 300,
    now: float | None = None,
) -> WebhookEvent:
    """Verifies a webhook and returns its event. ``body``: the bytes as they came, before anything parsed them."""
    lower = {name.lower(): value for name, value in headers.items()}
    try:
        message, sent, signatures = (lower[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
    except KeyError as missing:
        raise WebhookError(f"{missing} is missing") from None
    now = time.time() if now is None else now
    if not (sent.isascii() and sent.isdigit()) or abs(now - int(sent)) > tolerance:
        raise WebhookError("the timestamp is too old or too new")
    if not secret.startswith("whsec_"):
        raise ValueError("the secret must begin with whsec_")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = hmac.new(key, f"{message}.{sent}.".encode() + body, hashlib.sha256).digest()
    if not any(hmac.compare_digest(given, expected) for given in _given(signatures)):
        raise WebhookError("no signature matches")
    return json.loads(body)


def _given(signatures: str) -> list[bytes]:
    found = []
    for signature in signatures.split(" "):
        version, _, text = signature.partition(",")
        if version == "v1":
            try:
                found.append(base64.b64decode(text, validate=True))
            except binascii.Error:
                continue
    return found
