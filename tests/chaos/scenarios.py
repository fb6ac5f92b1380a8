"""For each guard the smallest course of events in which its absence shows."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from aiokafka.errors import KafkaTimeoutError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.commands import tasks as commands
from services.reporting.handlers import move_due_dates
from shared import lanes, relay
from shared.events.assignment import DeadlineExtended
from shared.lanes import Producer
from tests.chaos import without
from tests.chaos.small import Small, written

FIRST, SECOND, THIRD = "2017-01-16", "2017-02-13", "2017-03-13"
"""Later and later due dates."""


async def acknowledge(session: AsyncSession, small: Small, task: UUID, agency: str) -> None:
    """Up to its row in the outbox; the commit is the caller's."""
    now = small.services["assignment"].clock.at
    await commands.acknowledge(session, task, only_agency=agency, by="test", now=now)
    await written(session)


async def a_smaller_id_commits_later(small: Small) -> None:
    ours, theirs = await small.issue()
    async with small.services["assignment"].sessions() as late:
        await acknowledge(late, small, ours, "HN-SCT")
        await small.act(theirs, "acknowledge", "HN-STC")
        await small.relay("assignment", rounds=3)
        await late.commit()
    await small.settle()


async def the_older_transaction_has_the_greater_id(small: Small) -> None:
    ours, theirs = await small.issue()
    sessions = small.services["assignment"].sessions
    async with sessions() as older, sessions() as younger:
        await older.execute(text("select txid_current()"))
        await acknowledge(younger, small, theirs, "HN-STC")
        await acknowledge(older, small, ours, "HN-SCT")
        await older.commit()
        await small.relay("assignment", rounds=2)
        await younger.commit()
    await small.settle()


async def a_gap_is_filled_between_two_reads(small: Small) -> None:
    """What fills it is followed at once by a later event of its key."""
    ours, theirs = await small.issue()
    async with small.services["assignment"].sessions() as late:
        await acknowledge(late, small, ours, "HN-SCT")
        await small.act(theirs, "acknowledge", "HN-STC")
        await small.relay("assignment", rounds=2)

        async def fill() -> None:
            if late.in_transaction():
                await late.commit()
                await small.act(ours, "start")

        async with reading(fill):
            await small.relay("assignment", rounds=2)
    await small.settle()


@asynccontextmanager
async def reading(race: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """The race runs where a relay without ``snapshot`` has read a half, else before its read."""
    whole = relay.read

    async def after_the_race(*arguments: Any) -> Any:
        await race()
        return await whole(*arguments)

    without.between.append(race)
    if whole is not without.PATCHES["snapshot"][0][2]:
        setattr(relay, "read", after_the_race)  # noqa: B010  another signature
    try:
        yield
    finally:
        relay.read = whole
        without.between.pop()


class FailsOnce:
    """A producer whose first send is never answered, and never got there either."""

    def __init__(self, producer: Producer) -> None:
        self._producer = producer
        self._failed = False

    def create_batch(self) -> Any:
        return self._producer.create_batch()

    async def partitions_for(self, topic: str) -> set[int]:
        return await self._producer.partitions_for(topic)

    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> Awaitable[Any]:
        if not self._failed:
            self._failed = True
            raise KafkaTimeoutError
        return await self._producer.send_batch(batch, topic, partition=partition)


async def a_send_fails(small: Small) -> None:
    """The first of two events of a key, each in a batch of its own."""
    ours, _ = await small.issue()
    await small.act(ours, "acknowledge")
    await small.act(ours, "start")
    producer, size = small.producer, lanes.BATCH_BYTES
    small.producer, lanes.BATCH_BYTES = FailsOnce(producer), 1
    try:
        await small.relay("assignment")
    finally:
        small.producer, lanes.BATCH_BYTES = producer, size
    await small.settle()


async def everything_comes_again(small: Small) -> None:
    await small.issue()
    for service in small.services:
        small.read_to[service] = 0
    await small.settle()


@asynccontextmanager
async def instead(
    small: Small, handler: Callable[[Sequence[DeadlineExtended], AsyncSession], Awaitable[None]]
) -> AsyncIterator[None]:
    """Reporting has this handler for extended deadlines."""
    by_type = small.services["reporting"].app.state.handlers.by_type
    whole = by_type[DeadlineExtended.type]
    by_type[DeadlineExtended.type] = (DeadlineExtended, handler)
    try:
        yield
    finally:
        by_type[DeadlineExtended.type] = whole


async def a_bug(events: Sequence[DeadlineExtended], session: AsyncSession) -> None:
    if any(event.due_on.isoformat() == FIRST for event in events):
        raise ValueError("a bug that will be mended")
    await move_due_dates(events, session)


async def an_event_dies_and_is_replayed(small: Small) -> None:
    """A later event of its key stands behind it."""
    ours, _ = await small.issue()
    await small.extend(ours, FIRST)
    await small.extend(ours, SECOND)
    await small.relay("assignment")
    async with instead(small, a_bug):
        await small.deliver("reporting")
    await small.replay_dead("reporting")
    await small.settle()


async def an_event_is_parked_while_its_key_is_drained(small: Small) -> None:
    """The batch has seen that the key is blocked, and hangs in another key's handler."""
    ours, theirs = await small.issue()
    await small.extend(ours, FIRST)
    await small.relay("assignment")
    async with instead(small, a_bug):
        await small.deliver("reporting")
    await small.extend(ours, SECOND)
    await small.extend(theirs, SECOND)
    await small.relay("assignment")
    there, gate = asyncio.Event(), asyncio.Event()

    async def hangs(events: Sequence[DeadlineExtended], session: AsyncSession) -> None:
        if any(event.task_id == theirs for event in events):
            there.set()
            await gate.wait()
        await move_due_dates(events, session)

    async with instead(small, hangs):
        batch = asyncio.create_task(small.deliver("reporting"))
        await there.wait()
        draining = asyncio.create_task(small.replay_dead("reporting"))
        await asyncio.wait([draining], timeout=2)
        gate.set()
        await asyncio.gather(batch, draining)
    await small.extend(ours, THIRD)
    await small.settle()
    await small.replay_dead("reporting")
    await small.settle()


SCENARIOS: dict[str, Callable[[Small], Awaitable[None]]] = {
    "guard": a_smaller_id_commits_later,
    "rowxid": the_older_transaction_has_the_greater_id,
    "snapshot": a_gap_is_filled_between_two_reads,
    "lane": a_send_fails,
    "acks": a_send_fails,
    "inbox": everything_comes_again,
    "parking": an_event_dies_and_is_replayed,
    "share": an_event_is_parked_while_its_key_is_drained,
}
"""All but ``generation``, which needs a broker that loses its log (test_generation)."""
COURSES = sorted(set(SCENARIOS.values()), key=lambda course: course.__name__)
