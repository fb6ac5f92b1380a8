"""Engines, sessions, and the naming every service's tables follow."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import asyncpg
import orjson
from sqlalchemy import ARRAY, JSON, ColumnElement, any_, event, literal, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase

from shared.clock import Clock
from shared.settings import Settings

Sessions = async_sessionmaker[AsyncSession]

NAMING = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

SESSION_SETTINGS = {
    "idle_in_transaction_session_timeout": "15s",
    "lock_timeout": "10s",
    "statement_timeout": "30s",
    "jit": "off",
}
"""protocol.md §4: a paused process gives its locks back within these times."""

_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
_HEALS = re.compile(r"08|53|57P|40001|40P01|55P03|57014|25P03")


def create_engine(url: str, *, name: str, size: int = 10) -> AsyncEngine:
    """Connections that say who they are and give up in bounded time; READ COMMITTED.

    A connection that the server has closed is replaced when it is taken from the pool. asyncpg
    knows without asking; SQLAlchemy's own ``pool_pre_ping`` costs three round trips a transaction.
    """
    engine = create_async_engine(
        url,
        pool_size=size,
        max_overflow=size,
        pool_timeout=5,
        isolation_level="READ COMMITTED",
        connect_args={
            "timeout": 5,
            "server_settings": {"application_name": name, **SESSION_SETTINGS},
        },
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(connection: Any, _record: Any, _proxy: Any) -> None:
    if connection.driver_connection.is_closed():
        raise DisconnectionError("the server has closed this connection")


async def connect_alone(settings: Settings, name: str) -> asyncpg.Connection:
    """A connection for a session lock: a paused process loses it, and with it the lock.

    Its few statements are planned once: forty times a second, that took more than they themselves.
    A plan made while a table is new and empty must not read it whole when it no longer is.
    """
    url = settings.database_url.replace("postgresql+asyncpg://", "postgresql://", 1)
    return await asyncpg.connect(
        url,
        timeout=5,
        command_timeout=30,
        server_settings={
            "application_name": name,
            "idle_session_timeout": "5s",
            "tcp_user_timeout": "10s",
            "plan_cache_mode": "force_generic_plan",
            "enable_seqscan": "off",
            "jit": "off",
        },
    )


def create_sessions(engine: AsyncEngine, *, source: str, clock: Clock) -> Sessions:
    """Sessions whose events carry the service's name and the time of its clock."""
    return async_sessionmaker(
        engine, expire_on_commit=False, info={"source": source, "clock": clock}
    )


def engine_of(sessions: Sessions) -> AsyncEngine:
    engine: AsyncEngine = sessions.kw["bind"]
    return engine


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what SQLAlchemy wraps in it, and what led to it."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = getattr(current, "orig", None) or current.__cause__ or current.__context__


def sqlstate(error: BaseException) -> str | None:
    """PostgreSQL's five-letter code of what went wrong, if the server said it."""
    for cause in causes(error):
        code = getattr(cause, "sqlstate", None)
        if isinstance(code, str):
            return code
    return None


def violated(error: BaseException) -> str | None:
    """The name of the constraint that forbade it, if one did."""
    for cause in causes(error):
        name = getattr(cause, "constraint_name", None)
        if isinstance(name, str):
            return name
    return None


def is_transient(error: BaseException) -> bool:
    """Whether it heals by itself: connection lost, deadlock, lock timeout, server going down.

    asyncpg's deadlock arrives as a bare DBAPIError, so the SQLSTATE decides (traps.md 29).
    """
    code = sqlstate(error)
    if code is not None:
        return _HEALS.match(code) is not None
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    lost = (OSError, TimeoutError, PoolTimeout, EOFError)
    return any(isinstance(cause, lost) or _closed(cause) for cause in causes(error))


def took_no_connection(error: BaseException) -> bool:
    """Whether PostgreSQL was away or still starting: what was to be done was not begun."""
    return sqlstate(error) == "57P03" or any(
        isinstance(cause, ConnectionRefusedError) for cause in causes(error)
    )


def _closed(cause: BaseException) -> bool:
    return type(cause).__module__.startswith("asyncpg") and (
        "closed" in str(cause) or type(cause).__name__ == "ConnectionDoesNotExistError"
    )


async def insert_rows(
    session: AsyncSession, table: type[DeclarativeBase], rows: Iterable[Mapping[str, Any]]
) -> None:
    """Insert any number of rows of one shape in their order, by one COPY in this transaction.

    Values have the columns' own types (``datetime.date`` for a date); what a row does not name
    gets the database's default, not Python's. For 500 rows this takes half the time of
    ``insert … select from unnest`` and a tenth of an insert each.
    """
    found = list(rows)
    if not found:
        return
    columns = list(found[0])
    documents = {name for name in columns if isinstance(table.__table__.c[name].type, JSON)}
    if documents:
        found = [_with_texts(row, documents) for row in found]
    raw = await raw_in_transaction(session)
    await copy_rows(raw, table.__tablename__, columns, [tuple(row.values()) for row in found])


async def copy_rows(
    raw: asyncpg.Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """COPY, on a connection that is closed where it cannot begin.

    Between the server's farewell and its hanging up asyncpg refuses to begin, and takes the
    connection for busy from then on: the rollback would fail with that, which does not look like
    an outage.
    """
    try:
        await raw.copy_records_to_table(table, columns=columns, records=rows)
    except asyncpg.InternalClientError:
        raw.terminate()
        raise


async def update_rows(
    session: AsyncSession, table: type[DeclarativeBase], rows: Iterable[Mapping[str, Any]]
) -> None:
    """Set columns of any number of rows, each named by its ``id``, by one statement.

    The caller holds their locks and names an ``id`` once. For 500 rows this takes a tenth of what
    the session's own flush takes, which must send each row and look at what came of it.
    """
    found = list(rows)
    if not found:
        return
    arrays, columns = arrays_of(table, found)
    changes = ", ".join(f"{name} = new.{name}" for name in found[0] if name != "id")
    raw = await raw_in_transaction(session)
    await raw.execute(
        f"update {table.__tablename__} old set {changes}"
        f" from unnest({arrays}) as new({', '.join(found[0])}) where old.id = new.id",
        *columns,
    )


async def insert_new(
    session: AsyncSession, table: type[DeclarativeBase], rows: Iterable[Mapping[str, Any]]
) -> set[Any]:
    """Insert those that no unique key forbids, by one statement; the ids of the new ones.

    SQLAlchemy's own ``insert … values … returning`` has a text, and a prepared statement in each
    connection, for every number of rows: 70 MB after a million events.
    """
    found = list(rows)
    if not found:
        return set()
    arrays, columns = arrays_of(table, found)
    raw = await raw_in_transaction(session)
    stored = await raw.fetch(
        f"insert into {table.__tablename__} ({', '.join(found[0])})"
        f" select * from unnest({arrays}) on conflict do nothing returning id",
        *columns,
    )
    return {row["id"] for row in stored}


def among(column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """``column = any(array)``: one text, and one prepared statement, for any number of values."""
    return cast(ColumnElement[bool], column == any_(literal(list(values), ARRAY(column.type))))


def array_text(values: Iterable[object]) -> str:
    """PostgreSQL's text of an array of words without quotes, of numbers or of ids.

    To be cast where it is used: asyncpg asks each element of a list whether it is a list too, which
    costs ten times as much.
    """
    found = list(map(str, values))
    return '{"' + '","'.join(found) + '"}' if found else "{}"


def arrays_of(
    table: type[DeclarativeBase], rows: Sequence[Mapping[str, Any]]
) -> tuple[str, list[list[Any]]]:
    """Rows of one shape as typed parameters of ``unnest``, an array for each column."""
    kinds = [table.__table__.c[name].type.compile(_DIALECT) for name in rows[0]]
    arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(kinds, start=1))
    return arrays, [[row[name] for row in rows] for name in rows[0]]


async def raw_in_transaction(session: AsyncSession) -> Any:
    """asyncpg's connection, in the session's transaction."""
    connection = await session.connection()
    raw = (await connection.get_raw_connection()).driver_connection
    assert raw is not None
    if not raw.is_in_transaction():
        await session.execute(text("select 1"))
    return raw


def _with_texts(row: Mapping[str, Any], documents: set[str]) -> dict[str, Any]:
    return {
        name: orjson.dumps(value, default=str).decode()
        if name in documents and value is not None
        else value
        for name, value in row.items()
    }


def count_statements(engine: AsyncEngine) -> list[str]:
    """The list of SQL statements sent from now on, for tests that gate on their number."""
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    return statements
