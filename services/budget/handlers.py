"""What budget does when assignment speaks."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.budget.commands import insert_lines, let_twin_stand_in, line_like
from services.budget.models.base import Agency
from services.budget.models.lines import Line
from shared.database import among
from shared.events import assignment
from shared.handlers import Handlers
from shared.outbox import publish
from shared.types import Role

handlers = Handlers()


@handlers.on(assignment.TaskAssigned)
async def open_lines(events: Sequence[assignment.TaskAssigned], session: AsyncSession) -> None:
    """A line for each lead whose item costs money. A line with the same key serves the task."""
    funded = [event for event in events if event.money_aspect and event.role is Role.LEAD]
    lines = [Line.for_task(event) for event in funded]
    new = await insert_lines(session, lines)
    for event, line in zip(funded, lines, strict=True):
        if line.id in new:
            publish(session, line.opened, cause=event)
        else:
            await let_twin_stand_in(session, line)


@handlers.on(assignment.TaskCancelled)
async def close_lines(events: Sequence[assignment.TaskCancelled], session: AsyncSession) -> None:
    for lines in (await _lines_by_task(session, events)).values():
        for line in lines:
            line.close()


@handlers.on(assignment.TaskCompleted)
async def end_renewal(events: Sequence[assignment.TaskCompleted], session: AsyncSession) -> None:
    """No line for a year in which the task is no longer open; this year's is still to be paid."""
    for lines in (await _lines_by_task(session, events)).values():
        for line in lines:
            line.end_renewal()


@handlers.on(assignment.TaskReassigned)
async def hand_over_lines(
    events: Sequence[assignment.TaskReassigned], session: AsyncSession
) -> None:
    """The lines of the latest year follow the task; those of earlier years are history."""
    by_task = await _lines_by_task(session, events)
    for event in events:
        held = [line for line in by_task.get(event.task_id, []) if line.agency == event.from_agency]
        latest = max((line.fiscal_year for line in held), default=0)
        for line in held:
            if line.fiscal_year == latest and not line.closed:
                await _hand_over(session, line, event)


@handlers.on(assignment.AgencyRecorded)
async def record_names(events: Sequence[assignment.AgencyRecorded], session: AsyncSession) -> None:
    rows = [{"code": e.code, "name": e.name, "version": e.version} for e in events]
    new = insert(Agency).values(rows)
    newer = {"name": new.excluded.name, "version": new.excluded.version}
    await session.execute(
        new.on_conflict_do_update(
            index_elements=[Agency.code],
            set_=newer,
            where=Agency.version < new.excluded.version,
        )
    )


async def _hand_over(session: AsyncSession, line: Line, event: assignment.TaskReassigned) -> None:
    heir = line.heir(event.agency)
    twin = await line_like(session, heir)
    if twin is not None:
        twin.stand_in_for(heir)
        line.close()
    elif not line.movement_count:
        publish(session, line.move_to(event.agency), cause=event)
    else:
        session.add(heir)
        publish(session, heir.opened, cause=event)
        line.close()


async def _lines_by_task(
    session: AsyncSession, events: Sequence[assignment.TaskEvent]
) -> dict[UUID, list[Line]]:
    tasks = {event.task_id for event in events}
    statement = select(Line).where(among(Line.task_id, tasks)).order_by(Line.id).with_for_update()
    found: dict[UUID, list[Line]] = {}
    for line in await session.scalars(statement):
        assert line.task_id is not None
        found.setdefault(line.task_id, []).append(line)
    return found
