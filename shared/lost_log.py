"""protocol.md §3: Kafka has less than it acknowledged, so it is told again what it had."""

from collections.abc import Collection
from datetime import timedelta

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.alive import kept_alive
from shared.brokers import access
from shared.closing import close_consumer
from shared.cursor import Position, renew
from shared.events.catalogue import compacted_among
from shared.gaps import Ranges, contains, subtract
from shared.settings import Settings
from shared.topic_retention import FOR_EVER, kept_by_kafka

LOOK_SECONDS = 600.0
"""For the two reads of a whole outbox, which may have years."""

_KEPT_SQL = "select min(id) - 1 from outbox where recorded_at >= now() - $1::interval"
_LAST_WORDS_SQL = """
select max(id) from outbox where topic = any($1::text[]) and id <= $2
group by topic, key order by max(id)"""


class LogLost(Exception):
    """Kafka has less than it acknowledged."""


async def log_lost(settings: Settings, position: Position) -> bool:
    """Whether any partition ends at or before its mark (the base of its last acked batch)."""
    if not position.marks:
        return False
    partitions = [_partition_of(mark) for mark in position.marks]
    consumer = AIOKafkaConsumer(**access(settings), client_id="marks", request_timeout_ms=3_000)
    await consumer.start()
    try:
        ends = await consumer.end_offsets(partitions)
    finally:
        await close_consumer(consumer)
    return any(ends.get(_partition_of(mark), 0) <= base for mark, base in position.marks.items())


def _partition_of(mark: str) -> TopicPartition:
    topic, _, partition = mark.rpartition("/")
    return TopicPartition(topic, int(partition))


async def send_again(
    settings: Settings, connection: asyncpg.Connection, position: Position
) -> None:
    """Go back to where the lost log began, as a new generation."""
    topics = {_partition_of(mark).topic for mark in position.marks}
    kept = await kept_alive(connection, kept_by_kafka(settings, topics))
    await go_back(connection, position, kept, compacted_among(topics))


async def go_back(
    connection: asyncpg.Connection, position: Position, kept: timedelta, compacted: Collection[str]
) -> None:
    """To the first event that topics still keep, and to each key's last word before it.

    Older events have served their time: inboxes forget them soon after the topics do, and would
    set them aside by the thousand as older than they remember. Last words of ``compacted`` topics
    are told whatever their age, as gaps that fill at the next read.
    """
    top = 0 if kept == FOR_EVER else await _before(connection, position.top, kept)
    words = [
        row[0]
        for row in await connection.fetch(
            _LAST_WORDS_SQL, sorted(compacted), top, timeout=LOOK_SECONDS
        )
    ]
    gaps = _up_to(top, position.gaps)
    told = tuple((id, id) for id in words if not contains(gaps, id))
    await renew(connection, position, top, tuple(sorted(gaps + told)))


async def _before(connection: asyncpg.Connection, top: int, kept: timedelta) -> int:
    """The id in front of the oldest event that is kept; what was never sent is never skipped."""
    before = await connection.fetchval(_KEPT_SQL, kept, timeout=LOOK_SECONDS)
    return top if before is None else min(top, before)


def _up_to(top: int, gaps: Ranges) -> Ranges:
    return subtract(gaps, ((top + 1, gaps[-1][1]),)) if gaps and gaps[-1][1] > top else gaps
