"""What people do with tasks. Each command is one transaction, opened by its caller."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.commands.coordination import end_coordination
from services.assignment.models.tasks import Deadline, Task, TaskChange, TaskNotFound
from services.assignment.queries.agencies import agency as the_agency
from services.assignment.queries.agencies import must_be_in_force
from shared.clock import local_date
from shared.events.assignment import TaskEvent
from shared.http import Command, check_version
from shared.outbox import publish
from shared.types import AgencyCode, Date, Role, Text

_KNOWN = {"task_id", "directive_id", "role"}
"""What a change need not repeat of its event: its task has it."""

Reason = Annotated[Text, Field(min_length=1, max_length=2000)]


class GiveReason(Command):
    reason: Reason


class ReassignTask(Command):
    agency: AgencyCode
    reason: Reason


class MoveDeadline(Command):
    due_on: Date
    reason: Reason


async def acknowledge(
    session: AsyncSession, task_id: UUID, *, only_agency: str | None, by: str, now: datetime
) -> Task:
    task = await _locked(session, task_id, only_agency)
    return await _record(session, task, task.acknowledge(), by=by, now=now)


async def start(
    session: AsyncSession, task_id: UUID, *, only_agency: str | None, by: str, now: datetime
) -> Task:
    task = await _locked(session, task_id, only_agency)
    return await _record(session, task, task.start(), by=by, now=now)


async def give_back(
    session: AsyncSession,
    task_id: UUID,
    command: GiveReason,
    *,
    only_agency: str | None,
    by: str,
    now: datetime,
) -> Task:
    task = await _locked(session, task_id, only_agency)
    return await _record(session, task, task.give_back(command.reason), by=by, now=now)


async def refuse_return(
    session: AsyncSession, task_id: UUID, command: GiveReason, *, by: str, now: datetime
) -> Task:
    task = await _locked(session, task_id, None)
    return await _record(session, task, task.refuse_return(command.reason), by=by, now=now)


async def request_extension(
    session: AsyncSession,
    task_id: UUID,
    command: MoveDeadline,
    *,
    only_agency: str | None,
    by: str,
    now: datetime,
    today: date,
) -> Task:
    task = await _locked(session, task_id, only_agency)
    asked = task.request_extension(command.due_on, command.reason, today)
    return await _record(session, task, asked, by=by, now=now)


async def refuse_extension(
    session: AsyncSession, task_id: UUID, command: GiveReason, *, by: str, now: datetime
) -> Task:
    task = await _locked(session, task_id, None)
    return await _record(session, task, task.refuse_extension(command.reason), by=by, now=now)


async def extend(
    session: AsyncSession,
    task_id: UUID,
    command: MoveDeadline,
    *,
    if_match: int,
    by: str,
    now: datetime,
) -> Task:
    task = await _locked(session, task_id, None)
    check_version(task.version, if_match)
    extended = task.extend(command.due_on, command.reason, now)
    session.add(
        Deadline(
            task_id=task.id,
            version=task.deadline_version,
            due_on=command.due_on,
            rule={"kind": "date", "on": command.due_on.isoformat()},
            set_by=by,
            set_at=now,
            reason=command.reason,
        )
    )
    return await _record(session, task, extended, by=by, now=now)


async def reassign(
    session: AsyncSession,
    task_id: UUID,
    command: ReassignTask,
    *,
    if_match: int,
    by: str,
    now: datetime,
) -> Task:
    await the_agency(session, command.agency)
    await must_be_in_force(session, [command.agency], local_date(now))
    task = await _locked(session, task_id, None)
    check_version(task.version, if_match)
    return await _record(
        session, task, task.reassign(command.agency, command.reason), by=by, now=now
    )


async def cancel(
    session: AsyncSession, task_id: UUID, command: GiveReason, *, by: str, now: datetime
) -> Task:
    """Where it was the last lead that owed a result, the supporting tasks end with it."""
    task = await _locked(session, task_id, None)
    await _record(session, task, task.cancel(command.reason), by=by, now=now)
    if task.role == Role.LEAD:
        for _, completed in await end_coordination(session, [task]):
            publish(session, completed)
            session.add(change(completed, by=by, now=now))
    return task


async def _locked(session: AsyncSession, task_id: UUID, only_agency: str | None) -> Task:
    query = select(Task).where(Task.id == task_id).with_for_update()
    if only_agency is not None:
        query = query.where(Task.agency == only_agency)
    task = (await session.scalars(query)).one_or_none()
    if task is None:
        raise TaskNotFound()
    return task


async def _record(
    session: AsyncSession, task: Task, event: TaskEvent, *, by: str, now: datetime
) -> Task:
    """Publish what happened and keep it in the task's history; the task has its new version."""
    publish(session, event)
    session.add(change(event, by=by, now=now))
    await session.flush()
    return task


def change(event: TaskEvent, *, by: str, now: datetime) -> TaskChange:
    return TaskChange(**change_row(event, by=by, now=now))


def change_row(event: TaskEvent, *, by: str, now: datetime) -> dict[str, Any]:
    """The columns of the change that an event tells of."""
    what = event.type.partition(".")[2].rpartition(".")[0]
    detail = event.model_dump(mode="json", exclude=_KNOWN, exclude_none=True)
    return {"task_id": event.task_id, "at": now, "by": by, "what": what, "detail": detail}
