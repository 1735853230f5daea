#!/usr/bin/env bash
# confluent-kafka 2.15.1 (PyPI): what an AdminClient was asked is never answered once nothing refers to the client.
#
# AdminClient.list_offsets() returns futures at once. One expects a future to keep alive whatever has to fill it in, as the
# futures of concurrent.futures and asyncio do. These do not: when the client was a temporary, as in
# AdminClient(configuration).list_offsets(…), it is destroyed with the statement, and the future stays without a result or
# an error for ever. The same call on a client in a variable answers within milliseconds. (Of create_topics, seen with 2.16.1,
# such a future fails with _DESTROY.)
#
# For who writes the other side of a Kafka bridge: keep the AdminClient in a variable until its futures are done, and give
# every result() a timeout.
#
# The broker is the mock that librdkafka brings along. Seen on Python 3.11. Needs python3 with venv and PyPI. Exits 0 while
# this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check confluent-kafka==2.15.1
cat >"$folder/check.py" <<'PYTHON'
from concurrent.futures import TimeoutError

from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

broker = Producer({"bootstrap.servers": "unused", "test.mock.num.brokers": 1, "log_level": 0})
(port,) = (each.port for each in broker.list_topics("orders", timeout=10).brokers.values())
configuration = {"bootstrap.servers": f"127.0.0.1:{port}", "log_level": 0}
question = {TopicPartition("orders", 0): OffsetSpec.latest()}


def temporary():
    return AdminClient(configuration).list_offsets(question)


kept = AdminClient(configuration)
for name, futures in (("kept", kept.list_offsets(question)), ("temporary", temporary())):
    (future,) = futures.values()
    try:
        print(f"{name}: offset {future.result(timeout=15).offset}")
    except TimeoutError:
        print(f"{name}: no answer, done={future.done()}")
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'kept: offset 0
temporary: no answer, done=False' ]] || {
  echo "it has changed"
  exit 1
}
