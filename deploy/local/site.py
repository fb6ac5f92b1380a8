"""A site's own servers, as KAFKA_URL and DATABASE_URL name them."""

import os
import re
from dataclasses import dataclass

import asyncpg
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from deploy.local.broker import answers
from deploy.local.errors import LocalError
from shared.settings import KafkaKind

OLDEST = 15
_HOST_PORT = re.compile(r"(?:[^\s:/@\[\],]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})")


@dataclass(frozen=True)
class SiteDatabases:
    """A server's URL: ``{service}`` in it, or else its path, stands for the database's name."""

    pattern: str

    def url(self, service: str) -> URL:
        """SQLAlchemy's form for asyncpg; libpq's ``sslmode`` is understood."""
        url = make_url(self.pattern.replace("{service}", service))
        if "{service}" not in self.pattern:
            url = url.set(database=service)
        query = {"ssl" if name == "sslmode" else name: told for name, told in url.query.items()}
        return url.set(drivername="postgresql+asyncpg", query=query)

    async def ensure(self, service: str) -> None:
        """The database is there and lets us in, or is created; LocalError says why not."""
        url = self.url(service)
        try:
            try:
                connection = await _connect(url)
            except asyncpg.InvalidCatalogNameError:
                await _create(url)
                connection = await _connect(url)
            version = connection.get_server_version()
            await connection.close()
        except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
            raise LocalError(f"DATABASE_URL: {_shown(url)} refuses: {error}") from error
        except (OSError, TimeoutError) as error:
            reason = str(error) or "no answer within 5 s"
            raise LocalError(f"DATABASE_URL: no PostgreSQL at {_shown(url)}: {reason}") from error
        if version.major < OLDEST:
            raise LocalError(
                f"DATABASE_URL: {_shown(url)} is PostgreSQL {version.major}; {OLDEST} or newer"
                " is needed"
            )


def site_databases() -> SiteDatabases | None:
    """What DATABASE_URL says, if anything."""
    pattern = os.environ.get("DATABASE_URL")
    if not pattern:
        return None
    found = SiteDatabases(pattern)
    try:
        url = make_url(pattern.replace("{service}", "service"))
    except (ArgumentError, ValueError) as error:
        raise LocalError(
            "DATABASE_URL is no URL; it looks like postgresql://user:password@host:5432/{service}"
        ) from error
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise LocalError(f"DATABASE_URL names {url.get_backend_name()}; PostgreSQL is needed")
    if url.port is not None and not 1 <= url.port <= 65535:
        raise LocalError(f"DATABASE_URL: {url.port} is no port: it lies between 1 and 65535")
    return found


async def site_kafka() -> tuple[str, KafkaKind] | None:
    """What KAFKA_URL and KAFKA_KIND say, if anything; it answers."""
    url = os.environ.get("KAFKA_URL")
    if not url:
        return None
    told = os.environ.get("KAFKA_KIND", KafkaKind.APACHE)
    if told not in list(KafkaKind):
        raise LocalError(f"KAFKA_KIND is {' or '.join(KafkaKind)}, not {told}")
    ports = [_HOST_PORT.fullmatch(one.strip()) for one in url.split(",")]
    if not all(found and 1 <= int(found[1]) <= 65535 for found in ports):
        raise LocalError(f"KAFKA_URL is host:port, or several with commas between, not {url}")
    if not await answers(url):
        raise LocalError(f"no Kafka answers at {url}: start it, or correct KAFKA_URL")
    return url, KafkaKind(told)


async def _create(url: URL) -> None:
    connection = await _connect(url.set(database="postgres"))
    try:
        await connection.execute(f'create database "{url.database}"')
    except asyncpg.InsufficientPrivilegeError as error:
        raise LocalError(
            f"DATABASE_URL: the role {url.username} may not create the database {url.database}:"
            " create it, with that role as its owner"
        ) from error
    finally:
        await connection.close()


async def _connect(url: URL) -> asyncpg.Connection:
    host = url.query.get("host", url.host)
    return await asyncpg.connect(
        host=host,
        port=url.port,
        user=url.username,
        password=url.password,
        database=url.database,
        ssl=url.query.get("ssl"),
        timeout=5,
    )


def _shown(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=True)
