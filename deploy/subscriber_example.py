"""Prints each missed deadline once; all a subscriber needs. KAFKA=127.0.0.1:9092 python …"""

import asyncio
import os

import orjson
from aiokafka import AIOKafkaConsumer


async def main() -> None:
    consumer = AIOKafkaConsumer(
        "assignment.tasks",
        bootstrap_servers=os.environ.get("KAFKA", "127.0.0.1:9092"),
        auto_offset_reset="earliest",
    )
    seen: dict[bytes, int] = {}  # per key the greatest ce_sequence: lower or equal is a repeat
    async with consumer:
        async for record in consumer:
            headers = dict(record.headers)
            sequence = int(headers["ce_sequence"])
            if sequence <= seen.get(record.key, 0):
                continue
            seen[record.key] = sequence
            if headers["ce_type"] == b"assignment.deadline_missed.v1":
                task = orjson.loads(record.value)
                print(task["agency"], "missed", task["due_on"], flush=True)


if __name__ == "__main__":
    asyncio.run(main())
