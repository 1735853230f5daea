#!/usr/bin/env bash
# cloudevents 10.0.0 (npm) says "Value is null or undefined" of a Kafka event that has no data.
#
# In CloudEvents 1.0 data is optional, and a Kafka message may have no value: an event without data is one whose value
# is null, all else being in the headers (Kafka binding, binary mode). One expects Kafka.toEvent() to give an event
# whose data is undefined. It throws. An empty value is read, and cloudevents 2.2.0 (PyPI) reads the one with null.
#
# For a checkout: send an empty object as data rather than nothing; consumers: hand on an empty Buffer in place of null.
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
const { Kafka } = require("cloudevents");
const headers = {
  ce_specversion: "1.0", ce_id: "1", ce_source: "/shop/1", ce_type: "order.paid", ce_time: "2026-01-02T03:04:05Z",
};
for (const [name, value] of Object.entries({ null: null, empty: Buffer.alloc(0) })) {
  let told;
  try {
    told = Kafka.toEvent({ headers, key: "order-7", value }).type;
  } catch (error) {
    told = error.message;
  }
  console.log(`npm, ${name}: ${told}`);
}
NODE
cat >"$folder/check.py" <<'PYTHON'
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka_event

headers = {"ce_specversion": b"1.0", "ce_id": b"1", "ce_source": b"/shop/1", "ce_type": b"order.paid"}
print("PyPI, null:", from_kafka_event(KafkaMessage(headers, b"order-7", None)).get_type())
PYTHON
seen=$(node "$folder/check.cjs" && "$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'npm, null: Value is null or undefined
npm, empty: order.paid
PyPI, null: order.paid' ]] || {
  echo "it has changed"
  exit 1
}
