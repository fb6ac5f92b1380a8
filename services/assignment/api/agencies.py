"""The register and the calendar over HTTP."""

from datetime import date
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from services.assignment.commands import agencies as commands
from services.assignment.commands.agencies import SetDay
from services.assignment.models.agencies import Agency, CalendarOverride, Group
from services.assignment.queries import agencies as queries
from shared.auth import UserRole
from shared.http import Router, Session, Today, allow
from shared.paging import PageOut, Paging, paginate
from shared.types import Date

router = Router(tags=["register"])

ANYBODY = allow(UserRole.COORDINATOR, UserRole.AGENCY, UserRole.BUDGET, UserRole.AUDITOR)
COORDINATOR = allow(UserRole.COORDINATOR)


class AgencyOut(BaseModel):
    """A body of the register."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name: str
    short_name: str
    aliases: list[str]
    kind: str
    parent: str | None
    gso_code: str | None
    valid_from: date | None
    valid_to: date | None
    successors: list[str]
    version: int


class GroupOut(BaseModel):
    """Agencies addressed together. ``open``: a letter may mean more than the members listed."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name: str
    open: bool
    phrases: list[str]


class GroupDetail(GroupOut):
    members: list[str]


class DayOut(BaseModel):
    """A day on which work differs from the general rule."""

    model_config = ConfigDict(from_attributes=True)

    day: date
    works: bool
    source: str


@router.get("/agencies", response_model=PageOut[AgencyOut], dependencies=[ANYBODY])
async def list_agencies(
    session: Session, page: Paging, q: Annotated[str | None, Query(max_length=200)] = None
) -> dict[str, Any]:
    return await paginate(session, queries.agencies(q), page, by=Agency.code, id=Agency.code)


@router.get("/agencies/{code}", response_model=AgencyOut, dependencies=[ANYBODY])
async def show_agency(session: Session, code: str) -> Agency:
    return await queries.agency(session, code)


@router.get("/groups", response_model=list[GroupOut], dependencies=[ANYBODY])
async def list_groups(session: Session) -> Any:
    return (await session.scalars(select(Group).order_by(Group.code))).all()


@router.get("/groups/{code}", response_model=GroupDetail, dependencies=[ANYBODY])
async def show_group(
    session: Session, today: Today, code: str, on: Date | None = None
) -> dict[str, Any]:
    return await queries.group(session, code, on or today)


@router.get("/calendar", response_model=list[DayOut], dependencies=[ANYBODY])
async def list_overrides(session: Session) -> Any:
    return (await session.scalars(select(CalendarOverride).order_by(CalendarOverride.day))).all()


@router.put("/calendar/{day}", response_model=DayOut, dependencies=[COORDINATOR])
async def set_day(session: Session, day: Date, command: SetDay) -> CalendarOverride:
    return await commands.set_day(session, day, command)
