"""Directives over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict

from services.assignment.api.tasks import TaskOut
from services.assignment.commands import directives as commands
from services.assignment.commands import drafts
from services.assignment.commands.directive_inputs import CreateDirective
from services.assignment.models.directives import Directive, DirectiveState
from services.assignment.queries import directives as queries
from shared.auth import UserRole
from shared.http import Caller, Now, Router, Session, allow, answer_created
from shared.openapi import created_as
from shared.paging import PageOut, Paging, paginate

router = Router(prefix="/directives", tags=["directives"])

READERS = allow(UserRole.COORDINATOR, UserRole.AGENCY, UserRole.AUDITOR)
COORDINATOR = allow(UserRole.COORDINATOR)


class DirectiveOut(BaseModel):
    """The letter's header."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number_symbol: str
    kind: str
    issued_on: date
    issuer: str
    subject: str
    signer: str | None
    signer_title: str | None
    citations: list[str]
    state: str
    issued_at: datetime | None


class ItemOut(BaseModel):
    """One order; spans count code points of the letter's text."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    path: str
    start: int
    end: int
    text: str
    lead: list[str]
    coordinate: list[str]
    report_to: list[str]
    deadline: dict[str, Any] | None
    recurrence: str | None
    money_aspect: bool
    decided_by_clerk: list[str]


class ItemWithTasks(BaseModel):
    """A row of the matrix item × agency."""

    item: ItemOut
    tasks: list[TaskOut]


class DirectiveDetail(BaseModel):
    """A directive with its items and their tasks; an agency sees only what concerns it."""

    directive: DirectiveOut
    items: list[ItemWithTasks]


@router.put(
    "/{directive_id}",
    response_model=DirectiveOut,
    responses=created_as(DirectiveOut),
    dependencies=[COORDINATOR],
)
async def create_directive(
    session: Session, response: Response, directive_id: UUID, command: CreateDirective
) -> Directive:
    directive, created = await commands.create_directive(session, directive_id, command)
    answer_created(response, created)
    return directive


@router.post("/{directive_id}/issue", response_model=DirectiveOut, dependencies=[COORDINATOR])
async def issue_directive(
    session: Session, caller: Caller, now: Now, directive_id: UUID
) -> Directive:
    return await commands.issue_directive(session, directive_id, by=caller.subject, now=now)


@router.post("/{directive_id}/discard", response_model=DirectiveOut, dependencies=[COORDINATOR])
async def discard_draft(
    session: Session, caller: Caller, now: Now, directive_id: UUID
) -> Directive:
    """Take a draft back, and answer with what it was."""
    return await drafts.discard_draft(session, directive_id, by=caller.subject, now=now)


@router.get("", response_model=PageOut[DirectiveOut], dependencies=[READERS])
async def list_directives(
    session: Session,
    caller: Caller,
    page: Paging,
    state: DirectiveState | None = None,
    number_symbol: Annotated[str | None, Query(max_length=100)] = None,
    sort: Literal["issued_on", "-issued_on"] = "-issued_on",
) -> dict[str, Any]:
    query = queries.directives(only_agency=caller.only_agency)
    if state is not None:
        query = query.where(Directive.state == state)
    if number_symbol is not None:
        query = query.where(Directive.number_symbol == number_symbol)
    return await paginate(
        session,
        query,
        page,
        by=Directive.issued_on,
        id=Directive.id,
        descending=sort.startswith("-"),
    )


@router.get("/{directive_id}", response_model=DirectiveDetail, dependencies=[READERS])
async def show_directive(session: Session, caller: Caller, directive_id: UUID) -> dict[str, Any]:
    return await queries.directive(session, directive_id, only_agency=caller.only_agency)
