"""protocol.md §5 on a real PostgreSQL and a real broker: what is kept, and what may go."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import text

from shared.auth import UserRole
from shared.ids import uuid7
from shared.messaging import PARTITION_IDS, InboxRow
from shared.outbox_partitions import OutboxRetention, create_outbox_partitions
from shared.retention import AT_ONCE, InboxRetention, forget_settled_letters
from shared.settings import Settings
from shared.testing import ServiceUnderTest, record_of
from tests.shared.plumbing import connect, insert_event
from tests.shared.probe import returned

KEY = UUID(int=7)
NOW = datetime.now(UTC)
TASKS = frozenset({"assignment.tasks"})
SECOND, THIRD = PARTITION_IDS + 1, 2 * PARTITION_IDS + 1


async def execute(probe: ServiceUnderTest, sql: str, **values: object) -> None:
    async with probe.sessions.begin() as session:
        await session.execute(text(sql), values)


async def partitions(probe: ServiceUnderTest) -> list[int]:
    """The first ids of the log's partitions."""
    async with probe.sessions() as session:
        names = await session.scalars(
            text(
                "select relname from pg_inherits join pg_class c on c.oid = inhrelid"
                " where inhparent = 'outbox'::regclass"
            )
        )
        return sorted(int(name.removeprefix("outbox_")) for name in names)


@pytest.fixture
async def connection(probe_settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """On a log of three partitions, which it is again afterwards."""
    connection = await connect(probe_settings)
    yield connection
    connection.terminate()
    connection = await connect(probe_settings)
    await connection.execute("drop table if exists outbox_1")
    for low in (1, SECOND, THIRD):
        await connection.execute(
            f"create table if not exists outbox_{low} partition of outbox"
            f" for values from ({low}) to ({low + PARTITION_IDS})"
        )
    for table in await connection.fetch(
        "select relname from pg_class where relname ~ '^outbox_[0-9]+$' and relkind = 'r'"
    ):
        if int(table["relname"].removeprefix("outbox_")) > THIRD:
            await connection.execute(f"drop table {table['relname']}")
    connection.terminate()


async def one_full_partition(connection: asyncpg.Connection, *, days_old: int) -> None:
    """Rows at the end of the first partition and the start of the second, all sent."""
    await connection.execute(f"alter table outbox alter column id restart with {PARTITION_IDS - 1}")
    for number in range(4):
        await insert_event(connection, KEY, str(number))
    await connection.execute(
        "update outbox set recorded_at = now() - make_interval(days => $1)", days_old
    )
    await connection.execute("update outbox_cursor set top = (select max(id) from outbox)")


async def test_two_partitions_are_kept_ahead_of_the_last_id(
    probe: ServiceUnderTest, connection: asyncpg.Connection
) -> None:
    await one_full_partition(connection, days_old=0)

    await probe.run(create_outbox_partitions, now=NOW)

    assert await partitions(probe) == [1, SECOND, THIRD, THIRD + PARTITION_IDS]


async def test_partitions_are_made_beside_writers_that_do_not_end(
    probe: ServiceUnderTest, connection: asyncpg.Connection, probe_settings: Settings
) -> None:
    await one_full_partition(connection, days_old=0)
    transaction = connection.transaction()
    await transaction.start()
    await insert_event(connection, KEY, "open")

    async with asyncio.timeout(120):  # who waits for the writer is refused after lock_timeout
        await probe.run(create_outbox_partitions, now=NOW)

    await transaction.rollback()
    assert len(await partitions(probe)) == 4


async def test_a_partition_that_is_sent_and_old_is_dropped(
    probe: ServiceUnderTest, connection: asyncpg.Connection, probe_settings: Settings
) -> None:
    await one_full_partition(connection, days_old=31)

    await probe.work(OutboxRetention(TASKS, probe_settings).run, now=NOW)

    assert await partitions(probe) == [SECOND, THIRD]
    assert await connection.fetchval("select to_regclass('outbox_1')") is None
    assert await connection.fetchval("select count(*) from outbox") == 2


@pytest.mark.parametrize(
    ("kept_because", "change"),
    [
        ("not all is sent", "update outbox_cursor set top = 4999999"),
        ("a gap is in it", "update outbox_cursor set gap_lo = '{4000000}', gap_hi = '{4000009}'"),
        ("Kafka still has it", "update outbox set recorded_at = now() - interval '29 days'"),
    ],
)
async def test_a_partition_stays_that_somebody_may_need(
    probe: ServiceUnderTest,
    connection: asyncpg.Connection,
    probe_settings: Settings,
    kept_because: str,
    change: str,
) -> None:
    await one_full_partition(connection, days_old=31)
    await connection.execute(change)

    await probe.work(OutboxRetention(TASKS, probe_settings).run, now=NOW)

    assert await partitions(probe) == [1, SECOND, THIRD], kept_because


async def test_the_last_word_on_a_key_of_a_compacted_topic_stays(
    probe: ServiceUnderTest, connection: asyncpg.Connection, probe_settings: Settings
) -> None:
    """Should Kafka lose its log, the outbox alone can tell it again."""
    await one_full_partition(connection, days_old=31)
    await connection.execute("update outbox set topic = 'assignment.agencies', key = id::text")
    retention = OutboxRetention(TASKS | {"assignment.agencies"}, probe_settings, look_seconds=0)

    await probe.work(retention.run, now=NOW)
    kept = await partitions(probe)
    await connection.execute("update outbox set key = 'HN-SCT'")
    await probe.work(retention.run, now=NOW)

    assert kept == [1, SECOND, THIRD]
    assert await partitions(probe) == [SECOND, THIRD]


async def test_a_drop_that_was_interrupted_is_finished_by_the_next_one(
    probe: ServiceUnderTest, connection: asyncpg.Connection, probe_settings: Settings
) -> None:
    """A long reader holds the detach up until its process dies: it is left half done."""
    await one_full_partition(connection, days_old=31)
    reader = await connect(probe_settings)
    transaction = reader.transaction()
    await transaction.start()
    await reader.fetch("select 1 from outbox limit 1")
    await connection.execute("set statement_timeout = '500ms'")
    with pytest.raises(asyncpg.QueryCanceledError):
        await connection.execute("alter table outbox detach partition outbox_1 concurrently")
    await transaction.rollback()
    reader.terminate()

    await probe.work(OutboxRetention(TASKS, probe_settings).run, now=NOW)

    assert await partitions(probe) == [SECOND, THIRD]
    assert await connection.fetchval("select to_regclass('outbox_1')") is None


async def remember(probe: ServiceUnderTest, number: int, *, days_old: int) -> None:
    await execute(
        probe,
        "insert into inbox (event_id, digest, received_at) select gen_random_uuid(), 0,"
        " now() - make_interval(days => :days) from generate_series(1, :number)",
        number=number,
        days=days_old,
    )


async def floor_of(probe: ServiceUnderTest) -> datetime:
    async with probe.sessions() as session:
        floor: datetime = (
            await session.execute(text("select floor from inbox_floor"))
        ).scalar_one()
        return floor


async def test_the_floor_moves_first_and_nothing_is_deleted_before_it_has_stood(
    probe: ServiceUnderTest, probe_settings: Settings
) -> None:
    await remember(probe, 3, days_old=60)
    retention = InboxRetention(sorted(TASKS), probe_settings)

    for _ in range(3):
        assert await probe.work(retention.run, now=NOW) == 0

    age = datetime.now(UTC) - await floor_of(probe)
    assert timedelta(days=36) < age < timedelta(days=38)
    assert await probe.count(InboxRow) == 3


async def test_what_lies_below_a_floor_that_has_stood_goes_in_bounded_chunks(
    probe: ServiceUnderTest, probe_settings: Settings
) -> None:
    await remember(probe, AT_ONCE + 10, days_old=60)
    await remember(probe, 5, days_old=30)
    retention = InboxRetention(sorted(TASKS), probe_settings, safe_seconds=0.0)

    gone = [await probe.work(retention.run, now=NOW) for _ in range(4)]

    assert gone == [0, AT_ONCE, 10, 0]
    assert await probe.count(InboxRow) == 5


async def test_a_repeat_of_what_was_forgotten_is_set_aside_and_never_applied_again(
    probe: ServiceUnderTest, probe_settings: Settings
) -> None:
    old = (datetime.now(UTC) - timedelta(days=60)).isoformat()
    record = record_of(returned(KEY, "once"), headers={"ce_recordedtime": old})
    await probe.deliver_records(record)
    await execute(probe, "update inbox set received_at = now() - interval '60 days'")
    retention = InboxRetention(sorted(TASKS), probe_settings, safe_seconds=0.0)
    for _ in range(3):
        await probe.work(retention.run, now=NOW)
    assert await probe.count(InboxRow) == 0

    await probe.deliver_records(record)

    (letter,) = await probe.dead_letters()
    assert "older than the inbox" in (letter.error or "")


async def test_a_publisher_whose_clock_is_ahead_is_not_forgotten_too_early(
    probe: ServiceUnderTest, probe_settings: Settings
) -> None:
    """Its recorded time is above the floor, our note of it just below: it must still be there."""
    event_id = uuid7()
    await probe.deliver(returned(KEY, "once"), event_id=event_id)
    await execute(probe, "update inbox set received_at = now() - interval '37 days 20 minutes'")
    retention = InboxRetention(sorted(TASKS), probe_settings)
    retention._floor = datetime.now(UTC) - timedelta(days=37)
    retention._since = -10_000.0

    await probe.work(retention.run, now=NOW)

    assert await probe.count(InboxRow) == 1


async def test_topics_that_keep_longer_than_the_inbox_are_told_and_nothing_is_forgotten(
    probe: ServiceUnderTest, probe_settings: Settings
) -> None:
    await remember(probe, 3, days_old=60)
    short = probe_settings.model_copy(update={"inbox_days": 30})
    retention = InboxRetention(sorted(TASKS), short, safe_seconds=0.0)
    probe.app.state.inbox = retention
    try:
        for _ in range(3):
            assert await probe.work(retention.run, now=NOW) == 0
        async with probe.client(UserRole.OPERATOR) as client:
            told = (await client.get("/health/ready")).json()["warnings"]["inbox"]
    finally:
        probe.app.state.inbox = InboxRetention(sorted(TASKS), probe_settings)

    assert told == "a topic keeps records for 30 days: set DONDOC_INBOX_DAYS to 37"
    assert (await floor_of(probe)).year == 1970
    assert await probe.count(InboxRow) == 3


async def test_settled_dead_letters_go_after_90_days_and_open_ones_never(
    probe: ServiceUnderTest,
) -> None:
    keys = [uuid4() for _ in range(3)]
    await probe.deliver(*(returned(key, "poison") for key in keys))
    await execute(
        probe,
        "update dead_letters set created_at = now() - interval '200 days',"
        " state = case when key = :open then 'dead' else 'discarded' end,"
        " settled_at = case when key = :old then now() - interval '91 days'"
        " when key = :new then now() - interval '89 days' end",
        open=str(keys[0]).encode(),
        old=str(keys[1]).encode(),
        new=str(keys[2]).encode(),
    )

    assert await probe.run(forget_settled_letters, now=NOW) == 1

    async with probe.sessions() as session:
        left = await session.scalars(text("select key from dead_letters order by id"))
        assert list(left) == [str(keys[0]).encode(), str(keys[2]).encode()]
