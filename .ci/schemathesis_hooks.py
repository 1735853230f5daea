"""What a schema cannot say."""

import schemathesis
from hypothesis import strategies as st

# Addresses that can be reached, in principle.
names = st.from_regex(r"[a-z]{1,10}(\.[a-z]{1,10}){0,2}", fullmatch=True)
paths = st.from_regex(r"(/[a-z0-9]{0,8}){0,3}", fullmatch=True)
schemathesis.openapi.format(
    "uri", st.builds(lambda name, path: f"https://{name}{path}", names, paths)
)
