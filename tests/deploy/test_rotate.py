"""Passwords are changed while services write: on a real PostgreSQL nobody is refused."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy import databases
from deploy.databases import CannotPrepare, prepare, withdraw
from deploy.local.postgres import Postgres
from deploy.local.stack import LocalStack
from deploy.rotate.passwords import Site, begin, rotate, stage_of, switch
from shared.credentials import Credentials
from shared.database import create_engine
from shared.settings import Settings
from tests.deploy.waiting import until

SERVICES = ("north", "south")
NAMES = [f"postgres_{service}" for service in SERVICES]


class Stopped(Exception):
    """As the machine's end would stop the change."""


class Town:
    """Two services that write without a pause, and the server that knows their passwords."""

    def __init__(self, server: Postgres, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.server, self.folder, self.patch = server, folder, patch
        self.engines: dict[str, AsyncEngine] = {}
        self.working = {service: asyncio.Lock() for service in SERVICES}
        self.written = dict.fromkeys(SERVICES, 0)
        self.ends = False

    @property
    def told(self) -> dict[str, Credentials]:
        return {one: Credentials.read(self.file(one).read_text()) for one in SERVICES}

    def file(self, service: str) -> Path:
        return self.folder / f"postgres_{service}"

    async def settle(self, last: bool) -> None:
        change = withdraw if last else prepare
        await change(f"127.0.0.1:{self.server.port}", self.server.password, self.told)

    async def restart(self, service: str) -> None:
        """It ends what it is at, and goes on as its environment and its file say now."""
        self.patch.setenv("DONDOC_DATABASE_PASSWORD_FILE", str(self.file(service)))
        url = f"postgresql+asyncpg://{service}@127.0.0.1:{self.server.port}/{service}"
        async with self.working[service]:
            if service in self.engines:
                await self.engines[service].dispose()
            settings = Settings(database_url=url)
            self.engines[service] = create_engine(settings.database_url, name="test")

    async def rotate(self) -> list[str]:
        """Beside the writing, as ``make rotate`` is."""
        loop = asyncio.get_running_loop()

        def wait(step: object) -> None:
            asyncio.run_coroutine_threadsafe(step, loop).result(60)  # type: ignore[arg-type]

        site = Site(lambda last: wait(self.settle(last)), lambda one: wait(self.restart(one)))
        return await asyncio.to_thread(rotate, self.folder, NAMES, SERVICES, site)

    async def write(self, service: str) -> None:
        """Over connections of the pool, and over one that signs in each time."""
        while not self.ends:
            async with self.working[service]:
                async with self.engines[service].begin() as connection:
                    await connection.execute(text("insert into written default values"))
                fresh = await self.connect(service, self.file(service).read_text().split("\n")[0])
                await fresh.close()
                self.written[service] += 1

    def has_written_since(self, before: Mapping[str, int]) -> Callable[[], bool]:
        return lambda: all(self.written[service] > before[service] for service in SERVICES)

    async def connect(self, service: str, words: str) -> asyncpg.Connection:
        """Signed in with a line of a file of secrets."""
        used = Credentials.read(words).used
        return await asyncpg.connect(
            host="127.0.0.1",
            port=self.server.port,
            user=used.login or service,
            password=used.password,
            database=service,
        )

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Any refusal ends the test."""
        self.ends = False
        async with asyncio.TaskGroup() as group:
            for service in SERVICES:
                group.create_task(self.write(service))
            try:
                yield
            finally:
                self.ends = True


@pytest.fixture
async def town(
    stack: LocalStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Town]:
    assert isinstance(stack.databases, Postgres)
    town = Town(stack.databases, tmp_path, monkeypatch)
    for service in SERVICES:
        town.file(service).write_text("first")
    await town.settle(False)
    for service in SERVICES:
        await town.restart(service)
        async with town.engines[service].begin() as connection:
            await connection.execute(
                text("create table written (id int generated always as identity)")
            )
    yield town
    for engine in town.engines.values():
        await engine.dispose()
    admin = await asyncpg.connect(stack.databases.url("postgres"))
    for service in SERVICES:
        await admin.execute(f"drop database {service}")
        await admin.execute(f"drop role if exists {service}_2")
        await admin.execute(f"drop role {service}")
    await admin.close()


async def test_nobody_is_refused_while_passwords_are_changed(town: Town) -> None:
    async with town.writing():
        for login in ("north_2", "", "north_2"):
            before = dict(town.written)
            assert await town.rotate() == NAMES
            await until(town.has_written_since(before))
            assert town.told["north"].used.login == login

    for service in SERVICES:
        async with town.engines[service].connect() as connection:
            rows = await connection.scalar(text("select count(*) from written"))
        assert rows == town.written[service]
        with pytest.raises(asyncpg.InvalidPasswordError):
            await town.connect(service, "first")


async def test_both_passwords_are_good_meanwhile_and_what_either_makes_is_the_services(
    town: Town,
) -> None:
    begin(town.folder, "postgres_north")
    await town.settle(False)
    switch(town.folder, "postgres_north")
    used, other = town.told["north"].good

    for place, credential in enumerate((used, other)):
        connection = await town.connect("north", str(credential))
        await connection.execute(f"create table made_{place} (id int)")
        await connection.close()

    connection = await town.connect("north", str(other))
    owners = await connection.fetch("select tableowner from pg_tables where tablename ~ '^made_'")
    await connection.close()
    assert [row["tableowner"] for row in owners] == ["north", "north"]


async def test_the_last_password_stays_while_somebody_is_connected_with_it(town: Town) -> None:
    town.patch.setattr(databases, "LEAVE_SECONDS", 0)
    begin(town.folder, "postgres_north")
    await town.settle(False)
    switch(town.folder, "postgres_north")
    async with town.engines["north"].connect():
        with pytest.raises(CannotPrepare, match="start every north anew first"):
            await town.settle(True)
    connection = await town.connect("north", "first")
    await connection.close()
    await town.engines["north"].dispose()
    town.patch.setattr(databases, "LEAVE_SECONDS", 60)

    await town.settle(True)

    with pytest.raises(asyncpg.InvalidPasswordError):
        await town.connect("north", "first")


async def test_a_next_password_stays_when_others_are_ended(town: Town) -> None:
    begin(town.folder, "postgres_north")
    await town.settle(True)

    for credential in town.told["north"].good:
        connection = await town.connect("north", str(credential))
        await connection.close()


@pytest.mark.parametrize("step", range(1, 9))
async def test_a_change_that_was_interrupted_goes_on_where_it_stopped(
    town: Town, step: int
) -> None:
    """At each of its eight steps: four writings of files, two settlings, two restarts."""
    left = step

    def interrupt(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Stopped

    passwords = rotate.__globals__
    whole, settle, restart = passwords["_write"], town.settle, town.restart

    async def settle_until(last: bool) -> None:
        interrupt()
        await settle(last)

    async def restart_until(service: str) -> None:
        interrupt()
        await restart(service)

    def write_until(*words: object) -> None:
        interrupt()
        whole(*words)

    town.patch.setitem(passwords, "_write", write_until)
    town.settle, town.restart = settle_until, restart_until  # type: ignore[method-assign]
    async with town.writing():
        with pytest.raises(Stopped):
            await town.rotate()
        for service in SERVICES:
            await restart(service)

        await town.rotate()

    assert [stage_of(town.folder, name) for name in NAMES] == [None, None]
    for service in SERVICES:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await town.connect(service, "first")
