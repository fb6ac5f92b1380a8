"""What the limit programs that hear events have in common, as correct as protocol.md asks.

A poll is one transaction: the inbox in a statement of its own and first, then the effect and the
outbox; the offsets are committed after it, and the relay sends beside it. Nothing is validated,
measured or refused.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from hashlib import blake2b
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer

from shared.brokers import TRAITS
from shared.settings import KafkaKind
from tests.bench.limit_relay import relay

INBOX = (
    "insert into inbox (event_id, digest) select * from unnest($1::uuid[], $2::bigint[])"
    " order by 1 on conflict do nothing returning event_id"
)
OUTBOX = (
    "insert into outbox (event_id, type, topic, key, headers, value)"
    " select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[])"
)
Row = tuple[UUID, str, str, str, str, bytes]
Effect = Callable[[asyncpg.Connection, Sequence[bytes]], Awaitable[Sequence[Row]]]
"""Writes what these events lead to, and returns what is to be published."""


async def run(group: str, effect: Effect) -> None:
    """The consumer and the relay of one limit program, for ever."""
    url = os.environ["DONDOC_DATABASE_URL"].replace("+asyncpg", "")
    kafka, wake = os.environ["DONDOC_KAFKA_URL"], asyncio.Event()
    writing, sending = await asyncpg.connect(url), await asyncpg.connect(url)
    await asyncio.gather(_consume(writing, kafka, group, effect, wake), relay(sending, kafka, wake))


def row(type: str, topic: str, source: str, key: str, body: dict[str, str]) -> Row:
    """An outbox row with the headers that the product's writer sets."""
    id = UUID(bytes=os.urandom(16))
    headers = [
        ("ce_specversion", "1.0"),
        ("ce_id", str(id)),
        ("ce_type", type),
        ("ce_source", source),
        ("ce_time", "2016-10-20T01:00:00+00:00"),
        ("ce_subject", key),
        ("content-type", "application/json"),
        ("ce_correlationid", "bench"),
    ]
    return id, type, topic, key, orjson.dumps(headers).decode(), orjson.dumps(body)


async def _consume(
    connection: asyncpg.Connection, kafka: str, group: str, effect: Effect, wake: asyncio.Event
) -> None:
    consumer = AIOKafkaConsumer(
        "assignment.tasks",
        bootstrap_servers=kafka,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_wait_ms=TRAITS[KafkaKind(os.environ["DONDOC_KAFKA_KIND"])].fetch_wait,
    )
    await consumer.start()
    while True:
        polled = await consumer.getmany(timeout_ms=10, max_records=500)
        records = [record for found in polled.values() for record in found]
        if records:
            async with connection.transaction():
                await _handle(connection, records, effect)
            wake.set()
            await consumer.commit(
                {partition: found[-1].offset + 1 for partition, found in polled.items()}
            )


async def _handle(connection: asyncpg.Connection, records: list[Any], effect: Effect) -> None:
    ids = [UUID(dict(record.headers)["ce_id"].decode()) for record in records]
    digests = [
        int.from_bytes(blake2b(record.value, digest_size=8).digest(), signed=True)
        for record in records
    ]
    fresh = {found[0] for found in await connection.fetch(INBOX, ids, digests)}
    values = [record.value for id, record in zip(ids, records, strict=True) if id in fresh]
    rows = await effect(connection, values)
    await connection.execute(OUTBOX, *(list(column) for column in zip(*rows, strict=True)))
