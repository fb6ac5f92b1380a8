"""What assignment does because time passed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.commands.tasks import change_row
from services.assignment.models.deadlines import Watch
from services.assignment.models.tasks import Task, TaskChange
from shared.database import array_text, insert_rows, update_rows
from shared.events.assignment import DeadlineApproaching, TaskEvent
from shared.ids import sweep_id
from shared.jobs import Job
from shared.outbox import publish

_COLUMNS = [getattr(Task, name) for name in Watch.__slots__]
_MISSED = text("""
with missed as (
  update tasks set next_check_at = null, next_milestone = null,
    missed_version = deadline_version, version = version + 1
  where id = any(cast(cast(:ids as text) as uuid[]))
  returning id, agency, due_on, deadline_version)
insert into task_changes (task_id, at, by, what, detail)
select id, (due_on + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh', 'clock', 'deadline_missed',
  jsonb_build_object('agency', agency, 'due_on', due_on, 'deadline_version', deadline_version)
from missed""")


async def sweep_deadlines(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Tell what deadlines have to say by now; return how many tasks had something to tell.

    Each fact is told once per task, milestone and deadline version, however many sweeps run: the
    row's next check moves on with it, and the event's id is made from the fact.
    """
    watches = await _due(session, now=now, limit=limit)
    told = [(watch, moment, event) for watch in watches for moment, event in watch.tell(now)]
    await _end_watch(session, [watch.id for watch in watches if watch.next_check_at is None])
    await _watch_on(session, [one for one in told if one[0].next_check_at is not None])
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


async def _end_watch(session: AsyncSession, ids: Sequence[UUID]) -> None:
    """Write that these were missed, with the change of each.

    ``Watch`` does the same to each, so the database does it to all: what is written need not be
    made in Python and sent, a fifth of what the service spends on a storm.
    """
    if ids:
        await session.execute(_MISSED, {"ids": array_text(ids)})


async def _watch_on(
    session: AsyncSession, told: Sequence[tuple[Watch, datetime, TaskEvent]]
) -> None:
    """Write what has been told of deadlines that lie ahead."""
    watches = {watch.id: watch for watch, _, _ in told}.values()
    columns = ("id", "next_check_at", "next_milestone", "version")
    rows = ({name: getattr(watch, name) for name in columns} for watch in watches)
    await update_rows(session, Task, rows)
    changes = (change_row(event, by="clock", now=moment) for _, moment, event in told)
    await insert_rows(session, TaskChange, changes)


def _milestone(event: TaskEvent) -> int:
    return event.days_left if isinstance(event, DeadlineApproaching) else 0


JOBS = [Job("sweep_deadlines", sweep_deadlines, caught_up=True, loops=3)]
