#!/usr/bin/env bash
# cloudevents 10.0.0 (npm) neither writes nor reads the percent-encoding of CloudEvents over HTTP.
#
# HTTP binding of CloudEvents 1.0, section 3.1.3.2: in binary mode a header value has every character outside printable
# ASCII, and space, double quote and percent, written as percent-encoded UTF-8, and a receiver decodes it.
# HTTP.binary() leaves a subject such as "Café ☕" as it is, which Node.js itself refuses as a header ("Invalid
# character in header content"), and HTTP.toEvent() hands out "Caf%C3%A9%20%E2%98%95" undecoded. cloudevents 2.2.0
# (PyPI) does both.
#
# For a checkout: keep subject, source and extensions in plain ASCII without spaces, or send structured mode.
#
# Seen on Node.js 20 and Python 3.11. Needs node, npm, python3 with venv, the npm registry and PyPI. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cloudevents==2.2.0
cat >"$folder/check.mjs" <<'NODE'
import { validateHeaderValue } from "node:http";
import { CloudEvent, HTTP } from "cloudevents";

const event = new CloudEvent({ type: "order.paid", source: "/shop/1", subject: "Café ☕", data: {} });
const { headers } = HTTP.binary(event);
let told = "accepted";
try {
  validateHeaderValue("ce-subject", headers["ce-subject"]);
} catch (error) {
  told = error.code;
}
console.log(`npm writes: ${headers["ce-subject"]} (Node.js: ${told})`);
const received = {
  "ce-specversion": "1.0", "ce-id": "7", "ce-source": "/shop/1", "ce-type": "order.paid",
  "ce-subject": "Caf%C3%A9%20%E2%98%95", "content-type": "application/json",
};
console.log(`npm reads: ${HTTP.toEvent({ headers: received, body: "{}" }).subject}`);
NODE
cat >"$folder/check.py" <<'PYTHON'
from cloudevents.core.bindings.http import from_binary, to_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

event = CloudEvent({"type": "order.paid", "source": "/shop/1", "id": "7", "subject": "Café ☕"}, {})
message = to_binary(event, JSONFormat())
print("PyPI writes:", message.headers["ce-subject"])
print("PyPI reads:", from_binary(message, JSONFormat()).get_subject())
PYTHON
seen=$(node "$folder/check.mjs" && "$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'npm writes: Café ☕ (Node.js: ERR_INVALID_CHAR)
npm reads: Caf%C3%A9%20%E2%98%95
PyPI writes: Caf%C3%A9%20%E2%98%95
PyPI reads: Café ☕' ]] || {
  echo "it has changed"
  exit 1
}
