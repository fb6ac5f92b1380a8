"""protocol.md §6, a publisher restored from a back-up: what its topics say that it has said."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field

import asyncpg
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from shared.alive import kept_alive
from shared.brokers import access
from shared.closing import close_consumer
from shared.events.catalogue import TOPICS, events_of
from shared.outbox_partitions import LAST_ID_SQL
from shared.settings import Settings

LOOK_SECONDS = 15.0


class IdsWouldRepeat(Exception):
    """The topics hold events of this service with ids that its database has not given out yet."""


class TooFewPartitions(Exception):
    """A topic is not as it is declared; somebody else has made it."""


@dataclass
class Told:
    """The greatest ``ce_sequence`` and generation of a service's records, and where it stands.

    ``ids``: of the events above ``after``, since below it the log itself is the witness.
    """

    after: int = 0
    sequence: int = 0
    generation: int = 1
    place: str = ""
    records: int = 0
    ids: set[str] = field(default_factory=set)

    def hear(self, record: ConsumerRecord, source: str) -> None:
        headers = dict(record.headers)
        if headers.get("ce_source") != source.encode():
            return
        self.records += 1
        sequence, generation = (_number(headers.get(f"ce_{name}")) for name in _COUNTS)
        self.generation = max(self.generation, generation)
        if sequence > self.sequence:
            self.sequence = sequence
            self.place = f"{record.topic}/{record.partition} at {record.offset}"
        if sequence > self.after:
            self.ids.add(headers.get("ce_id", b"").decode("ascii", "replace"))


_COUNTS = ("sequence", "loggeneration")


def _number(raw: bytes | None) -> int:
    """As the relay writes it; what is no number, or one no sequence reaches, says nothing."""
    return int(raw) if raw and raw.isdigit() and len(raw) <= 18 else 0


def published_topics(service: str) -> list[str]:
    return sorted({cls.topic for cls in events_of(service).values()})


async def refuse_repeated_ids(
    settings: Settings, service: str, topics: Collection[str], connection: asyncpg.Connection
) -> None:
    """Look at the last record of each partition; IdsWouldRepeat says what to do."""
    if not topics:
        return
    last = await connection.fetchval(LAST_ID_SQL) or 0
    async with asyncio.timeout(LOOK_SECONDS):
        looking = told_by(settings, service, topics, last_only=True)
        told = await kept_alive(connection, looking)
    if told.sequence > last:
        raise IdsWouldRepeat(
            f"{told.place} has ce_sequence {told.sequence}, this database gave out only {last}:"
            f" restored from a back-up? Stop the service, run python -m deploy.restored {service}"
        )


async def told_by(
    settings: Settings,
    service: str,
    topics: Collection[str],
    *,
    last_only: bool = False,
    after: int = 0,
) -> Told:
    """Read the topics, or only the last record of each partition."""
    told, source = Told(after), f"/dondoc/{service}"
    consumer = AIOKafkaConsumer(**access(settings), client_id="restored", fetch_max_wait_ms=50)
    await consumer.start()
    try:
        ends = await _assign(consumer, topics, last_only=last_only)
        while ends:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    told.hear(record, source)
            for partition in list(ends):
                if await consumer.position(partition) >= ends[partition]:
                    del ends[partition]
    finally:
        await close_consumer(consumer)
    return told


async def _assign(
    consumer: AIOKafkaConsumer, topics: Collection[str], *, last_only: bool
) -> dict[TopicPartition, int]:
    """Go to where to read from; the ends of the partitions that hold anything."""
    partitions = [
        TopicPartition(topic, number)
        for topic in topics
        for number in range(TOPICS[topic].partitions)
    ]
    for topic in {one.topic for one in partitions}:
        consumer._client.add_topic(topic)
    await consumer._client.force_metadata_update()  # else a stale answer is kept for minutes
    _refuse_too_few(consumer, topics)
    starts = await consumer.beginning_offsets(partitions)
    ends = await consumer.end_offsets(partitions)
    filled = {one: ends[one] for one in partitions if ends[one] > starts[one]}
    consumer.assign(list(filled))
    for partition, end in filled.items():
        consumer.seek(partition, end - 1 if last_only else starts[partition])
    return filled


def _refuse_too_few(consumer: AIOKafkaConsumer, topics: Collection[str]) -> None:
    for topic in topics:
        found, declared = consumer.partitions_for_topic(topic) or set(), TOPICS[topic].partitions
        if 0 < len(found) < declared:
            raise TooFewPartitions(
                f"{topic} has {len(found)} partitions, not {declared}: a broker made it by itself?"
                " Delete it while it is empty, and run make topics"
            )
