"""Kafka of a site as a subscriber beyond its network sees it."""

import asyncio
import time

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.local.broker import aiokafka_silent
from shared.events.catalogue import TOPICS
from tests.compose.site import Site

LIMIT_SECONDS = 180


async def seconds_until_back(site: Site) -> float:
    """From its process's death until it answers and every partition has a leader."""
    before = site.restarts("kafka")
    started = time.monotonic()
    site.crash("kafka")
    while site.restarts("kafka") == before or not await answers(site):
        if time.monotonic() - started > LIMIT_SECONDS:
            raise AssertionError(f"Kafka did not answer within {LIMIT_SECONDS} s after a crash")
        await asyncio.sleep(0.1)
    return time.monotonic() - started


async def answers(site: Site) -> bool:
    """Whether it says of every partition who leads it."""
    admin = AIOKafkaAdminClient(**site.kafka("subscriber"))
    wanted = sum(topic.partitions for topic in TOPICS.values())
    with aiokafka_silent():
        try:
            async with asyncio.timeout(5):
                await admin.start()
                topics = await admin.describe_topics(list(TOPICS))
        except (KafkaError, OSError, TimeoutError):
            return False
        finally:
            await admin.close()
    leaders = [partition["leader"] for topic in topics for partition in topic["partitions"]]
    return len(leaders) == wanted and min(leaders) >= 0
