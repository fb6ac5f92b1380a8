"""Jobs: one id from the log line to the event, and nothing but waiting in an outage."""

import asyncio
from datetime import datetime
from uuid import UUID

import orjson
import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.jobs import Job, JobContext, run_for_ever, run_once
from shared.messaging import OutboxRow
from shared.outbox import publish
from shared.testing import ServiceUnderTest
from tests.shared.probe import returned

log = structlog.get_logger()
KEY = UUID(int=7)


async def speak(session: AsyncSession, *, now: datetime, limit: int) -> int:
    log.info("spoken", **structlog.contextvars.get_contextvars())
    publish(session, returned(KEY, "a"), returned(KEY, "b"))
    return 0


def context_of(probe: ServiceUnderTest, *, caught_up: bool = True) -> JobContext:
    clock = probe.clock.clock()
    return JobContext(probe.sessions, clock, 0.01, 30.0, lambda: caught_up)


async def test_a_jobs_log_lines_and_its_events_have_one_correlation_id(
    probe: ServiceUnderTest,
) -> None:
    with structlog.testing.capture_logs() as lines:
        await run_once(Job("speak", speak), context_of(probe))
        await run_once(Job("speak", speak), context_of(probe))

    async with probe.sessions() as session:
        found = await session.scalars(select(OutboxRow.headers).order_by(OutboxRow.id))
        told = [dict(orjson.loads(headers))["ce_correlationid"] for headers in found]
    first, second = (line["correlation_id"] for line in lines if line["event"] == "spoken")
    assert told == [first, first, second, second]
    assert first != second
    assert {line["job"] for line in lines if line["event"] == "spoken"} == {"speak"}


async def test_a_sweep_waits_for_the_consumer_and_stays_behind_the_clock(
    probe: ServiceUnderTest,
) -> None:
    asked: list[datetime] = []

    async def ask(session: AsyncSession, *, now: datetime, limit: int) -> int:
        asked.append(now)
        return 0

    job = Job("ask", ask, caught_up=True)

    assert await run_once(job, context_of(probe, caught_up=False)) is None
    assert await run_once(job, context_of(probe)) == 0
    assert asked == [probe.clock.at - probe.clock.clock().span(30.0)]


async def test_a_job_that_fails_is_tried_again_and_ends_nothing(
    probe: ServiceUnderTest,
) -> None:
    tries: list[int] = []
    again = asyncio.Event()

    async def fail(session: AsyncSession, *, now: datetime, limit: int) -> int:
        tries.append(len(tries))
        match len(tries):
            case 1:
                raise OSError("the database is away")
            case 2:
                raise KeyError("a bug")
            case 4:
                again.set()
        return 0

    running = asyncio.create_task(run_for_ever(Job("fail", fail), context_of(probe)))
    try:
        await asyncio.wait_for(again.wait(), 120)
        assert not running.done()
    finally:
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
