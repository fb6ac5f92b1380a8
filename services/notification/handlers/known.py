"""What the handlers share: the facts of a run's tasks, and tellings about them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.models.notices import (
    TaskFacts,
    as_context,
)
from services.notification.telling import Telling
from shared.database import among
from shared.events.assignment import TaskEvent
from shared.events.reporting import ReportEvent
from shared.handlers import envelope, not_yet


async def known(
    session: AsyncSession, events: Sequence[TaskEvent | ReportEvent]
) -> dict[UUID, TaskFacts]:
    """The facts of a run's tasks, locked; what came before its task waits for it."""
    found = await session.scalars(
        select(TaskFacts)
        .where(among(TaskFacts.task_id, (event.task_id for event in events)))
        .order_by(TaskFacts.task_id)
        .with_for_update()
    )
    facts = {task.task_id: task for task in found}
    for event in events:
        if event.task_id not in facts:
            not_yet(session, event, f"the task {event.task_id} is not known yet")
    return facts


def each(
    session: AsyncSession,
    facts: dict[UUID, TaskFacts],
    events: Sequence[Any],
    milestone: str,
    recipient: str | None,
    fields: tuple[str, ...],
) -> list[Telling]:
    """The same milestone for each event, to one recipient or to the event's own agency."""
    tellings = []
    for event in events:
        if (task := facts.get(event.task_id)) is not None:
            more = {field: getattr(event, field) for field in fields}
            names = {"agency_name": event.agency}
            about = f"{event.task_id}/{envelope(session, event).id}"
            tellings.append(
                telling(
                    session,
                    event,
                    recipient or event.agency,
                    milestone,
                    as_context(task, **more),
                    names=names,
                    about=about,
                )
            )
    return tellings


def telling(
    session: AsyncSession,
    event: Any,
    recipient: str,
    milestone: str,
    context: dict[str, Any],
    *,
    version: int = 0,
    names: dict[str, str] | None = None,
    about: str | None = None,
) -> Telling:
    return Telling(
        about=about or str(event.task_id),
        recipient=recipient,
        milestone=milestone,
        context=context,
        at=envelope(session, event).time,
        task_id=event.task_id,
        deadline_version=version,
        cause=event,
        names=names or {},
    )
