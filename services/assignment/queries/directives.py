"""Look-ups of directives and their items."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.models.directives import Directive, DirectiveNotFound, Item
from services.assignment.models.tasks import Task


def directives(*, only_agency: str | None) -> Select[Directive]:
    """All directives; for an agency those that gave it a task."""
    found = select(Directive)
    if only_agency is not None:
        found = found.where(
            exists().where(Task.directive_id == Directive.id, Task.agency == only_agency)
        )
    return found


async def directive(
    session: AsyncSession, directive_id: UUID, *, only_agency: str | None
) -> dict[str, Any]:
    """A directive with its items, and per item the tasks by agency (the matrix)."""
    query = directives(only_agency=only_agency).where(Directive.id == directive_id)
    found = (await session.scalars(query)).one_or_none()
    if found is None:
        raise DirectiveNotFound()
    tasks = select(Task).where(Task.directive_id == directive_id).order_by(Task.agency, Task.role)
    if only_agency is not None:
        tasks = tasks.where(Task.agency == only_agency)
    of_item: dict[UUID, list[Task]] = {}
    for task in (await session.scalars(tasks)).all():
        of_item.setdefault(task.item_id, []).append(task)
    shown = [
        item
        for item in await items(session, directive_id)
        if only_agency is None or item.id in of_item
    ]
    return {
        "directive": found,
        "items": [{"item": item, "tasks": of_item.get(item.id, [])} for item in shown],
    }


async def items(session: AsyncSession, directive_id: UUID) -> Sequence[Item]:
    found = select(Item).where(Item.directive_id == directive_id).order_by(Item.place)
    return (await session.scalars(found)).all()
