"""Lets a service read its topics from offset 0 again."""

import asyncio

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata

from deploy.local.stack import LocalStack
from deploy.verify.hears import HEARS, topic_of
from shared.brokers import TRAITS
from shared.closing import close_consumer

PATIENCE = 120


async def rewind(stack: LocalStack, service: str, replica: str = "1") -> None:
    """Commit offset 0 as the replica, which is stopped: the group still has its name.

    Tried until the broker, which may just be starting, takes it.
    """
    async with asyncio.timeout(PATIENCE):
        while not await _committed(stack, service, replica):  # noqa: ASYNC110  the broker decides
            await asyncio.sleep(0.5)


async def _committed(stack: LocalStack, service: str, replica: str) -> bool:
    static = TRAITS[stack.kafka_kind].static_membership
    consumer = AIOKafkaConsumer(
        *{topic_of(type) for type in HEARS[service]},
        bootstrap_servers=stack.kafka_url,
        group_id=service,
        group_instance_id=f"{service}-{replica}" if static else None,
        enable_auto_commit=False,
        session_timeout_ms=30_000,
    )
    try:
        await consumer.start()
        while not (assigned := consumer.assignment()):  # noqa: ASYNC110  the broker decides
            await asyncio.sleep(0.1)
        await consumer.commit({one: OffsetAndMetadata(0, "") for one in assigned})
    except KafkaError:
        return False
    finally:
        await close_consumer(consumer)
    return True
