"""Calls of the API."""

import http.client
import json
import random
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from ._operations import OPERATIONS
from .errors import ConnectionFailed, FactureError
from .models import Event, Invoice, NewInvoice, NewPayout, Payout

# What is worth another try: the call was not carried out, or not yet.
_RETRIED = {408, 429, 502, 503, 504}

# The longest pause that a server may ask for, in seconds.
_MAX_PAUSE = 60.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The token is for one server."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Facture:
    """A facture. Calls are repeated when that is harmless: with an ``Idempotency-Key``, which is made up if none is given."""

    def __init__(self, url: str, token: str, *, retries: int = 4, timeout: float = 75.0) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._retries = retries
        self._timeout = timeout
        self._opener = urllib.request.build_opener(_NoRedirect)

    def call(
        self,
        operation: str,
        *,
        path: Mapping[str, str] = {},
        query: Mapping[str, Any] = {},
        body: Any = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Calls an operation by the name that it has in the OpenAPI document."""
        method, template, repeat = OPERATIONS[operation]
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if repeat == "key":
            headers["Idempotency-Key"] = idempotency_key or str(uuid.uuid4())
        filled = re.sub(r"\{(\w+)\}", lambda gap: urllib.parse.quote(path[gap[1]], safe=""), template)
        given = {name: value for name, value in query.items() if value is not None}
        search = f"?{urllib.parse.urlencode(given)}" if given else ""
        request = urllib.request.Request(
            self._url + filled + search,
            method=method,
            headers=headers,
            data=None if body is None else json.dumps(body).encode(),
        )
        return self._repeat(request, 0 if repeat == "no" else self._retries)

    def _repeat(self, request: urllib.request.Request, retries: int) -> Any:
        attempt = 0
        while True:
            pause = min(0.2 * 2**attempt, 5.0) * random.uniform(0.5, 1.0)
            try:
                with self._opener.open(request, timeout=self._timeout) as answer:
                    text = answer.read()
                return json.loads(text) if text else None
            except urllib.error.HTTPError as answer:
                with answer:
                    if answer.code not in _RETRIED or attempt >= retries:
                        raise _problem(answer) from None
                    asked = answer.headers.get("Retry-After", "")
                    if asked.isascii() and asked.isdigit():
                        pause = min(max(pause, float(asked)), _MAX_PAUSE)
            except (OSError, http.client.HTTPException) as error:
                if attempt >= retries:
                    raise ConnectionFailed(f"no answer from {self._url}") from error
            time.sleep(pause)
            attempt += 1

    def create_invoice(self, body: NewInvoice, *, idempotency_key: str | None = None) -> Invoice:
        return self.call("createInvoice", body=body, idempotency_key=idempotency_key)

    def read_invoice(self, label: str) -> Invoice:
        return self.call("readInvoice", path={"label": label})

    def wait_for_invoice(self, label: str, *, timeout: int = 60) -> Invoice:
        """Waits up to ``timeout`` seconds for the invoice to be paid, held, expired or cancelled."""
        return self.call("waitForInvoice", path={"label": label}, query={"timeout": timeout})

    def settle_invoice(self, label: str, *, preimage: str | None = None) -> Invoice:
        body = {} if preimage is None else {"preimage": preimage}
        return self.call("settleInvoice", path={"label": label}, body=body)

    def cancel_invoice(self, label: str) -> Invoice:
        return self.call("cancelInvoice", path={"label": label})

    def order_payout(self, body: NewPayout, *, idempotency_key: str | None = None) -> Payout:
        return self.call("orderPayout", body=body, idempotency_key=idempotency_key)

    def events(self, *, after: int = 0, types: str | None = None) -> Iterator[Event]:
        """All events after a sequence, in order, up to the newest."""
        more = True
        while more:
            page = self.call("listEvents", query={"after": after, "types": types})
            yield from page["events"]
            after, more = page["next_after"], page["more"]


def _problem(answer: urllib.error.HTTPError) -> FactureError:
    try:
        error = json.loads(answer.read())["error"]
    except (ValueError, KeyError, TypeError, OSError):
        # A proxy's answer.
        error = {"code": "unknown", "message": f"the server answers {answer.code}"}
    return FactureError(answer.code, error)
