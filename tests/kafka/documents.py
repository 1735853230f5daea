"""Whatever is on the topics is as docs/asyncapi.yaml says: with PyPI's jsonschema, which knows nothing of facture.

    documents.py topics BOOTSTRAP
    documents.py send BOOTSTRAP SECRET PAYMENT_REQUEST   commands in JSON, of every task
    documents.py bury BOOTSTRAP LABEL                    the state of an invoice that nobody has
    documents.py check BOOTSTRAP TOPIC=CHANNEL …         prints how often each message was seen
    documents.py states BOOTSTRAP                        prints the last value of each key of the topic of invoices
"""
import collections, datetime, hashlib, hmac, json, pathlib, sys, time, uuid

import yaml
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from jsonschema import Draft7Validator, FormatChecker

DOCUMENT = yaml.safe_load((pathlib.Path(__file__).parents[2] / "docs/asyncapi.yaml").read_text())
COMMANDS, ANSWERS, STATES, STRUCTURED = "lightning-service", "celery", "facture.invoices.v1", "facture.structured.v1"
DEADLINE = 60


def validator(schema):
    return Draft7Validator({"allOf": [schema], "components": DOCUMENT["components"]}, format_checker=FormatChecker())


VALIDATORS = {
    name: (validator(message["headers"]), validator(message["payload"]), message["contentType"])
    for name, message in DOCUMENT["components"]["messages"].items()
}


def topics(bootstrap):
    new = [NewTopic(STATES, 2, 1, config={"cleanup.policy": "compact"}), NewTopic(STRUCTURED, 2, 1)]
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for made in admin.create_topics(new, operation_timeout=30).values():
        made.result()


def read(bootstrap, topic):
    """All that is in a topic now."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": str(uuid.uuid4()), "enable.auto.commit": False})
    partitions = [TopicPartition(topic, number, 0) for number in consumer.list_topics(topic, 30).topics[topic].partitions]
    left = sum(consumer.get_watermark_offsets(partition, 30)[1] for partition in partitions)
    consumer.assign(partitions)
    records, end = [], time.monotonic() + DEADLINE
    while len(records) < left:
        assert time.monotonic() < end, f"{topic}: {len(records)} of {left}"
        records += [record for record in consumer.consume(1000, 0.2) if not record.error()]
    consumer.close()
    return records


def fits(record, name):
    of_headers, of_payload, content_type = VALIDATORS[name]
    headers = {key: value.decode() for key, value in record.headers() or []}
    value = record.value()
    if value is not None:
        value = json.loads(value) if "json" in content_type else value.decode("utf-8", "replace")
    return of_headers.is_valid(headers) and of_payload.is_valid(value)


def check(bootstrap, pairs):
    seen = collections.Counter()
    for topic, channel in (pair.split("=") for pair in pairs):
        names = list(DOCUMENT["channels"][channel]["messages"])
        for record in read(bootstrap, topic):
            # What names its type is that; other messages are known by what fits.
            kind = dict(record.headers() or []).get("ce_type", b"").decode()
            fitting = [name for name in ([kind] if kind else names) if fits(record, name)]
            assert fitting, f"{topic}: {record.headers()} {record.value()}"
            seen.update(fitting)
    print(json.dumps(seen))


def command(secret, task, data):
    now = datetime.datetime.now(datetime.timezone.utc).isoformat()
    value = json.dumps({
        "specversion": "1.0", "id": str(uuid.uuid4()), "source": "shop", "time": now,
        "type": f"com.facture.command.{task}.v1", "data": data,
    })
    fitting = VALIDATORS[f"com.facture.command.{task}.v1"][1]
    fitting.validate(json.loads(value))
    return value, hmac.new(secret.encode(), value.encode(), hashlib.sha256).hexdigest()


def send(bootstrap, secret, request):
    """Each command, and its answer before the next one."""
    producer = Producer({"bootstrap.servers": bootstrap})
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": str(uuid.uuid4()), "auto.offset.reset": "earliest"})
    consumer.subscribe([ANSWERS])

    def ask(task, data):
        value, signature = command(secret, task, data)
        producer.produce(COMMANDS, value, headers={"facture-signature": signature, "correlation-id": task})
        producer.flush()
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            record = consumer.poll(0.2)
            if record and not record.error() and dict(record.headers())["request-signature"].decode() == signature:
                return json.loads(record.value())
        raise AssertionError(f"{task}: no answer")

    made = ask("create", {"amount_msat": 2500, "description": "Tea", "metadata": {"cart": [1]}})["result"]
    assert ask("pay", {"destination": made["bolt11"]})["error"]["code"] == "own_invoice"
    assert ask("lookup", {"invoice": made["label"]})["result"] == made
    assert ask("decode", {"string": made["bolt11"]})["status"] == "success"
    assert ask("cancel", {"invoice": made["label"]})["result"]["status"] == "cancelled"
    paid = ask("pay", {"destination": request})["result"]
    assert paid["state"] == "paid", paid
    assert ask("lookup", {"payout": paid["id"]})["result"]["preimage"] == paid["preimage"]
    assert ask("lookup", {"invoice": "nobody's"})["status"] == "error"
    consumer.close()


def bury(bootstrap, label):
    state = json.loads(next(record.value() for record in read(bootstrap, STATES)))
    producer = Producer({"bootstrap.servers": bootstrap})
    producer.produce(STATES, json.dumps(state | {"label": label, "status": "expired"}), key=label)
    producer.flush()


def states(bootstrap):
    last = {record.key().decode(): record.value() for record in read(bootstrap, STATES)}
    print(json.dumps({label: json.loads(value) if value else None for label, value in last.items()}))


if __name__ == "__main__":
    {
        "topics": lambda bootstrap: topics(bootstrap),
        "send": send,
        "bury": bury,
        "check": lambda bootstrap, *pairs: check(bootstrap, pairs),
        "states": states,
    }[sys.argv[1]](*sys.argv[2:])
