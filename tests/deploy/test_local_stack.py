"""Ours or the site's own: what the environment names, and what it gets wrong."""

import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from deploy.local import postgres
from deploy.local.errors import LocalError
from deploy.local.ports import free_port
from deploy.local.postgres import Postgres
from deploy.local.processes import Processes
from deploy.local.site import SiteDatabases
from deploy.local.stack import local_stack
from deploy.migrate import SERVICES

pytestmark = pytest.mark.usefixtures("_no_site")


@pytest.fixture
def _no_site(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KAFKA_URL", "KAFKA_KIND", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Postgres]:
    """A server that stands for the site's own."""
    folder = tmp_path_factory.mktemp("site")
    async with Processes(folder / "log") as processes:
        yield await postgres.start(folder, processes, port=0)


async def refusal(folder: Path) -> str:
    with pytest.raises(LocalError) as raised:
        async with local_stack(folder, broker="KAFKA_URL" in os.environ):
            pass
    text = str(raised.value)
    assert "\n" not in text
    return text


async def test_each_service_has_a_database_of_its_own(tmp_path: Path) -> None:
    async with local_stack(tmp_path, broker=False) as stack:
        for service in SERVICES:
            url = stack.database_url(service)
            assert url.startswith("postgresql+asyncpg://")
            connection = await asyncpg.connect(url.replace("+asyncpg", ""))
            row = await connection.fetchrow("select current_user, current_database()")
            await connection.close()
            assert tuple(row) == (service, service)


async def test_a_folder_serves_one_at_a_time(
    tmp_path: Path, site: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", site.url("{service}"))
    async with local_stack(tmp_path, broker=False):
        assert f"is in use by process {os.getpid()}" in await refusal(tmp_path)

    async with local_stack(tmp_path, broker=False):
        pass


@pytest.mark.parametrize("path", ["{service}", "site_{service}", "postgres", ""])
async def test_a_site_s_databases_are_created_where_the_role_may(
    tmp_path: Path, site: Postgres, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", site.url(path) + "?sslmode=disable")

    async with local_stack(tmp_path, broker=False) as stack:
        url = stack.database_url("budget")

    name = path.replace("{service}", "budget") if "{" in path else "budget"
    assert url == site.url(name).replace("postgresql:", "postgresql+asyncpg:") + "?ssl=disable"
    connection = await asyncpg.connect(site.url(name))
    await connection.close()
    assert not (tmp_path / "postgres").exists()


async def test_a_role_that_may_not_create_is_told_what_to_create(
    tmp_path: Path, site: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = await asyncpg.connect(site.url("postgres"))
    await connection.execute("create role clerk login password 'secret'")
    await connection.close()
    url = f"postgresql://clerk:secret@127.0.0.1:{site.port}/clerk_{{service}}"
    monkeypatch.setenv("DATABASE_URL", url)

    said = await refusal(tmp_path)

    assert "role clerk may not create the database clerk_assignment: create it" in said


async def test_a_wrong_password_is_said_but_not_shown(
    tmp_path: Path, site: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"postgresql://postgres:not-this-one@127.0.0.1:{site.port}/{{service}}"
    monkeypatch.setenv("DATABASE_URL", url)

    said = await refusal(tmp_path)

    assert "password authentication failed" in said
    assert "not-this-one" not in said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "is no URL"),
        ("postgresql://h:port/{service}", "is no URL"),
        ("mysql://u@h/{service}", "names mysql; PostgreSQL is needed"),
        ("postgresql://u@127.0.0.1:70000/{service}", "70000 is no port"),
        ("postgresql://u@127.0.0.1:{closed}/{service}", "no PostgreSQL at"),
        ("postgresql://u@no-such-host.invalid/{service}", "no PostgreSQL at"),
    ],
)
async def test_a_database_url_that_leads_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url.replace("{closed}", str(free_port())))

    assert said in await refusal(tmp_path)


@pytest.mark.parametrize(
    ("url", "kind", "said"),
    [
        ("127.0.0.1", "apache", "KAFKA_URL is host:port"),
        ("kafka://127.0.0.1:9092", "apache", "KAFKA_URL is host:port"),
        ("127.0.0.1:70000", "apache", "KAFKA_URL is host:port"),
        ("127.0.0.1:9092,", "apache", "KAFKA_URL is host:port"),
        ("127.0.0.1:9092", "rabbit", "KAFKA_KIND is apache or embedded, not rabbit"),
        ("127.0.0.1:{closed}", "apache", "no Kafka answers at 127.0.0.1:"),
    ],
)
async def test_a_kafka_url_that_leads_nowhere(
    tmp_path: Path,
    site: Postgres,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    kind: str,
    said: str,
) -> None:
    monkeypatch.setenv("DATABASE_URL", site.url("{service}"))
    monkeypatch.setenv("KAFKA_URL", url.replace("{closed}", str(free_port())))
    monkeypatch.setenv("KAFKA_KIND", kind)

    assert said in await refusal(tmp_path)


async def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert "cannot be written to" in await refusal(tmp_path / "file" / ".local")


def test_a_url_without_service_keeps_everything_but_the_path() -> None:
    site = SiteDatabases("postgres://u:p%40ss@db:6432/other?sslmode=require")

    told = site.url("budget").render_as_string(hide_password=False)

    assert told == "postgresql+asyncpg://u:p%40ss@db:6432/budget?ssl=require"


def test_the_usual_port_is_kept_unless_it_is_taken() -> None:
    usual = free_port()
    assert free_port(usual) == usual

    with socket.create_server(("127.0.0.1", usual)):
        assert free_port(usual) not in (0, usual)


async def test_a_port_stays_ours_while_who_listens_there_is_dead(tmp_path: Path) -> None:
    async with Processes(tmp_path) as processes:
        ours = processes.port()
        with socket.create_server(("127.0.0.1", ours)):
            pass

        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", ours))
        with socket.create_server(("127.0.0.1", ours)):  # by SO_REUSEADDR, as at its restart
            pass
    with socket.socket() as other:
        other.bind(("127.0.0.1", ours))


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_beyond_the_ports_is_refused(port: int) -> None:
    with pytest.raises(LocalError, match="is no port"):
        free_port(port)
