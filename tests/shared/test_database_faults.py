"""protocol.md §6 on a PostgreSQL of these tests' own: prepared transactions, a crash, an outage."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from sqlalchemy import text

from deploy.local import postgres
from deploy.local.memory import alive
from deploy.local.processes import Processes
from deploy.local.stack import temporary_folder
from shared.batch import BatchHandler, GiveUp
from shared.clock import Clock
from shared.cursor import take
from shared.database import (
    connect_alone,
    create_engine,
    create_sessions,
    insert_rows,
    is_transient,
)
from shared.lanes import Lanes, create_producer, drop
from shared.records import Received, StoredRecord, read
from shared.relay import Round
from shared.replica import NameLost, beat
from shared.settings import Settings
from shared.testing import record_of
from tests.shared import probe
from tests.shared.plumbing import Log, connect, insert_event
from tests.shared.probe import returned

KEY, OTHER = UUID(int=7), UUID(int=8)


@dataclass
class Server:
    """A server to crash, with the probe's tables in it."""

    processes: Processes
    settings: Settings

    async def crash(self) -> None:
        """kill -9 of the postmaster and all it has started."""
        await self.processes.kill("postgres")

    async def recover(self) -> None:
        await self.processes.restart("postgres")
        async with asyncio.timeout(180):
            while True:
                try:
                    connection = await connect(self.settings)
                except (OSError, asyncpg.PostgresError):
                    await asyncio.sleep(0.1)
                    continue
                await connection.close()
                return


@pytest.fixture(scope="module")
async def server(_probe_settings: Settings) -> AsyncIterator[Server]:
    with temporary_folder() as folder:
        async with Processes(folder / "log") as processes:
            started = await postgres.start(folder, processes, port=0)
            password = await postgres.create_database(started, probe.NAME)
            url = f"postgresql+asyncpg://{probe.NAME}:{password}@127.0.0.1:{started.port}"
            settings = _probe_settings.model_copy(update={"database_url": f"{url}/{probe.NAME}"})
            server = Server(processes, settings)
            admin = await asyncpg.connect(started.url("postgres"))
            await admin.execute("alter system set max_prepared_transactions = 5")
            await admin.close()
            await processes.stop("postgres")
            await server.recover()
            yield server


@pytest.fixture
async def settings(server: Server) -> Settings:
    """On tables that are empty."""
    engine = create_engine(server.settings.database_url, name="setup")
    await probe.create_tables(engine)
    await engine.dispose()
    return server.settings


@pytest.fixture
async def producer(settings: Settings) -> AsyncIterator[AIOKafkaProducer]:
    producer = create_producer(settings, "test")
    await producer.start()
    yield producer
    await drop(producer)


@pytest.fixture
async def connections(settings: Settings) -> AsyncIterator[list[asyncpg.Connection]]:
    """Two."""
    opened = [await connect(settings) for _ in range(2)]
    yield opened
    for connection in opened:
        connection.terminate()


async def sent(settings: Settings, producer: AIOKafkaProducer, *, rounds: int = 4) -> None:
    """What a relay does that takes over."""
    reader = await connect_alone(settings, "relay")
    round = Round(reader, Lanes(producer), await take(reader))
    for _ in range(rounds):
        await round.run()
    reader.terminate()


async def gaps_of(connection: asyncpg.Connection) -> list[int]:
    gaps: list[int] = await connection.fetchval("select gap_lo from outbox_cursor")
    return gaps


async def test_a_prepared_transaction_keeps_its_gap_until_it_is_decided(
    settings: Settings,
    connections: list[asyncpg.Connection],
    producer: AIOKafkaProducer,
    log: Log,
) -> None:
    """Also for the relay that knew its writer before; PostgreSQL 18 lets it keep that name."""
    first, second = connections
    connections.append(reader := await connect(settings))
    round = Round(reader, Lanes(producer), await take(reader))
    await first.execute("begin")
    await insert_event(first, KEY, "1")
    await insert_event(second, OTHER, "2")
    for _ in range(2):
        await round.run()
    await first.execute("prepare transaction 'undecided'")
    for _ in range(3):
        await round.run()
    kept = await gaps_of(second)

    await second.execute("commit prepared 'undecided'")
    await insert_event(second, KEY, "3")
    for _ in range(4):
        await round.run()

    assert kept == [1]
    assert await log.sequences(KEY) == [1, 3]
    assert await gaps_of(second) == []


async def test_a_prepared_transaction_that_is_rolled_back_leaves_no_gap(
    settings: Settings, connections: list[asyncpg.Connection], producer: AIOKafkaProducer
) -> None:
    first, second = connections
    await first.execute("begin")
    await insert_event(first, KEY, "1")
    await first.execute("prepare transaction 'undecided'")
    await insert_event(second, OTHER, "2")
    await sent(settings, producer)

    await second.execute("rollback prepared 'undecided'")
    await sent(settings, producer)

    assert await gaps_of(second) == []


async def test_a_crash_leaves_a_gap_in_the_ids_and_loses_nothing(
    server: Server,
    settings: Settings,
    connections: list[asyncpg.Connection],
    producer: AIOKafkaProducer,
    log: Log,
) -> None:
    before, _ = connections
    ids = [await insert_event(before, KEY, str(number)) for number in range(3)]
    await before.execute("begin")
    await insert_event(before, KEY, "never committed")
    await sent(settings, producer)

    await server.crash()
    await server.recover()
    connections.append(after := await connect(settings))
    ids += [await insert_event(after, KEY, str(number)) for number in range(3, 6)]
    await sent(settings, producer)

    assert ids[3] - ids[2] > 1
    assert list(dict.fromkeys(await log.sequences(KEY))) == ids
    assert await gaps_of(after) == []


async def test_in_an_outage_no_attempt_counts_and_the_batch_waits(
    server: Server, settings: Settings, connections: list[asyncpg.Connection]
) -> None:
    engine = create_engine(settings.database_url, name="probe-1")
    sessions = create_sessions(engine, source=probe.NAME, clock=Clock())
    batches = BatchHandler(sessions, probe.handlers, give_up=GiveUp(attempts=1, seconds=0.0))
    record = record_of(returned(uuid4(), "once"))
    await server.crash()

    handling = asyncio.create_task(batches.handle([_read(record)]))
    await asyncio.sleep(2)
    assert not handling.done()
    await server.recover()
    await asyncio.wait_for(handling, 180)

    connections.append(connection := await connect(settings))
    assert await connection.fetchval("select count(*) from effects") == 1
    assert await connection.fetchval("select count(*) from dead_letters") == 0
    await engine.dispose()


@pytest.mark.parametrize(
    "told",
    [ConnectionRefusedError(111, "Connect call failed"), asyncpg.CannotConnectNowError("starting")],
)
async def test_an_attempt_that_was_refused_does_not_count_though_the_database_is_back(
    settings: Settings, told: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = create_engine(settings.database_url, name="probe-1")
    sessions = create_sessions(engine, source=probe.NAME, clock=Clock())
    batches = BatchHandler(sessions, probe.handlers, give_up=GiveUp(attempts=1, seconds=0.0))
    record = record_of(returned(uuid4(), "once"))
    whole, refused = batches._transaction, [told]

    async def at_first_refused(*arguments: Any) -> Any:
        if refused:
            raise refused.pop()
        return await whole(*arguments)

    monkeypatch.setattr(batches, "_transaction", at_first_refused)
    await batches.handle([_read(record)])

    async with sessions() as session:
        assert await session.scalar(text("select count(*) from dead_letters")) == 0
        assert await session.scalar(text("select count(*) from effects")) == 1
    await engine.dispose()


def _read(record: StoredRecord) -> Received:
    received = read(record, probe.handlers)
    assert received is not None
    return received


async def farewell(settings: Settings, pid: int, turns: int) -> None:
    """The server ends that session; after some turns of the loop its farewell is read and its
    hanging up not yet."""
    other = await connect(settings)
    await other.execute("select pg_terminate_backend($1)", pid)
    other.terminate()  # takes no turn
    while alive(pid):  # then both are there, and nobody has looked
        time.sleep(0.01)  # noqa: ASYNC251  the loop must not look
    for _ in range(turns):
        await asyncio.sleep(0)


@pytest.mark.parametrize("turns", range(4))
async def test_a_copy_between_the_servers_farewell_and_its_hanging_up_is_an_outage(
    settings: Settings, turns: int
) -> None:
    engine = create_engine(settings.database_url, name="copies")
    sessions = create_sessions(engine, source=probe.NAME, clock=Clock())
    row = {"key": KEY, "what": "one"}

    async def copy_twice() -> None:
        async with sessions.begin() as session:
            await insert_rows(session, probe.Effect, [row])
            own = await session.scalar(text("select pg_backend_pid()"))
            await farewell(settings, own, turns)
            await insert_rows(session, probe.Effect, [row])

    with pytest.raises(Exception, match=r"clos|terminat") as raised:
        await copy_twice()
    await engine.dispose()

    assert is_transient(raised.value)


@pytest.mark.parametrize("turns", range(4))
async def test_a_beat_then_says_that_the_name_is_lost(settings: Settings, turns: int) -> None:
    connection = await connect_alone(settings, "name")
    await farewell(settings, connection.get_server_pid(), turns)

    with pytest.raises(NameLost):
        await beat(connection)
