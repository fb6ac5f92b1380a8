"""Recovery: processes of one service killed, stopped and rebalanced under load.

Each test ends with the same question: has every event had its effect once, in its key's order, and
one answer?
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from aiokafka.structs import OffsetAndMetadata

from deploy.local.stack import LocalStack
from shared.settings import Settings
from tests.shared import probe
from tests.shared.plumbing import Log, commit, connect
from tests.shared.replicas import Feed, Replicas, until


@pytest.fixture(scope="module")
async def _read_so_far(_probe_settings: Settings) -> None:
    """What earlier tests left on the topic is not for these processes."""
    log = Log(_probe_settings.kafka_url)
    await log.begin()
    ends = {partition: OffsetAndMetadata(end, "") for partition, end in log.start.items()}
    await commit(_probe_settings, probe.NAME, ends)


@pytest.fixture
async def connection(probe_settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect(probe_settings)
    yield connection
    await connection.close()


@pytest.fixture
async def replicas(
    stack: LocalStack, keys: Path, _read_so_far: None, connection: asyncpg.Connection
) -> AsyncIterator[Replicas]:
    """Two that are ready; which one relays is whichever was quicker."""
    replicas = Replicas(stack, keys)
    await replicas.start("a")
    await replicas.start("b")
    await replicas.ready("a", "b")
    yield replicas
    for name in ("a", "b"):
        await replicas.kill(name)


@pytest.fixture
def feed(connection: asyncpg.Connection) -> Feed:
    return Feed(connection)


async def check(feed: Feed, log: Log) -> None:
    """Nothing lost, doubled or out of order, in the effects, the answers and on the topic."""
    await until(feed.arrived)
    await asyncio.sleep(1)  # what would come twice has come by now
    assert await feed.effects() == feed.told
    answers = await feed.answers()
    assert answers == sum(map(len, feed.told.values()))

    async def all_are_sent() -> bool:
        return len({told["ce_id"] for told in await log.headers()}) >= answers

    await until(all_are_sent)
    sequences: dict[bytes, list[int]] = {}
    for record in await log.records():
        headers = dict(record.headers)
        sequences.setdefault(record.key, []).append(int(headers["ce_sequence"]))
    for key in feed.told:
        first_copies = list(dict.fromkeys(sequences[str(key).encode()]))
        assert first_copies == sorted(first_copies)


async def the_one_that_relays(replicas: Replicas) -> tuple[str, str]:
    """Its name and the other's."""

    async def somebody_relays() -> bool:
        return await replicas.relays("a") or await replicas.relays("b")

    await until(somebody_relays)
    return ("a", "b") if await replicas.relays("a") else ("b", "a")


async def test_a_replica_killed_with_9_and_started_again_handles_the_next_event(
    replicas: Replicas, feed: Feed, log: Log
) -> None:
    await feed.tell(48)
    await until(feed.arrived)

    for name in ("a", "b"):
        await replicas.kill(name)
        await replicas.start(name)
        await feed.tell(48)
        await until(feed.arrived)

    await check(feed, log)


async def test_two_share_the_partitions_and_one_of_them_relays(
    replicas: Replicas, feed: Feed, log: Log
) -> None:
    async def both_handle() -> bool:
        await feed.tell(24)
        return all([await replicas.handled(name) for name in ("a", "b")])

    async def one_relays() -> bool:
        return sorted([await replicas.relays(name) for name in ("a", "b")]) == [False, True]

    await until(both_handle)
    await until(one_relays)
    await check(feed, log)


async def test_when_one_is_gone_for_good_the_other_has_its_partitions_and_the_relay(
    replicas: Replicas, feed: Feed, log: Log
) -> None:
    gone, left = await the_one_that_relays(replicas)
    await feed.tell(48)
    await replicas.kill(gone)
    await feed.tell(48)

    await until(lambda: replicas.relays(left))
    await check(feed, log)


async def test_one_stopped_beyond_its_session_goes_on_and_applies_and_sends_nothing_twice(
    replicas: Replicas, feed: Feed, log: Log
) -> None:
    stopped, other = await the_one_that_relays(replicas)
    stop = asyncio.Event()
    feeding = asyncio.create_task(feed.tell_until(stop))

    await asyncio.sleep(1)
    replicas.signal(stopped, signal.SIGSTOP)
    await until(lambda: replicas.relays(other))
    await asyncio.sleep(replicas.session_seconds + 3)
    replicas.signal(stopped, signal.SIGCONT)
    await asyncio.sleep(2)
    stop.set()
    await feeding

    await check(feed, log)
    assert await replicas.relays(other)


async def test_one_stopped_in_the_middle_of_a_batch_commits_as_a_zombie_and_all_is_done_once(
    replicas: Replicas, feed: Feed, log: Log
) -> None:
    """Its transaction lives on: who takes its partitions waits for the inbox's ids."""
    await feed.tell(4, " slow")

    async def a_batch_is_in_hand() -> bool:
        return bool(
            await feed.connection.fetchval(
                "select 1 from pg_stat_activity where query like '%pg_sleep%'"
                " and application_name like 'probe-%' and state = 'active'"
            )
        )

    await until(a_batch_is_in_hand)
    replicas.signal("a", signal.SIGSTOP)
    await asyncio.sleep(replicas.session_seconds + 3)
    replicas.signal("a", signal.SIGCONT)

    await check(feed, log)


async def test_a_rebalance_in_the_middle_of_a_batch_loses_and_doubles_nothing(
    replicas: Replicas, feed: Feed, log: Log
) -> None:
    await replicas.kill("b")
    await asyncio.sleep(replicas.session_seconds + 2)
    await feed.tell(24)
    await feed.tell(3, " slow")
    await replicas.start("b")
    await feed.tell(24)
    await replicas.ready("b")

    await check(feed, log)
