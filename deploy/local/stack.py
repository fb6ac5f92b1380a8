"""What Dondoc stands on: a database per service and a broker; ours, or the site's own."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import broker as local_broker
from deploy.local import brokers as local_brokers
from deploy.local import kafka as local_kafka
from deploy.local import postgres
from deploy.local.errors import LocalError
from deploy.local.ports import free_port
from deploy.local.postgres import Postgres
from deploy.local.processes import Processes
from deploy.local.site import SiteDatabases, site_databases, site_kafka
from deploy.migrate import SERVICES
from shared.settings import KafkaKind

USUAL_PORTS = {"postgres": postgres.USUAL_PORT, "broker": local_broker.USUAL_PORT}


@dataclass
class LocalStack:
    """Where the parts are. ``processes`` takes whatever else should end with them."""

    processes: Processes
    kafka_url: str
    kafka_kind: KafkaKind
    databases: Postgres | SiteDatabases
    passwords: dict[str, str] = field(default_factory=dict)
    brokers: tuple[str, ...] = ("broker",)
    """The names of the processes that are Kafka."""

    def database_url(self, service: str) -> str:
        """For the service: SQLAlchemy's form, with the service's own role."""
        if isinstance(self.databases, SiteDatabases):
            return self.databases.url(service).render_as_string(hide_password=False)
        password, port = self.passwords[service], self.databases.port
        return f"postgresql+asyncpg://{service}:{password}@127.0.0.1:{port}/{service}"

    async def create_database(self, name: str) -> None:
        """Make it if it is not there."""
        if isinstance(self.databases, SiteDatabases):
            await self.databases.ensure(name)
        else:
            self.passwords[name] = await postgres.create_database(self.databases, name)


@asynccontextmanager
async def local_stack(
    folder: Path,
    *,
    broker: bool = True,
    three_brokers: bool = False,
    ports: Mapping[str, int] = USUAL_PORTS,
) -> AsyncIterator[LocalStack]:
    """Start what KAFKA_URL and DATABASE_URL do not name; databases for the four services.

    Each listens where ``ports`` says, if that is free, else on any free port. The broker is the
    embedded one, or Apache Kafka if DONDOC_LOCAL_KAFKA says "apache"; with ``broker=False`` nobody
    answers at ``kafka_url``, with ``three_brokers`` three nodes of Apache Kafka do, at any free
    ports. LocalError says what is wrong.
    """
    with _held(folder) as folder:
        async with Processes(folder / "log") as processes:
            databases = site_databases() or await postgres.start(
                folder, processes, port=ports.get("postgres", 0)
            )
            if three_brokers:
                kafka_url, kind = await local_brokers.start(folder, processes), KafkaKind.APACHE
            elif broker:
                kafka_url, kind = await _kafka(folder, processes, ports.get("broker", 0))
            else:
                kafka_url, kind = _no_kafka()
            stack = LocalStack(processes, kafka_url, kind, databases)
            if three_brokers:
                stack.brokers = local_brokers.NAMES
            for service in SERVICES:
                await stack.create_database(service)
            yield stack


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder for a stack that nobody needs afterwards; PostgreSQL's account can get into it."""
    folder = Path(tempfile.mkdtemp(prefix="dondoc-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _kafka(folder: Path, processes: Processes, port: int) -> tuple[str, KafkaKind]:
    if (named := await site_kafka()) is not None:
        return named
    if wanted_kafka() is KafkaKind.APACHE:
        return await local_kafka.start(folder, processes, port=port), KafkaKind.APACHE
    return await local_broker.start(processes, port=port), KafkaKind.EMBEDDED


def wanted_kafka() -> KafkaKind:
    """Which kind of broker is to be started here."""
    told = os.environ.get("DONDOC_LOCAL_KAFKA") or KafkaKind.EMBEDDED
    try:
        return KafkaKind(told)
    except ValueError:
        kinds = " or ".join(KafkaKind)
        raise LocalError(f"there is no Kafka of the kind {told!r}: say {kinds}") from None


def _no_kafka() -> tuple[str, KafkaKind]:
    return f"127.0.0.1:{free_port()}", KafkaKind.EMBEDDED


@contextmanager
def _held(folder: Path) -> Iterator[Path]:
    """One at a time in a folder; the kernel lets go of it for whoever is killed."""
    folder = folder.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise LocalError(f"{folder} cannot be written to: {error.strerror}") from error
    with os.fdopen(descriptor, "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise LocalError(
                f"{folder} is in use by process {lock.read().strip()}: stop that one first"
            ) from error
        lock.truncate()
        lock.write(str(os.getpid()))
        lock.flush()
        yield folder
