#!/usr/bin/env bash
# cloudevents 2.2.0 (PyPI) raises UnicodeDecodeError for a Kafka message whose key is a number or a UUID in bytes.
#
# A Kafka key is bytes, and the Kafka binding of CloudEvents leaves them to a key mapper; Java's LongSerializer writes a
# number in eight bytes and UUIDs often go in sixteen. One expects from_kafka_event() to read the event, whose
# attributes are in the headers. It decodes the key as UTF-8 to make the attribute partitionkey of it: 7 gets through as
# a partition key of control characters, 200 does not. With the key taken out of the message the event is read.
#
# For a checkout in Python: pass the message on without its key; producers: write keys as text.
#
# Seen on Python 3.11. Needs python3 with venv and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cloudevents==2.2.0
cat >"$folder/check.py" <<'PYTHON'
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka_event

HEADERS = {
    "ce_specversion": b"1.0", "ce_id": b"1", "ce_source": b"/shop/1", "ce_type": b"order.paid",
    "content-type": b"application/json",
}
KEYS = {"order-7": b"order-7", "7": (7).to_bytes(8, "big"), "200": (200).to_bytes(8, "big"), "none": None}
for name, key in KEYS.items():
    try:
        event = from_kafka_event(KafkaMessage(HEADERS, key, b'{"order":7}'))
        print(f"key {name}: {event.get_data()}, partitionkey {event.get_attributes().get('partitionkey')!r}")
    except UnicodeDecodeError as error:
        print(f"key {name}: {type(error).__name__}")
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == "key order-7: {'order': 7}, partitionkey 'order-7'
key 7: {'order': 7}, partitionkey '\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x07'
key 200: UnicodeDecodeError
key none: {'order': 7}, partitionkey None" ]] || {
  echo "it has changed"
  exit 1
}
