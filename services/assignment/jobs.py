"""What assignment does because time passed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.commands.tasks import change
from services.assignment.models.tasks import Task
from shared.events.assignment import DeadlineApproaching, TaskEvent
from shared.ids import sweep_id
from shared.jobs import Job
from shared.outbox import publish


async def sweep_deadlines(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Tell what deadlines have to say by now; return how many tasks had something to tell.

    Each fact is told once per task, milestone and deadline version, however many sweeps run: the
    row's next check moves on with it, and the event's id is made from the fact.
    """
    due = await session.scalars(
        select(Task)
        .where(Task.next_check_at <= now)
        .order_by(Task.next_check_at, Task.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    tasks = list(due)
    for task in tasks:
        for moment, event in task.tell(now):
            subject = f"{task.id}/{_milestone(event)}"
            id = sweep_id(moment, subject, event.type, task.deadline_version)
            publish(session, event, id=id, at=moment)
            session.add(change(task, event, by="clock", now=moment))
    return len(tasks)


def _milestone(event: TaskEvent) -> int:
    return event.days_left if isinstance(event, DeadlineApproaching) else 0


JOBS = [Job("sweep_deadlines", sweep_deadlines, caught_up=True)]
