"""protocol.md §5, the outbox: partitions ahead of the last id, and none that nobody needs."""

import re
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import Sessions, connect_alone
from shared.events.catalogue import compacted_among
from shared.messaging import PARTITION_IDS
from shared.settings import Settings
from shared.topic_retention import kept_by_kafka

log = structlog.get_logger()

AHEAD = 2
LOCK = 6052
"""Of who makes or drops partitions: one process at a time."""
LOOK_SECONDS = 86_400.0
DROP_SECONDS = 600.0

LAST_ID_SQL = "select pg_sequence_last_value(pg_get_serial_sequence('outbox', 'id')::regclass)"
_TABLES_SQL = """
select c.relname as name, i.inhrelid is not null as attached,
  coalesce(i.inhdetachpending, false) as pending
from pg_class c left join pg_inherits i on i.inhrelid = c.oid
where c.relkind = 'r' and c.relname ~ '^outbox_[0-9]+$'
and c.relnamespace = (select relnamespace from pg_class where oid = 'outbox'::regclass)
order by substr(c.relname, 8)::bigint"""
_SENT_SQL = """
select least(top, coalesce((select min(lo) - 1 from unnest(gap_lo) lo), top)) from outbox_cursor"""
_LAST_WORDS_SQL = """
select exists (select 1 from outbox where topic = any($1::text[])
  group by topic, key having max(id) <= $2)"""


def first_id(number: int) -> int:
    """Of the partition with this number, counted from 0."""
    return number * PARTITION_IDS + 1


def partition_of(id: int) -> int:
    return (id - 1) // PARTITION_IDS


async def create_outbox_partitions(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Keep two whole partitions ahead of the last id: without one for its id an INSERT fails."""
    current = partition_of(await session.scalar(text(LAST_ID_SQL)) or 1)
    for number in range(current, current + AHEAD + 1):
        await _create(session, first_id(number))
    return 0


async def _create(session: AsyncSession, low: int) -> None:
    """Made beside the log and then attached: writers need not end for that."""
    name = f"outbox_{low}"
    exists = text("select to_regclass(:name)")
    if await session.scalar(exists, {"name": name}):
        return
    await session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    if await session.scalar(exists, {"name": name}):
        return
    await session.execute(
        text(f"create table {name} (like outbox including defaults including indexes)")
    )
    await session.execute(
        text(
            f"alter table outbox attach partition {name}"
            f" for values from ({low}) to ({low + PARTITION_IDS})"
        )
    )


@dataclass
class OutboxRetention:
    """Drops the partitions of the log that Kafka would not have any more either.

    Those below ``top`` and every gap, older than the topics' retention, and without the last word
    on a key of a compacted topic: should Kafka lose its log, nobody else could tell that one.
    """

    service_topics: frozenset[str]
    settings: Settings
    look_seconds: float = LOOK_SECONDS
    _looked: float | None = None

    async def run(self, sessions: Sessions, *, now: datetime, limit: int) -> int:
        if self._looked is not None and time.monotonic() - self._looked < self.look_seconds:
            return 0
        kept = await kept_by_kafka(self.settings, self.service_topics)
        connection = await connect_alone(self.settings, "partitions")
        try:
            if await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
                await self._drop_what_nobody_needs(connection, kept)
        finally:
            connection.terminate()
        self._looked = time.monotonic()
        return 0

    async def _drop_what_nobody_needs(
        self, connection: asyncpg.Connection, kept: timedelta
    ) -> None:
        """First what an earlier attempt began; a partition that must stay keeps all after it."""
        for table in await connection.fetch(_TABLES_SQL):
            name = table["name"]
            if table["pending"]:
                await _execute(connection, f"alter table outbox detach partition {name} finalize")
            elif table["attached"]:
                if not await self._may_go(connection, name, kept):
                    return
                command = f"alter table outbox detach partition {name} concurrently"
                await _execute(connection, command)
            await _execute(connection, f"drop table {name}")
            log.info("outbox_partition_dropped", name=name)

    async def _may_go(self, connection: asyncpg.Connection, name: str, kept: timedelta) -> bool:
        last = int(re.sub(r"\D", "", name)) + PARTITION_IDS - 1
        if await connection.fetchval(_SENT_SQL) < last:
            return False
        newest = f"select now() - recorded_at from {name} order by id desc limit 1"
        age: timedelta | None = await connection.fetchval(newest)
        if age is not None and age <= kept:
            return False
        compacted = compacted_among(self.service_topics)
        return not await connection.fetchval(_LAST_WORDS_SQL, compacted, last, timeout=DROP_SECONDS)


async def _execute(connection: asyncpg.Connection, sql: str) -> None:
    await connection.execute(sql, timeout=DROP_SECONDS)
