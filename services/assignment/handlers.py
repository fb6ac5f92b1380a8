"""What assignment does when reporting speaks."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.commands.coordination import end_coordination
from services.assignment.commands.tasks import change
from services.assignment.models.tasks import Task
from shared.database import among
from shared.events import reporting
from shared.events.assignment import TaskCompleted
from shared.handlers import Handlers, envelope, refuse
from shared.outbox import publish
from shared.types import Role

handlers = Handlers()


async def _tasks(
    session: AsyncSession, events: Sequence[reporting.ReportEvent]
) -> dict[UUID, Task]:
    """The tasks of a run, locked in the order of their ids."""
    ids = [event.task_id for event in events]
    found = await session.scalars(
        select(Task).where(among(Task.id, ids)).order_by(Task.id).with_for_update()
    )
    tasks = {task.id: task for task in found}
    for event in events:
        if event.task_id not in tasks:
            refuse(session, event, f"there is no task {event.task_id}")
    return tasks


@handlers.on(reporting.ReportSubmitted)
async def take_final_reports(
    events: Sequence[reporting.ReportSubmitted], session: AsyncSession
) -> None:
    """A final report ends what the agency owes for now; a periodic one changes nothing here."""
    final = [event for event in events if event.final]
    tasks = await _tasks(session, final)
    for event in final:
        if (task := tasks.get(event.task_id)) is not None:
            task.hear_report(event.submitted_on)


@handlers.on(reporting.ReportSentBack)
async def reopen_tasks(events: Sequence[reporting.ReportSentBack], session: AsyncSession) -> None:
    """The result is owed again, and its deadline is watched again."""
    final = [event for event in events if event.final]
    tasks = await _tasks(session, final)
    for event in final:
        if (task := tasks.get(event.task_id)) is not None:
            task.hear_sent_back(envelope(session, event).time)


@handlers.on(reporting.ReportAccepted)
async def complete_tasks(events: Sequence[reporting.ReportAccepted], session: AsyncSession) -> None:
    """The issuing office accepted the final report: the task is done, on the day it came.

    So are those of the agencies that supported it.
    """
    final = [event for event in events if event.final]
    tasks = await _tasks(session, final)
    ended: dict[UUID, reporting.ReportAccepted] = {}
    for event in final:
        task = tasks.get(event.task_id)
        completed = task.complete(event.submitted_on) if task is not None else None
        if task is not None and completed is not None:
            _tell(session, completed, event)
            if task.role == Role.LEAD:
                ended[task.item_id] = event
    leads = [task for task in tasks.values() if task.item_id in ended]
    for item, completed in await end_coordination(session, leads):
        _tell(session, completed, ended[item])


def _tell(session: AsyncSession, completed: TaskCompleted, cause: reporting.ReportAccepted) -> None:
    publish(session, completed, cause=cause)
    session.add(change(completed, by="reporting", now=envelope(session, cause).time))
