#!/usr/bin/env bash
# sseclient 0.0.27 (PyPI) reads an event stream as Latin-1 unless its Content-Type names a charset.
#
# An event stream is always UTF-8 (WHATWG, "Server-sent events": no charset parameter is needed). sseclient asks requests
# for the encoding, and requests takes ISO-8859-1 for every text/* without a charset. The package sseclient-py 1.9.0, which
# is imported under the same name, decodes UTF-8 in both cases.
#
# Seen with sseclient 0.0.27, sseclient-py 1.9.0 and requests 2.34.2 on Python 3.11: "café" arrives as "cafÃ©" from the
# former when the type is "text/event-stream", and whole when it is "text/event-stream; charset=utf-8".
#
# Needs python3 with venv, and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/stream.py" <<'PYTHON'
import http.server
import json
import sys
import threading

import requests
import sseclient

STREAM = "data: café\n\n".encode()
TYPES = {"/bare": "text/event-stream", "/named": "text/event-stream; charset=utf-8"}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", TYPES[self.path])
        self.send_header("Content-Length", str(len(STREAM)))
        self.end_headers()
        self.wfile.write(STREAM)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
told = {}
for path, content_type in TYPES.items():
    address = f"http://127.0.0.1:{server.server_port}{path}"
    if sys.argv[1] == "sseclient":
        event = next(iter(sseclient.SSEClient(address)))
    else:
        event = next(sseclient.SSEClient(requests.get(address, stream=True)).events())
    told[content_type] = event.data
print(json.dumps(told, ensure_ascii=False))
PYTHON
expect() {
  local name=$1 version=$2 expected=$3 seen
  python3 -m venv "$folder/$name"
  "$folder/$name/bin/pip" install --quiet --disable-pip-version-check requests==2.34.2 "$name==$version"
  seen=$(timeout 60 "$folder/$name/bin/python" "$folder/stream.py" "$name")
  printf '%s %s: %s\n' "$name" "$version" "$seen"
  [[ $seen == "$expected" ]] || {
    echo "it has changed"
    exit 1
  }
}
expect sseclient 0.0.27 '{"text/event-stream": "cafÃ©", "text/event-stream; charset=utf-8": "café"}'
expect sseclient-py 1.9.0 '{"text/event-stream": "café", "text/event-stream; charset=utf-8": "café"}'
