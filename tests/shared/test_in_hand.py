"""protocol.md §4: batches in turn; what is polled while one is in its transaction is the next."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
from aiokafka import TopicPartition
from sqlalchemy import text

from shared.batch import BatchHandler
from shared.in_hand import MAX_RECORDS, InHand, Offsets
from shared.records import Received
from shared.testing import ServiceUnderTest, record_of
from tests.shared.plumbing import holding
from tests.shared.probe import returned

PARTITION = TopicPartition("assignment.tasks", 3)


class Commits:
    """What a consumer was told to commit, in order."""

    def __init__(self) -> None:
        self.told: list[int] = []

    async def commit(self, offsets: Offsets) -> None:
        self.told.append(offsets[PARTITION][0])


class Site:
    """An InHand of the probe, and what it is given."""

    def __init__(self, probe: ServiceUnderTest) -> None:
        self.probe = probe
        self.kafka: Any = Commits()
        self.in_hand = InHand(probe.batches)
        self.offset = 0

    def polled(self, *told: str) -> tuple[list[Received], Offsets]:
        self.offset += len(told)
        found = self.probe.read(*(record_of(returned(UUID(int=7), what)) for what in told))
        return found, {PARTITION: (self.offset, "1")}

    async def put(self, *told: str) -> None:
        await self.in_hand.put(self.kafka, *self.polled(*told))

    async def transactions(self) -> list[list[str]]:
        """What each transaction wrote, in order."""
        async with self.probe.sessions() as session:
            rows = await session.execute(
                text("select array_agg(what order by place) from effects group by xmin::text")
            )
            return sorted((row[0] for row in rows), key=lambda told: told[0])

    async def idle(self) -> None:
        while self.in_hand.busy:
            assert self.in_hand._running is not None
            await asyncio.wait([self.in_hand._running], timeout=30)
            await asyncio.sleep(0)


async def test_what_is_polled_meanwhile_is_one_batch_and_offsets_follow_each(
    probe: ServiceUnderTest,
) -> None:
    site = Site(probe)

    await site.put("a slow")
    for what in "bcd":
        await site.put(what)
    await site.idle()
    await site.in_hand.end()

    assert await site.transactions() == [["a slow"], ["b", "c", "d"]]
    assert site.kafka.told == [1, 4]


async def test_a_revocation_lets_what_waits_end_too(probe: ServiceUnderTest) -> None:
    """Dropped, it would be a hole below what is put meanwhile."""
    site = Site(probe)

    await site.put("a slow")
    await site.put("b")
    await site.in_hand.end()

    assert await site.transactions() == [["a slow"], ["b"]]
    assert site.kafka.told == [1, 2]


async def test_when_closed_what_waits_is_dropped_and_not_committed(probe: ServiceUnderTest) -> None:
    site = Site(probe)

    await site.put("a slow")
    await site.put("b")
    site.in_hand.close()
    await site.in_hand.end()

    assert await site.transactions() == [["a slow"]]
    assert site.kafka.told == [1]


async def test_when_closed_a_poll_that_does_not_fit_is_dropped_with_the_rest(
    probe: ServiceUnderTest, rival: asyncpg.Connection
) -> None:
    site = Site(probe)

    async with holding(rival):
        await site.put("a held")
        await site.put("b")
        waiting = asyncio.create_task(site.put(*["c"] * MAX_RECORDS))
        done, _ = await asyncio.wait([waiting], timeout=0.2)
        site.in_hand.close()
        await waiting
    await site.in_hand.end()

    assert not done
    assert await site.transactions() == [["a held"]]
    assert site.kafka.told == [1]


async def test_nothing_polled_while_it_closes_is_committed_past_what_was_dropped(
    probe: ServiceUnderTest,
) -> None:
    site = Site(probe)
    await site.put("a slow")
    await site.put("b")

    site.in_hand.close()
    ending = asyncio.create_task(site.in_hand.end())
    await asyncio.sleep(0)
    await site.put("c")
    await ending
    await site.idle()

    assert await site.transactions() == [["a slow"]]
    assert site.kafka.told == [1]


async def test_a_poll_that_does_not_fit_is_the_batch_after_the_next(
    probe: ServiceUnderTest,
) -> None:
    site = Site(probe)

    await site.put("a slow")
    await site.put("b")
    await site.put(*["c"] * MAX_RECORDS)
    await site.idle()

    assert [len(told) for told in await site.transactions()] == [1, 1, MAX_RECORDS]


async def test_a_bug_ends_it_and_nothing_after_it_is_handled(probe: ServiceUnderTest) -> None:
    site = Site(probe)
    site.in_hand = InHand(Broken(probe.sessions, probe.app.state.handlers))

    await site.put("a")
    await site.put("b")
    await site.idle()
    await site.put("c")

    assert isinstance(site.in_hand.bug, RuntimeError)
    assert not site.in_hand.busy
    assert site.kafka.told == []


class Broken(BatchHandler):
    async def handle(self, batch: object) -> None:
        raise RuntimeError("nothing but cancellation leaves the real one")
