"""Look-ups of tasks: an agency finds only its own."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.models.tasks import (
    OPEN,
    Deadline,
    Task,
    TaskChange,
    TaskNotFound,
    TaskState,
)
from shared.types import Role

NO_DEADLINE = date(9999, 12, 31)


def due_sort() -> ColumnElement[date]:
    """The due date, with what has none at the end."""
    return func.coalesce(Task.due_on, NO_DEADLINE)


def overdue_on(today: date) -> ColumnElement[bool]:
    """A lead's result that is owed, or came, after its due date."""
    late = or_(
        and_(Task.state.in_(OPEN), Task.due_on < today),
        and_(Task.state == TaskState.REPORTED, Task.reported_on > Task.due_on),
    )
    return and_(Task.role == Role.LEAD, func.coalesce(late, false()))


def tasks(*, only_agency: str | None) -> Select[Task]:
    found = select(Task)
    return found if only_agency is None else found.where(Task.agency == only_agency)


async def task(session: AsyncSession, task_id: UUID, *, only_agency: str | None) -> Task:
    query = tasks(only_agency=only_agency).where(Task.id == task_id)
    found = (await session.scalars(query)).one_or_none()
    if found is None:
        raise TaskNotFound()
    return found


async def history(session: AsyncSession, task_id: UUID) -> Sequence[TaskChange]:
    found = select(TaskChange).where(TaskChange.task_id == task_id).order_by(TaskChange.id)
    return (await session.scalars(found)).all()


async def deadlines(session: AsyncSession, task_id: UUID) -> Sequence[Deadline]:
    """Every version of the task's deadline, the first one first."""
    found = select(Deadline).where(Deadline.task_id == task_id).order_by(Deadline.version)
    return (await session.scalars(found)).all()
