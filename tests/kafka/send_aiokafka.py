"""Sends a frame with PyPI's aiokafka: send_aiokafka.py BOOTSTRAP FRAME"""
import asyncio, sys

from aiokafka import AIOKafkaProducer


async def send(bootstrap, frame):
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        await producer.send_and_wait("lightning-service", frame.encode(), key=b"order-8")


asyncio.run(send(*sys.argv[1:]))
