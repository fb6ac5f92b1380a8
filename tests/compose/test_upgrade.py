"""From today's images to the next release's and back by the documented way, under load."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.access.cluster import cluster
from deploy.access.rights import Operation, Resource, Right
from deploy.migrate import SERVICES
from tests.compose.actions import Offices
from tests.compose.site import IMAGES, Site, site
from tests.deploy.waiting import until
from tests.e2e.load import drained
from tests.upgrade.release import EVENT, PARTS, next_release
from tests.upgrade.town import Town

RELEASE = "FROM {today}\n" + "".join(f"COPY {part} /dondoc/{part}\n" for part in PARTS)
PATIENCE = 400
NEWER = Right("budget", Operation.READ, Resource.TOPIC, "reporting.newer")
"""What another next release might have to read."""


@pytest.fixture(scope="module")
def today() -> str:
    told = dict(line.split("=", 1) for line in IMAGES.read_text().splitlines() if "=" in line[:20])
    return os.environ.get("DONDOC_IMAGE", told["DONDOC_IMAGE"])


@pytest.fixture(scope="module")
def next(today: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The image of the next release."""
    folder = next_release(tmp_path_factory.mktemp("next") / "tree")
    (folder / "Dockerfile").write_text(RELEASE.format(today=today))
    image = f"dondoc:next-{os.getpid()}"
    subprocess.run(["docker", "build", "-q", "-t", image, folder], check=True, timeout=900)
    yield image
    subprocess.run(["docker", "rmi", "-f", image], check=False, timeout=300)


class Upgraded:
    """A site whose image changes while its town is at work."""

    def __init__(self, site: Site, patch: pytest.MonkeyPatch) -> None:
        self.site, self.patch = site, patch
        self.town = Town(Offices(site))

    async def docker(self, *words: str) -> str:
        return (await asyncio.to_thread(self.site.docker, *words)).stdout

    async def one_after_the_other(self, image: str) -> None:
        self.patch.setenv("DONDOC_IMAGE", image)
        await self.docker("run", "--rm", "--no-deps", "-T", "migrate")
        await self.docker("run", "--rm", "--no-deps", "-T", "access")
        for service in ("reporting", "assignment", "notification", "budget"):
            await self.docker("stop", service)
            if service == "assignment":  # what comes now is told while its reader is away
                self.town.kept = 0
                await until(self.town.has_reported(3), PATIENCE)
                self.town.kept = 8
            await self.docker("up", "-d", "--no-deps", "--wait", service)
            await until(self.town.has_gone_on(), PATIENCE)

    async def at_once(self, image: str) -> None:
        self.patch.setenv("DONDOC_IMAGE", image)
        await self.docker("up", "-d", "--wait")
        await until(self.town.has_gone_on(), PATIENCE)

    async def back(self, image: str) -> None:
        """As documented; the start stops at a right that the newer release brought."""
        self.patch.setenv("DONDOC_IMAGE", image)
        with cluster(self.site.kafka("admin")) as kafka:
            kafka.allow([NEWER])
        stopped = await asyncio.to_thread(lambda: self.site.docker("up", "-d", check=False))
        assert stopped.returncode != 0
        assert f"unknown right {NEWER} (--prune takes it away)" in await self.docker(
            "logs", "access"
        )
        await self.docker("run", "--rm", "--no-deps", "-T", "access", "--prune")
        await self.at_once(image)

    async def ask(self, service: str, sql: str) -> int:
        psql = ("psql", "-h", "/tmp", "-U", "postgres", "-At", service, "-c", sql)
        password = self.site.credentials("postgres_admin").used.password
        words = ("exec", "-T", "-e", f"PGPASSWORD={password}", "postgres", *psql)
        return int(await self.docker(*words))

    async def holds(self) -> None:
        assert "lost=0 doubled=0 reordered=0" in await asyncio.to_thread(self.site.verify)


async def test_an_upgrade_and_the_way_back_lose_and_double_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, today: str, next: str
) -> None:
    told = f"select count(*) from outbox where type = '{EVENT}'"
    kept = "select count(*) from tasks where report_content is not null"
    with site(tmp_path) as deployed:
        deployed.up()
        deployed.docker("run", "--rm", "--no-deps", "-T", "register")
        upgraded = Upgraded(deployed, monkeypatch)
        async with upgraded.town.busy():
            await upgraded.one_after_the_other(next)
            assert await upgraded.ask("reporting", told) > 0
            assert await upgraded.ask("assignment", kept) > 0
            await upgraded.holds()

            await upgraded.back(today)
            after = await upgraded.ask("reporting", told)
            await until(upgraded.town.has_reported(3), PATIENCE)

        await drained(Offices(deployed), SERVICES, PATIENCE)
        assert await upgraded.ask("reporting", told) == after
        await upgraded.holds()
