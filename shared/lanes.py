"""How rows of the outbox go to Kafka: over all partitions at once, one batch in flight in each."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

import orjson
from aiokafka import AIOKafkaProducer

from shared.brokers import TRAITS, access
from shared.partitions import partition_of
from shared.settings import Settings
from shared.tracing import Tracing

BATCH_BYTES = 256 * 1024
"""A batch is closed at this size: readers with default settings fetch no batch over 1 MB."""


class Row(Protocol):
    """A row of the outbox, as asyncpg gives it."""

    def __getitem__(self, column: str) -> Any: ...


class Producer(Protocol):
    """What the relay needs of aiokafka's producer."""

    def create_batch(self) -> Any: ...
    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> Awaitable[Any]: ...
    async def partitions_for(self, topic: str) -> set[int]: ...


class Lanes:
    """Sends rows: side by side over the partitions, one batch in flight in each."""

    def __init__(self, producer: Producer, tracing: Tracing | None = None) -> None:
        self._producer = producer
        self._tracing = tracing or Tracing()
        self._counts: dict[str, int] = {}

    async def send(self, rows: Sequence[Row], generation: int) -> dict[str, int]:
        """Return when all are acked, with the base offset of each partition's last batch.

        Within a partition nothing is sent before what stands in front is acked; any failure ends
        the round.
        """
        for topic in {row["topic"] for row in rows} - self._counts.keys():
            self._counts[topic] = len(await self._producer.partitions_for(topic))
        lanes: dict[tuple[str, int], list[Row]] = defaultdict(list)
        for row in rows:
            topic = row["topic"]
            lanes[topic, partition_of(row["key"].encode(), self._counts[topic])].append(row)
        sending = [
            asyncio.create_task(self._lane(topic, partition, lane, generation))
            for (topic, partition), lane in lanes.items()
        ]
        try:
            marks = await asyncio.gather(*sending)
        finally:
            for task in sending:
                task.cancel()
            await asyncio.gather(*sending, return_exceptions=True)
        return dict(marks)

    async def _lane(
        self, topic: str, partition: int, rows: Sequence[Row], generation: int
    ) -> tuple[str, int]:
        base, start = -1, 0
        while start < len(rows):
            batch = self._producer.create_batch()
            end = _pack(batch, rows, start, generation)
            acked = await self._producer.send_batch(batch, topic, partition=partition)
            base = (await acked).offset
            self._tracing.sent(rows[start:end], f"{topic}/{partition}")
            start = end
        return f"{topic}/{partition}", base


def _pack(batch: Any, rows: Sequence[Row], start: int, generation: int) -> int:
    """Fill the batch from ``start`` on; return the place of the first row that did not fit."""
    place, size = start, 0
    while place < len(rows) and size < BATCH_BYTES:
        row = rows[place]
        appended = batch.append(
            key=row["key"].encode(),
            value=row["value"],
            timestamp=None,
            headers=headers_of(row, generation),
        )
        if appended is None:
            break
        size += len(row["value"]) + len(row["headers"])
        place += 1
    if place == start:
        raise ValueError(f"outbox row {rows[start]['id']} is larger than a batch may be")
    batch.close()
    return place


def headers_of(row: Row, generation: int) -> list[tuple[str, bytes]]:
    """The writer's headers and what only the log knows."""
    headers = [(name, value.encode()) for name, value in orjson.loads(row["headers"])]
    headers.append(("ce_sequence", b"%d" % row["id"]))
    headers.append(("ce_recordedtime", _iso(row["recorded_at"])))
    headers.append(("ce_loggeneration", b"%d" % generation))
    return headers


@lru_cache(maxsize=64)
def _iso(recorded: datetime) -> bytes:
    """Remembered, since all events of a transaction have one instant."""
    return recorded.isoformat().encode()


def create_producer(settings: Settings, name: str) -> AIOKafkaProducer:
    return AIOKafkaProducer(
        **access(settings),
        client_id=name,
        acks="all",
        enable_idempotence=TRAITS[settings.kafka_kind].idempotence,
        max_batch_size=1_000_000,
        max_request_size=1_048_576,
        request_timeout_ms=10_000,
        linger_ms=0,
    )


async def drop(producer: AIOKafkaProducer) -> None:
    """Close without flushing: what was in flight is sent again from the saved cursor."""
    producer._closed = True
    for close in (producer._sender and producer._sender.close, producer.client.close):
        with suppress(Exception, asyncio.CancelledError):
            if close:
                await asyncio.wait_for(close(), 5)
