"""protocol.md §4 against a real broker: offsets, generations, one poison event, restart."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import CommitFailedError
from aiokafka.structs import OffsetAndMetadata
from faststream.kafka import KafkaBroker
from sqlalchemy import text

from shared.auth import UserRole
from shared.consumer import Consumer
from shared.settings import KafkaKind, Settings
from shared.testing import ServiceUnderTest, record_of
from tests.shared.plumbing import TOPIC, Log, commit, holding
from tests.shared.probe import returned

KEY = UUID(int=7)
PARTITION = TopicPartition(TOPIC, 3)


@pytest.fixture
def group(probe_settings: Settings) -> Settings:
    return probe_settings


def a_consumer(probe: ServiceUnderTest, settings: Settings, group: str) -> Consumer:
    return Consumer(group, settings, probe.app.state.handlers, probe.batches)


@asynccontextmanager
async def running(consumer: Consumer) -> AsyncIterator[None]:
    task = asyncio.create_task(consumer.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], Awaitable[bool]], *, seconds: float = 120) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110  the broker gives no signal to wait for
            await asyncio.sleep(0.02)


async def send(producer: AIOKafkaProducer, key: UUID, what: str, *, generation: int = 1) -> None:
    record = record_of(returned(key, what), headers={"ce_loggeneration": str(generation)})
    await producer.send_and_wait(
        TOPIC,
        record.value,
        key=record.key,
        partition=PARTITION.partition,
        headers=list(record.headers),
    )


async def seen(probe: ServiceUnderTest) -> list[str]:
    async with probe.sessions() as session:
        return list((await session.scalars(text("select what from effects order by place"))).all())


async def start_of_test(settings: Settings, group: str) -> int:
    """Let the group begin where the topic ends now; earlier tests wrote there too."""
    log = Log(settings.kafka_url)
    await log.begin()
    ends = {partition: OffsetAndMetadata(end, "") for partition, end in log.start.items()}
    await commit(settings, group, ends)
    return log.start[PARTITION]


async def test_one_of_several_brokers_that_is_away_keeps_nobody_from_reading(
    probe: ServiceUnderTest, probe_settings: Settings, producer: AIOKafkaProducer
) -> None:
    group = f"g-{uuid4()}"
    await start_of_test(probe_settings, group)
    several = probe_settings.model_copy(
        update={"kafka_url": f"127.0.0.1:1,{probe_settings.kafka_url}"}
    )
    await send(producer, KEY, "one")

    async def arrived() -> bool:
        return await seen(probe) == ["one"]

    async with running(a_consumer(probe, several, group)):
        await until(arrived)


async def test_events_arrive_in_order_and_the_next_start_reads_on(
    probe: ServiceUnderTest, probe_settings: Settings, producer: AIOKafkaProducer
) -> None:
    group = f"g-{uuid4()}"
    await start_of_test(probe_settings, group)

    async def arrived(number: int) -> bool:
        return len(await seen(probe)) >= number

    async with running(a_consumer(probe, probe_settings, group)):
        for what in "abc":
            await send(producer, KEY, what)
        await until(lambda: arrived(3))
    for what in "de":
        await send(producer, KEY, what)
    async with running(a_consumer(probe, probe_settings, group)):
        await until(lambda: arrived(5))

    assert await seen(probe) == list("abcde")


async def test_names_a_start_that_takes_longer_than_a_session_may_be_idle_does_not_lose_the_name(
    probe: ServiceUnderTest,
    probe_settings: Settings,
    producer: AIOKafkaProducer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A Kafka that answers slowly would keep the replica from ever reading."""
    group = f"g-{uuid4()}"
    await start_of_test(probe_settings, group)
    await send(producer, KEY, "one")
    start = KafkaBroker.start

    async def late(broker: KafkaBroker) -> None:
        await asyncio.sleep(7.5)
        await start(broker)

    async def arrived() -> bool:
        return await seen(probe) == ["one"]

    monkeypatch.setattr(KafkaBroker, "start", late)
    async with running(a_consumer(probe, probe_settings, group)):
        await until(arrived)


async def test_what_waits_when_a_consumer_ends_is_read_by_the_next_start(
    probe: ServiceUnderTest,
    probe_settings: Settings,
    producer: AIOKafkaProducer,
    rival: asyncpg.Connection,
) -> None:
    """Also where more is polled while the batch in hand ends: no commit goes past what waited."""
    group = f"g-{uuid4()}"
    await start_of_test(probe_settings, group)
    consumer = a_consumer(probe, probe_settings, group)

    async def in_hand() -> bool:
        return consumer._in_hand.busy

    async def waiting() -> bool:
        return bool(consumer._in_hand._waiting)

    async def arrived() -> bool:
        return len(await seen(probe)) == 3

    async def closed() -> bool:
        return consumer._in_hand._closed

    reading = asyncio.create_task(consumer.run())
    async with holding(rival):
        await send(producer, KEY, "a held")
        await until(in_hand)
        await send(producer, KEY, "b")
        await until(waiting)
        reading.cancel()
        await send(producer, KEY, "c")
        await until(closed)
    await asyncio.gather(reading, return_exceptions=True)
    async with running(a_consumer(probe, probe_settings, group)):
        await until(arrived)

    assert await seen(probe) == ["a held", "b", "c"]


async def test_a_consumer_whose_coordination_died_reads_on_with_a_new_one(
    probe: ServiceUnderTest, probe_settings: Settings, producer: AIOKafkaProducer
) -> None:
    """aiokafka's own task ended of what it does not expect; its polls fail from then on."""
    group = f"g-{uuid4()}"
    await start_of_test(probe_settings, group)
    consumer = a_consumer(probe, probe_settings, group)

    async def reads() -> bool:
        return consumer.reading

    async def arrived() -> bool:
        return await seen(probe) == ["after"]

    async with running(consumer):
        await until(reads)
        first = consumer._kafka()
        assert first is not None
        coordinator = first._coordinator
        coordinator.ensure_coordinator_known = unexpected
        coordinator.coordinator_dead()
        await asyncio.wait([coordinator._coordination_task])
        await send(producer, KEY, "after")

        await until(arrived)


async def unexpected() -> None:
    raise RuntimeError("what aiokafka does not expect")


async def test_generation_a_log_written_anew_is_read_from_its_start(
    probe: ServiceUnderTest, probe_settings: Settings, producer: AIOKafkaProducer
) -> None:
    """The broker lost its log but kept the offset: what stands below it has never been read."""
    group = f"g-{uuid4()}"
    told = [f"{group} {number}" for number in range(7)]
    for what in told[:6]:
        await send(producer, KEY, what, generation=2)
    end = await start_of_test(probe_settings, group)
    await send(producer, KEY, told[6], generation=2)
    assert end >= 6
    consumer = a_consumer(probe, probe_settings, group)
    remembered = consumer._generations

    async def arrived() -> bool:
        remembered.setdefault(PARTITION, 1)
        return told[6] in await seen(probe)

    remembered[PARTITION] = 1
    async with running(consumer):
        await until(arrived)

    assert [what for what in await seen(probe) if what in told] == told


async def test_one_poison_event_among_a_thousand_holds_nobody_up(
    probe: ServiceUnderTest, probe_settings: Settings, producer: AIOKafkaProducer
) -> None:
    group = f"g-{uuid4()}"
    await start_of_test(probe_settings, group)
    for number in range(1000):
        await send(producer, uuid4(), "poison" if number == 500 else "fine")

    async def arrived() -> bool:
        return len(await seen(probe)) >= 999

    async with running(a_consumer(probe, probe_settings, group)):
        await until(arrived)

    assert await seen(probe) == ["fine"] * 999
    assert [letter.error for letter in await probe.dead_letters()] == ["ValueError: poison"]


async def test_a_sweep_waits_until_everything_has_been_read(
    probe: ServiceUnderTest, probe_settings: Settings, producer: AIOKafkaProducer
) -> None:
    group = f"g-{uuid4()}"
    await start_of_test(probe_settings, group)
    consumer = a_consumer(probe, probe_settings, group)
    assert not consumer.caught_up()

    async def caught_up() -> bool:
        return consumer.caught_up()

    async with running(consumer):
        await until(caught_up)
        assert consumer.reading

    assert not consumer.caught_up()


async def test_names_a_second_process_under_one_name_waits(
    probe: ServiceUnderTest, probe_settings: Settings, producer: AIOKafkaProducer
) -> None:
    group = f"g-{uuid4()}"
    await start_of_test(probe_settings, group)
    first, second = (a_consumer(probe, probe_settings, group) for _ in range(2))

    async def first_reads() -> bool:
        return first.reading

    async def second_waits() -> bool:
        return second.name.taken_by_another

    async def second_reads() -> bool:
        return second.reading

    async with running(first):
        await until(first_reads)
        async with running(second):
            await until(second_waits)
            assert not second.reading
            assert first.name.held
    async with running(second):
        await until(second_reads)


async def test_names_who_loses_the_name_stops_reading_and_takes_it_again(
    probe: ServiceUnderTest, probe_settings: Settings, producer: AIOKafkaProducer
) -> None:
    group = f"g-{uuid4()}"
    await start_of_test(probe_settings, group)
    consumer = a_consumer(probe, probe_settings, group)

    async def reads() -> bool:
        return consumer.name.held and consumer.reading

    async def lost() -> bool:
        return not consumer.name.held

    async with running(consumer):
        await until(reads)
        async with probe.sessions.begin() as session:
            await session.execute(
                text(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where application_name = 'replica-name' and datname = current_database()"
                )
            )
        await until(lost)
        await until(reads)


async def test_a_commit_that_is_refused_only_makes_the_batch_come_again(
    probe: ServiceUnderTest,
    probe_settings: Settings,
    producer: AIOKafkaProducer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As after a rebalance in the middle of it; what is read on is not committed either."""
    group = f"g-{uuid4()}"
    end = await start_of_test(probe_settings, group)

    async def refuse(*_: object) -> None:
        raise CommitFailedError

    async def arrived(number: int) -> bool:
        return len(await seen(probe)) >= number

    with monkeypatch.context() as patched:
        patched.setattr(AIOKafkaConsumer, "commit", refuse)
        async with running(a_consumer(probe, probe_settings, group)):
            for what in "abc":
                await send(producer, KEY, what)
            await until(lambda: arrived(3))
    assert "offset_commit_failed" in capsys.readouterr().out
    assert await committed(probe_settings, group) == end
    async with running(a_consumer(probe, probe_settings, group)):
        await send(producer, KEY, "d")
        await until(lambda: arrived(4))

    assert await seen(probe) == list("abcd")
    assert await committed(probe_settings, group) == end + 4


async def committed(settings: Settings, group: str) -> int | None:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_url, group_id=group, enable_auto_commit=False
    )
    await consumer.start()
    try:
        offset: int | None = await consumer.committed(PARTITION)
        return offset
    finally:
        await consumer.stop()


async def test_a_group_whose_offsets_expired_reads_everything_again_and_does_nothing_twice(
    probe: ServiceUnderTest, probe_settings: Settings, producer: AIOKafkaProducer
) -> None:
    """Kafka forgets the offsets of a group that is away for a week: it is a full replay."""
    told = [f"{uuid4()}" for _ in range(5)]
    group = f"g-{uuid4()}"
    await start_of_test(probe_settings, group)

    async def all_told() -> bool:
        return set(told) <= set(await seen(probe))

    async with running(a_consumer(probe, probe_settings, group)):
        for what in told:
            await send(producer, KEY, what)
        await until(all_told)

    forgotten = a_consumer(probe, probe_settings, f"g-{uuid4()}")

    async def caught_up() -> bool:
        return forgotten.caught_up()

    async with running(forgotten):
        await until(caught_up)

    assert [what for what in await seen(probe) if what in told] == told


async def test_what_retention_deleted_unread_is_told_by_readiness(
    probe: ServiceUnderTest, probe_settings: Settings, producer: AIOKafkaProducer
) -> None:
    if probe_settings.kafka_kind is KafkaKind.EMBEDDED:
        pytest.skip("the embedded broker deletes nothing, and does not tell what is committed")
    group = f"g-{uuid4()}"
    end = await start_of_test(probe_settings, group)
    for what in "abc":
        await send(producer, KEY, what)
    await delete_records(probe_settings, before=end + 2)
    consumer = a_consumer(probe, probe_settings, group)

    async def arrived() -> bool:
        return "c" in await seen(probe)

    async with running(consumer):
        await until(arrived)
    probe.app.state.consumer.deleted_unread = consumer.deleted_unread
    async with probe.client(UserRole.OPERATOR) as client:
        warnings = (await client.get("/health/ready")).json()["warnings"]
    probe.app.state.consumer.deleted_unread = {}

    assert f"offsets {end} to {end + 1} were deleted" in warnings[f"{TOPIC}/3"]
    assert list(consumer.deleted_unread) == [f"{TOPIC}/3"]


async def delete_records(settings: Settings, *, before: int) -> None:
    """As retention does."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_url)
    await admin.start()
    try:
        await admin.delete_records({PARTITION: RecordsToDelete(before_offset=before)})
    finally:
        await admin.close()


async def test_a_commit_that_never_ends_does_not_keep_the_replica_from_reading_on(
    probe: ServiceUnderTest,
    probe_settings: Settings,
    producer: AIOKafkaProducer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """aiokafka tries one through a stopped consumer for ever: the next join waited for it (chaos,
    after PostgreSQL was killed)."""
    group = f"g-{uuid4()}"
    await start_of_test(probe_settings, group)

    async def hang(*_: object) -> None:
        await asyncio.Event().wait()

    async def arrived(number: int) -> bool:
        return len(await seen(probe)) >= number

    async with running(a_consumer(probe, probe_settings, group)):
        with monkeypatch.context() as patched:
            patched.setattr(AIOKafkaConsumer, "commit", hang)
            await send(producer, KEY, "a")
            await until(lambda: arrived(1))
            async with probe.sessions() as session:
                await session.execute(
                    text(
                        "select pg_terminate_backend(pid) from pg_stat_activity"
                        " where application_name = 'replica-name' and datname = current_database()"
                    )
                )
        await send(producer, KEY, "b")
        await until(lambda: arrived(2))

    assert await seen(probe) == ["a", "b"]


async def test_a_batch_that_was_handled_is_let_go(
    probe: ServiceUnderTest, probe_settings: Settings, producer: AIOKafkaProducer
) -> None:
    """A new connection starts a timer for each statement, which lives for minutes."""
    group = f"g-{uuid4()}"
    first = await start_of_test(probe_settings, group)
    engine = probe.sessions.kw["bind"]
    await engine.dispose()

    async def arrived(number: int) -> bool:
        return len(await seen(probe)) >= number

    async with running(a_consumer(probe, probe_settings, group)):
        for number, what in enumerate("abc"):
            await send(producer, KEY, what)
            await until(lambda wanted=number + 1: arrived(wanted))  # type: ignore[misc]
        gc.collect()
        kept = [one.value for one in gc.get_objects() if type(one) is ConsumerRecord]

    assert not [value for value in kept if b'"a"' in value], f"from {first} on: {kept}"
