"""What can be read of budget lines; every query is bounded to what its reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.budget.models.base import Agency
from services.budget.models.ledger import Movement
from services.budget.models.lines import Line
from services.budget.models.refusals import LineNotFound
from shared.paging import PageRequest, Sortable, paginate


class LineSort(StrEnum):
    """How a list of lines may be ordered; ``-`` is the greatest first."""

    AGENCY = "agency"
    AGENCY_DOWN = "-agency"
    FISCAL_YEAR = "fiscal_year"
    FISCAL_YEAR_DOWN = "-fiscal_year"
    AVAILABLE = "available"
    AVAILABLE_DOWN = "-available"

    @property
    def column(self) -> Sortable:
        columns: dict[str, Any] = {
            "agency": Line.agency,
            "fiscal_year": Line.fiscal_year,
            "available": Line.available,
        }
        column: Sortable = columns[self.removeprefix("-")]
        return column


class Grouping(StrEnum):
    """What a summary has one row for."""

    AGENCY = "agency"
    SOURCE = "source"
    PURPOSE = "purpose"
    FISCAL_YEAR = "fiscal_year"


@dataclass(frozen=True)
class LineFilter:
    """Which lines a list has; None: all of them."""

    agency: str | None = None
    fiscal_year: int | None = None
    source: str | None = None
    item_id: UUID | None = None
    task_id: UUID | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        wanted = {
            Line.agency: self.agency,
            Line.fiscal_year: self.fiscal_year,
            Line.source: self.source,
            Line.item_id: self.item_id,
            Line.task_id: self.task_id,
        }
        return [column == value for column, value in wanted.items() if value is not None]


@dataclass(frozen=True)
class Totals:
    """The stages of the money of some lines, each the sum of its movements, in whole đồng.

    ``committed`` is what is bound and not yet paid.
    """

    key: str
    name: str | None
    lines: int
    estimated: int
    approved: int
    assigned: int
    adjusted: int
    committed: int
    disbursed: int

    @property
    def available(self) -> int:
        return self.assigned + self.adjusted - self.committed - self.disbursed


async def lines(
    session: AsyncSession,
    wanted: LineFilter,
    page: PageRequest,
    *,
    sort: LineSort,
    only_agency: str | None,
) -> dict[str, Any]:
    statement = _visible(only_agency).where(*wanted.conditions())
    descending = sort.startswith("-")
    return await paginate(
        session, statement, page, by=sort.column, id=Line.id, descending=descending
    )


async def line(session: AsyncSession, line_id: UUID, *, only_agency: str | None) -> Line:
    found: Line | None = await session.scalar(_visible(only_agency).where(Line.id == line_id))
    if found is None:
        raise LineNotFound(f"No line {line_id}")
    return found


async def movements(
    session: AsyncSession, line_id: UUID, page: PageRequest, *, only_agency: str | None
) -> dict[str, Any]:
    """A line's ledger, oldest first."""
    await line(session, line_id, only_agency=only_agency)
    statement = select(Movement).where(Movement.line_id == line_id)
    return await paginate(session, statement, page, by=Movement.number, id=Movement.id)


async def summary(
    session: AsyncSession, by: Grouping, *, year: int | None, only_agency: str | None
) -> list[Totals]:
    """The sums by stage, one row for each value of the grouping, in its order."""
    column = getattr(Line, by.value)
    sums = [func.sum(getattr(Line, stage)) for stage in _STAGES]
    statement = select(column, func.count(), *sums).group_by(column).order_by(column)
    if year is not None:
        statement = statement.where(Line.fiscal_year == year)
    if only_agency is not None:
        statement = statement.where(Line.agency == only_agency)
    rows = (await session.execute(statement)).all()
    names = await _names(session) if by is Grouping.AGENCY else {}
    return [
        Totals(str(key), names.get(str(key)), count, *(int(total) for total in totals))
        for key, count, *totals in rows
    ]


def total(rows: Sequence[Totals]) -> Totals:
    """All rows together."""
    sums = (sum(getattr(row, stage) for row in rows) for stage in _STAGES)
    return Totals("total", None, sum(row.lines for row in rows), *sums)


_STAGES = ("estimated", "approved", "assigned", "adjusted", "committed", "disbursed")


def _visible(only_agency: str | None) -> Select[Line]:
    statement = select(Line)
    return statement if only_agency is None else statement.where(Line.agency == only_agency)


async def _names(session: AsyncSession) -> dict[str, str]:
    rows = await session.execute(select(Agency.code, Agency.name))
    return {code: name for code, name in rows}
