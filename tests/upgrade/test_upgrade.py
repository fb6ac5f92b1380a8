"""From today's release to the next and back, one service at a time, with events in flight."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import asyncpg
import pytest

from deploy.local.stack import temporary_folder
from deploy.migrate import SERVICES
from deploy.system import System, SystemSettings, running_system
from tests.deploy.waiting import until
from tests.e2e.load import drained
from tests.upgrade.release import EVENT, ROOT, next_release
from tests.upgrade.town import Town


class Site:
    """A running system whose services are replaced by those of another release."""

    def __init__(self, system: System, next: Path) -> None:
        self.system, self.next, self.today = system, next, ROOT
        self.town = Town(system)

    async def run(self, release: Path, *words: str, service: str = "assignment") -> tuple[int, str]:
        """A command of a release; its exit code and what it said."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *words,
            env=self.system.environment(service),
            cwd=release,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode()

    async def migrate(self, release: Path) -> str:
        code, said = await self.run(release, "deploy.migrate", "upgrade", "assignment")
        assert code == 0, said
        return said

    async def replace(self, services: Sequence[str], release: Path) -> None:
        """One after the other; each is given work before the next follows."""
        processes = self.system.stack.processes
        for service in services:
            await processes.stop(service)
            if service == "assignment":  # what comes now is told while its reader is away
                self.town.kept = 0
                await until(self.town.has_reported(3))
                self.town.kept = 8
            argv = [sys.executable, "-m", f"services.{service}"]
            await processes.start(service, argv, self.system.environment(service), cwd=release)
            await self.system.wait_ready()
            await until(self.town.has_gone_on(), 60)

    async def ask(self, service: str, sql: str) -> int:
        url = self.system.stack.database_url(service).replace("+asyncpg", "")
        connection = await asyncpg.connect(url)
        try:
            return int(await connection.fetchval(sql))
        finally:
            await connection.close()

    async def holds(self, release: Path) -> None:
        """``make verify`` of that release, in the middle of it all."""
        path = str(self.system.folder / "system.json")
        code, said = await self.run(release, "deploy.verify", "--system", path)
        assert code == 0, said


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    settings = SystemSettings(job_seconds=0.2, sweep_grace_seconds=1.0, ports={})
    with temporary_folder() as folder:
        async with running_system(folder, settings) as system:
            yield Site(system, next_release(tmp_path / "next"))


NEW = f"select count(*) from outbox where type = '{EVENT}'"
KEPT = "select count(*) from tasks where report_content is not null"


@pytest.mark.long
async def test_an_upgrade_and_the_way_back_lose_and_double_nothing(site: Site) -> None:
    """Publisher before reader, then the reader back before the publisher, then reader first."""
    async with site.town.busy():
        await site.migrate(site.next)
        await site.replace(("reporting", "assignment"), site.next)
        told, kept = await site.ask("reporting", NEW), await site.ask("assignment", KEPT)

        assert "newer than this release" in await site.migrate(site.today)
        await site.replace(("assignment", "reporting"), site.today)
        after = await site.ask("reporting", NEW)
        await site.holds(site.today)

        await site.migrate(site.next)
        await site.replace(("assignment", "reporting"), site.next)

    await drained(site.system, SERVICES)
    await site.holds(site.next)
    assert told > 0
    assert kept > 0
    assert after > told
    assert await site.ask("reporting", NEW) > after
    assert await site.ask("assignment", KEPT) > kept
