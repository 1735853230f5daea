"""The other side: what docs/kafka.md says, with PyPI's confluent-kafka. It sends commands of all kinds, good and bad, and checks
what comes back.

    client.py topics BOOTSTRAP
    client.py commands BOOTSTRAP SECRET COUNT
    client.py pay BOOTSTRAP SECRET PAYMENT_REQUEST …
"""
import collections, hashlib, hmac, json, random, sys, time

from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

COMMANDS, ANSWERS, DEAD, EVENTS = "lightning-service", "celery", "lightning-service.dlq", "facture.events.v1"
# How long to wait for all, in seconds, and for each command on top.
DEADLINE, EACH = 240, 0.05


def now():
    return int(time.time() * 1000)


def topics(bootstrap):
    admin = AdminClient({"bootstrap.servers": bootstrap})
    config = {"message.timestamp.type": "LogAppendTime"}
    new = [NewTopic(COMMANDS, 4, 1, config=config), NewTopic(ANSWERS, 2, 1), NewTopic(DEAD, 1, 1), NewTopic(EVENTS, 3, 1)]
    for made in admin.create_topics(new, operation_timeout=30, request_timeout=60).values():
        made.result()


def sign(secret, text):
    return text + hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def create(secret, amount, message, expiry=3600, sent=None):
    return sign(secret, f"{sent or now():<13}{'create':<16}{amount:<37}{message:<37}{expiry:<37}")


def commands(secret, count):
    """(frame, what must become of it), in an order of their own."""
    frames = []
    for i in range(count):
        good = create(secret, i + 1, f"order {i}")
        kind = i % 10
        if kind < 5:
            frames += [(good, "success")] * (2 if kind == 0 else 1)
        elif kind == 5:
            frames += [(good, "success"), (good[:-64] + good[-64:].upper(), "success")]
        elif kind == 6:
            frames.append((good[: 1 + i % 203], "bad_length"))
        elif kind == 7:
            frames.append((create("guessed", i + 1, f"order {i}"), "bad_signature"))
        elif kind == 8:
            old, ahead = now() - 3_600_000, now() + 3_600_000
            frames.append((create(secret, 1, f"order {i}", sent=old), "too_old"))
            frames.append((create(secret, 1, f"order {i}", sent=ahead), "from_future"))
        else:
            wrong = [("1.5", "Tea", 60, None), (1, "a\tb", 60, None), (1, "Tea", "1h", None), (1, f"Tea {i}", 60, "soon")][i // 10 % 4]
            frames.append((create(secret, *wrong), "bad_field"))
    random.Random(7).shuffle(frames)
    return frames


def read(bootstrap, done, count=0):
    """All records of answers, dead letters and events, until `done` says so."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": f"test-{now()}", "auto.offset.reset": "earliest"})
    consumer.subscribe([ANSWERS, DEAD, EVENTS])
    records, end = [], time.monotonic() + DEADLINE + EACH * count
    while not done(records):
        assert time.monotonic() < end, f"after {len(records)} records: {collections.Counter(r.topic() for r in records)}"
        records += [record for record in consumer.consume(1000, 0.2) if not record.error()]
    consumer.close()
    return records


def check(bootstrap, secret, count):
    sent = commands(secret, count)
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 5})
    for frame, _ in sent:
        producer.produce(COMMANDS, frame.encode(), key=frame[45:61] or None)
        producer.poll(0)
    producer.flush()
    good = {frame[-64:].lower() for frame, kind in sent if kind == "success"}
    bad = {frame.encode(): kind for frame, kind in sent if kind != "success"}
    told = {frame[-64:] for frame, kind in sent if kind in ("too_old", "from_future", "bad_field")}

    def done(records):
        answered = {dict(r.headers())["request-signature"].decode().lower() for r in records if r.topic() == ANSWERS}
        letters = {r.value() for r in records if r.topic() == DEAD}
        events = {r.key() for r in records if r.topic() == EVENTS}
        return answered >= good | told and letters >= set(bad) and len(events) >= len(good)

    records = read(bootstrap, done, count)
    answers = collections.defaultdict(set)
    for record in records:
        if record.topic() == ANSWERS:
            answers[dict(record.headers())["request-signature"].decode().lower()].add(record.value())
    assert set(answers) == good | told, "answered is what is signed, and nothing else"
    invoices = set()
    for signature, values in answers.items():
        assert len(values) == 1, f"one content for one command: {values}"
        answer = json.loads(values.pop())
        assert answer["task"] == "lightning-create", answer
        assert answer["data"]["status"] == ("success" if signature in good else "error"), answer
        if signature in good:
            invoices.add(answer["data"]["message"])
    assert len(invoices) == len(good), "one invoice for one command"
    for record in records:
        if record.topic() == DEAD:
            assert dict(record.headers())["dlq-reason"].decode() == bad[record.value()], record.value()
    events, last = set(), {}
    for record in records:
        if record.topic() == EVENTS:
            headers = {name: value.decode() for name, value in record.headers()}
            assert headers["ce_specversion"] == "1.0" and headers["ce_subject"].encode() == record.key()
            assert json.loads(record.value())["sequence"] == int(headers["ce_sequence"])
            if headers["ce_id"] not in events:
                assert last.get(record.key(), 0) < int(headers["ce_sequence"]), "in order"
                last[record.key()] = int(headers["ce_sequence"])
            if headers["ce_type"] == "com.facture.invoice.created.v1":
                events.add(headers["ce_id"])
    assert len(events) == len(good), f"{len(events)} invoices were made for {len(good)} commands"
    print(json.dumps({"sent": len(sent), "invoices": len(invoices), "records": len(records)}))


def pay(bootstrap, secret, requests):
    """Orders each three times: the same command twice, and a second later another command for the same invoice."""
    producer = Producer({"bootstrap.servers": bootstrap})
    sent = {}
    for when in (now(), now() + 1000):
        for request in requests:
            frame = sign(secret, f"{when:<13}{'pay':<16}{request:<400}")
            sent[frame[-64:]] = request
            for _ in range(2):
                producer.produce(COMMANDS, frame, key=request[-20:])
    producer.flush()

    def done(records):
        return {dict(r.headers())["request-signature"].decode() for r in records if r.topic() == ANSWERS} >= set(sent)

    answers = collections.defaultdict(list)
    for record in read(bootstrap, done):
        if record.topic() == ANSWERS:
            answers[dict(record.headers())["request-signature"].decode()].append(record.value())
    paid = collections.Counter()
    for signature, values in answers.items():
        assert len(set(values)) == 1, f"one content for one command: {values}"
        data = json.loads(values[0])["data"]
        if data["status"] == "success":
            message = data["message"]
            preimage = bytes.fromhex(message["payment_preimage"])
            assert hashlib.sha256(preimage).hexdigest() == message["payment_hash"], message
            assert message["payment_route"]["total_amt_msat"] >= 10_000, message
            paid[sent[signature]] += 1
        else:
            assert data["message"]["payment_error"] == "invoice is already paid", data
    assert paid == collections.Counter(requests), "each was paid by one command"
    print(json.dumps({"sent": len(sent), "paid": len(paid)}))


if __name__ == "__main__":
    if sys.argv[1] == "topics":
        topics(sys.argv[2])
    elif sys.argv[1] == "pay":
        pay(sys.argv[2], sys.argv[3], sys.argv[4:])
    else:
        check(sys.argv[2], sys.argv[3], int(sys.argv[4]))
