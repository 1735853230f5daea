#!/usr/bin/env bash
# cloudevents 2.2.0 (PyPI) and cloudevents 10.0.0 (npm) give a received event without a time the time of reading.
#
# In CloudEvents 1.0 "time" is optional: the moment of the occurrence, told by the producer. One expects an event that
# came without it to be read as one without it. Both SDKs fill in the present moment, since reading goes through the
# constructor that makes new events; read the same message twice, and it has happened twice at different times.
#
# For a checkout: write "time" into every event that is sent, and do not take a time for the producer's before the raw
# header or field has been looked at; an event that is read and passed on carries the invented one.
#
# Seen on Python 3.11 and Node.js 20. Needs python3 with venv, node, npm, PyPI and the npm registry. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cloudevents==2.2.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0
message='{"specversion":"1.0","id":"7","source":"/shop/1","type":"order.paid","data":{"msat":250000}}'
export message
cat >"$folder/check.py" <<'PYTHON'
import os
import time

from cloudevents.core.formats.json import JSONFormat

times = []
for _ in range(2):
    times.append(JSONFormat().read(None, os.environ["message"]).get_attributes().get("time"))
    time.sleep(0.05)
print("PyPI: time:", "none" if times == [None, None] else f"made up, {len(set(times))} of 2 readings differ")
PYTHON
cat >"$folder/check.mjs" <<'NODE'
import { HTTP } from "cloudevents";

const headers = { "content-type": "application/cloudevents+json" };
const times = [];
for (let reading = 0; reading < 2; reading += 1) {
  times.push(HTTP.toEvent({ headers, body: process.env.message }).time);
  await new Promise((resolve) => setTimeout(resolve, 50));
}
const none = times.every((time) => time === undefined);
const told = none ? "none" : `made up, ${new Set(times).size} of 2 readings differ`;
console.log("npm: time:", told);
NODE
seen=$("$folder/venv/bin/python" "$folder/check.py" && node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == 'PyPI: time: made up, 2 of 2 readings differ
npm: time: made up, 2 of 2 readings differ' ]] || {
  echo "it has changed"
  exit 1
}
