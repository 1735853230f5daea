#!/usr/bin/env bash
# kombu 5.7.0 (PyPI) acknowledges every message that it has read over Kafka, where one is acknowledged.
#
# In kombu and Celery each message is acknowledged for itself: what a worker has read ahead and not acknowledged comes
# again after a crash (with acks_late, after it was executed). The transport "confluentkafka" answers an acknowledgement
# by consumer.commit() without an offset, which commits the position behind the last message that was read. A worker that
# reads three messages, acknowledges the first and stops has lost the other two: the next worker finds an empty queue.
#
# For a checkout: let a worker of this transport read nothing ahead (worker_prefetch_multiplier=1, one process, acks_late),
# and keep orders in a store of your own; or read the topic with a Kafka client that commits offsets itself.
#
# The broker is the mock that librdkafka brings along; kombu's default settings, but for a shorter wait. Seen on Python
# 3.11. Needs python3 with venv and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'kombu[confluentkafka]==5.7.0'
cat >"$folder/check.py" <<'PYTHON'
from queue import Empty

from confluent_kafka import Producer
from kombu import Connection

broker = Producer({"bootstrap.servers": "unused", "test.mock.num.brokers": 1, "log_level": 0})
(port,) = (each.port for each in broker.list_topics(timeout=10).brokers.values())


def connect():
    quiet = {"wait_time_seconds": 1, "kafka_common_config": {"log_level": 0}}
    return Connection(f"confluentkafka://127.0.0.1:{port}", transport_options=quiet)


with connect() as connection:
    queue = connection.SimpleQueue("orders")
    for number in (1, 2, 3):
        queue.put(f"order {number}")
    read = [queue.get(timeout=30) for _ in range(3)]
    print("read:", *(message.payload for message in read))
    read[0].ack()
    print("acknowledged:", read[0].payload)
    queue.close()
with connect() as connection:
    try:
        print("next worker:", connection.SimpleQueue("orders").get(timeout=15).payload)
    except Empty:
        print("next worker: nothing")
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'read: order 1 order 2 order 3
acknowledged: order 1
next worker: nothing' ]] || {
  echo "it has changed"
  exit 1
}
