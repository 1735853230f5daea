"""The other side of the bridge, for side_by_side: kafka.py BOOTSTRAP SECRET, then a line of standard input for each thing to do.

    create COUNT    sends so many frames at once; prints how many were answered in a second
    paid            from now on prints the label of every invoice.paid as it comes
"""
import hashlib, hmac, sys, time

from confluent_kafka import Consumer, Producer, TopicPartition

bootstrap, secret = sys.argv[1:]
consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "unused", "enable.auto.commit": False})


def from_now(topic, partitions):
    places = [TopicPartition(topic, partition) for partition in range(partitions)]
    for place in places:
        place.offset = consumer.get_watermark_offsets(place)[1]
    consumer.assign(places)


def frame(number):
    text = f"{int(time.time() * 1000):<13}{'create':<16}{1000:<37}{f'Two bags of tea {number}':<37}{3600:<37}"
    return text + hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def create(count):
    from_now("celery", 2)
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 5})
    waiting = set()
    for number in range(count):
        text = frame(number)
        waiting.add(text[-64:])
        producer.produce("lightning-service", text)
    producer.flush()
    arrivals = []
    while waiting:
        for answer in consumer.consume(500, 0.1):
            arrivals.append(time.monotonic())
            waiting.discard(dict(answer.headers())["request-signature"].decode())
    print((len(arrivals) - 1) / (arrivals[-1] - arrivals[0]), flush=True)


def paid():
    from_now("facture.events.v1", 3)
    consumer.poll(0)
    print("ready", flush=True)
    while True:
        event = consumer.poll(1)
        if event and not event.error() and dict(event.headers())["ce_type"] == b"com.facture.invoice.paid.v1":
            print(event.key().decode(), flush=True)


for line in sys.stdin:
    task, *count = line.split()
    create(int(count[0])) if task == "create" else paid()
