"""What a service does because time passed: each job in a loop of its own until the process ends."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import uuid4

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import Clock
from shared.database import Sessions, is_transient
from shared.error_words import words_of
from shared.metrics import SWEEP_AGE
from shared.tracing import Tracing

log = structlog.get_logger()

LIMIT = 500
"""Rows a job takes in one transaction."""
CLOCKS_DIFFER_SECONDS = 60.0


class ClocksDiffer(Exception):
    """The clock of this machine or of the database's is wrong: a deadline told now may not be due.

    protocol.md §6: what a sweep has told cannot be taken back.
    """


class InTransaction(Protocol):
    """One transaction's worth of work; returns how much was done, 0 when nothing is left."""

    async def __call__(self, session: AsyncSession, *, now: datetime, limit: int) -> int: ...


class WithSessions(Protocol):
    """Work that opens its own transactions, because it speaks to the outside between them."""

    async def __call__(self, sessions: Sessions, *, now: datetime, limit: int) -> int: ...


@dataclass(frozen=True)
class Job:
    """Runs in one transaction at a time.

    ``caught_up``: only while this service has read everything there is to read, and then with
    ``now`` taken back by the sweep grace: it must not say "missed" before it heard the report.
    ``loops``: so many run side by side, so that one decides while the database works for the other;
    what they take they must take ``for update skip locked``.
    """

    name: str
    run: InTransaction
    caught_up: bool = False
    loops: int = 1


@dataclass(frozen=True)
class Worker:
    """Opens its own transactions."""

    name: str
    run: WithSessions


@dataclass(frozen=True)
class JobContext:
    """What the loops need of the process they run in."""

    sessions: Sessions
    clock: Clock
    pause: float
    grace: float
    caught_up: Callable[[], bool]
    tracing: Tracing = field(default_factory=Tracing)


async def run_for_ever(job: Job | Worker, context: JobContext) -> None:
    """Call the job until it finds nothing, rest, and again; an outage only makes it wait."""
    failures, last_idle = 0, time.monotonic()
    while True:
        SWEEP_AGE.labels(job.name).set(time.monotonic() - last_idle)
        try:
            done = await run_once(job, context)
            failures = 0
        except Exception as error:
            failures += 1
            done = None
            _report(job.name, error)
        if done == 0:
            last_idle = time.monotonic()
            SWEEP_AGE.labels(job.name).set(0)
        if not done:
            await asyncio.sleep(min(context.pause * 2 ** min(failures, 4), 60))


async def run_once(job: Job | Worker, context: JobContext) -> int | None:
    """How much was done; None if the job has to wait until the consumer has caught up."""
    ids = {"correlation_id": str(uuid4())}
    with context.tracing.working(job.name, ids["correlation_id"]) as span:
        if span.traceparent:
            ids["traceparent"] = span.traceparent
        with structlog.contextvars.bound_contextvars(job=job.name, **ids):
            span.done = await _run(job, context)
    return span.done


async def _run(job: Job | Worker, context: JobContext) -> int | None:
    now = context.clock.now()
    if isinstance(job, Worker):
        return await job.run(context.sessions, now=now, limit=LIMIT)
    if job.caught_up:
        now -= context.clock.span(context.grace)
        if not context.caught_up():
            return None
    async with context.sessions.begin() as session:
        if job.caught_up:
            await _compare_clocks(session, context.clock)
        return await job.run(session, now=now, limit=LIMIT)


async def _compare_clocks(session: AsyncSession, clock: Clock) -> None:
    """ClocksDiffer if process and database do not agree; a simulated clock agrees with nobody."""
    if clock.start is not None:
        return
    told: datetime = (await session.execute(text("select clock_timestamp()"))).scalar_one()
    ahead = (clock.now() - told).total_seconds()
    if abs(ahead) > CLOCKS_DIFFER_SECONDS:
        raise ClocksDiffer(f"this process is {ahead:+.0f} s from its database: set the clocks")


def _report(name: str, error: Exception) -> None:
    if isinstance(error, ClocksDiffer):
        log.error("sweep_refused", job=name, reason=str(error))
    elif is_transient(error):
        log.warning("job_waits", job=name, error=words_of(error))
    else:
        log.error("job_failed", job=name, exc_info=error)


def loops(jobs: list[Job | Worker], context: JobContext) -> list[Callable[[], Awaitable[None]]]:
    def loop(job: Job | Worker) -> Callable[[], Awaitable[None]]:
        return lambda: run_for_ever(job, context)

    return [loop(job) for job in jobs for _ in range(job.loops if isinstance(job, Job) else 1)]
