"""The gate on what one batch costs: figures that are the same on a fast and a slow machine."""

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.local.postgres import Postgres
from deploy.local.stack import LocalStack
from deploy.topics import provision
from services.assignment.jobs import sweep_deadlines
from shared import alive, relay
from shared.batch import BatchHandler
from shared.clock import Clock, end_of_day
from shared.cursor import take
from shared.database import Sessions, create_engine, create_sessions
from shared.ids import uuid7
from shared.lanes import Lanes, create_producer, drop
from shared.outbox import publish
from shared.relay import Round
from shared.settings import Settings
from shared.testing import START, ServiceUnderTest, record_of
from tests.bench.counters import Cost, Turns, cost_of, counted
from tests.bench.flow import assigned

EVENTS = 500
NAME = "counted"


@asynccontextmanager
async def one_connection(
    stack: LocalStack, service: str
) -> AsyncIterator[tuple[Sessions, Turns, asyncpg.Connection]]:
    """Sessions that share one connection whose work is counted, and a look from outside."""
    assert isinstance(stack.databases, Postgres)
    watcher = await asyncpg.connect(stack.databases.url("postgres"))
    async with counted(stack.database_url(service)) as (url, turns):
        engine = create_engine(url, name=NAME, size=1)
        clock = Clock(START, 1.0, 4e9)
        yield create_sessions(engine, source=service, clock=clock), turns, watcher
        await engine.dispose()
    await watcher.close()


async def flush(sessions: Sessions) -> None:
    async with sessions() as session:
        await session.execute(text("select pg_stat_force_next_flush()"))


async def test_a_batch_through_the_consumer(stack: LocalStack, reporting: ServiceUnderTest) -> None:
    async with one_connection(stack, "reporting") as (sessions, turns, watcher):
        batches = BatchHandler(sessions, reporting.app.state.handlers)

        async def batch() -> None:
            records = [record_of(assigned()) for _ in range(EVENTS)]
            await batches.handle(reporting.read(*records))

        await batch()
        cost = await cost_of(batch, lambda: flush(sessions), turns, watcher, NAME)

    assert cost.round_trips == 7, cost
    assert within(cost, records=14, wal_bytes=2_700, buffers=28), cost


@pytest.mark.parametrize(("bad", "round_trips"), [(0, 7), (1, 8), (10, 8)])
async def test_a_batch_with_poison(
    stack: LocalStack, reporting: ServiceUnderTest, bad: int, round_trips: int
) -> None:
    """One statement sets aside all that is bad; keys that are blocked cost the others none."""
    async with one_connection(stack, "reporting") as (sessions, turns, watcher):
        batches = BatchHandler(sessions, reporting.app.state.handlers)

        async def batch(bad: int) -> None:
            good = [record_of(assigned()) for _ in range(EVENTS)]
            cut = [replace(one, value=one.value[:-20]) for one in good[:bad] if one.value]
            await batches.handle(reporting.read(*cut, *good[bad:]))

        await batch(bad=10)
        cost = await cost_of(lambda: batch(bad), lambda: flush(sessions), turns, watcher, NAME)

    assert len(await reporting.dead_letters()) == 10 + bad
    assert cost.round_trips == round_trips, cost
    assert within(cost, records=14, wal_bytes=2_750, buffers=28), cost


async def test_a_sweep(stack: LocalStack, assignment: ServiceUnderTest) -> None:
    due = START.date()
    async with one_connection(stack, "assignment") as (sessions, turns, watcher):

        async def sweep() -> None:
            async with sessions.begin() as session:
                assert await sweep_deadlines(session, now=late, limit=EVENTS) == EVENTS

        late = end_of_day(due) + timedelta(minutes=1)
        async with sessions.begin() as session:
            await _tasks(session, 2 * EVENTS, due)
        await sweep()
        cost = await cost_of(sweep, lambda: flush(sessions), turns, watcher, NAME)

    assert cost.round_trips == 5, cost
    assert within(cost, records=9.5, wal_bytes=1_600, buffers=27), cost


@pytest.mark.parametrize(("save_seconds", "round_trips"), [(math.inf, 1), (0, 2)])
async def test_the_relay(
    stack: LocalStack,
    assignment: ServiceUnderTest,
    monkeypatch: pytest.MonkeyPatch,
    save_seconds: float,
    round_trips: int,
) -> None:
    # what the relay does by the clock would differ from machine to machine
    monkeypatch.setattr(relay, "SAVE_SECONDS", save_seconds)
    monkeypatch.setattr(alive, "ALIVE_SECONDS", None)
    await provision(stack.kafka_url)
    settings = Settings(
        database_url=stack.database_url("assignment"),
        kafka_url=stack.kafka_url,
        kafka_kind=stack.kafka_kind,
    )
    async with assignment.sessions.begin() as session:
        publish(session, *(assigned() for _ in range(2 * EVENTS)))
    assert isinstance(stack.databases, Postgres)
    watcher = await asyncpg.connect(stack.databases.url("postgres"))
    producer = create_producer(settings, "counters")
    await producer.start()
    async with counted(settings.database_url) as (url, turns):
        plain = url.replace("+asyncpg", "")
        connection = await asyncpg.connect(plain, server_settings={"application_name": NAME})
        sending = Round(connection, Lanes(producer), await take(connection))
        try:
            assert await sending.run(EVENTS) == EVENTS
            cost = await cost_of(
                lambda: sending.run(EVENTS),
                lambda: connection.execute("select pg_stat_force_next_flush()"),
                turns,
                watcher,
                NAME,
            )
        finally:
            await drop(producer)
            await connection.close()
    await watcher.close()

    assert cost.round_trips == round_trips, cost
    assert within(cost, records=0.02, wal_bytes=10, buffers=0.5), cost


def within(cost: Cost, *, records: float, wal_bytes: float, buffers: float) -> bool:
    """Whether each event costs at most so much."""
    return (
        cost.wal_records <= records * EVENTS
        and cost.wal_bytes <= wal_bytes * EVENTS
        and cost.buffers <= buffers * EVENTS
    )


async def _tasks(session: AsyncSession, count: int, due: object) -> None:
    directive, item = UUID(int=1), UUID(int=2)
    await session.execute(
        text(
            "insert into directives (id, number_symbol, kind, issued_on, issuer, subject,"
            " citations, year, state, fingerprint) values (:id, '1', 'công văn', :due, 'HN-UBND',"
            " '', '{}', 2016, 'issued', '')"
        ),
        {"id": directive, "due": due},
    )
    await session.execute(
        text(
            'insert into items (id, directive_id, place, path, start, "end", text, lead,'
            " coordinate, report_to, money_aspect, decided_by_clerk)"
            " values (:item, :id, 0, '1', 0, 9, 'x', '{}', '{}', '{}', false, '{}')"
        ),
        {"id": directive, "item": item},
    )
    await session.execute(
        text(
            "insert into tasks (id, directive_id, item_id, agency, role, state, assigned_on,"
            " due_on, original_due_on, deadline_version, next_check_at, next_milestone,"
            " missed_version, version) select unnest(cast(:ids as uuid[])), :id, :item, 'HN-SCT',"
            " 'lead', 'assigned', :due, :due, :due, 0, :at, 0, -1, 1"
        ),
        {
            "ids": [uuid7() for _ in range(count)],
            "id": directive,
            "item": item,
            "due": due,
            "at": end_of_day(START.date()),
        },
    )
