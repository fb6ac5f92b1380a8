"""Topics from the catalogue: made once, compared ever after, never changed or deleted."""

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local import broker as local_broker
from deploy.local import kafka as local_kafka
from deploy.local.ports import free_port
from deploy.local.processes import Processes
from deploy.local.stack import wanted_kafka
from deploy.topics import provision
from shared.events.catalogue import TOPICS
from shared.settings import KafkaKind


@pytest.fixture
async def processes(tmp_path: Path) -> AsyncIterator[Processes]:
    async with Processes(tmp_path / "log") as processes:
        yield processes


@pytest.fixture
async def kafka_url(processes: Processes, tmp_path: Path) -> str:
    if wanted_kafka() is KafkaKind.APACHE:
        return await local_kafka.start(tmp_path, processes, port=free_port())
    return await local_broker.start(processes, port=free_port())


async def make(kafka_url: str, name: str, partitions: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_url)
    await admin.start()
    await admin.create_topics([NewTopic(name, partitions, 1)])
    await admin.close()


async def topics(kafka_url: str) -> dict[str, int]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_url)
    await admin.start()
    try:
        found = await admin.describe_topics([*(await admin.list_topics())])
    finally:
        await admin.close()
    return {
        one["topic"]: len(one["partitions"])
        for one in found
        if not one["topic"].startswith("__") and one["topic"] != local_kafka.PROBE
    }


async def command(processes: Processes, kafka_url: str, *arguments: str) -> tuple[int | None, str]:
    """Exit code and output of ``make topics``."""
    started = await processes.start(
        "topics",
        [sys.executable, "-m", "deploy.topics", *arguments],
        {**os.environ, "DONDOC_KAFKA_URL": kafka_url},
    )
    code = await started.process.wait()
    return code, started.last_lines(50)


async def test_topics_are_made_as_declared_and_only_once(kafka_url: str) -> None:
    looked = await provision(kafka_url, check_only=True)
    first = await provision(kafka_url)
    again = await provision(kafka_url)

    assert (looked.created, sorted(looked.missing)) == ([], sorted(TOPICS))
    assert sorted(first.created) == sorted(TOPICS)
    assert (again.created, again.missing, again.drift) == ([], [], [])
    assert await topics(kafka_url) == {name: spec.partitions for name, spec in TOPICS.items()}


async def test_what_differs_is_told_and_left_alone(processes: Processes, kafka_url: str) -> None:
    await make(kafka_url, "budget.lines", 3)
    await make(kafka_url, "somebody.elses", 1)

    code, told = await command(processes, kafka_url)

    assert code == 1
    assert "drift budget.lines: 3 partitions, declared 12" in told
    there = await topics(kafka_url)
    assert (there["budget.lines"], there["somebody.elses"]) == (3, 1)


async def test_fewer_copies_than_wanted_are_told(kafka_url: str) -> None:
    await provision(kafka_url)

    alone = await provision(kafka_url, check_only=True)
    wanted = await provision(kafka_url, replication=3, check_only=True)

    assert alone.drift == []
    assert {f"{name}: 1 copies, 3 wanted" for name in TOPICS} <= set(wanted.drift)


async def test_a_broker_that_is_away_is_said_in_one_line(processes: Processes) -> None:
    code, told = await command(processes, "127.0.0.1:1")

    assert code == 2
    assert [line for line in told.splitlines() if "DONDOC_KAFKA_URL" in line] == [
        "topics: no Kafka at 127.0.0.1:1: start it, or set DONDOC_KAFKA_URL"
    ]
