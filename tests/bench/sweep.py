"""B4: the overdue sweep with a million tasks open, and when 100,000 of them end at one midnight;
an empty tick also with ten times as many open.

The product's side is assignment's own sweep, called until it finds nothing, as its loop does; what
counts are events in the outbox. The limit is the bare ``UPDATE … RETURNING`` claim of the same rows
in batches of the same size, and for the tick a bare probe of the index. The rows that are due lie
all over the table. Nothing vacuums it: autovacuum is off for the tasks on both sides.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.local.stack import local_stack, temporary_folder
from services.assignment.jobs import JOBS
from shared.clock import Clock
from shared.database import create_engine, create_sessions
from shared.jobs import LIMIT, JobContext, run_once
from shared.logging import configure_logging
from shared.service import settle_memory
from tests.bench.line import Line, Options, Pair, Void, at_least, at_most, bounded, show
from tests.bench.open_tasks import fresh, seed

NAME = "B4"
TASKS = 1_000_000
DUE = 100_000
MIDNIGHT = datetime(2025, 6, 30, 17, tzinfo=UTC)
"""24:00 of the 30th of June in Viet Nam."""
BEFORE = MIDNIGHT - timedelta(days=1)
MORE = 10

CLAIM = """
with due as (select id from tasks where next_check_at <= $1 order by next_check_at
  limit $2 for update skip locked)
update tasks t set next_check_at = null, next_milestone = null, missed_version = deadline_version,
  version = version + 1 from due where t.id = due.id returning t.id, t.agency"""
PROBE = "select id from tasks where next_check_at <= $1 order by next_check_at limit $2"
DUE_ROWS = "select count(*) from tasks where due_on = '2025-06-30'"
BUFFERS = """
select heap_blks_read + heap_blks_hit + coalesce(idx_blks_read + idx_blks_hit, 0)
from pg_statio_user_tables where relname = 'tasks'"""


@dataclass(frozen=True)
class Storm:
    """Events (or claims) a second, and the buffers of the first tick after the last of them."""

    rate: float
    tick_after: int


async def measure(options: Options) -> list[Line]:
    settle_memory()
    _log_to_nowhere()
    tasks, due = options.tasks or TASKS, options.events or DUE
    pairs: list[Pair] = []
    before, probes, after = [], [], []
    with temporary_folder() as folder:
        async with local_stack(folder, broker=False) as stack:
            await seed(stack, tasks, due)
            for number in range(options.pairs or 5):
                async with fresh(stack) as url:
                    before.append(await tick(url, BEFORE))
                    storm = await sweep(url)
                after.append(storm.tick_after)
                async with fresh(stack) as url:
                    probes.append(await probe(url, BEFORE))
                    bare = await claim(url)
                pairs.append(show(number, Pair(storm.rate, bare), "events/s"))
    many, more = _told(tasks), _told(MORE * tasks)
    ticks = [Pair(await _tick_of(MORE * tasks, due), max(before))]
    return [
        bounded(8, NAME, f"empty tick, {many}", before, f"{max(probes)} buffers", "buffers"),
        at_most(1.2, NAME, f"empty tick, {more} beside {many}", ticks, "buffers"),
        at_least(0.5, NAME, f"{due:,} due at once, {many}", pairs, "events/s"),
        bounded(500, NAME, f"first tick after it, {many}", after, "–", "buffers"),
    ]


def _log_to_nowhere() -> None:
    """From now on what the service logs is made as it makes it, and not shown."""
    configure_logging("assignment", level="info", as_json=True)
    nowhere = os.fdopen(os.open(os.devnull, os.O_WRONLY), "wb")
    structlog.configure(logger_factory=structlog.BytesLoggerFactory(nowhere))


def _told(tasks: int) -> str:
    return f"{tasks / 1_000_000:g} M open"


async def _tick_of(tasks: int, due: int) -> float:
    """The buffers of an empty tick among so many; the greatest of three."""
    with temporary_folder() as folder:
        async with local_stack(folder, broker=False) as stack:
            await seed(stack, tasks, due)
            url = stack.database_url("assignment")
            return max([await tick(url, BEFORE) for _ in range(3)])


@asynccontextmanager
async def context(url: str, now: datetime) -> AsyncIterator[JobContext]:
    """As the service's own loops have it, with a clock that stands."""
    clock = Clock(now, 1.0, 4e9)
    engine = create_engine(url, name="bench")
    yield JobContext(create_sessions(engine, source="assignment", clock=clock), clock, 5, 0, _true)
    await engine.dispose()


def _true() -> bool:
    return True


async def sweep(url: str) -> Storm:
    """All that is due, by as many loops as the product runs."""
    [job] = JOBS
    async with context(url, MIDNIGHT + timedelta(minutes=1)) as running:
        due = await _due(url)
        done, started = 0, time.perf_counter()

        async def loop() -> None:
            nonlocal done
            while done < due:
                told = await run_once(job, running) or 0
                done += told

        await asyncio.gather(*(loop() for _ in range(job.loops)))
        seconds = time.perf_counter() - started
    after = await tick(url, MIDNIGHT + timedelta(minutes=2))
    return Storm(await _events(url) / seconds, after)


async def _due(url: str) -> int:
    connection = await _connect(url)
    try:
        due: int = await connection.fetchval(DUE_ROWS)
    finally:
        await connection.close()
    return due


async def _events(url: str) -> int:
    """Void unless each task that was due has its one event and change, and nothing else has."""
    connection = await _connect(url)
    try:
        due, missed, events, changes = await connection.fetchrow(
            "select (select count(*) from tasks where due_on = '2025-06-30'),"
            " (select count(*) from tasks where missed_version = 0 and next_check_at is null),"
            " (select count(distinct event_id) from outbox where key in"
            " (select id::text from tasks where due_on = '2025-06-30')),"
            " (select count(*) from task_changes)"
        )
        rows: int = await connection.fetchval("select count(*) from outbox")
    finally:
        await connection.close()
    if not due == missed == events == changes == rows:
        raise Void(f"{due} due: {missed} missed, {events} of {rows} events, {changes} changes")
    return rows


async def tick(url: str, now: datetime) -> int:
    """The buffers of the tasks and their indexes that one call of the sweep reads."""
    [job] = JOBS
    async with context(url, now) as running, running.sessions() as session:
        await session.execute(text("select count(*) from tasks where id = gen_random_uuid()"))
        before = await _buffers(session)
        assert await job.run(session, now=now, limit=LIMIT) == 0
        return await _buffers(session) - before


async def _buffers(session: AsyncSession) -> int:
    await session.commit()
    await session.execute(text("select pg_stat_force_next_flush()"))
    await session.commit()
    counted = await session.scalar(text(BUFFERS))
    return int(counted or 0)


async def probe(url: str, now: datetime) -> int:
    """What the bare index look-up reads."""
    async with context(url, now) as running, running.sessions() as session:
        before = await _buffers(session)
        raw = (await (await session.connection()).get_raw_connection()).driver_connection
        assert raw is not None
        await session.execute(text("select 1"))
        await raw.fetch(PROBE, now, LIMIT)
        return await _buffers(session) - before


async def claim(url: str) -> float:
    """The limit: rows a second by the bare claim; Void unless it claimed what was due."""
    connection = await _connect(url)
    try:
        due = await connection.fetchval(DUE_ROWS)
        claimed, started = 0, time.perf_counter()
        while rows := await connection.fetch(CLAIM, MIDNIGHT + timedelta(minutes=1), LIMIT):
            claimed += len(rows)
        seconds = time.perf_counter() - started
    finally:
        await connection.close()
    if claimed != due:
        raise Void(f"{due} due, {claimed} claimed")
    return claimed / seconds


async def _connect(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(url.replace("+asyncpg", ""))
