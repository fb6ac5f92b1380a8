"""Who leads three brokers, and whether each has a copy of everything."""

import asyncio
import json
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.local.broker import aiokafka_silent
from deploy.local.brokers import NAMES
from shared.events.catalogue import TOPICS
from tests.chaos.town import Stuck

WHOLE_SECONDS = 90


def active_controller(folder: Path) -> str:
    """By what the nodes have written down of their newest election."""
    votes = [json.loads(found.read_text()) for found in _states(folder)]
    led = [vote for vote in votes if vote["leaderId"] > 0]
    if not led:
        raise Stuck("no broker knows of a controller")
    return NAMES[max(led, key=lambda vote: vote["leaderEpoch"])["leaderId"] - 1]


def _states(folder: Path) -> list[Path]:
    return list((folder / "kafka").glob("*/data/__cluster_metadata-0/quorum-state"))


async def whole(kafka_url: str) -> None:
    """Return when all three are in sync in every partition of ours."""
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            while not await _in_sync(kafka_url):  # noqa: ASYNC110  the brokers decide
                await asyncio.sleep(0.3)
    except TimeoutError:
        raise Stuck(f"a broker is not in sync {WHOLE_SECONDS} s after it came back") from None


async def _in_sync(kafka_url: str) -> bool:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_url, request_timeout_ms=5_000)
    with aiokafka_silent():
        try:
            await admin.start()
            described = await admin.describe_topics(list(TOPICS))
        except (KafkaError, OSError):
            return False
        finally:
            await admin.close()
    partitions = [one for topic in described for one in topic["partitions"]]
    return len(partitions) > 0 and all(len(one["isr"]) == len(NAMES) for one in partitions)
