# pip install confluent-kafka; python kafka.py <brokers> <secret>
import hashlib, hmac, json, sys, time
from confluent_kafka import Consumer, Producer

brokers, secret = sys.argv[1:]
frame = f"{int(time.time() * 1000):<13}{'create':<16}{2500:<37}{'Two bags of tea':<37}{3600:<37}"
frame += hmac.new(secret.encode(), frame.encode(), hashlib.sha256).hexdigest()
producer = Producer({"bootstrap.servers": brokers})
producer.produce("lightning-service", frame, key="order-7", headers={"correlation-id": "order-7"})
producer.flush()
consumer = Consumer({"bootstrap.servers": brokers, "group.id": "shop", "auto.offset.reset": "earliest"})
consumer.subscribe(["celery"])
while True:
    answer = consumer.poll(1)
    if answer and not answer.error() and dict(answer.headers())["request-signature"].decode() == frame[-64:]:
        print(json.loads(answer.value())["data"])
        break
