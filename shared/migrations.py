"""What the Alembic environment of every service does."""

import asyncio
import re
from pathlib import Path
from typing import Any, cast

from alembic import context, op
from sqlalchemy import Connection, MetaData, pool
from sqlalchemy.ext.asyncio import create_async_engine

from shared.messaging import MessagingBase
from shared.restore_mark import MARKED_SQL, refuse_unfinished

LOCK = 6053
"""Of migrations alone: the relay of a running service holds its own all the time."""
LOCK_TIMEOUT = "10s"
"""Behind a statement that waits for a whole table everybody else waits too."""
_PARTITION = re.compile(r"outbox_\d+")
_SQL = Path(__file__).parent / "sql"


def run_migrations(own: MetaData) -> None:
    """Upgrade, or compare the database with the service's own and the plumbing's tables.

    The URL comes from the Alembic option ``sqlalchemy.url``. One migration at a time: an advisory
    lock makes a second process wait.
    """
    url = context.config.get_main_option("sqlalchemy.url")
    assert url, "deploy.migrate sets it"
    asyncio.run(_run(url, [own, MessagingBase.metadata]))


def create_messaging() -> None:
    """The plumbing's tables, as a service's first migration makes them."""
    for statement in (_SQL / "messaging_0001.sql").read_text().split(";\n"):
        if statement.strip():
            op.execute(statement)


async def _run(url: str, metadata: list[MetaData]) -> None:
    engine = create_async_engine(url, poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            marked = await connection.exec_driver_sql(MARKED_SQL)
            refuse_unfinished(cast(tuple[str, str] | None, marked.first()))
            await connection.run_sync(_migrate, metadata)
            await connection.commit()
    finally:
        await engine.dispose()


def _migrate(connection: Connection, metadata: list[MetaData]) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_object=_ours,
        compare_server_default=False,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        connection.exec_driver_sql(f"select pg_advisory_xact_lock({LOCK})")
        connection.exec_driver_sql(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
        context.run_migrations()


def _ours(_object: Any, name: str | None, kind: str, *_rest: Any) -> bool:
    return not (kind == "table" and name is not None and _PARTITION.fullmatch(name))
