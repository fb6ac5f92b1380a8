"""What assignment does because time passed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.commands.tasks import change_row
from services.assignment.models.deadlines import Watch
from services.assignment.models.tasks import Task, TaskChange
from shared.database import insert_rows, update_rows
from shared.events.assignment import DeadlineApproaching, TaskEvent
from shared.ids import sweep_id
from shared.jobs import Job
from shared.outbox import publish

_COLUMNS = [getattr(Task, name) for name in Watch.__slots__]


async def sweep_deadlines(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Tell what deadlines have to say by now; return how many tasks had something to tell.

    Each fact is told once per task, milestone and deadline version, however many sweeps run: the
    row's next check moves on with it, and the event's id is made from the fact.
    """
    watches = await _due(session, now=now, limit=limit)
    told = [(watch, moment, event) for watch in watches for moment, event in watch.tell(now)]
    await update_rows(
        session,
        Task,
        (
            {
                "id": watch.id,
                "next_check_at": watch.next_check_at,
                "next_milestone": watch.next_milestone,
                "missed_version": watch.missed_version,
                "version": watch.version,
            }
            for watch in watches
        ),
    )
    await insert_rows(
        session,
        TaskChange,
        (change_row(event, by="clock", now=moment) for _, moment, event in told),
    )
    for watch, moment, event in told:
        subject = f"{watch.id}/{_milestone(event)}"
        id = sweep_id(moment, subject, event.type, watch.deadline_version)
        publish(session, event, id=id, at=moment)
    return len(watches)


async def _due(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[Watch]:
    """Locked, the oldest first; not by id too, which would sort the whole storm of a midnight."""
    found = await session.execute(
        select(*_COLUMNS)
        .where(Task.next_check_at <= now)
        .order_by(Task.next_check_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Watch(*row) for row in found]


def _milestone(event: TaskEvent) -> int:
    return event.days_left if isinstance(event, DeadlineApproaching) else 0


JOBS = [Job("sweep_deadlines", sweep_deadlines, caught_up=True, loops=2)]
