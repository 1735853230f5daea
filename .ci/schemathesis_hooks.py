"""What a schema cannot say."""

import schemathesis
from hypothesis import strategies as st

# Addresses that can be reached, in principle.
names = st.from_regex(r"[a-z]{1,10}(\.[a-z]{1,10}){0,2}", fullmatch=True)
paths = st.from_regex(r"(/[a-z0-9]{0,8}){0,3}", fullmatch=True)
schemathesis.openapi.format(
    "uri", st.builds(lambda name, path: f"https://{name}{path}", names, paths)
)


@schemathesis.hook
def filter_body(context, body):
    """To a schema 1.0 is an integer. To whoever counts money it is not."""
    if not isinstance(body, dict):
        return True
    return not any(isinstance(value, float) and value.is_integer() for value in body.values())
