#!/usr/bin/env bash
# sseclient-py 1.9.0 (PyPI) tells None as the id of an event that comes after the one with an id.
#
# An event stream keeps the last event id until another one is sent (WHATWG, "Server-sent events"): an event without
# "id:" has the id of the one before, and a client that lost its connection hands it to the server as Last-Event-ID. One
# expects event.id to be that id. sseclient-py starts every event with None, so a program that notes event.id after each
# event forgets where it was at the first one without, and asks for everything again. httpx-sse 0.4.3 (PyPI) keeps the
# id.
#
# For a checkout that sends events: write an id into each of them. For a program: note only an id that is not None.
#
# Seen on Python 3.11. Needs python3 with venv and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check sseclient-py==1.9.0 httpx==0.28.1 httpx-sse==0.4.3
cat >"$folder/check.py" <<'PYTHON'
import httpx
import httpx_sse
import sseclient

STREAM = b"id: 7\ndata: paid\n\ndata: settled\n\nid: 8\ndata: refunded\n\n"


class Stream(list):
    def close(self):
        pass


events = sseclient.SSEClient(Stream([STREAM])).events()
print("sseclient-py:", ", ".join(f"{event.data} {event.id}" for event in events))
answer = httpx.MockTransport(
    lambda request: httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=STREAM)
)
with httpx.Client(transport=answer) as client:
    with httpx_sse.connect_sse(client, "GET", "https://shop.example/events") as source:
        print("httpx-sse:", ", ".join(f"{event.data} {event.id}" for event in source.iter_sse()))
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'sseclient-py: paid 7, settled None, refunded 8
httpx-sse: paid 7, settled 7, refunded 8' ]] || {
  echo "it has changed"
  exit 1
}
