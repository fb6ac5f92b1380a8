"""What becomes of supporting agencies' tasks when the leads have done theirs."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.models.directives import Item
from services.assignment.models.tasks import OPEN, Task, TaskState
from shared.database import among
from shared.events.assignment import TaskCompleted
from shared.types import Role

_ENDED = (TaskState.COMPLETED, TaskState.CANCELLED)


async def end_coordination(
    session: AsyncSession, leads: Sequence[Task]
) -> list[tuple[UUID, TaskCompleted]]:
    """Complete the supporting tasks of items whose last lead that owed a result is among these.

    On the day of the last result; by item, for the caller to publish. An item of which every lead
    was cancelled has none: its supporting tasks stay, for the office to cancel.
    """
    done = await _done(session, leads)
    if not done:
        return []
    supporting = await session.scalars(
        select(Task)
        .where(
            among(Task.directive_id, {task.directive_id for task in leads}),
            among(Task.item_id, done),
            Task.role == Role.COORDINATE,
            Task.state.in_(OPEN),
        )
        .order_by(Task.id)
        .with_for_update()
    )
    return [(one.item_id, one.end_with_the_leads(done[one.item_id])) for one in supporting]


async def _done(session: AsyncSession, leads: Sequence[Task]) -> dict[UUID, date]:
    """Items with supporting agencies that no lead owes anything for, with the last result's day.

    The item is locked first: of two leads that end at the same moment the second sees the first.
    """
    supported = await session.scalars(
        select(Item.id)
        .where(among(Item.id, {task.item_id for task in leads}))
        .where(func.cardinality(Item.coordinate) > 0)
        .order_by(Item.id)
        .with_for_update(key_share=True)
    )
    if not (items := supported.all()):
        return {}
    await session.flush()
    found = await session.execute(
        select(Task.item_id, func.max(Task.completed_on))
        .where(
            among(Task.directive_id, {task.directive_id for task in leads}),
            among(Task.item_id, items),
            Task.role == Role.LEAD,
        )
        .group_by(Task.item_id)
        .having(func.bool_and(Task.state.in_(_ENDED)))
    )
    return {item: day for item, day in found if day is not None}
