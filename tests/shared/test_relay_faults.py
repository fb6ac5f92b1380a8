"""protocol.md §6, the relay itself: an outage, a lost session, a broker that lost its log."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer

from shared import relay
from shared.cursor import take
from shared.lanes import Lanes
from shared.relay import Relay, Round
from shared.settings import KafkaKind, Settings
from tests.shared.plumbing import Log, insert_event
from tests.shared.replicas import until

KEY = UUID(int=7)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Relay]:
    started = Relay("probe", settings)
    task = asyncio.create_task(started.run())

    async def active() -> bool:
        return started.active

    try:
        await until(active)
        yield started
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Late:
    """The real producer, but the acks of the first batch keep the relay waiting."""

    def __init__(self, producer: AIOKafkaProducer, seconds: float) -> None:
        self._producer = producer
        self._seconds = seconds

    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> Any:
        seconds, self._seconds = self._seconds, 0.0
        await asyncio.sleep(seconds)
        return await self._producer.send_batch(batch, topic, partition=partition)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._producer, name)


async def test_heartbeat_the_relays_session_outlives_an_outage_longer_than_its_timeout(
    writer: asyncpg.Connection,
    reader: asyncpg.Connection,
    producer: AIOKafkaProducer,
    log: Log,
) -> None:
    """Without it PostgreSQL ends an idle session after 5 s, and relays hand over for nothing.

    Here after 10 s: a machine that pauses for 5 is no fault of the relay's.
    """
    await insert_event(writer, KEY, "1")
    round = Round(reader, Lanes(Late(producer, 12.5)), await take(reader))
    await reader.execute("set idle_session_timeout = '10s'")

    await round.run()
    await round.run()
    await reader.execute("set idle_session_timeout = 0")

    assert await log.sequences(KEY) == [1]
    assert await reader.fetchval("select top from outbox_cursor") == 1


async def test_heartbeat_also_while_it_looks_whether_kafka_has_lost_data(
    probe_settings: Settings, writer: asyncpg.Connection, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Kafka that answers slowly would keep every relay from ever sending."""

    async def late(*_: object) -> bool:
        await asyncio.sleep(7.5)
        return False

    monkeypatch.setattr(relay, "log_lost", late)
    async with running(probe_settings):
        await insert_event(writer, KEY, "1")
        await until(lambda: sent(log, 1))


async def test_a_relay_that_loses_its_session_starts_over_from_the_saved_cursor(
    probe_settings: Settings, writer: asyncpg.Connection, log: Log
) -> None:
    async with running(probe_settings):
        await insert_event(writer, KEY, "1")
        await until(lambda: sent(log, 1))
        epoch = await writer.fetchval("select epoch from outbox_cursor")
        await writer.execute(
            "select pg_terminate_backend(pid, 60000) from pg_stat_activity"
            " where application_name = 'relay' and datname = current_database()"
        )
        await insert_event(writer, KEY, "2")
        await until(lambda: sent(log, 2))
        assert await writer.fetchval("select epoch from outbox_cursor") > epoch

    assert list(dict.fromkeys(await log.sequences(KEY))) == [1, 2]


async def sent(log: Log, number: int) -> bool:
    return len(set(await log.sequences(KEY))) >= number


async def test_marks_at_its_start_the_relay_sees_that_kafka_lost_data_and_sends_the_log_again(
    probe_settings: Settings, writer: asyncpg.Connection, log: Log
) -> None:
    async with running(probe_settings):
        await insert_event(writer, KEY, "1")

        async def marked() -> bool:
            return bool(await writer.fetchval("select marks <> '{}' from outbox_cursor"))

        await until(marked)
    await writer.execute(
        "update outbox_cursor set marks = (select jsonb_object_agg(key, value::text::int + 1000)"
        " from jsonb_each(marks))"
    )

    async with running(probe_settings):

        async def again() -> bool:
            return list(dict.fromkeys(await log.generations(KEY))) == [1, 2]

        await until(again)

    assert set(await log.sequences(KEY)) == {1}


async def test_append_time_a_simulated_clock_lets_retention_delete_nothing_unread(
    probe_settings: Settings, writer: asyncpg.Connection, reader: asyncpg.Connection,
    producer: AIOKafkaProducer, log: Log,
) -> None:  # fmt: skip
    """Even who sends with a time of 2016 gets the broker's."""
    if probe_settings.kafka_kind is KafkaKind.EMBEDDED:
        pytest.skip("the embedded broker keeps the sender's time, and keeps records for ever")
    long_ago = datetime(2016, 10, 20, tzinfo=UTC)
    await producer.send_and_wait(
        "assignment.tasks",
        b"{}",
        key=str(KEY).encode(),
        timestamp_ms=int(long_ago.timestamp() * 1000),
    )
    await insert_event(writer, KEY, "1")
    await Round(reader, Lanes(producer), await take(reader)).run()

    for record in await log.records(KEY):
        age = datetime.now(UTC) - datetime.fromtimestamp(record.timestamp / 1000, UTC)
        assert age < timedelta(hours=1)
    assert len(await log.records(KEY)) == 2
