#!/usr/bin/env bash
# cloudevents 2.2.0 (PyPI) writes a boolean extension as "True" into HTTP and Kafka headers.
#
# CloudEvents 1.0, type system: a Boolean is "true" or "false", and its form as a string is those words in lower case.
# In binary mode the SDK writes Python's words "True" and "False". Its JSON format writes true, and cloudevents 10.0.0
# (npm) writes "true" into the header.
#
# For a checkout: compare such a header (a test payment, say) without regard to case, or use strings for extensions.
#
# Seen on Python 3.11 and Node.js 20. Needs python3 with venv, node, npm, PyPI and the npm registry. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cloudevents==2.2.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0
cat >"$folder/check.py" <<'PYTHON'
import json

from cloudevents.core.bindings import http, kafka
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

event = CloudEvent({"type": "order.paid", "source": "/shop/1", "id": "7", "testpayment": True}, {"msat": 250000})
print("PyPI, JSON:", json.dumps(json.loads(JSONFormat().write(event))["testpayment"]))
print("PyPI, HTTP:", http.to_binary(event, JSONFormat()).headers["ce-testpayment"])
print("PyPI, Kafka:", kafka.to_binary(event, JSONFormat()).headers["ce_testpayment"].decode())
PYTHON
cat >"$folder/check.mjs" <<'NODE'
import { CloudEvent, HTTP } from "cloudevents";
const event = new CloudEvent({ type: "order.paid", source: "/shop/1", id: "7", testpayment: true, data: {} });
console.log(`npm, HTTP: ${HTTP.binary(event).headers["ce-testpayment"]}`);
NODE
seen=$("$folder/venv/bin/python" "$folder/check.py" && node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == 'PyPI, JSON: true
PyPI, HTTP: True
PyPI, Kafka: True
npm, HTTP: true' ]] || {
  echo "it has changed"
  exit 1
}
