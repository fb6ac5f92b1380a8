"""What the plumbing's tests do to the outbox and see on the broker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from deploy.verify.sources import read_to_the_end
from shared.codec import encode
from shared.database import connect_alone
from shared.ids import uuid7
from shared.settings import Settings
from tests.shared.probe import HOLD, returned

TOPIC = "assignment.tasks"


async def connect(settings: Settings) -> asyncpg.Connection:
    """A connection that may be idle for as long as the test is."""
    return await asyncpg.connect(settings.database_url.replace("+asyncpg", ""))


async def connect_relay(settings: Settings) -> asyncpg.Connection:
    """As a relay does; but a relay asks all the time, and a test on a slow machine may not."""
    connection = await connect_alone(settings, "relay")
    await connection.execute("set idle_session_timeout = 0")
    return connection


@asynccontextmanager
async def holding(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """What the probe handles that ends with "held" takes until the end of this."""
    await connection.execute("select pg_advisory_lock($1)", HOLD)
    try:
        yield
    finally:
        await connection.execute("select pg_advisory_unlock($1)", HOLD)


async def insert_event(
    connection: asyncpg.Connection, key: UUID, what: str, *, event_id: UUID | None = None
) -> int:
    """One outbox row, in the connection's transaction if it has one; its id."""
    event = returned(key, what)
    id = event_id or uuid7()
    headers = [
        ("ce_specversion", "1.0"),
        ("ce_id", str(id)),
        ("ce_time", datetime.now(UTC).isoformat()),
        ("ce_type", event.type),
        ("ce_source", "/dondoc/probe"),
        ("ce_subject", event.key),
    ]
    place: int = await connection.fetchval(
        "insert into outbox (event_id, type, topic, key, headers, value)"
        " values ($1, $2, $3, $4, $5, $6) returning id",
        id,
        event.type,
        event.topic,
        event.key,
        orjson.dumps(headers).decode(),
        encode(event),
    )
    return place


async def commit(
    settings: Settings, group: str, offsets: dict[TopicPartition, OffsetAndMetadata]
) -> None:
    """As if a member of the group had read so far."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_url, group_id=group, enable_auto_commit=False
    )
    await consumer.start()
    try:
        consumer.assign(list(offsets))
        await consumer.commit(offsets)
    finally:
        await consumer.stop()


class Log:
    """What stands on a topic, from where the test began."""

    def __init__(self, kafka_url: str, topic: str = TOPIC) -> None:
        self._kafka_url = kafka_url
        self._topic = topic
        self.start: dict[TopicPartition, int] = {}

    async def begin(self) -> None:
        async with self._consumer() as consumer:
            await read_to_the_end(consumer)  # the embedded broker tells ends that are too small
            self.start = {one: await consumer.position(one) for one in consumer.assignment()}

    async def records(self, key: UUID | None = None) -> list[Any]:
        async with self._consumer() as consumer:
            for partition, offset in self.start.items():
                consumer.seek(partition, offset)
            found = await read_to_the_end(consumer)
        return [one for one in found if key is None or one.key == str(key).encode()]

    async def headers(self, key: UUID | None = None) -> list[dict[str, str]]:
        return [
            {name: value.decode() for name, value in record.headers}
            for record in await self.records(key)
        ]

    async def sequences(self, key: UUID | None = None) -> list[int]:
        return [int(headers["ce_sequence"]) for headers in await self.headers(key)]

    async def generations(self, key: UUID | None = None) -> list[int]:
        return [int(headers["ce_loggeneration"]) for headers in await self.headers(key)]

    @asynccontextmanager
    async def _consumer(self) -> AsyncIterator[AIOKafkaConsumer]:
        """Of every partition, from its first record."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._kafka_url, fetch_max_wait_ms=50, auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            numbers = await _partitions(consumer, self._topic)
            consumer.assign([TopicPartition(self._topic, number) for number in numbers])
            await consumer.seek_to_beginning()
            yield consumer
        finally:
            await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> list[int]:
    await consumer._client.force_metadata_update()
    consumer._client.add_topic(topic)
    while not (found := consumer.partitions_for_topic(topic)):
        await consumer._client.force_metadata_update()
    return sorted(found)
