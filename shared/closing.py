"""Closes what reads from Kafka, also while no broker answers."""

import asyncio
from contextlib import suppress

from aiokafka import AIOKafkaConsumer

CLOSE_SECONDS = 10.0


async def close_consumer(consumer: AIOKafkaConsumer) -> None:
    """Stop it, and have its connections closed even if that fails.

    While the broker is away aiokafka's ``stop`` raises the CancelledError of a fetch that it has
    cancelled itself: whoever called it would end as if somebody had cancelled *them*, and the
    client behind the consumer would live on.
    """
    with suppress(TimeoutError):
        stopping = asyncio.gather(consumer.stop(), return_exceptions=True)
        await asyncio.wait_for(stopping, CLOSE_SECONDS)
    await consumer._client.close()
