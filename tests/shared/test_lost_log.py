"""What is sent again when Kafka has lost its log (protocol.md §3, §5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer

from shared.cursor import Fenced, Position, take
from shared.lanes import Lanes
from shared.lost_log import go_back
from shared.relay import Round
from shared.topic_retention import FOR_EVER
from tests.shared.plumbing import TOPIC, Log, insert_event

KEYS = [UUID(int=number) for number in range(1, 5)]
KEPT = timedelta(days=30)


@dataclass
class Site:
    """An outbox, and a relay's connections to it and to Kafka."""

    writer: asyncpg.Connection
    reader: asyncpg.Connection
    producer: AIOKafkaProducer
    log: Log

    async def record(self, *keys: UUID, days_ago: int = 0) -> None:
        for key in keys:
            id = await insert_event(self.writer, key, "1")
            await self.writer.execute(
                "update outbox set recorded_at = recorded_at - $2::interval where id = $1",
                id,
                timedelta(days=days_ago),
            )

    async def send(self, position: Position, **limit: int) -> Position:
        await Round(self.reader, Lanes(self.producer), position).run(**limit)
        return position

    async def sent(self, **limit: int) -> Position:
        return await self.send(await take(self.reader), **limit)

    async def lose_the_log(
        self, position: Position, *, kept: timedelta = KEPT, compacted: Sequence[str] = ()
    ) -> None:
        await go_back(self.reader, position, kept, compacted)


@pytest.fixture
def site(
    writer: asyncpg.Connection, reader: asyncpg.Connection, producer: AIOKafkaProducer, log: Log
) -> Site:
    return Site(writer, reader, producer, log)


async def test_what_topics_no_longer_keep_is_not_sent_again(site: Site) -> None:
    await site.record(KEYS[0], days_ago=400)
    await site.record(KEYS[1], days_ago=31)
    await site.record(KEYS[2])
    position = await site.sent()

    await site.lose_the_log(position)
    await site.send(position)

    assert sorted(await site.log.sequences()) == [1, 2, 3, 3]


async def test_what_topics_keep_for_ever_is_sent_again_from_the_first_on(site: Site) -> None:
    await site.record(KEYS[0], days_ago=4000)
    position = await site.sent()

    await site.lose_the_log(position, kept=FOR_EVER)
    await site.send(position)

    assert await site.log.sequences() == [1, 1]


async def test_what_was_never_sent_is_not_skipped_however_old_it_is(site: Site) -> None:
    await site.record(KEYS[0], KEYS[1], days_ago=90)
    await site.record(KEYS[2])
    position = await site.sent(limit=1)

    await site.lose_the_log(position)
    await site.send(position)

    assert sorted(await site.log.sequences()) == [1, 2, 3]


async def test_the_last_word_on_each_key_of_a_compacted_topic_is_told_whatever_its_age(
    site: Site,
) -> None:
    await site.record(KEYS[0], KEYS[0], KEYS[1], days_ago=400)
    await site.record(KEYS[2])
    position = await site.sent()

    await site.lose_the_log(position, compacted=[TOPIC])
    assert list(position.gaps) == [(2, 2), (3, 3)]
    await site.send(position)

    assert sorted(await site.log.sequences()) == [1, 2, 2, 3, 3, 4, 4]
    assert list(position.gaps) == []


async def test_a_gap_below_stays_one(site: Site, rival: asyncpg.Connection) -> None:
    late = rival.transaction()
    await late.start()
    await insert_event(rival, KEYS[0], "1")
    await site.record(KEYS[1], days_ago=400)
    await site.record(KEYS[2], KEYS[3])
    position = await site.sent()
    assert list(position.gaps) == [(1, 1)]

    await site.lose_the_log(position, compacted=[TOPIC])

    assert position.top == 2
    assert list(position.gaps) == [(1, 1), (2, 2)]
    await late.rollback()


async def test_a_relay_that_was_overtaken_cannot_go_back(
    reader: asyncpg.Connection, rival: asyncpg.Connection
) -> None:
    overtaken = await take(reader)
    await take(rival)

    with pytest.raises(Fenced):
        await go_back(reader, overtaken, KEPT, [])
