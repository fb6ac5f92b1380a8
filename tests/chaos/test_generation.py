"""The guard ``generation``: the broker lost its log and kept the offsets (Apache Kafka only)."""

import asyncio
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata
from sqlalchemy import text

from deploy.topics import TopicsError, provision
from deploy.verify.results import Kind
from shared.consumer import Consumer
from shared.events.catalogue import TOPICS
from shared.settings import KafkaKind
from tests.chaos.small import Small
from tests.chaos.test_guards import broken
from tests.chaos.without import without

TOPIC = "assignment.tasks"
READ = 7
"""Offset that reporting had committed in the old log; the new one will have two records more."""


@pytest.fixture(autouse=True)
def _needs_apache(small: Small) -> None:
    if small.stack.kafka_kind is not KafkaKind.APACHE:
        pytest.skip("the embedded broker loses offsets with its log")


async def a_log_is_lost_but_not_its_offsets(small: Small) -> None:
    """Below the offset stands now what reporting has never read."""
    task, _ = await small.issue()
    group = f"reporting-{uuid4()}"  # one that no member of another test's still stands in
    place = next(one.partition for one in small.records if one.key == str(task).encode())
    for month in range(1, READ + 2):
        await small.extend(task, f"2017-{month:02}-20")
    await lose_the_log(small.stack.kafka_url)
    await keep_offset(small.stack.kafka_url, group, TopicPartition(TOPIC, place))
    small.records.clear()
    small.read_to.clear()
    await small.consumer.seek_to_beginning()
    for service in small.services:
        await small.relay(service)
    await read_by_its_own_loop(small, group, task)
    await small.fetch()
    small.read_to["reporting"] = len(small.records)
    await small.settle()


async def lose_the_log(kafka_url: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_url)
    await admin.start()
    try:
        await admin.delete_topics(list(TOPICS))
    finally:
        await admin.close()
    async with asyncio.timeout(60):
        while True:
            try:
                await provision(kafka_url)
                return
            except (TopicsError, KafkaError):
                await asyncio.sleep(0.3)


async def keep_offset(kafka_url: str, group: str, partition: TopicPartition) -> None:
    """What a broker does whose offsets survived; deleting a topic took them along."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka_url, group_id=group, enable_auto_commit=False
    )
    await consumer.start()
    try:
        consumer.assign([partition])
        await consumer.commit({partition: OffsetAndMetadata(READ, "generation=1")})
    finally:
        await consumer.stop()


async def read_by_its_own_loop(small: Small, group: str, task: UUID) -> None:
    """The product's consumer, until the newest deadline has come."""
    reporting = small.services["reporting"]
    consumer = Consumer(
        group, small.settings("reporting"), reporting.app.state.handlers, reporting.batches
    )
    running = asyncio.create_task(consumer.run())
    try:
        async with asyncio.timeout(60):
            newest = False
            while not (newest and consumer.caught_up()):
                await asyncio.sleep(0.1)
                newest = await version_known(small, task) == READ + 1
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def version_known(small: Small, task: UUID) -> int:
    async with small.services["reporting"].sessions() as session:
        found = await session.scalar(
            text("select deadline_version from task_facts where task_id = :task"), {"task": task}
        )
    return int(found or 0)


async def test_verify_finds_the_product_without_generation(small: Small) -> None:
    with without("generation"):
        await a_log_is_lost_but_not_its_offsets(small)

    assert ("I2", Kind.LOST) in broken(await small.verify())


async def test_with_it_everything_holds_when_a_log_is_lost(small: Small) -> None:
    await a_log_is_lost_but_not_its_offsets(small)

    assert broken(await small.verify()) == set()
