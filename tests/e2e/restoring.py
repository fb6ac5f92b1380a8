"""A system with a back-up and without services, and restores of it that come so far as is told."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import asyncpg

from deploy.migrate import SERVICES
from deploy.system import System
from tests.commands import PROJECT, run_module

DUMPED, SINCE = UUID(int=1), UUID(int=2)
"""What stands in each inbox: at the back-up, and now."""
UNDONE, FINISHED = ", broken off, is undone", ", broken off, is finished; "


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
        preexec_fn=_hears_ctrl_c,
    )
    assert started.stdout is not None
    async with asyncio.timeout(400):
        while (line := await started.stdout.readline()) != b"reached\n":
            assert line, (await started.communicate())[1].decode()
    return started


def _hears_ctrl_c() -> None:
    """A shell's background job ignores SIGINT, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


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


async def until(system: System, condition: str, *, in_: str = "assignment") -> None:
    """PostgreSQL has a connection like that to the service's database."""
    connection = await connected(system, in_)
    async with asyncio.timeout(400):
        while not await connection.fetchval(  # noqa: ASYNC110  another process works on
            f"select 1 from pg_stat_activity where datname = current_database() and {condition}"
        ):
            await asyncio.sleep(0.05)
    await connection.close()


async def answering(system: System) -> None:
    async with asyncio.timeout(400):
        while True:
            try:
                connection = await connected(system, "budget")
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.1)
                continue
            await connection.close()
            return
