"""What is sent again when Kafka has lost its log (protocol.md §3, §5)."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer

from shared.cursor import Fenced, Position, take
from shared.lost_log import go_back
from shared.relay import Lanes, Round
from shared.topic_retention import FOR_EVER
from tests.shared.plumbing import TOPIC, Log, insert_event

KEYS = [UUID(int=number) for number in range(1, 5)]
KEPT = timedelta(days=30)

Age = Callable[[int, timedelta], Awaitable[None]]


@pytest.fixture
def made_older(writer: asyncpg.Connection) -> Age:
    async def make_older(id: int, by: timedelta) -> None:
        await writer.execute(
            "update outbox set recorded_at = recorded_at - $2::interval where id = $1", id, by
        )

    return make_older


async def sent(reader: asyncpg.Connection, producer: AIOKafkaProducer) -> Position:
    position = await take(reader)
    await Round(reader, Lanes(producer), position).run()
    return position


async def test_what_topics_no_longer_keep_is_not_sent_again(
    writer: asyncpg.Connection,
    reader: asyncpg.Connection,
    producer: AIOKafkaProducer,
    log: Log,
    made_older: Age,
) -> None:
    for key in KEYS[:3]:
        await insert_event(writer, key, "1")
    await made_older(1, timedelta(days=400))
    await made_older(2, timedelta(days=31))
    position = await sent(reader, producer)

    await go_back(reader, position, KEPT, [])
    await Round(reader, Lanes(producer), position).run()

    assert sorted(await log.sequences()) == [1, 2, 3, 3]


async def test_what_topics_keep_for_ever_is_sent_again_from_the_first_on(
    writer: asyncpg.Connection,
    reader: asyncpg.Connection,
    producer: AIOKafkaProducer,
    log: Log,
    made_older: Age,
) -> None:
    await insert_event(writer, KEYS[0], "1")
    await made_older(1, timedelta(days=4000))
    position = await sent(reader, producer)

    await go_back(reader, position, FOR_EVER, [])
    await Round(reader, Lanes(producer), position).run()

    assert await log.sequences() == [1, 1]


async def test_what_was_never_sent_is_not_skipped_however_old_it_is(
    writer: asyncpg.Connection,
    reader: asyncpg.Connection,
    producer: AIOKafkaProducer,
    log: Log,
    made_older: Age,
) -> None:
    for key in KEYS[:3]:
        await insert_event(writer, key, "1")
    position = await take(reader)
    await Round(reader, Lanes(producer), position).run(limit=1)
    for id in (1, 2):
        await made_older(id, timedelta(days=90))

    await go_back(reader, position, KEPT, [])
    await Round(reader, Lanes(producer), position).run()

    assert sorted(await log.sequences()) == [1, 2, 3]


async def test_the_last_word_on_each_key_of_a_compacted_topic_is_told_whatever_its_age(
    writer: asyncpg.Connection,
    reader: asyncpg.Connection,
    producer: AIOKafkaProducer,
    log: Log,
    made_older: Age,
) -> None:
    for key in (KEYS[0], KEYS[0], KEYS[1], KEYS[2]):
        await insert_event(writer, key, "1")
    for id in (1, 2, 3):
        await made_older(id, timedelta(days=400))
    position = await sent(reader, producer)

    await go_back(reader, position, KEPT, [TOPIC])
    assert list(position.gaps) == [(2, 2), (3, 3)]
    await Round(reader, Lanes(producer), position).run()

    assert sorted(await log.sequences()) == [1, 2, 2, 3, 3, 4, 4]
    assert list(position.gaps) == []


async def test_a_gap_below_stays_one(
    writer: asyncpg.Connection,
    rival: asyncpg.Connection,
    reader: asyncpg.Connection,
    producer: AIOKafkaProducer,
    made_older: Age,
) -> None:
    late = rival.transaction()
    await late.start()
    await insert_event(rival, KEYS[0], "1")
    for key in KEYS[1:4]:
        await insert_event(writer, key, "1")
    await made_older(2, timedelta(days=400))
    position = await sent(reader, producer)
    assert list(position.gaps) == [(1, 1)]

    await go_back(reader, position, KEPT, [TOPIC])

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
