"""Sends a frame and prints the value of its answer: ask.py BOOTSTRAP FRAME"""
import sys, time

from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

bootstrap, frame = sys.argv[1:]
producer = Producer({"bootstrap.servers": bootstrap})
producer.produce("lightning-service", frame)
producer.flush()
consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "unused", "enable.auto.commit": False})
consumer.assign([TopicPartition("celery", partition, OFFSET_BEGINNING) for partition in (0, 1)])
end = time.monotonic() + 120
while time.monotonic() < end:
    answer = consumer.poll(0.5)
    if answer and not answer.error() and dict(answer.headers())["request-signature"].decode() == frame[-64:]:
        print(answer.value().decode())
        break
else:
    sys.exit("no answer")
