"""A consumer is closed for good whether its broker answers or not."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local import broker
from deploy.local.processes import Processes
from shared.closing import close_consumer

TOPIC = "letters"


async def reading(url: str) -> AIOKafkaConsumer:
    admin = AIOKafkaAdminClient(bootstrap_servers=url)
    await admin.start()
    await admin.create_topics([NewTopic(TOPIC, 1, 1)])
    await admin.close()
    consumer = AIOKafkaConsumer(TOPIC, bootstrap_servers=url, fetch_max_wait_ms=5)
    await consumer.start()
    await consumer.getmany(timeout_ms=300)
    return consumer


@pytest.mark.parametrize("away", [True, False])
async def test_closing_neither_cancels_who_calls_it_nor_leaves_a_task(
    away: bool, tmp_path: Path
) -> None:
    before = asyncio.all_tasks()
    async with Processes(tmp_path) as processes:
        consumer = await reading(await broker.start(processes, port=0))
        with broker.aiokafka_silent():
            if away:
                await processes.kill("broker")
                await asyncio.sleep(0.5)  # its fetches fail now, and rest in between

            await close_consumer(consumer)

        assert asyncio.all_tasks() <= before
