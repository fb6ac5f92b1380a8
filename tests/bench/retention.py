"""What retention costs (protocol.md §5): python -m tests.bench.retention [--rows N]

On a PostgreSQL of its own, after a checkpoint: rows of the outbox inserted, their partition dropped
while another writer is at work; ids of the inbox, ordered ones, noted and forgotten again.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg
from sqlalchemy import text

from deploy.local.postgres import Postgres
from deploy.local.stack import LocalStack, local_stack, temporary_folder
from shared.database import Sessions, create_engine, create_sessions
from shared.messaging import PARTITION_IDS
from shared.outbox_partitions import OutboxRetention, create_outbox_partitions
from shared.retention import forget
from shared.settings import Settings
from tests.shared import probe

OUTBOX = """
insert into outbox (event_id, type, topic, key, headers, value, recorded_at)
select gen_random_uuid(), 'assignment.task_returned.v1', 'assignment.agencies', 'HN-' || n % 83,
  repeat('h', 400), convert_to(repeat('v', 600), 'UTF8'), now() - interval '40 days'
from generate_series(1, $1) n"""
INBOX = """
insert into inbox (event_id, digest, received_at)
select (lpad(to_hex(1700000000000 + n), 12, '0') || '7000800000000000' || 'abcd')::uuid, n,
  now() - interval '40 days' from generate_series(1, $1::bigint) n"""


@dataclass(frozen=True)
class Cost:
    seconds: float
    wal: int

    def per_row(self, rows: int) -> str:
        return f"{self.wal / rows:7.0f} B of WAL a row {rows / self.seconds:9.0f} rows/s"


class Bench:
    """Measures one thing after a checkpoint of its own."""

    def __init__(self, admin: asyncpg.Connection) -> None:
        self._admin = admin

    async def cost(self, work: Callable[[], Awaitable[object]]) -> Cost:
        await self._admin.execute("checkpoint")
        before = await self._admin.fetchval("select pg_current_wal_insert_lsn()")
        started = time.monotonic()
        await work()
        seconds = time.monotonic() - started
        wal = await self._admin.fetchval(
            "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1)::bigint", before
        )
        return Cost(seconds, wal)


async def outbox(bench: Bench, connection: asyncpg.Connection, rows: int, kit: "Kit") -> None:
    restart = f"alter table outbox alter column id restart with {PARTITION_IDS - rows + 1}"
    await connection.execute(restart)
    inserted = await bench.cost(lambda: connection.execute(OUTBOX, rows))
    print(f"outbox: insert            {inserted.per_row(rows)}")
    await connection.execute(OUTBOX, 100)
    await connection.execute("update outbox_cursor set top = (select max(id) from outbox)")

    async def create() -> None:
        async with kit.sessions.begin() as session:
            await create_outbox_partitions(session, now=datetime.now(UTC), limit=0)

    made = await bench.cost(create)
    print(f"outbox: make a partition  {made.wal:7d} B of WAL in all {made.seconds * 1000:6.0f} ms")
    retention = OutboxRetention(frozenset({"assignment.agencies"}), kit.settings)
    stop = asyncio.Event()
    writing = asyncio.create_task(write(kit.sessions, stop))
    dropped = await bench.cost(lambda: retention.run(kit.sessions, now=datetime.now(UTC), limit=0))
    stop.set()
    slowest = await writing
    left = await connection.fetchval("select to_regclass('outbox_1')")
    assert left is None, "the partition is still there"
    print(
        f"outbox: drop a partition  {dropped.seconds * 1000:6.0f} ms in all,"
        f" a writer beside it waited {slowest * 1000:.0f} ms"
    )


async def write(sessions: Sessions, stop: asyncio.Event) -> float:
    """Small transactions, one after the other; the slowest, in seconds."""
    slowest = 0.0
    while not stop.is_set():
        started = time.monotonic()
        async with sessions.begin() as session:
            await session.execute(text(OUTBOX.replace("$1", "1")))
        slowest = max(slowest, time.monotonic() - started)
    return slowest


async def inbox(bench: Bench, connection: asyncpg.Connection, rows: int, kit: "Kit") -> None:
    noted = await bench.cost(lambda: connection.execute(INBOX, rows))
    print(f"inbox:  note an id        {noted.per_row(rows)}")

    async def forget_all() -> None:
        while True:
            async with kit.sessions.begin() as session:
                if not await forget(session, datetime.now(UTC) - timedelta(days=30)):
                    return

    gone = await bench.cost(forget_all)
    assert await connection.fetchval("select count(*) from inbox") == 0
    print(f"inbox:  forget an id      {gone.per_row(rows)}")


@dataclass(frozen=True)
class Kit:
    sessions: Sessions
    settings: Settings


async def measure(stack: LocalStack, rows: int) -> None:
    await stack.create_database(probe.NAME)
    assert isinstance(stack.databases, Postgres)
    settings = Settings(database_url=stack.database_url(probe.NAME))
    engine = create_engine(settings.database_url, name="bench")
    await probe.create_tables(engine)
    kit = Kit(create_sessions(engine, source=probe.NAME, clock=settings.clock), settings)
    connection = await asyncpg.connect(settings.database_url.replace("+asyncpg", ""))
    admin = await asyncpg.connect(stack.databases.url("postgres"))
    try:
        await outbox(Bench(admin), connection, rows, kit)
        await inbox(Bench(admin), connection, rows, kit)
    finally:
        await connection.close()
        await admin.close()
        await engine.dispose()


async def run(rows: int) -> None:
    with temporary_folder() as folder:
        async with local_stack(folder, broker=False) as stack:
            await measure(stack, rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What retention costs.")
    parser.add_argument("--rows", type=int, default=200_000)
    asyncio.run(run(parser.parse_args().rows))
