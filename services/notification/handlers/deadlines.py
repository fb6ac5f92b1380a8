"""When assignment speaks of deadlines."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.handlers.known import each, known, telling
from services.notification.models.notices import (
    Progress,
    TaskFacts,
    as_context,
    reminder_outlived,
)
from services.notification.telling import tell
from shared.events import assignment
from shared.events.assignment import TaskEvent
from shared.handlers import Handlers, envelope
from shared.trace import ids_of

log = structlog.get_logger()


def about_deadlines(handlers: Handlers, office: str, every: timedelta) -> None:
    @handlers.on(assignment.ExtensionRequested)
    async def tell_of_requests(
        events: Sequence[assignment.ExtensionRequested], session: AsyncSession
    ) -> None:
        facts = await known(session, events)
        tellings = []
        for event in events:
            if (task := facts.get(event.task_id)) is not None:
                context = as_context(task, reason=event.reason, requested=event.due_on)
                names = {"agency_name": event.agency}
                about = f"{event.task_id}/{envelope(session, event).id}"
                tellings.append(
                    telling(
                        session,
                        event,
                        office,
                        "extension_requested",
                        context,
                        names=names,
                        about=about,
                    )
                )
        await tell(session, tellings)

    @handlers.on(assignment.ExtensionRefused)
    async def tell_of_refusals(
        events: Sequence[assignment.ExtensionRefused], session: AsyncSession
    ) -> None:
        facts = await known(session, events)
        await tell(session, each(session, facts, events, "extension_refused", None, ("reason",)))

    @handlers.on(assignment.DeadlineExtended)
    async def tell_of_extensions(
        events: Sequence[assignment.DeadlineExtended], session: AsyncSession
    ) -> None:
        facts = await known(session, events)
        tellings = []
        for event in events:
            if (task := facts.get(event.task_id)) is not None:
                task.extend(event.due_on, event.deadline_version)
                context = as_context(task, reason=event.reason, previous=event.previous_due_on)
                version = event.deadline_version
                tellings.append(
                    telling(
                        session,
                        event,
                        event.agency,
                        "deadline_extended",
                        context,
                        version=version,
                    )
                )
        await tell(session, tellings)

    @handlers.on(assignment.DeadlineApproaching)
    async def remind(
        events: Sequence[assignment.DeadlineApproaching], session: AsyncSession
    ) -> None:
        """With the days that are left now: the event may have waited for days."""
        facts = await known(session, events)
        today = session.info["clock"].today()
        tellings = []
        for event in events:
            task = facts.get(event.task_id)
            if task is None or not _still(session, task, event.deadline_version, event):
                continue
            if reminder_outlived(event.days_left, event.due_on, today):
                _dropped(session, event, "a later notice tells it")
                continue
            days_left = (event.due_on - today).days
            tellings.append(
                telling(
                    session,
                    event,
                    event.agency,
                    f"deadline_approaching_{event.days_left}",
                    as_context(task, today=today, days_left=days_left),
                    version=event.deadline_version,
                )
            )
        await tell(session, tellings)

    @handlers.on(assignment.DeadlineMissed)
    async def tell_of_misses(
        events: Sequence[assignment.DeadlineMissed], session: AsyncSession
    ) -> None:
        facts = await known(session, events)
        tellings = []
        for event in events:
            task = facts.get(event.task_id)
            if task is None or not _still(session, task, event.deadline_version, event):
                continue
            task.miss(event.due_on, event.deadline_version, every)
            tellings.append(
                telling(
                    session,
                    event,
                    event.agency,
                    "deadline_missed",
                    as_context(task),
                    version=event.deadline_version,
                )
            )
        await tell(session, tellings)


def _still(session: AsyncSession, task: TaskFacts, version: int, event: TaskEvent) -> bool:
    """Whether the reason stands; what has gone is dropped with a line in the log."""
    if task.progress == Progress.OPEN and task.deadline_version == version:
        return True
    _dropped(session, event, task.progress)
    return False


def _dropped(session: AsyncSession, event: TaskEvent, why: str) -> None:
    ids = {"task_id": str(event.task_id), **ids_of(envelope(session, event))}
    log.info("notice_dropped", type=event.type, why=why, **ids)
