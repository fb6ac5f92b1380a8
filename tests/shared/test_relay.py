"""protocol.md §3 on a real PostgreSQL and a real broker; each guard's test fails without it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaTimeoutError

from shared import lanes
from shared.cursor import Fenced, save, take
from shared.database import connect_alone
from shared.ids import uuid7
from shared.lanes import Lanes
from shared.lost_log import LogLost, log_lost, send_again
from shared.relay import Round
from shared.settings import Settings
from tests.shared.plumbing import Log, insert_event

KEY = UUID(int=7)
OTHER = UUID(int=8)


async def a_round(reader: Any, producer: Any) -> Round:
    return Round(reader, Lanes(producer), await take(reader))


async def test_guard_a_missing_id_is_kept_until_its_writer_has_ended(
    writer: asyncpg.Connection,
    rival: asyncpg.Connection,
    reader: asyncpg.Connection,
    producer: AIOKafkaProducer,
    log: Log,
) -> None:
    late = writer.transaction()
    await late.start()
    await insert_event(writer, KEY, "1")
    await insert_event(rival, OTHER, "2")
    round = await a_round(reader, producer)

    for _ in range(3):
        await round.run()
    assert await log.sequences() == [2]
    await late.commit()
    await round.run()

    assert sorted(await log.sequences()) == [1, 2]


async def test_guard_a_gap_is_given_up_when_its_writer_rolled_back(
    writer: asyncpg.Connection,
    rival: asyncpg.Connection,
    reader: asyncpg.Connection,
    producer: AIOKafkaProducer,
) -> None:
    undone = writer.transaction()
    await undone.start()
    await insert_event(writer, KEY, "1")
    await insert_event(rival, OTHER, "2")
    round = await a_round(reader, producer)
    await round.run()

    await undone.rollback()
    for _ in range(3):
        await round.run()

    assert (await reader.fetchrow("select top, gap_lo from outbox_cursor")) == (2, [])


async def test_rowxid_the_older_transaction_may_hold_the_greater_id(
    writer: asyncpg.Connection,
    rival: asyncpg.Connection,
    reader: asyncpg.Connection,
    producer: AIOKafkaProducer,
    log: Log,
) -> None:
    """xid 739 takes id 2 and commits while xid 740 holds id 1: xmin would let the cursor pass."""
    older, younger = writer.transaction(), rival.transaction()
    await older.start()
    await writer.execute("select pg_current_xact_id()")
    await younger.start()
    await rival.execute("select pg_current_xact_id()")
    await insert_event(rival, KEY, "1")
    await insert_event(writer, OTHER, "2")
    round = await a_round(reader, producer)

    await older.commit()
    await round.run()
    await younger.commit()
    await round.run()

    assert sorted(await log.sequences()) == [1, 2]


class Between:
    """A connection that lets something happen right after its first read."""

    def __init__(self, connection: asyncpg.Connection, then: Callable[[], Awaitable[None]]) -> None:
        self._connection = connection
        self._then: Callable[[], Awaitable[None]] | None = then

    async def fetch(self, *arguments: Any) -> Any:
        rows = await self._connection.fetch(*arguments)
        if self._then is not None:
            then, self._then = self._then, None
            await then()
        return rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


async def test_snapshot_what_fills_a_gap_goes_before_what_its_key_says_next(
    writer: asyncpg.Connection,
    rival: asyncpg.Connection,
    reader: asyncpg.Connection,
    producer: AIOKafkaProducer,
    log: Log,
) -> None:
    first = writer.transaction()
    await first.start()
    await insert_event(writer, KEY, "1")
    await insert_event(rival, OTHER, "2")
    position = await take(reader)
    await Round(reader, Lanes(producer), position).run()

    async def commit_and_go_on() -> None:
        await first.commit()
        await insert_event(rival, KEY, "3")

    round = Round(Between(reader, commit_and_go_on), Lanes(producer), position)
    await round.run()
    await round.run()

    assert await log.sequences(KEY) == [1, 3]


class Unreliable:
    """The real producer, but some sends fail: before they leave, or with the ack lost."""

    def __init__(self, producer: AIOKafkaProducer, *, fail: set[int], lose_ack: bool) -> None:
        self._producer = producer
        self._fail = fail
        self._lose_ack = lose_ack
        self._count = 0

    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> Any:
        self._count += 1
        if self._count not in self._fail:
            return await self._producer.send_batch(batch, topic, partition=partition)
        if self._lose_ack:
            await (await self._producer.send_batch(batch, topic, partition=partition))
        raise KafkaTimeoutError

    def create_batch(self) -> Any:
        return self._producer.create_batch()

    async def partitions_for(self, topic: str) -> Any:
        return await self._producer.partitions_for(topic)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows a batch, so that a key's events need several."""
    pack = lanes._pack

    def three(batch: Any, rows: Any, start: int, generation: int) -> int:
        return start + pack(batch, rows[start : start + 3], 0, generation)

    monkeypatch.setattr(lanes, "_pack", three)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("lose_ack", [False, True])
async def test_lane_nothing_overtakes_a_batch_that_failed(
    writer: asyncpg.Connection,
    reader: asyncpg.Connection,
    producer: AIOKafkaProducer,
    log: Log,
    lose_ack: bool,
) -> None:
    for number in range(12):
        await insert_event(writer, KEY, str(number))

    failing = Unreliable(producer, fail={2}, lose_ack=lose_ack)
    with suppress(KafkaTimeoutError):
        await (await a_round(reader, failing)).run()
    await (await a_round(reader, producer)).run()

    first_copies = list(dict.fromkeys(await log.sequences(KEY)))
    assert first_copies == list(range(1, 13))


async def test_acks_the_cursor_stays_until_kafka_has_acknowledged(
    writer: asyncpg.Connection,
    reader: asyncpg.Connection,
    producer: AIOKafkaProducer,
    log: Log,
) -> None:
    await insert_event(writer, KEY, "1")

    with pytest.raises(KafkaTimeoutError):
        await (await a_round(reader, Unreliable(producer, fail={1}, lose_ack=False))).run()
    await (await a_round(reader, producer)).run()

    assert await log.sequences() == [1]


async def test_a_relay_that_was_overtaken_cannot_move_the_cursor(
    reader: asyncpg.Connection, rival: asyncpg.Connection
) -> None:
    old = await take(reader)
    await take(rival)

    with pytest.raises(Fenced):
        await save(reader, old)


async def test_a_paused_connection_loses_the_lock_to_the_next_relay(
    probe_settings: Settings, rival: asyncpg.Connection
) -> None:
    paused = await connect_alone(probe_settings, "relay")
    told = await paused.fetchrow(  # at once, and then not before this test says so
        "select current_setting('idle_session_timeout'), pg_try_advisory_lock(6050),"
        " set_config('idle_session_timeout', '0', false)"
    )
    assert tuple(told) == ("5s", True, "0")
    assert not await rival.fetchval("select pg_try_advisory_lock(6050)")

    await rival.execute("select pg_terminate_backend($1)", paused.get_server_pid())

    async with asyncio.timeout(180):
        while not await rival.fetchval("select pg_try_advisory_lock(6050)"):
            await rival.execute("select pg_sleep(0.05)")
    paused.terminate()


async def test_a_log_that_kafka_lost_is_sent_again_as_a_new_generation(
    probe_settings: Settings,
    writer: asyncpg.Connection,
    reader: asyncpg.Connection,
    producer: AIOKafkaProducer,
    log: Log,
) -> None:
    await insert_event(writer, KEY, "1")
    position = await take(reader)
    await Round(reader, Lanes(producer), position).run()
    assert not await log_lost(probe_settings, position)

    position.marks = {mark: base + 1000 for mark, base in position.marks.items()}
    assert await log_lost(probe_settings, position)
    await send_again(probe_settings, reader, position)
    await Round(reader, Lanes(producer), position).run()

    assert await log.generations(KEY) == [1, 2]


async def test_an_ack_below_the_mark_says_that_kafka_lost_data(
    writer: asyncpg.Connection, reader: asyncpg.Connection, producer: AIOKafkaProducer
) -> None:
    await insert_event(writer, KEY, "1")
    position = await take(reader)
    round = Round(reader, Lanes(producer), position)
    await round.run()
    position.marks = {mark: base + 1000 for mark, base in position.marks.items()}
    await insert_event(writer, KEY, "2")

    with pytest.raises(LogLost):
        await round.run()


async def test_the_relay_adds_what_only_the_log_knows(
    writer: asyncpg.Connection, reader: asyncpg.Connection, producer: AIOKafkaProducer, log: Log
) -> None:
    event_id = uuid7()
    await insert_event(writer, KEY, "1", event_id=event_id)

    await (await a_round(reader, producer)).run()

    (headers,) = await log.headers(KEY)
    assert headers["ce_id"] == str(event_id)
    assert headers["ce_sequence"] == "1"
    assert headers["ce_loggeneration"] == "1"
    assert headers["ce_recordedtime"].endswith("+00:00")
