"""A publisher restored from a back-up repeats no id and hears again what it lost."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.structs import OffsetAndMetadata

from deploy.local import broker
from deploy.local.processes import Processes
from deploy.restored import mend, read_again
from shared import restored
from shared.commits import commits_of
from shared.cursor import take
from shared.lanes import Lanes
from shared.relay import Round
from shared.restored import IdsWouldRepeat, Told, TooFewPartitions, refuse_repeated_ids, told_by
from shared.settings import KafkaKind, Settings
from tests.shared.plumbing import TOPIC, Log, commit, connect_relay, insert_event

KEY = UUID(int=7)


@pytest.fixture
def settings(probe_settings: Settings) -> Settings:
    return probe_settings


@pytest.fixture
async def connection(probe_settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect_relay(probe_settings)
    yield connection
    connection.terminate()


async def told(connection: asyncpg.Connection, producer: AIOKafkaProducer, *what: str) -> None:
    """Committed and sent."""
    for one in what:
        await insert_event(connection, KEY, one)
    await Round(connection, Lanes(producer), await take(connection)).run()


async def restore(connection: asyncpg.Connection, *, last: int) -> None:
    """As a back-up has it that was taken after this id; then the service went on for an event."""
    await connection.execute("delete from outbox where id > $1", last)
    await connection.execute("update outbox_cursor set top = $1, generation = 1", last)
    await connection.execute(f"alter table outbox alter column id restart with {last + 1}")
    await insert_event(connection, KEY, "after the restore")


@pytest.fixture
async def first(connection: asyncpg.Connection, settings: Settings) -> int:
    """An id above all that earlier tests have left on the topic."""
    sequence = (await told_by(settings, "probe", [TOPIC])).sequence + 1
    await connection.execute(f"alter table outbox alter column id restart with {sequence}")
    return sequence


async def test_the_relay_refuses_to_repeat_ids_and_says_what_to_do(
    connection: asyncpg.Connection, producer: AIOKafkaProducer, settings: Settings, first: int
) -> None:
    await told(connection, producer, "a", "b", "c")
    await refuse_repeated_ids(settings, "probe", [TOPIC], connection)

    await restore(connection, last=first)

    last = first + 2
    with pytest.raises(IdsWouldRepeat, match=f"ce_sequence {last}.*deploy.restored probe"):
        await refuse_repeated_ids(settings, "probe", [TOPIC], connection)


async def test_a_look_that_takes_long_does_not_end_the_session_that_it_is_for(
    connection: asyncpg.Connection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def late(*_: object, **__: object) -> Told:
        await asyncio.sleep(12.5)
        return Told()

    monkeypatch.setattr(restored, "told_by", late)
    await connection.execute("set idle_session_timeout = '10s'")

    await refuse_repeated_ids(settings, "probe", [TOPIC], connection)

    assert await connection.fetchval("select 1") == 1


async def test_ids_go_on_above_what_the_topics_hold_and_what_nobody_saw_is_renumbered(
    connection: asyncpg.Connection,
    producer: AIOKafkaProducer,
    settings: Settings,
    log: Log,
    first: int,
) -> None:
    await connection.execute("update outbox_cursor set generation = 3")
    await told(connection, producer, "a", "b", "c")
    await restore(connection, last=first)

    mended = await mend(settings, "probe", [TOPIC])
    await refuse_repeated_ids(settings, "probe", [TOPIC], connection)
    await told(connection, producer, "d")

    assert (mended.sequence, mended.generation, mended.renumbered) == (first + 2, 3, 1)
    assert await log.sequences(KEY) == [first, first + 1, first + 2, first + 3, first + 4]
    assert set(await log.generations(KEY)) == {3}


async def test_what_the_backup_had_not_sent_yet_but_the_topics_hold_keeps_its_id(
    connection: asyncpg.Connection,
    producer: AIOKafkaProducer,
    settings: Settings,
    log: Log,
    first: int,
) -> None:
    """Sent again under its own id it is a repeat to everybody, also to who counts ids."""
    await told(connection, producer, "a", "b", "c")
    await restore(connection, last=first + 1)
    await connection.execute("update outbox_cursor set top = $1", first)

    await mend(settings, "probe", [TOPIC])
    await told(connection, producer)

    sequences = await log.sequences(KEY)
    assert list(dict.fromkeys(sequences)) == [first, first + 1, first + 2, first + 3]
    assert sequences.count(first + 1) == 2


async def test_a_topic_that_a_broker_made_by_itself_is_named(tmp_path: Path) -> None:
    async with Processes(tmp_path) as processes:
        url = await broker.start(processes, port=0)
        admin = AIOKafkaAdminClient(bootstrap_servers=url)
        await admin.start()
        await admin.create_topics([NewTopic("budget.lines", 4, 1)])
        await admin.close()
        settings = Settings(database_url="postgresql+asyncpg://", kafka_url=url)

        with pytest.raises(TooFewPartitions, match=r"budget\.lines has 4 partitions, not 12"):
            async with asyncio.timeout(180):
                await told_by(settings, "budget", ["budget.lines"], last_only=True)


async def test_mending_twice_changes_nothing_more(
    connection: asyncpg.Connection, producer: AIOKafkaProducer, settings: Settings, first: int
) -> None:
    await told(connection, producer, "a", "b", "c")
    await restore(connection, last=first)
    await mend(settings, "probe", [TOPIC])
    before = await connection.fetch("select id, event_id from outbox order by id")

    again = await mend(settings, "probe", [TOPIC])

    assert again.renumbered == 0
    assert await connection.fetch("select id, event_id from outbox order by id") == before


async def test_the_restored_service_reads_again_what_it_heard_after_the_backup(
    settings: Settings,
) -> None:
    if settings.kafka_kind is KafkaKind.EMBEDDED:
        pytest.skip("the embedded broker does not tell what a group has committed")
    group, partition = f"g-{uuid4()}", TopicPartition(TOPIC, 3)
    await commit(settings, group, {partition: OffsetAndMetadata(7, "generation=2")})

    assert await read_again(settings, group) == 1

    assert await commits_of(settings, group) == {partition: OffsetAndMetadata(0, "generation=2")}
