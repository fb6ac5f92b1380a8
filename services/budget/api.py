"""Budget over HTTP."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict

from services.budget import commands, queries
from services.budget.models.ledger import Kind, Movement
from services.budget.models.lines import Line
from shared.auth import UserRole
from shared.events.budget import Year
from shared.http import Caller, IfMatch, Now, Router, Session, allow, answer_created, set_etag
from shared.openapi import created_as
from shared.paging import PageOut, Paging
from shared.types import AgencyCode

READERS = (UserRole.AGENCY, UserRole.BUDGET, UserRole.COORDINATOR, UserRole.AUDITOR)
OWNERS = (UserRole.AGENCY, UserRole.BUDGET)

router = Router(tags=["budget"])


class LineOut(BaseModel):
    """A budget line; ``committed`` is bound and not yet paid, ``available`` may be committed."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    agency: str
    fiscal_year: int
    source: str
    purpose: str
    item_id: UUID | None
    task_id: UUID | None
    directive_id: UUID | None
    closed: bool
    estimated: int
    approved: int
    assigned: int
    adjusted: int
    committed: int
    disbursed: int
    available: int
    movement_count: int
    version: int


class MovementOut(BaseModel):
    """A row of the ledger, with the line's totals after it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    line_id: UUID
    number: int
    agency: str
    kind: Kind
    amount: int
    estimated: int
    approved: int
    assigned: int
    adjusted: int
    committed: int
    disbursed: int
    available: int
    legal_basis: str | None
    note: str | None
    actor: str
    recorded_at: datetime


class TotalsOut(BaseModel):
    """Sums by stage; ``key`` is what the row stands for, ``name`` the agency's."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    name: str | None
    lines: int
    estimated: int
    approved: int
    assigned: int
    adjusted: int
    committed: int
    disbursed: int
    available: int


class SummaryOut(BaseModel):
    """The money of a year, or of all years, by stage."""

    year: int | None
    by: queries.Grouping
    items: list[TotalsOut]
    total: TotalsOut


async def _author(caller: Caller, now: Now) -> commands.Author:
    """Any other role beside ``agency`` gives a wider view, but no hand in others' lines."""
    only = None if caller.may(UserRole.BUDGET) else caller.agency
    return commands.Author(caller.subject, only, now)


async def _filter(
    agency: Annotated[AgencyCode | None, Query()] = None,
    fiscal_year: Annotated[Year | None, Query()] = None,
    source: Annotated[str | None, Query(max_length=100)] = None,
    item: Annotated[UUID | None, Query()] = None,
    task: Annotated[UUID | None, Query()] = None,
) -> queries.LineFilter:
    return queries.LineFilter(agency, fiscal_year, source, item, task)


Author = Annotated[commands.Author, Depends(_author)]


@router.get("/lines", response_model=PageOut[LineOut], dependencies=[allow(*READERS)])
async def get_lines(
    session: Session,
    caller: Caller,
    page: Paging,
    wanted: Annotated[queries.LineFilter, Depends(_filter)],
    sort: queries.LineSort = queries.LineSort.AGENCY,
) -> dict[str, Any]:
    return await queries.lines(session, wanted, page, sort=sort, only_agency=caller.only_agency)


@router.get("/lines/{line_id}", response_model=LineOut, dependencies=[allow(*READERS)])
async def get_line(line_id: UUID, session: Session, caller: Caller, response: Response) -> Line:
    line = await queries.line(session, line_id, only_agency=caller.only_agency)
    set_etag(response, line.version)
    return line


@router.get(
    "/lines/{line_id}/movements",
    response_model=PageOut[MovementOut],
    dependencies=[allow(*OWNERS, UserRole.AUDITOR)],
)
async def get_movements(
    line_id: UUID, session: Session, caller: Caller, page: Paging
) -> dict[str, Any]:
    every = caller.may(UserRole.BUDGET, UserRole.AUDITOR)
    only = None if every else caller.agency
    return await queries.movements(session, line_id, page, only_agency=only)


@router.get("/summary", dependencies=[allow(*READERS)])
async def get_summary(
    session: Session,
    caller: Caller,
    by: queries.Grouping,
    year: Annotated[Year | None, Query()] = None,
) -> SummaryOut:
    rows = await queries.summary(session, by, year=year, only_agency=caller.only_agency)
    items = [TotalsOut.model_validate(row) for row in rows]
    total = TotalsOut.model_validate(queries.total(rows))
    return SummaryOut(year=year, by=by, items=items, total=total)


@router.put(
    "/lines/{line_id}",
    response_model=LineOut,
    responses=created_as(LineOut),
    dependencies=[allow(UserRole.BUDGET)],
)
async def put_line(
    line_id: UUID, command: commands.OpenLine, session: Session, response: Response
) -> Line:
    line, created = await commands.open_line(session, line_id, command)
    answer_created(response, created)
    set_etag(response, line.version)
    return line


@router.patch("/lines/{line_id}", response_model=LineOut, dependencies=[allow(UserRole.BUDGET)])
async def patch_line(
    line_id: UUID,
    command: commands.CorrectLine,
    session: Session,
    version: IfMatch,
    response: Response,
) -> Line:
    """Say better whose money it is and for what, before the first movement."""
    line = await commands.correct_line(session, line_id, command, version=version)
    set_etag(response, line.version)
    return line


@router.post("/lines/{line_id}/propose", response_model=MovementOut, dependencies=[allow(*OWNERS)])
async def propose(
    line_id: UUID, command: commands.Move, session: Session, author: Author
) -> Movement:
    return await commands.record(session, line_id, Line.propose, command, author)


@router.post(
    "/lines/{line_id}/approve", response_model=MovementOut, dependencies=[allow(UserRole.BUDGET)]
)
async def approve(
    line_id: UUID, command: commands.Move, session: Session, author: Author
) -> Movement:
    return await commands.record(session, line_id, Line.approve, command, author)


@router.post(
    "/lines/{line_id}/assign", response_model=MovementOut, dependencies=[allow(UserRole.BUDGET)]
)
async def assign(
    line_id: UUID, command: commands.Move, session: Session, author: Author
) -> Movement:
    return await commands.record(session, line_id, Line.assign, command, author)


@router.post(
    "/lines/{line_id}/adjust", response_model=MovementOut, dependencies=[allow(UserRole.BUDGET)]
)
async def adjust(
    line_id: UUID, command: commands.Adjust, session: Session, author: Author
) -> Movement:
    return await commands.record(session, line_id, Line.adjust, command, author)


@router.post("/lines/{line_id}/commit", response_model=MovementOut, dependencies=[allow(*OWNERS)])
async def commit(
    line_id: UUID, command: commands.Move, session: Session, author: Author
) -> Movement:
    """Bind money to a purchase or contract; more than is available is refused, and told."""
    return await commands.record(session, line_id, Line.commit, command, author)


@router.post(
    "/lines/{line_id}/release", response_model=MovementOut, dependencies=[allow(UserRole.BUDGET)]
)
async def release(
    line_id: UUID, command: commands.Move, session: Session, author: Author
) -> Movement:
    return await commands.record(session, line_id, Line.release, command, author)


@router.post(
    "/lines/{line_id}/disburse", response_model=MovementOut, dependencies=[allow(UserRole.BUDGET)]
)
async def disburse(
    line_id: UUID, command: commands.Move, session: Session, author: Author
) -> Movement:
    return await commands.record(session, line_id, Line.disburse, command, author)
