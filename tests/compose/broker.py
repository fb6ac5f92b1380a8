"""Kafka of a site after a crash."""

import asyncio
import time

from deploy.access.rights import ADMIN
from deploy.local.kafka import takes_and_gives
from tests.compose.site import Site

LIMIT_SECONDS = 180


async def seconds_until_back(site: Site) -> float:
    """From its process's death until a record that was sent to it from outside is read again."""
    signing = site.kafka(ADMIN)
    url = signing.pop("bootstrap_servers")
    before = site.restarts("kafka")
    started = time.monotonic()
    site.crash("kafka")
    while site.restarts("kafka") == before or not await takes_and_gives(url, **signing):
        if time.monotonic() - started > LIMIT_SECONDS:
            raise AssertionError(f"Kafka took no record within {LIMIT_SECONDS} s after a crash")
        await asyncio.sleep(0.1)
    return time.monotonic() - started
