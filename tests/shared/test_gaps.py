"""protocol.md §6, the rows about gaps: who may still fill one, and what nobody waits for."""

from uuid import UUID

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer

from shared.cursor import take
from shared.database import SESSION_SETTINGS, connect_alone, engine_of
from shared.lanes import Lanes
from shared.relay import Round
from shared.settings import Settings
from shared.testing import ServiceUnderTest
from tests.shared.plumbing import Log, insert_event

KEY, OTHER = UUID(int=7), UUID(int=8)


async def a_round(reader: asyncpg.Connection, producer: AIOKafkaProducer) -> Round:
    return Round(reader, Lanes(producer), await take(reader))


async def cursor(reader: asyncpg.Connection) -> tuple[int, list[int]]:
    row = await reader.fetchrow("select top, gap_lo from outbox_cursor")
    return row["top"], row["gap_lo"]


async def test_an_id_rolled_back_to_a_savepoint_is_waited_for_until_its_transaction_ends(
    writer: asyncpg.Connection,
    rival: asyncpg.Connection,
    reader: asyncpg.Connection,
    producer: AIOKafkaProducer,
    log: Log,
) -> None:
    await writer.execute("begin")
    await writer.execute("savepoint here")
    await insert_event(writer, KEY, "1")
    await writer.execute("rollback to savepoint here")
    await insert_event(writer, KEY, "2")
    await insert_event(rival, OTHER, "3")
    round = await a_round(reader, producer)
    for _ in range(3):
        await round.run()
    waiting = await cursor(reader)

    await writer.execute("commit")
    for _ in range(3):
        await round.run()

    assert waiting == (3, [1])
    assert await cursor(reader) == (3, [])
    assert sorted(await log.sequences()) == [2, 3]


async def test_the_gap_of_a_writer_that_was_killed_is_given_up(
    writer: asyncpg.Connection,
    rival: asyncpg.Connection,
    reader: asyncpg.Connection,
    producer: AIOKafkaProducer,
) -> None:
    await writer.execute("begin")
    await insert_event(writer, KEY, "1")
    await insert_event(rival, OTHER, "2")
    round = await a_round(reader, producer)
    for _ in range(2):
        await round.run()
    before = await cursor(reader)

    await rival.execute("select pg_terminate_backend($1, 60000)", writer.get_server_pid())
    for _ in range(3):
        await round.run()

    assert before == (2, [1])
    assert await cursor(reader) == (2, [])


async def test_nothing_waits_for_a_long_reader_or_a_writer_of_other_tables(
    writer: asyncpg.Connection,
    rival: asyncpg.Connection,
    reader: asyncpg.Connection,
    producer: AIOKafkaProducer,
    log: Log,
) -> None:
    """Nor for the gap of one that was rolled back meanwhile."""
    await writer.execute("begin isolation level repeatable read")
    await writer.fetch("select count(*) from outbox")
    await writer.execute("insert into roots values (gen_random_uuid(), 1)")
    await rival.execute("begin")
    await insert_event(rival, KEY, "1")
    await rival.execute("rollback")
    await insert_event(rival, KEY, "2")
    round = await a_round(reader, producer)

    for _ in range(3):
        await round.run()

    assert await log.sequences(KEY) == [2]
    assert await cursor(reader) == (2, [])


async def test_nothing_waits_for_a_writer_in_another_database(
    stack_settings: Settings,
    rival: asyncpg.Connection,
    reader: asyncpg.Connection,
    producer: AIOKafkaProducer,
    log: Log,
) -> None:
    """xmin is of the whole cluster: with it this writer would hold every row back."""
    elsewhere = await connect_alone(stack_settings, "test")
    try:
        await elsewhere.execute("begin")
        await elsewhere.execute("create table held (id int)")
        await rival.execute("begin")
        await insert_event(rival, KEY, "1")
        await rival.execute("rollback")
        await insert_event(rival, KEY, "2")
        round = await a_round(reader, producer)
        for _ in range(3):
            await round.run()
    finally:
        elsewhere.terminate()

    assert await log.sequences(KEY) == [2]
    assert await cursor(reader) == (2, [])


@pytest.fixture
def stack_settings(probe_settings: Settings, budget: ServiceUnderTest) -> Settings:
    """Of another service on the same server."""
    url = engine_of(budget.sessions).url.render_as_string(hide_password=False)
    return probe_settings.model_copy(update={"database_url": url})


async def test_a_service_that_pauses_in_a_transaction_loses_it_after_15_seconds(
    probe: ServiceUnderTest,
) -> None:
    async with probe.sessions() as session:
        connection = await session.connection()
        told = await connection.exec_driver_sql("show idle_in_transaction_session_timeout")

        assert told.scalar_one() == SESSION_SETTINGS["idle_in_transaction_session_timeout"] == "15s"
