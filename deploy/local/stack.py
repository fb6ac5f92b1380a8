"""What Dondoc stands on: a database per service and a broker; ours, or the site's own."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from deploy.local import broker, postgres
from deploy.local.errors import LocalError
from deploy.local.postgres import Postgres
from deploy.local.processes import Processes
from deploy.migrate import SERVICES
from shared.settings import KafkaKind


@dataclass
class LocalStack:
    """Where the parts are. ``processes`` takes whatever else should end with them."""

    processes: Processes
    kafka_url: str
    kafka_kind: KafkaKind
    server: Postgres | None = None
    pattern: str = ""
    passwords: dict[str, str] = field(default_factory=dict)

    def database_url(self, service: str) -> str:
        """For the service: SQLAlchemy's form, with the service's own role."""
        if self.server is None:
            return self.pattern.replace("{service}", service)
        password = self.passwords[service]
        return f"postgresql+asyncpg://{service}:{password}@127.0.0.1:{self.server.port}/{service}"

    async def create_database(self, name: str) -> None:
        """Make it if it is not there."""
        if self.server is not None:
            self.passwords[name] = await postgres.create_database(self.server, name)
        else:
            await _create_at_site(self.database_url(name), name)


@asynccontextmanager
async def local_stack(folder: Path) -> AsyncIterator[LocalStack]:
    """Start what KAFKA_URL and DATABASE_URL do not name; databases for the four services.

    DATABASE_URL has ``{service}`` where the database's name goes. LocalError says what is wrong.
    """
    async with Processes(_writable(folder) / "log") as processes:
        kafka_url = os.environ.get("KAFKA_URL")
        kind = KafkaKind(os.environ.get("KAFKA_KIND", "apache")) if kafka_url else None
        pattern = _site_pattern(os.environ.get("DATABASE_URL"))
        server = None if pattern else await postgres.start(folder, processes)
        if kafka_url is None:
            kafka_url = await broker.start(processes)
        elif not await broker.answers(kafka_url):
            raise LocalError(f"no Kafka answers at {kafka_url}: is KAFKA_URL right?")
        stack = LocalStack(processes, kafka_url, kind or KafkaKind.EMBEDDED, server, pattern or "")
        for service in SERVICES:
            await stack.create_database(service)
        yield stack


def _site_pattern(url: str | None) -> str | None:
    if not url:
        return None
    try:
        parsed = make_url(url.replace("{service}", "service"))
    except ArgumentError as error:
        raise LocalError(f"DATABASE_URL is no URL: {error}") from error
    if "{service}" not in url:
        raise LocalError("DATABASE_URL needs {service} where the database's name goes")
    scheme, rest = parsed.drivername, url.partition("://")[2]
    if not scheme.startswith("postgresql"):
        raise LocalError(f"DATABASE_URL names {scheme}; PostgreSQL is needed")
    return f"postgresql+asyncpg://{rest}"


async def _create_at_site(url: str, name: str) -> None:
    plain = url.replace("+asyncpg", "", 1)
    try:
        await (await asyncpg.connect(plain, timeout=5)).close()
        return
    except asyncpg.InvalidCatalogNameError:
        pass
    except asyncpg.PostgresError as error:
        raise LocalError(f"DATABASE_URL: the server refuses {name}: {error}") from error
    except (OSError, TimeoutError) as error:
        raise LocalError(f"DATABASE_URL: no PostgreSQL answers: {error}") from error
    parsed = make_url(plain).set(database="postgres")
    connection = await asyncpg.connect(parsed.render_as_string(hide_password=False))
    try:
        await connection.execute(f'create database "{name}"')
    finally:
        await connection.close()


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LocalError(f"{folder} cannot be made: {error.strerror}") from error
    if not os.access(folder, os.W_OK):
        raise LocalError(f"{folder} cannot be written to")
    return folder
