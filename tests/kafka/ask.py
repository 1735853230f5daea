"""Sends a frame and prints the value of the answer that comes to it: ask.py BOOTSTRAP FRAME

What was answered before, also to the same frame, is not read.
"""
import sys, time

from confluent_kafka import Consumer, Producer, TopicPartition

bootstrap, frame = sys.argv[1:]
consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "unused", "enable.auto.commit": False})
ends = [TopicPartition("celery", partition) for partition in (0, 1)]
for end in ends:
    end.offset = consumer.get_watermark_offsets(end, timeout=30)[1]
consumer.assign(ends)
producer = Producer({"bootstrap.servers": bootstrap})
producer.produce("lightning-service", frame)
producer.flush()
deadline = time.monotonic() + 120
while time.monotonic() < deadline:
    answer = consumer.poll(0.5)
    if answer and not answer.error() and dict(answer.headers())["request-signature"].decode() == frame[-64:]:
        print(answer.value().decode())
        break
else:
    sys.exit("no answer")
