#!/usr/bin/env bash
# kombu 5.7.0 (PyPI) tells 4007 messages of a Kafka queue that has three.
#
# The size of a queue is the end of each partition less the offset that was committed. Where nothing was committed yet,
# confluent-kafka tells the offset -1001 (OFFSET_INVALID), and kombu subtracts that, too: 1001 for each of the four
# partitions here, on top of the three messages. It stays so until the first message of a partition is acknowledged; a
# partition that is never used adds 1001 for good.
#
# For a checkout: an alert on the length of a queue of workers needs another source than kombu, such as the lag that the
# brokers tell for the group "<queue>-consumer-group".
#
# The broker is the mock that librdkafka brings along (four partitions); kombu's default settings, but for a shorter
# wait. Seen on Python 3.11. Needs python3 with venv and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'kombu[confluentkafka]==5.7.0'
cat >"$folder/check.py" <<'PYTHON'
from confluent_kafka import Producer
from kombu import Connection

broker = Producer({"bootstrap.servers": "unused", "test.mock.num.brokers": 1, "log_level": 0})
(port,) = (each.port for each in broker.list_topics(timeout=10).brokers.values())
quiet = {"wait_time_seconds": 1, "kafka_common_config": {"log_level": 0}}
with Connection(f"confluentkafka://127.0.0.1:{port}", transport_options=quiet) as connection:
    queue = connection.SimpleQueue("orders")
    for number in (1, 2, 3):
        queue.put(f"order {number}")
    message = queue.get(timeout=30)
    print("sent: 3, size:", queue.qsize())
    message.ack()
    queue.close()
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'sent: 3, size: 4007' ]] || {
  echo "it has changed"
  exit 1
}
