#!/usr/bin/env bash
# httpx-sse 0.4.3 (PyPI) makes an event of every comment once the stream has named an id.
#
# A server keeps an event stream open by sending a comment (": …") and an empty line every few seconds. By the WHATWG's
# rules for event streams an empty line dispatches nothing while the data buffer is empty, so a client sees no event.
# httpx-sse also looks at the last event id, which stays set for the rest of the stream: after the first event with an id
# each heartbeat is handed to the program as an event of type "message" with empty data and the id of the event before.
#
# Seen with httpx-sse 0.4.3 and httpx 0.28.1 on Python 3.11: of a stream with two events and two heartbeats between them,
# four events arrive. A program that reads JSON from each event fails at the first heartbeat: skip events without data.
#
# Needs python3 with venv, and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check httpx==0.28.1 httpx-sse==0.4.3
"$folder/venv/bin/python" - <<'PYTHON'
import http.server
import threading

import httpx
import httpx_sse

STREAM = b"id: 7\ndata: one\n\n: heartbeat\n\n: heartbeat\n\nid: 8\ndata: two\n\n"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Content-Length", str(len(STREAM)))
        self.end_headers()
        self.wfile.write(STREAM)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
with httpx.Client(trust_env=False) as client:
    address = f"http://127.0.0.1:{server.server_port}/"
    with httpx_sse.connect_sse(client, "GET", address) as source:
        events = [(event.event, event.data, event.id) for event in source.iter_sse()]
print("by the specification:", [("message", "one", "7"), ("message", "two", "8")])
print("httpx-sse 0.4.3:     ", events)
expected = [("message", "one", "7"), ("message", "", "7"), ("message", "", "7"), ("message", "two", "8")]
raise SystemExit(0 if events == expected else "it has changed")
PYTHON
