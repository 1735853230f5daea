#!/usr/bin/env bash
# confluent-kafka 2.16.1 (PyPI) puts most keys elsewhere than aiokafka 0.14.0 (PyPI) and kafkajs 2.2.4 (npm).
#
# Kafka keeps the order of messages within a partition, and a message's key picks the partition, so one expects one
# order's events in one partition whoever sends them. The broker has no say in it: each client hashes for itself.
# librdkafka, under confluent-kafka and many other clients, takes CRC-32 unless told otherwise; the other two take
# murmur2 as the Java client does. Of the keys order-0 to order-7 two share a partition here, by chance. With
# partitioner=murmur2_random all eight do.
#
# For a checkout: where two programs write to one topic, or two topics are joined by partition, set "partitioner".
#
# confluent-kafka sends to the mock broker that librdkafka brings along (four partitions); the other two are asked by
# calling the partitioner that their producers have by default. Seen on Python 3.11 and Node.js 20. Needs python3 with
# venv, node, npm, PyPI and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check confluent-kafka==2.16.1 aiokafka==0.14.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts kafkajs@2.2.4
cat >"$folder/check.py" <<'PYTHON'
from aiokafka.partitioner import DefaultPartitioner
from confluent_kafka import Producer

KEYS = [f"order-{number}" for number in range(8)]


def sent(**settings):
    places = {}
    producer = Producer({"bootstrap.servers": "unused", "test.mock.num.brokers": 1, "log_level": 0, **settings})
    for key in KEYS:
        producer.produce("orders", b"{}", key, on_delivery=lambda _, m: places.update({m.key(): m.partition()}))
    if producer.flush(30):
        raise SystemExit("not delivered")
    return [places[key.encode()] for key in KEYS]


choose = DefaultPartitioner()
print("confluent-kafka:", *sent())
print("confluent-kafka, murmur2_random:", *sent(partitioner="murmur2_random"))
print("aiokafka:", *(choose(key.encode(), [0, 1, 2, 3], [0, 1, 2, 3]) for key in KEYS))
PYTHON
cat >"$folder/check.cjs" <<'NODE'
const { Partitioners } = require("kafkajs");
const choose = Partitioners.DefaultPartitioner();
const partitionMetadata = [0, 1, 2, 3].map((partitionId) => ({ partitionId, leader: 0 }));
const keys = [...Array(8).keys()].map((number) => `order-${number}`);
console.log("kafkajs:", ...keys.map((key) => choose({ topic: "orders", partitionMetadata, message: { key } })));
NODE
seen=$("$folder/venv/bin/python" "$folder/check.py" && NO_COLOR=1 node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == 'confluent-kafka: 1 3 1 3 0 2 0 2
confluent-kafka, murmur2_random: 0 2 3 3 2 2 1 1
aiokafka: 0 2 3 3 2 2 1 1
kafkajs: 0 2 3 3 2 2 1 1' ]] || {
  echo "it has changed"
  exit 1
}
