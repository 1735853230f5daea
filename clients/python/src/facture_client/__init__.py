"""A client of facture, a self-hosted Lightning checkout."""

from ._operations import DOCUMENT_SHA256, OPERATIONS
from .client import Facture
from .errors import ConnectionFailed, FactureError
from .webhooks import WebhookError, verify_webhook

__all__ = [
    "DOCUMENT_SHA256",
    "OPERATIONS",
    "ConnectionFailed",
    "Facture",
    "FactureError",
    "WebhookError",
    "verify_webhook",
]
