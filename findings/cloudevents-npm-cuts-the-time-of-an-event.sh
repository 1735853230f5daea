#!/usr/bin/env bash
# cloudevents 10.0.0 (npm) passes an event on with another time: cut to milliseconds, or the time of reading.
#
# In CloudEvents 1.0 "time" is a timestamp of RFC 3339, which has as many digits of a second as its writer likes, any
# offset, and :60 in a leap second. One expects an event that is read and written again to keep it. The SDK turns it
# into a Date of JavaScript: .123456 and .123999 are both .123 afterwards, the offset is gone, and 2016-12-31T23:59:60Z,
# which Date does not know, becomes the present. cloudevents 2.2.0 (PyPI) keeps six digits and the offset.
#
# For a checkout: order events by a sequence number of one's own, not by a time that a relay may have cut.
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
const { HTTP } = require("cloudevents");
for (const time of ["2026-01-02T05:04:05.123456+02:00", "2026-01-02T05:04:05.123999+02:00", "2016-12-31T23:59:60Z"]) {
  const body = JSON.stringify({ specversion: "1.0", id: "1", source: "/shop/1", type: "order.paid", time });
  const event = HTTP.toEvent({ headers: { "content-type": "application/cloudevents+json" }, body });
  const written = JSON.parse(HTTP.structured(event).body).time;
  const present = Math.abs(Date.parse(written) - Date.now()) < 60_000;
  console.log(`npm: ${time} becomes ${present ? "the present" : written}`);
}
NODE
cat >"$folder/check.py" <<'PYTHON'
import json

from cloudevents.core.bindings.http import HTTPMessage, from_http_event, to_structured
from cloudevents.core.formats.json import JSONFormat

time = "2026-01-02T05:04:05.123456+02:00"
body = json.dumps({"specversion": "1.0", "id": "1", "source": "/shop/1", "type": "order.paid", "time": time})
event = from_http_event(HTTPMessage({"content-type": "application/cloudevents+json"}, body.encode()))
print(f"PyPI: {time} becomes {json.loads(to_structured(event, JSONFormat()).body)['time']}")
PYTHON
seen=$(node "$folder/check.cjs" && "$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'npm: 2026-01-02T05:04:05.123456+02:00 becomes 2026-01-02T03:04:05.123Z
npm: 2026-01-02T05:04:05.123999+02:00 becomes 2026-01-02T03:04:05.123Z
npm: 2016-12-31T23:59:60Z becomes the present
PyPI: 2026-01-02T05:04:05.123456+02:00 becomes 2026-01-02T05:04:05.123456+02:00' ]] || {
  echo "it has changed"
  exit 1
}
