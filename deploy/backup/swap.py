"""The tables of before and those of a back-up in the four databases, and the marks of where it is.

Each step is one transaction, so a database is always at one of these (T: the restore's time):

    public                                         untouched, or put back
    before_T marked "being restored"               set aside; pg_restore has not committed
    before_T marked "being restored", and public   filled, perhaps reconciled
    before_T marked "restored", and public         whole, and so are the other three
    before_T, and public                           finished

"restored" is written when all four are filled and reconciled, and no mark goes before all have it.
So where one says "restored" the others can be finished; else all can be put back.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.backup.dumps import connected
from deploy.backup.errors import BackupError
from shared.restore_mark import MARK, MARKED_SQL

LOCK = 6054
NAME, LOCK_NAME = "restore", "restore lock"
LEAVE_SECONDS = 60.0
"""So long may go on in PostgreSQL what a restore that was killed had begun there."""
BEING, RESTORED = f"{MARK}being restored from ", f"{MARK}restored from "
_OTHER_SQL = """
select application_name from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
and application_name <> $1 and (application_name in ('restore', 'pg_restore')) = $2 limit 1"""


@dataclass(frozen=True)
class Unfinished:
    """A restore that was broken off, by the marks that it left."""

    schema: str
    folder: Path
    whole: bool
    databases: dict[str, str]
    """Those with a mark."""


@asynccontextmanager
async def alone(databases: Mapping[str, str]) -> AsyncIterator[None]:
    """No other restore meanwhile, and nothing left in PostgreSQL of one that was killed."""
    async with connected(next(iter(databases.values())), LOCK_NAME) as connection:
        if not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
            raise BackupError("another restore is under way: wait until it has ended")
        until = time.monotonic() + LEAVE_SECONDS
        for service, url in databases.items():
            while other := await _other(url, ours=True):
                if time.monotonic() > until:
                    raise BackupError(f"{service} is in use by {other!r}: wait until it has ended")
                await asyncio.sleep(0.1)
        yield


async def refuse_running(databases: Mapping[str, str]) -> None:
    for service, url in databases.items():
        if other := await _other(url, ours=False):
            raise BackupError(f"{service} is in use by {other!r}: stop the services first")


async def _other(url: str, *, ours: bool) -> str | None:
    async with connected(url, LOCK_NAME) as connection:
        found: str | None = await connection.fetchval(_OTHER_SQL, LOCK_NAME, ours)
    return found


async def unfinished(databases: Mapping[str, str]) -> Unfinished | None:
    marks = {}
    for service, url in databases.items():
        async with connected(url, NAME) as connection:
            if row := await connection.fetchrow(MARKED_SQL):
                marks[service] = row
    if not marks:
        return None
    schema, mark = next(iter(marks.values()))
    return Unfinished(
        schema,
        Path(mark.removeprefix(BEING).removeprefix(RESTORED)),
        any(mark.startswith(RESTORED) for _, mark in marks.values()),
        {service: databases[service] for service in marks},
    )


async def set_aside(url: str, schema: str, folder: Path) -> None:
    await _execute(
        url, f'alter schema public rename to "{schema}"', _marked(schema, f"{BEING}{folder}")
    )


async def put_back(url: str, schema: str) -> None:
    """Nothing, where it was not set aside or is put back already."""
    async with connected(url, NAME) as connection:
        known = await connection.fetchval("select to_regnamespace($1)::text", f'"{schema}"')
    if known is not None:
        await _execute(
            url,
            "drop schema if exists public cascade",
            f'alter schema "{schema}" rename to public',
            _marked("public", None),
        )


async def finish(databases: Mapping[str, str], schema: str, folder: Path) -> None:
    """These are whole, and so are the others."""
    for mark in (f"{RESTORED}{folder}", None):
        for url in databases.values():
            await _execute(url, _marked(schema, mark))


def _marked(schema: str, mark: str | None) -> str:
    quoted = "null" if mark is None else "'" + mark.replace("'", "''") + "'"
    return f'comment on schema "{schema}" is {quoted}'


async def _execute(url: str, *statements: str) -> None:
    """In one transaction."""
    async with connected(url, NAME) as connection, connection.transaction():
        for statement in statements:
            await connection.execute(statement)
