"""The mark of a restore under way or broken off: a comment on the schema with the tables of before.

``deploy.backup.swap`` sets it. Nobody serves, migrates, dumps or checks a database that has it.
"""

import asyncio

import asyncpg

from shared.database import connect_alone
from shared.settings import Settings

MARK = "dondoc: "
MARKED_SQL = """
select nspname, obj_description(oid, 'pg_namespace') from pg_namespace
where obj_description(oid, 'pg_namespace') like 'dondoc: %'"""
LOOK_SECONDS = 3.0


class RestoreUnfinished(Exception):
    """Says what to do."""


def refuse_unfinished(marked: tuple[str, str] | None) -> None:
    """``marked``: the row that MARKED_SQL finds."""
    if marked is not None:
        raise RestoreUnfinished(
            f"the database is {marked[1].removeprefix(MARK)}, which has not ended: with the"
            " services stopped run restore without a folder; it is finished or put back"
        )


async def refuse_marked(connection: asyncpg.Connection) -> None:
    """RestoreUnfinished if the connection's database bears the mark."""
    refuse_unfinished(await connection.fetchrow(MARKED_SQL))


async def refuse_half_restored(settings: Settings, name: str) -> None:
    """At a service's start; where no database answers, the service will wait for it."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            connection = await connect_alone(settings, name)
            try:
                await refuse_marked(connection)
            finally:
                await connection.close()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return
