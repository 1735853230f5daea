"""What can go wrong."""


class FactureError(Exception):
    """What the API says is wrong. Branch on ``code``; new codes may be added."""

    def __init__(self, status: int, error: dict) -> None:
        super().__init__(f"{error.get('code')}: {error.get('message')}")
        self.status = status
        self.code: str = error.get("code", "unknown")
        self.message: str = error.get("message", "")
        self.field: str | None = error.get("field")
        self.request_id: str | None = error.get("request_id")


class ConnectionFailed(Exception):
    """There was no answer, also after the retries: whether the call was carried out is not known."""
