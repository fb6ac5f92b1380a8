"""Four processes, a broker, four databases: killed in the middle of load, replayed, restarted."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from aiokafka.errors import KafkaError

from deploy.local.kafka import prepare
from deploy.local.stack import temporary_folder
from deploy.migrate import SERVICES
from deploy.system import System, SystemSettings, running_system
from deploy.topics import TopicsError, provision
from deploy.verify.__main__ import check
from deploy.verify.invariants import verify
from deploy.verify.results import Result
from deploy.verify.sources import described, open_sources
from shared.auth import UserRole
from shared.settings import KafkaKind
from tests.chaos.rewinding import rewind
from tests.e2e.load import Load, drained, repeat

ROUNDS = int(os.environ.get("KILL_ROUNDS", "10"))


@pytest.fixture(scope="module")
async def system() -> AsyncIterator[System]:
    settings = SystemSettings(job_seconds=0.2, sweep_grace_seconds=1.0, ports={})
    with temporary_folder() as folder:
        async with running_system(folder, settings) as system:
            yield system


async def checked(system: System) -> list[Result]:
    """As ``make verify`` does, which reads again what may be under way still."""
    await system.wait_ready()
    await drained(system, SERVICES)
    _, results = await check(described(system.folder / "system.json"))
    return results


def violations(results: list[Result]) -> list[str]:
    return [f"{one.name}: {each}" for one in results for each in one.violations]


async def test_killing_each_service_ten_times_loses_and_doubles_nothing(system: System) -> None:
    load = Load(system)
    running = [asyncio.create_task(load.run()) for _ in range(3)]
    for number in range(ROUNDS):
        for service in SERVICES:
            before = load.acknowledged
            await system.stack.processes.kill(service)
            await system.stack.processes.restart(service)
            async with asyncio.timeout(400):
                while load.acknowledged == before:  # noqa: ASYNC110  another process works on
                    await asyncio.sleep(0.02)
        assert not any(task.done() for task in running), number
    load.stopping = True
    await asyncio.gather(*running)

    results = await checked(system)

    assert violations(results) == []
    assert load.directives > ROUNDS


async def test_verify_tells_what_is_under_way_from_what_is_lost(system: System) -> None:
    """In the middle of load everything holds; a message that is gone is found there too."""
    load = Load(system)
    running = asyncio.create_task(load.run())
    url = system.stack.database_url("budget").replace("+asyncpg", "")
    budget = await asyncpg.connect(url)
    oldest = "id = (select min(id::text)::uuid from lines)"
    try:
        assert await verified(system) == 0
        await budget.execute(f"update lines set estimated = 1 where {oldest}")
        assert await verified(system) == 1
        await budget.execute(f"update lines set estimated = 0 where {oldest}")
    finally:
        await budget.close()
        load.stopping = True
        await running


async def verified(system: System) -> int | None:
    """The exit code of ``make verify``."""
    path = str(system.folder / "system.json")
    argv = [sys.executable, "-m", "deploy.verify", "--system", path]
    started = await system.stack.processes.start("verify", argv, dict(os.environ))
    return await started.process.wait()


async def test_a_full_replay_changes_nothing(system: System) -> None:
    """Offsets back to 0 for every group: no new event, no new notice."""
    assert violations(await checked(system)) == []  # so that all of before has arrived
    before = await counts(system)
    for service in SERVICES:
        await system.stack.processes.stop(service)
    for service in SERVICES:
        await rewind(system.stack, service)
    for service in SERVICES:
        await system.start(service)

    results = await checked(system)

    assert violations(results) == []
    assert await counts(system) == before


async def counts(system: System) -> dict[str, int]:
    found: dict[str, int] = {}
    for service in SERVICES:
        found[service] = (await outbox(system, service))["last"]
    async with system.client("notification", UserRole.AUDITOR) as client:
        query = "/notices?limit=1&count=true"
        found["notices"] = (await repeat(client, "GET", query)).json()["count"]
    return found


async def generation(system: System, service: str) -> int:
    found: int = (await outbox(system, service))["generation"]
    return found


async def outbox(system: System, service: str) -> dict[str, Any]:
    async with system.client(service, UserRole.OPERATOR) as client:
        found: dict[str, Any] = (await repeat(client, "GET", "/operator/outbox")).json()
    return found


async def every_service_has_spoken(system: System) -> None:
    """Who has sent nothing cannot notice that it was forgotten."""
    load = Load(system)
    running = asyncio.create_task(load.run())
    async with asyncio.timeout(400):
        for service in SERVICES:
            while (await outbox(system, service))["top"] == 0:  # noqa: ASYNC110  others work
                await asyncio.sleep(0.1)
    load.stopping = True
    await running


async def test_a_broker_that_forgot_everything_gets_it_again(system: System) -> None:
    """HTTP goes on meanwhile; the log comes again as a new generation, and nothing is doubled."""
    await every_service_has_spoken(system)
    assert violations(await checked(system)) == []
    before = await counts(system)
    await system.stack.processes.kill("broker")
    if system.stack.kafka_kind is KafkaKind.APACHE:
        shutil.rmtree(system.folder / "kafka" / "data")
        port = int(system.stack.kafka_url.rpartition(":")[2])
        await asyncio.to_thread(prepare, system.folder / "kafka", port)
    async with system.client("assignment", UserRole.COORDINATOR) as client:
        assert (await client.get("/tasks?limit=1")).status_code == 200
        ready = await client.get("/health/ready")
    await system.stack.processes.restart("broker")
    async with asyncio.timeout(400):
        while True:
            try:
                await provision(system.stack.kafka_url)
                break
            except (TopicsError, KafkaError):
                await asyncio.sleep(0.2)

    async with asyncio.timeout(400):
        for service in SERVICES:
            while await generation(system, service) < 2:  # noqa: ASYNC110  asked over HTTP
                await asyncio.sleep(0.5)

    results = await checked(system)

    assert ready.status_code in (200, 503)
    assert violations(results) == []
    assert await counts(system) == before


async def test_verify_finds_what_was_tampered_with(system: System) -> None:
    sources = await open_sources(described(system.folder / "system.json"))
    try:
        assert violations(await verify(sources)) == []
        tampering = {
            "I1": ("assignment", "delete from outbox where id = (select max(id) from outbox)"),
            "I5": ("reporting", "update task_facts set agency = 'HN-XX'"),
            "I6": ("budget", "update lines set estimated = estimated + 1"),
            "I9": ("budget", "update outbox_cursor set top = top - 1"),
        }
        for name, (service, sql) in tampering.items():
            connection = sources.databases[service]
            change = connection.transaction()
            await change.start()
            await connection.execute(sql)
            found = {one.name for one in await verify(sources) if one.violations}
            await change.rollback()
            assert name in found
        sources.first_copies.append(sources.first_copies[0])
        assert "I3" in {one.name for one in await verify(sources) if one.violations}
    finally:
        for connection in sources.databases.values():
            await connection.close()


async def test_a_port_that_somebody_took_meanwhile_is_replaced(system: System) -> None:
    """Also if who took it says that it is ready, as the budget service of another run would."""
    await system.stack.processes.stop("budget")
    taken = system.ports["budget"]
    async with await asyncio.start_server(say_ready, "127.0.0.1", taken):
        await system.start("budget")
        await system.wait_ready()
    system.describe()

    assert system.ports["budget"] != taken


async def say_ready(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    await writer.drain()
    writer.close()
