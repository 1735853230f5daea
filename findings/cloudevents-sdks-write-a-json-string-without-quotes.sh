#!/usr/bin/env bash
# cloudevents 2.2.0 (PyPI) and 10.0.0 (npm) send the JSON data "order-7" as order-7 in binary mode, which is no JSON.
#
# With the datacontenttype application/json the data of a CloudEvent may be any JSON value, a string or true as well,
# and in binary mode the body is that data in that format (HTTP binding 1.0, section 3.1). One expects the body to be
# JSON text. Both SDKs send a string as it is, without quotes, and the one of PyPI sends True for true. In structured
# mode both are right: "data": "order-7".
#
# For a checkout: let data always be an object; a receiver of bare strings should be ready for either form.
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

from cloudevents.core.bindings.http import to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

for data in ("order-7", True, {"order": 7}):
    attributes = {"specversion": "1.0", "id": "1", "source": "/shop/1", "type": "order.paid"}
    event = CloudEvent({**attributes, "datacontenttype": "application/json"}, data)
    structured = json.dumps(json.loads(to_structured(event, JSONFormat()).body)["data"])
    print(f"PyPI: binary {to_binary(event, JSONFormat()).body.decode()}, structured {structured}")
PYTHON
cat >"$folder/check.cjs" <<'NODE'
const { CloudEvent, HTTP } = require("cloudevents");
for (const data of ["order-7", true, { order: 7 }]) {
  const event = new CloudEvent({ id: "1", source: "/shop/1", type: "t", datacontenttype: "application/json", data });
  const structured = JSON.stringify(JSON.parse(HTTP.structured(event).body).data);
  console.log(`npm: binary ${HTTP.binary(event).body}, structured ${structured}`);
}
NODE
seen=$("$folder/venv/bin/python" "$folder/check.py" && node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == 'PyPI: binary order-7, structured "order-7"
PyPI: binary True, structured true
PyPI: binary {"order": 7}, structured {"order": 7}
npm: binary order-7, structured "order-7"
npm: binary true, structured true
npm: binary {"order":7}, structured {"order":7}' ]] || {
  echo "it has changed"
  exit 1
}
