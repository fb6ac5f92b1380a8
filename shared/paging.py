"""Lists in pages: a cursor instead of an offset, so that page 1,000 costs what page 1 does."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import orjson
from fastapi import Depends, Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from shared.errors import Malformed

T = TypeVar("T")
Sortable = ColumnElement[Any] | InstrumentedAttribute[Any]


class CursorNotOurs(Malformed):
    """The cursor is not one that this list gave out."""


@dataclass(frozen=True)
class PageRequest:
    """What the caller asked of a list."""

    limit: int
    cursor: str | None
    count: bool


async def _page_request(
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    count: bool = False,
) -> PageRequest:
    return PageRequest(limit, cursor, count)


Paging = Annotated[PageRequest, Depends(_page_request)]


class PageOut(BaseModel, Generic[T]):
    """A page of a list; ``next`` is the cursor of the one after it."""

    items: list[T]
    next: str | None = None
    count: int | None = None


async def paginate(
    session: AsyncSession,
    statement: Select[Any],
    page: PageRequest,
    *,
    by: Sortable,
    id: Sortable,
    descending: bool = False,
) -> dict[str, Any]:
    """The page of a select, ordered by a column that is never null and then by the id.

    Returns what ``PageOut`` has; items are entities if the statement selects one thing, else rows.
    """
    count = None
    if page.count:
        count = await session.scalar(select(func.count()).select_from(statement.subquery()))
    ordered = statement.add_columns(by, id).order_by(
        *((by.desc(), id.desc()) if descending else (by.asc(), id.asc()))
    )
    if page.cursor is not None:
        ordered = ordered.where(_after(_decode(page.cursor, by, id), by, id, descending))
    rows = (await session.execute(ordered.limit(page.limit + 1))).all()
    items = [row[0] if len(row) == 3 else row for row in rows[: page.limit]]
    more = len(rows) > page.limit
    last = _encode(rows[page.limit - 1][-2:]) if more else None
    return {"items": items, "next": last, "count": count}


def _after(
    place: tuple[Any, Any], by: Sortable, id: Sortable, descending: bool
) -> ColumnElement[bool]:
    value, last = place
    if descending:
        return or_(by < value, and_(by == value, id < last))
    return or_(by > value, and_(by == value, id > last))


def _encode(place: Sequence[Any]) -> str:
    plain = [str(value) if isinstance(value, Decimal | UUID) else value for value in place]
    return base64.urlsafe_b64encode(orjson.dumps(plain)).decode().rstrip("=")


def _decode(cursor: str, by: Sortable, id: Sortable) -> tuple[Any, Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        value, last = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        return _typed(value, by), _typed(last, id)
    except (ValueError, TypeError, OverflowError) as error:
        raise CursorNotOurs("Start again without the cursor; this one is not ours.") from error


def _typed(value: Any, column: Sortable) -> Any:
    kind = column.type.python_type
    if kind is date:
        return date.fromisoformat(value)
    if kind is datetime:
        return _aware(datetime.fromisoformat(value))
    if kind is UUID:
        return UUID(value)
    if isinstance(value, bool) or not isinstance(value, kind):
        raise ValueError("of another type")
    if kind is int and not -(2**63) <= value < 2**63:
        raise ValueError("no database number")
    if kind is str and "\x00" in value:
        raise ValueError("no database text")
    return value


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("no instant")
    return instant.astimezone(UTC)
