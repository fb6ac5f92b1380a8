"""Restored: four dumps of moments of their own, and a broker that lost its newest records."""

import asyncio
import json
import math
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local.stack import temporary_folder
from deploy.migrate import SERVICES
from deploy.system import System, SystemSettings, running_system
from deploy.topics import provision
from deploy.verify.invariants import verify
from deploy.verify.sources import described, open_sources, read_to_the_end
from shared.auth import UserRole
from shared.events.catalogue import TOPICS
from shared.settings import KafkaKind
from tests.commands import run_module
from tests.e2e.load import Load, drained, repeat

UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CUTS = (
    "before the dumps",
    pytest.param("after the dumps", marks=pytest.mark.long),
    pytest.param("not at all", marks=pytest.mark.long),
)


@pytest.fixture
async def system() -> AsyncIterator[System]:
    settings = SystemSettings(job_seconds=0.2, sweep_grace_seconds=1.0, ports={})
    with temporary_folder() as folder:
        async with running_system(folder, settings) as system:
            yield system


@pytest.mark.parametrize("cut", CUTS)
async def test_what_dumps_and_log_know_is_there_and_the_rest_is_named(
    system: System, cut: str
) -> None:
    load = Load(system)
    await worked(load, 3)
    await drained(system, SERVICES)
    before = await tasks_of(system)
    at, folder = await dumped_under_load(system, load)
    await stopped(system)
    await lose(system, at.get(cut))

    told = restored(system, folder)

    assert told.returncode == 0, told.stderr
    for service in SERVICES:
        await system.start(service)
    await system.wait_ready()
    await drained(system, SERVICES)
    assert before <= await tasks_of(system)
    unknown = named_in(folder)
    found = await violations(system)
    assert [one for one in found if not set(UUIDS.findall(one)) & unknown.everything] == []
    assert [one for one in unknown.findable if not any(one in words for words in found)] == []
    assert [one for one in unknown.expected if any(one in words for words in found)] == []
    if cut != "before the dumps":
        assert unknown.findable
        assert unknown.expected
    await new_work_flows(system)


class Unknown:
    """What the restore could not know, as it wrote it down."""

    def __init__(self, document: dict[str, Any]) -> None:
        events = [one for found in document["forgotten"].values() for one in found]
        heard = {one for found in document["heard_only"].values() for one in found}
        tasks = {one for found in document["tasks_of_nobody"].values() for one in found}
        self.findable = {one["id"] for one in events} | heard | tasks
        again = [one for found in document["expected_again"].values() for one in found]
        self.expected = {one["id"] for one in again}
        self.everything = self.findable | set(UUIDS.findall(json.dumps(events)))


def named_in(folder: Path) -> Unknown:
    (file,) = folder.glob("unknown-*.json")
    assert file.stat().st_mode & 0o077 == 0
    return Unknown(json.loads(file.read_text()))


async def worked(load: Load, directives: int) -> None:
    """So many more directives issued and acknowledged."""
    load.stopping, wanted = False, load.directives + directives
    running = asyncio.create_task(load.run())
    while load.directives < wanted:  # noqa: ASYNC110  another process works on
        await asyncio.sleep(0.02)
    load.stopping = True
    await running


async def dumped_under_load(system: System, load: Load) -> tuple[dict[str, datetime], Path]:
    """Instants before and after a back-up that is taken while people go on, and the back-up."""
    load.stopping, running = False, asyncio.create_task(load.run())
    at = {"before the dumps": datetime.now(UTC)}
    described_at, into = str(system.folder / "system.json"), str(system.folder / "backups")
    told = await asyncio.to_thread(
        run_module, "deploy.backup", "--system", described_at, "--to", into
    )
    assert told.returncode == 0, told.stderr
    load.stopping = True
    await running
    await worked(load, 2)
    at["after the dumps"] = datetime.now(UTC)
    await worked(load, 2)
    await drained(system, SERVICES)
    (folder,) = (system.folder / "backups").iterdir()
    return at, folder


async def stopped(system: System) -> None:
    for service in SERVICES:
        await system.stack.processes.stop(service)


def restored(system: System, folder: Path) -> Any:
    path = str(system.folder / "system.json")
    return run_module("deploy.backup.restore", str(folder), "--system", path)


async def lose(system: System, since: datetime | None) -> None:
    """Kafka comes back with nothing newer than that; the embedded one without the offsets, too."""
    if since is None and system.stack.kafka_kind is KafkaKind.APACHE:
        return
    url = system.stack.kafka_url
    end = since.timestamp() * 1000 if since else math.inf
    kept = [one for one in await records(url) if one.timestamp < end]
    if system.stack.kafka_kind is KafkaKind.EMBEDDED:
        await system.stack.processes.kill("broker")
        await system.stack.processes.restart("broker")
    else:
        await topics_deleted(url)
    async with asyncio.timeout(400):
        while not await provisioned(url):  # noqa: ASYNC110  the broker decides
            await asyncio.sleep(0.5)
    producer = AIOKafkaProducer(bootstrap_servers=url)
    await producer.start()
    for one in kept:
        await producer.send_and_wait(
            one.topic, one.value, key=one.key, partition=one.partition, headers=list(one.headers)
        )
    await producer.stop()


async def topics_deleted(url: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=url)
    await admin.start()
    await admin.delete_topics(list(TOPICS))
    await admin.close()


async def provisioned(url: str) -> bool:
    try:
        await provision(url)
    except Exception:
        return False
    return True


async def records(url: str) -> list[ConsumerRecord]:
    """All there are, each partition's in order."""
    consumer = AIOKafkaConsumer(bootstrap_servers=url, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign(
            [
                TopicPartition(name, n)
                for name, spec in TOPICS.items()
                for n in range(spec.partitions)
            ]
        )
        await consumer.seek_to_beginning()
        return await read_to_the_end(consumer)
    finally:
        await consumer.stop()


async def tasks_of(system: System) -> set[str]:
    async with system.client("assignment", UserRole.COORDINATOR) as office:
        answer = await repeat(office, "GET", "/tasks?limit=200")
    return {task["id"] for task in answer.json()["items"]}


async def violations(system: System) -> list[str]:
    sources = await open_sources(described(system.folder / "system.json"))
    try:
        results = await verify(sources)
    finally:
        for connection in sources.databases.values():
            await connection.close()
    return [f"{one.name}: {each}" for one in results for each in one.violations]


async def new_work_flows(system: System) -> None:
    """A directive that is issued now becomes a notice and an obligation of each of its tasks."""
    known = await tasks_of(system)
    await worked(Load(system), 1)
    new = await tasks_of(system) - known
    assert new
    async with asyncio.timeout(400):
        async with system.client("notification", UserRole.AUDITOR) as auditor:
            for task in new:
                path = f"/notices?task={task}"
                while not (await repeat(auditor, "GET", path)).json()["items"]:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
