"""Tasks over HTTP."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict

from services.assignment.commands import tasks as commands
from services.assignment.commands.tasks import GiveReason, MoveDeadline, ReassignTask
from services.assignment.models.tasks import Task, TaskState
from services.assignment.queries import tasks as queries
from shared.auth import UserRole
from shared.http import Caller, IfMatch, Now, Router, Session, Today, allow, set_etag
from shared.paging import PageOut, Paging, paginate
from shared.types import Date, Role

router = Router(prefix="/tasks", tags=["tasks"])

READERS = allow(UserRole.COORDINATOR, UserRole.AGENCY, UserRole.AUDITOR)
COORDINATOR = allow(UserRole.COORDINATOR)
AGENCY = allow(UserRole.AGENCY)


class TaskOut(BaseModel):
    """One item for one agency. Lateness is derived: compare ``due_on`` with the report's day."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    directive_id: UUID
    item_id: UUID
    agency: str
    role: str
    state: str
    assigned_on: date
    due_on: date | None
    original_due_on: date | None
    deadline_version: int
    requested_due_on: date | None
    reported_on: date | None
    completed_on: date | None
    version: int


class ChangeOut(BaseModel):
    """What happened to a task."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    by: str
    what: str
    detail: dict[str, Any]


class DeadlineVersionOut(BaseModel):
    """One version of a deadline, with the rule that gave it."""

    model_config = ConfigDict(from_attributes=True)

    version: int
    due_on: date | None
    rule: dict[str, Any]
    set_by: str
    set_at: datetime
    reason: str | None


class DeadlineOut(BaseModel):
    """The date that counts now, and every version there was."""

    due_on: date | None
    original_due_on: date | None
    requested_due_on: date | None
    versions: list[DeadlineVersionOut]


@router.get("", response_model=PageOut[TaskOut], dependencies=[READERS])
async def list_tasks(
    session: Session,
    caller: Caller,
    today: Today,
    page: Paging,
    agency: str | None = None,
    directive: UUID | None = None,
    state: TaskState | None = None,
    role: Role | None = None,
    due_before: Date | None = None,
    overdue: bool | None = None,
    sort: Literal["due_on", "-due_on"] = "due_on",
) -> dict[str, Any]:
    query = queries.tasks(only_agency=caller.only_agency)
    given = {
        Task.agency: agency,
        Task.directive_id: directive,
        Task.state: state,
        Task.role: role,
    }
    for column, value in given.items():
        if value is not None:
            query = query.where(column == value)
    if due_before is not None:
        query = query.where(Task.due_on < due_before)
    if overdue is not None:
        late = queries.overdue_on(today)
        query = query.where(late if overdue else ~late)
    return await paginate(
        session,
        query,
        page,
        by=queries.due_sort(),
        id=Task.id,
        descending=sort.startswith("-"),
    )


@router.get("/{task_id}", response_model=TaskOut, dependencies=[READERS])
async def show_task(session: Session, caller: Caller, response: Response, task_id: UUID) -> Task:
    return _shown(response, await queries.task(session, task_id, only_agency=caller.only_agency))


@router.get("/{task_id}/history", response_model=list[ChangeOut], dependencies=[READERS])
async def show_history(session: Session, caller: Caller, task_id: UUID) -> Any:
    await queries.task(session, task_id, only_agency=caller.only_agency)
    return await queries.history(session, task_id)


@router.get("/{task_id}/deadline", response_model=DeadlineOut, dependencies=[READERS])
async def show_deadline(session: Session, caller: Caller, task_id: UUID) -> dict[str, Any]:
    task = await queries.task(session, task_id, only_agency=caller.only_agency)
    return {
        "due_on": task.due_on,
        "original_due_on": task.original_due_on,
        "requested_due_on": task.requested_due_on,
        "versions": await queries.deadlines(session, task_id),
    }


def _shown(response: Response, task: Task) -> Task:
    set_etag(response, task.version)
    return task


@router.post("/{task_id}/acknowledge", response_model=TaskOut, dependencies=[AGENCY])
async def acknowledge(
    session: Session, response: Response, caller: Caller, now: Now, task_id: UUID
) -> Task:
    return _shown(
        response,
        await commands.acknowledge(
            session, task_id, only_agency=caller.agency, by=caller.subject, now=now
        ),
    )


@router.post("/{task_id}/start", response_model=TaskOut, dependencies=[AGENCY])
async def start(
    session: Session, response: Response, caller: Caller, now: Now, task_id: UUID
) -> Task:
    return _shown(
        response,
        await commands.start(
            session, task_id, only_agency=caller.agency, by=caller.subject, now=now
        ),
    )


@router.post("/{task_id}/return", response_model=TaskOut, dependencies=[AGENCY])
async def give_back(
    session: Session,
    response: Response,
    caller: Caller,
    now: Now,
    task_id: UUID,
    command: GiveReason,
) -> Task:
    return _shown(
        response,
        await commands.give_back(
            session, task_id, command, only_agency=caller.agency, by=caller.subject, now=now
        ),
    )


@router.post("/{task_id}/refuse-return", response_model=TaskOut, dependencies=[COORDINATOR])
async def refuse_return(
    session: Session,
    response: Response,
    caller: Caller,
    now: Now,
    task_id: UUID,
    command: GiveReason,
) -> Task:
    return _shown(
        response,
        await commands.refuse_return(session, task_id, command, by=caller.subject, now=now),
    )


@router.post("/{task_id}/request-extension", response_model=TaskOut, dependencies=[AGENCY])
async def request_extension(
    session: Session,
    response: Response,
    caller: Caller,
    now: Now,
    today: Today,
    task_id: UUID,
    command: MoveDeadline,
) -> Task:
    return _shown(
        response,
        await commands.request_extension(
            session,
            task_id,
            command,
            only_agency=caller.agency,
            by=caller.subject,
            now=now,
            today=today,
        ),
    )


@router.post("/{task_id}/refuse-extension", response_model=TaskOut, dependencies=[COORDINATOR])
async def refuse_extension(
    session: Session,
    response: Response,
    caller: Caller,
    now: Now,
    task_id: UUID,
    command: GiveReason,
) -> Task:
    return _shown(
        response,
        await commands.refuse_extension(session, task_id, command, by=caller.subject, now=now),
    )


@router.post("/{task_id}/extend", response_model=TaskOut, dependencies=[COORDINATOR])
async def extend(
    session: Session,
    response: Response,
    caller: Caller,
    now: Now,
    if_match: IfMatch,
    task_id: UUID,
    command: MoveDeadline,
) -> Task:
    return _shown(
        response,
        await commands.extend(
            session, task_id, command, if_match=if_match, by=caller.subject, now=now
        ),
    )


@router.post("/{task_id}/reassign", response_model=TaskOut, dependencies=[COORDINATOR])
async def reassign(
    session: Session,
    response: Response,
    caller: Caller,
    now: Now,
    if_match: IfMatch,
    task_id: UUID,
    command: ReassignTask,
) -> Task:
    return _shown(
        response,
        await commands.reassign(
            session, task_id, command, if_match=if_match, by=caller.subject, now=now
        ),
    )


@router.post("/{task_id}/cancel", response_model=TaskOut, dependencies=[COORDINATOR])
async def cancel(
    session: Session,
    response: Response,
    caller: Caller,
    now: Now,
    task_id: UUID,
    command: GiveReason,
) -> Task:
    return _shown(
        response, await commands.cancel(session, task_id, command, by=caller.subject, now=now)
    )
