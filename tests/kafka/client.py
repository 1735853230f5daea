"""The other side, with PyPI's confluent-kafka: it sends the commands of mix.py and checks what comes back.

    client.py topics BOOTSTRAP
    client.py commands BOOTSTRAP SECRET COUNT [FILE_OF_PAYMENT_REQUESTS]
        prints again and again how many are done, and a summary at the end
"""
import collections, hashlib, json, os, sys, time

from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from mix import Mix, now

COMMANDS, ANSWERS, DEAD, EVENTS = "lightning-service", "celery", "lightning-service.dlq", "facture.events.v1"
# How long nothing may come while something is missing, in seconds: 180 more than the broker may be away.
PATIENCE = 180 + int(os.environ.get("FACTURE_KAFKA_AWAY_SECONDS", 0))
# How many messages may be under way, and how many orders are sent at once.
WINDOW, PORTION = 3000, 100


def topics(bootstrap):
    admin = AdminClient({"bootstrap.servers": bootstrap})
    config = {"message.timestamp.type": "LogAppendTime"}
    new = [NewTopic(COMMANDS, 4, 1, config=config), NewTopic(ANSWERS, 2, 1), NewTopic(DEAD, 1, 1), NewTopic(EVENTS, 3, 1)]
    for made in admin.create_topics(new, operation_timeout=30, request_timeout=60).values():
        made.result()


class Check:
    """What must still come, and what came. Whatever is wrong is an AssertionError."""

    def __init__(self):
        self.expected, self.letters, self.good, self.orders = {}, {}, 0, set()
        self.unanswered, self.undelivered = set(), set()
        self.answers, self.invoices, self.paid = {}, set(), collections.Counter()
        self.created, self.payouts, self.events, self.last = set(), set(), set(), {}
        self.repeated, self.pending = collections.Counter(), []

    def sent(self, message):
        if message.reason:
            self.letters[message.value] = message.reason
            self.undelivered.add(message.value)
        if message.status and message.signature not in self.expected:
            self.expected[message.signature] = message
            self.unanswered.add(message.signature)
            self.good += message.status == "created"
        if message.order:
            self.orders.add(message.order)

    def missing(self):
        events = self.good - len(self.created) + len(self.orders) - len(self.payouts)
        return len(self.unanswered) + len(self.undelivered) + events

    def came(self, record):
        {ANSWERS: self.answer, DEAD: self.letter, EVENTS: self.event}[record.topic()](record)

    def answer(self, record):
        signature = dict(record.headers())["request-signature"].decode().lower()
        message = self.expected.get(signature)
        assert message, f"answered is what is signed, and nothing else: {record.value()}"
        told = answer(record)
        if told["status"] == "pending":
            self.pending.append(message)
            return
        before = self.answers.setdefault(signature, record.value())
        assert before == record.value(), f"one content for one command: {before} {record.value()}"
        if signature not in self.unanswered:
            self.repeated["answers"] += 1
            return
        self.unanswered.remove(signature)
        if message.status == "paid":
            self.payment(message, told)
            return
        assert told["status"] == ("error" if message.status == "error" else "success"), f"{message} {told}"
        if message.status == "created":
            assert told["result"] not in self.invoices, f"two commands, one invoice: {told}"
            self.invoices.add(told["result"])

    def payment(self, message, told):
        result = told["result"]
        if told["status"] == "success":
            preimage = bytes.fromhex(result["payment_preimage"])
            assert hashlib.sha256(preimage).hexdigest() == result["payment_hash"], result
            self.paid[message.order] += 1
        else:
            assert result.get("payment_error") == "invoice is already paid", result

    def letter(self, record):
        reason = dict(record.headers())["dlq-reason"].decode()
        assert self.letters.get(record.value()) == reason, f"{reason}: {record.value()}"
        self.repeated["dead letters"] += record.value() not in self.undelivered
        self.undelivered.discard(record.value())

    def event(self, record):
        headers = {name: value.decode() for name, value in record.headers()}
        assert headers["ce_specversion"] == "1.0" and headers["ce_subject"].encode() == record.key()
        assert json.loads(record.value())["sequence"] == int(headers["ce_sequence"])
        if headers["ce_id"] in self.events:
            self.repeated["events"] += 1
            return
        self.events.add(headers["ce_id"])
        assert self.last.get(record.key(), 0) < int(headers["ce_sequence"]), "in order"
        self.last[record.key()] = int(headers["ce_sequence"])
        if headers["ce_type"] == "com.facture.invoice.created.v1":
            self.created.add(record.key())
        if headers["ce_type"] == "com.facture.payout.paid.v1":
            self.payouts.add(record.key())

    def ended(self):
        made = len(self.created), len(self.invoices)
        assert made == (self.good, self.good), f"{made} invoices were made for {self.good} commands"
        assert self.paid == collections.Counter(self.orders), "each was paid by one command"
        assert len(self.payouts) == len(self.orders), "by one payout"


def answer(record):
    """An answer of both shapes: status and result."""
    read = json.loads(record.value())
    if "data" in read:
        return {"status": read["data"]["status"], "result": read["data"]["message"]}
    made = (read["result"] or {}).get("bolt11") if read["task"] == "create" else read["result"]
    return {"status": read["status"], "result": made}


class Link:
    """A producer and a consumer; brokers may go away meanwhile."""

    def __init__(self, bootstrap):
        settings = {"bootstrap.servers": bootstrap, "log_level": 0}
        # What is not delivered is tried for ever, and stays in order.
        self.producer = Producer({**settings, "linger.ms": 5, "enable.idempotence": True, "message.timeout.ms": 0})
        self.consumer = Consumer({**settings, "group.id": f"test-{now()}", "auto.offset.reset": "earliest"})
        self.consumer.subscribe([ANSWERS, DEAD, EVENTS])

    def send(self, message):
        self.producer.produce(COMMANDS, message.value, key=message.key, headers=message.headers)
        self.producer.poll(0)

    def read(self):
        self.producer.poll(0)
        return [record for record in self.consumer.consume(2000, 0.1) if not record.error()]


def commands(bootstrap, secret, count, requests):
    link, check, mix = Link(bootstrap), Check(), Mix(secret, requests)
    sent, orders, begun, seen = 0, 0, time.monotonic(), time.monotonic()
    while sent < count or check.missing():
        if sent < count and check.missing() < WINDOW:
            for message in mix.shuffled(orders, PORTION):
                check.sent(message)
                link.send(message)
                sent += 1
            orders += PORTION
        records = link.read()
        for record in records:
            check.came(record)
        # Under another stamp it would be another payment.
        for message in check.pending:
            link.send(message)
        check.pending.clear()
        print(sent - check.missing(), flush=True)
        seen = time.monotonic() if records else seen
        assert time.monotonic() < seen + PATIENCE, f"missing: {len(check.unanswered)} answers, {len(check.undelivered)} letters; {list(check.unanswered)[:3]}"
    check.ended()
    print(json.dumps({"sent": sent, "kinds": mix.kinds, "invoices": len(check.created), "payments": len(check.paid), "repeated": check.repeated, "seconds": round(time.monotonic() - begun)}))


if __name__ == "__main__":
    if sys.argv[1] == "topics":
        topics(sys.argv[2])
    else:
        payment_requests = open(sys.argv[5]).read().split() if len(sys.argv) > 5 else []
        commands(sys.argv[2], sys.argv[3], int(sys.argv[4]), payment_requests)
