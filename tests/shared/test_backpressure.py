"""A consumer slower than its producers: only the lag grows, not what is in memory."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.structs import OffsetAndMetadata

from deploy.local.memory import bytes_of
from deploy.local.stack import LocalStack
from shared.settings import Settings
from shared.testing import record_of
from tests.shared.plumbing import TOPIC, Log, commit
from tests.shared.probe import returned
from tests.shared.replicas import Replicas, until

EVENTS = 24_000
SIZE = 1_800
"""Characters in each: 43 MB in all, and more than 80 as objects."""
MEGABYTES = 40


@pytest.fixture
async def replicas(
    stack: LocalStack, keys: Path, probe_settings: Settings
) -> AsyncIterator[Replicas]:
    log = Log(probe_settings.kafka_url)
    await log.begin()
    ends = {partition: OffsetAndMetadata(end, "") for partition, end in log.start.items()}
    replicas = Replicas(stack, keys, group=f"slow-{uuid4()}")
    await commit(probe_settings, replicas.group, ends)
    await replicas.start("slow")
    await replicas.ready("slow")
    yield replicas
    await replicas.kill("slow")


async def produce(producer: AIOKafkaProducer, number: int) -> None:
    """Straight to the topic, as fast as it takes them."""
    waiting = []
    for place in range(number):
        record = record_of(returned(UUID(int=place), "x" * SIZE))
        headers = list(record.headers)
        sending = producer.send(TOPIC, record.value, key=record.key, headers=headers)
        waiting.append(await sending)
    for acked in waiting:
        await acked


async def test_what_a_consumer_cannot_handle_yet_stays_on_the_broker(
    replicas: Replicas, producer: AIOKafkaProducer, writer: asyncpg.Connection
) -> None:
    pid = replicas.stack.processes["replica-slow"].pid
    await produce(producer, 500)
    await until(lambda: handled(writer, 500))
    await writer.execute("begin")
    await writer.execute("lock table effects in access exclusive mode")
    before = bytes_of(pid)

    await produce(producer, EVENTS)

    async def lags() -> bool:
        """The embedded broker tells an end that is a batch too small."""
        return await replicas.metric("slow", "dondoc_consumer_lag") > EVENTS / 2

    await until(lags)
    grown = (bytes_of(pid) - before) / 1e6
    await writer.execute("rollback")
    await until(lambda: handled(writer, 500 + EVENTS), seconds=300)
    assert grown < MEGABYTES
    assert await writer.fetchval("select count(*) from dead_letters") == 0


async def handled(connection: asyncpg.Connection, number: int) -> bool:
    found: int = await connection.fetchval("select count(*) from effects")
    assert found <= number
    return found == number
