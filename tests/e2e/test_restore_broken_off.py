"""A restore that is killed at each of its steps: nobody works on halves, and there is a way out."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from deploy.local.stack import temporary_folder
from deploy.migrate import SERVICES
from deploy.system import System, SystemSettings, prepared_system
from tests.commands import PROJECT, run_module

DUMPED, SINCE = UUID(int=1), UUID(int=2)
"""What stands in each inbox: at the back-up, and now."""
UNDONE, FINISHED = ", broken off, is undone", ", broken off, is finished; "
STEPS = {
    "one set aside": ("transaction", 1, UNDONE),
    "all set aside": ("transaction", 4, UNDONE),
    "one filled": pytest.param("pg_restore", 1, UNDONE, marks=pytest.mark.long),
    "all filled": pytest.param("pg_restore", 4, UNDONE, marks=pytest.mark.long),
    "one reconciled": pytest.param("commit", 1, UNDONE, marks=pytest.mark.long),
    "all reconciled": ("commit", 4, UNDONE),
    "one known as restored": ("transaction", 5, FINISHED),
    "all known as restored": pytest.param("transaction", 8, FINISHED, marks=pytest.mark.long),
    "one finished": ("transaction", 9, FINISHED),
    "three finished": ("transaction", 11, FINISHED),
}


@pytest.fixture(scope="module")
async def _system() -> AsyncIterator[System]:
    with temporary_folder() as folder:
        async with prepared_system(folder, SystemSettings(ports={})) as system:
            system.describe()
            yield system


@pytest.fixture(scope="module")
async def backup(_system: System) -> Path:
    await written(_system, DUMPED)
    into = _system.folder / "backups"
    told = ran(_system, "deploy.backup", "--to", str(into))
    assert told.returncode == 0, told.stderr
    (folder,) = into.iterdir()
    return folder


@pytest.fixture
async def system(_system: System, backup: Path) -> System:
    """With other rows than the back-up's, and nothing of an earlier restore."""
    await written(_system, SINCE)
    for named in named_in(backup):
        named.unlink()
    return _system


async def written(system: System, id: UUID) -> None:
    for service in SERVICES:
        connection = await connected(system, service)
        for (schema,) in await connection.fetch(OLD_SQL):
            await connection.execute(f'drop schema "{schema}" cascade')
        await connection.execute("delete from inbox")
        await connection.execute("insert into inbox values ($1, 0, now())", id)
        await connection.close()


OLD_SQL = "select nspname from pg_namespace where nspname like 'before%'"


async def connected(system: System, service: str) -> asyncpg.Connection:
    return await asyncpg.connect(system.stack.database_url(service).replace("+asyncpg", ""))


def ran(system: System, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_module(module, *arguments, "--system", str(system.folder / "system.json"))


async def held(system: System, kind: str, number: int, folder: Path) -> asyncio.subprocess.Process:
    """A restore that has come so far and no further."""
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.e2e.held_restore", kind, str(number), str(folder)),
        *("--system", str(system.folder / "system.json")),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=PROJECT,
    )
    assert started.stdout is not None
    async with asyncio.timeout(180):
        while (line := await started.stdout.readline()) != b"reached\n":
            assert line, (await started.communicate())[1].decode()
    return started


async def killed(system: System, kind: str, number: int, folder: Path) -> None:
    started = await held(system, kind, number, folder)
    started.kill()
    await started.wait()


async def rows(system: System) -> dict[str, list[UUID]]:
    """What stands in the inboxes."""
    found = {}
    for service in SERVICES:
        connection = await connected(system, service)
        found[service] = [row[0] for row in await connection.fetch("select event_id from inbox")]
        await connection.close()
    return found


def named_in(backup: Path) -> list[Path]:
    return list(backup.glob("unknown-*.json"))


def everywhere(id: UUID) -> dict[str, list[UUID]]:
    return {service: [id] for service in SERVICES}


@pytest.mark.parametrize(("kind", "number", "way"), STEPS.values(), ids=STEPS)
async def test_killed_at_any_step_it_is_finished_or_undone(
    system: System, backup: Path, kind: str, number: int, way: str
) -> None:
    await killed(system, kind, number, backup)

    told = ran(system, "deploy.backup.restore")

    assert (told.returncode, told.stderr) == (0, "")
    assert way in told.stdout
    assert await rows(system) == everywhere(DUMPED if way == FINISHED else SINCE)
    assert [str(one) in told.stdout for one in named_in(backup)] == [True] * (way == FINISHED)
    again = ran(system, "deploy.backup.restore")
    assert again.stderr == "restore: no restore is unfinished: FROM=folder names the back-up\n"


@pytest.mark.parametrize("number", [4, 10])
async def test_restored_again_the_back_up_is_in_place(
    system: System, backup: Path, number: int
) -> None:
    await killed(system, "transaction", number, backup)

    told = ran(system, "deploy.backup.restore", str(backup))

    assert (told.returncode, told.stderr) == (0, "")
    assert await rows(system) == everywhere(DUMPED)
    assert len(named_in(backup)) == 1


async def test_what_a_killed_restore_had_begun_is_waited_for(system: System, backup: Path) -> None:
    restoring = await held(system, "transaction", 4, backup)
    in_the_way = await connected(system, "assignment")
    await in_the_way.execute("begin; create schema public")
    assert restoring.stdin is not None
    restoring.stdin.write(b"\n")
    await until(system, "application_name = 'pg_restore' and wait_event_type = 'Lock'")
    restoring.kill()
    await restoring.wait()

    ending = asyncio.create_task(asyncio.to_thread(ran, system, "deploy.backup.restore"))
    await until(system, "application_name = 'restore lock'")
    await in_the_way.execute("rollback")

    assert UNDONE in (await ending).stdout
    assert await rows(system) == everywhere(SINCE)
    await in_the_way.close()


async def until(system: System, condition: str) -> None:
    """PostgreSQL has a connection like that to assignment's database."""
    connection = await connected(system, "assignment")
    async with asyncio.timeout(180):
        while not await connection.fetchval(  # noqa: ASYNC110  another process works on
            f"select 1 from pg_stat_activity where datname = current_database() and {condition}"
        ):
            await asyncio.sleep(0.05)
    await connection.close()


async def test_meanwhile_nobody_works_on_a_half(system: System, backup: Path) -> None:
    await killed(system, "pg_restore", 4, backup)

    environment = system.environment("budget")
    service = run_module("services.budget", **environment)
    migrated = run_module("deploy.migrate", "upgrade", "budget", **environment)
    dumped = ran(system, "deploy.backup", "--to", str(system.folder / "more"))
    verified = ran(system, "deploy.verify")

    why = (
        f"the database is being restored from {backup}, which has not ended: with the services"
        " stopped run make restore without FROM; it is finished or put back\n"
    )
    assert (service.returncode, service.stderr) == (2, f"budget: {why}")
    assert (migrated.returncode, migrated.stderr) == (1, f"migrate: budget: {why}")
    assert (dumped.returncode, dumped.stderr) == (1, f"backup: assignment: {why}")
    assert (verified.returncode, verified.stderr) == (2, f"verify: assignment: {why}")
    assert ran(system, "deploy.backup.restore").returncode == 0
    assert await rows(system) == everywhere(SINCE)


async def test_a_second_restore_waits_its_turn(system: System, backup: Path) -> None:
    first = await held(system, "transaction", 2, backup)

    second = ran(system, "deploy.backup.restore", str(backup))

    assert second.stderr == "restore: another restore is under way: wait until it has ended\n"
    _, said = await first.communicate(b"\n")
    assert (first.returncode, said) == (0, b"")
    assert await rows(system) == everywhere(DUMPED)


async def test_who_interrupts_it_has_everything_as_it_was(system: System, backup: Path) -> None:
    restoring = await held(system, "transaction", 3, backup)
    restoring.send_signal(signal.SIGINT)

    _, said = await restoring.communicate(b"\n")

    assert restoring.returncode == 1
    assert said == b"restore: stopped; make restore without FROM ends what it has left\n"
    assert await rows(system) == everywhere(SINCE)
    assert "no restore is unfinished" in ran(system, "deploy.backup.restore").stderr


async def test_what_could_not_be_put_back_is_not_said_to_be_as_it_was(
    system: System, backup: Path
) -> None:
    restoring = await held(system, "pg_restore", 2, backup)
    await system.stack.processes.kill("postgres")

    _, said = await restoring.communicate(b"\n")

    await system.stack.processes.restart("postgres")
    await answering(system)
    assert restoring.returncode == 1
    assert "everything is as it was" not in said.decode()
    assert "not known to be as before: assignment (the database assignment" in said.decode()
    assert said.count(b"\n") == 1
    assert UNDONE in ran(system, "deploy.backup.restore").stdout
    assert await rows(system) == everywhere(SINCE)


async def answering(system: System) -> None:
    async with asyncio.timeout(180):
        while True:
            try:
                connection = await connected(system, "budget")
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.1)
                continue
            await connection.close()
            return
