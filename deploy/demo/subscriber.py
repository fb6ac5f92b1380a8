"""The events as any subscriber reads them: public contract only, its own position, no group."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from shared.events.catalogue import TOPICS


@dataclass(frozen=True)
class Seen:
    """One event: its headers' facts and its body."""

    type: str
    name: str
    at: datetime
    body: dict[str, Any]


async def subscribe(kafka_url: str) -> AsyncIterator[list[Seen]]:
    """Batches of events from the beginning on, each id once."""
    consumer = AIOKafkaConsumer(
        *TOPICS,
        bootstrap_servers=kafka_url,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=20,
        max_partition_fetch_bytes=2_000_000,
    )
    await consumer.start()
    known: set[bytes] = set()
    try:
        while True:
            try:
                polled = await consumer.getmany(timeout_ms=200, max_records=2000)
            except KafkaError:
                await asyncio.sleep(0.5)
                continue
            fresh = []
            for record in (one for records in polled.values() for one in records):
                headers = dict(record.headers)
                if headers["ce_id"] not in known:
                    known.add(headers["ce_id"])
                    fresh.append(_seen(headers, record.value))
            yield sorted(fresh, key=lambda one: one.at)
    finally:
        await consumer.stop()


def _seen(headers: dict[str, bytes], value: bytes) -> Seen:
    type = headers["ce_type"].decode()
    return Seen(
        type,
        type.partition(".")[2].rpartition(".")[0],
        datetime.fromisoformat(headers["ce_time"].decode()),
        orjson.loads(value),
    )
