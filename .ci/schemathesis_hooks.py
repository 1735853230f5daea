"""Texts of a format that a pattern alone does not describe."""

import schemathesis
from hypothesis import strategies as st

names = st.from_regex(r"[a-z]{1,10}(\.[a-z]{1,10}){0,2}", fullmatch=True)
paths = st.from_regex(r"(/[a-z0-9]{0,8}){0,3}", fullmatch=True)
schemathesis.openapi.format(
    "uri", st.builds(lambda name, path: f"https://{name}{path}", names, paths)
)
