#!/usr/bin/env bash
# cloudevents 10.0.0 (npm) parses data of application/json, and leaves application/vnd.shop+json a string or a Buffer.
#
# CloudEvents counts data as JSON when the subtype of its datacontenttype is json or ends in +json (JSON format 1.0,
# section 3.1), which RFC 6839 is for. One expects event.data to be an object for both. In binary mode it is a string
# for the latter over HTTP and a Buffer over Kafka, where reading a field gives undefined; in structured mode it is an
# object. cloudevents 2.2.0 (PyPI) parses both.
#
# For a checkout that sends events: application/json is the one that is read everywhere.
#
# Seen on Node.js 20 and Python 3.11. Needs python3 with venv, node, npm, PyPI and the npm registry. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cloudevents==2.2.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0
cat >"$folder/check.cjs" <<'NODE'
const { HTTP, Kafka } = require("cloudevents");
const attributes = { specversion: "1.0", id: "1", source: "/shop/1", type: "order.paid", time: "2026-01-02T03:04:05Z" };
const named = (prefix) => Object.fromEntries(Object.entries(attributes).map(([name, value]) => [prefix + name, value]));
const told = (data) => (Buffer.isBuffer(data) ? "Buffer" : typeof data);
const text = '{"order":7}';
for (const type of ["application/json", "application/vnd.shop+json"]) {
  const http = HTTP.toEvent({ headers: { ...named("ce-"), "content-type": type }, body: text });
  const kafka = Kafka.toEvent({ headers: { ...named("ce_"), "content-type": type }, value: Buffer.from(text) });
  const body = JSON.stringify({ ...attributes, datacontenttype: type, data: JSON.parse(text) });
  const structured = HTTP.toEvent({ headers: { "content-type": "application/cloudevents+json" }, body });
  console.log(`npm, ${type}: HTTP ${told(http.data)}, Kafka ${told(kafka.data)}, structured ${told(structured.data)}`);
}
NODE
cat >"$folder/check.py" <<'PYTHON'
from cloudevents.core.bindings.http import HTTPMessage, from_http_event

attributes = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/shop/1", "ce-type": "order.paid"}
for kind in ("application/json", "application/vnd.shop+json"):
    event = from_http_event(HTTPMessage({**attributes, "content-type": kind}, b'{"order":7}'))
    print(f"PyPI, {kind}: HTTP {type(event.get_data()).__name__}")
PYTHON
seen=$(node "$folder/check.cjs" && "$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'npm, application/json: HTTP object, Kafka object, structured object
npm, application/vnd.shop+json: HTTP string, Kafka Buffer, structured object
PyPI, application/json: HTTP dict
PyPI, application/vnd.shop+json: HTTP dict' ]] || {
  echo "it has changed"
  exit 1
}
