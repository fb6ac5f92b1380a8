"""When assignment speaks of directives, agencies and tasks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.handlers.known import each, known, telling
from services.notification.models.notices import (
    AgencyName,
    DirectiveFacts,
    Progress,
    TaskFacts,
    as_context,
    first_urge,
)
from services.notification.telling import tell
from shared.database import among, insert_rows
from shared.events import assignment
from shared.handlers import Handlers, envelope


def facts_of_directives_and_agencies(handlers: Handlers) -> None:
    @handlers.on(assignment.DirectiveIssued)
    async def learn_subjects(
        events: Sequence[assignment.DirectiveIssued], session: AsyncSession
    ) -> None:
        rows = [
            {
                "directive_id": event.directive_id,
                "number_symbol": event.number_symbol,
                "subject": event.subject,
            }
            for event in events
        ]
        await session.execute(upsert(DirectiveFacts).on_conflict_do_nothing(), rows)

    @handlers.on(assignment.AgencyRecorded)
    async def learn_names(
        events: Sequence[assignment.AgencyRecorded], session: AsyncSession
    ) -> None:
        new = upsert(AgencyName)
        await session.execute(
            new.on_conflict_do_update(
                index_elements=[AgencyName.code],
                set_={"name": new.excluded.name, "version": new.excluded.version},
                where=AgencyName.version < new.excluded.version,
            ),
            [{"code": one.code, "name": one.name, "version": one.version} for one in events],
        )


def about_tasks(handlers: Handlers, office: str, every: timedelta) -> None:
    @handlers.on(assignment.TaskAssigned)
    async def tell_of_tasks(
        events: Sequence[assignment.TaskAssigned], session: AsyncSession
    ) -> None:
        rows = [_facts(event, envelope(session, event).time, every) for event in events]
        await insert_rows(session, TaskFacts, rows)
        subjects = await _subjects(session, {event.directive_id for event in events})
        await tell(
            session,
            [
                telling(
                    session,
                    event,
                    event.agency,
                    "task_assigned",
                    {**row, "directive_subject": subjects.get(event.directive_id, "")},
                    version=event.deadline_version,
                )
                for event, row in zip(events, rows, strict=True)
            ],
        )

    @handlers.on(assignment.TaskReturned)
    async def tell_of_returns(
        events: Sequence[assignment.TaskReturned], session: AsyncSession
    ) -> None:
        facts = await known(session, events)
        await tell(session, each(session, facts, events, "task_returned", office, ("reason",)))

    @handlers.on(assignment.ReturnRefused)
    async def tell_of_refused_returns(
        events: Sequence[assignment.ReturnRefused], session: AsyncSession
    ) -> None:
        facts = await known(session, events)
        await tell(session, each(session, facts, events, "return_refused", None, ("reason",)))

    @handlers.on(assignment.TaskReassigned)
    async def tell_of_new_owners(
        events: Sequence[assignment.TaskReassigned], session: AsyncSession
    ) -> None:
        facts = await known(session, events)
        tellings = []
        for event in events:
            if (task := facts.get(event.task_id)) is not None:
                task.move_to(event.agency, envelope(session, event).time, every)
                names = {"from_name": event.from_agency, "agency_name": event.agency}
                context = as_context(task, reason=event.reason)
                about = f"{event.task_id}/{envelope(session, event).id}"
                tellings += [
                    telling(session, event, who, what, context, names=names, about=about)
                    for who, what in (
                        (event.agency, "task_reassigned"),
                        (event.from_agency, "task_moved_away"),
                    )
                ]
        await tell(session, tellings)

    @handlers.on(assignment.TaskCancelled)
    async def tell_of_cancellations(
        events: Sequence[assignment.TaskCancelled], session: AsyncSession
    ) -> None:
        facts = await known(session, events)
        for task in facts.values():
            task.settle(Progress.CLOSED)
        await tell(session, each(session, facts, events, "task_cancelled", None, ("reason",)))

    @handlers.on(assignment.TaskCompleted)
    async def close_tasks(
        events: Sequence[assignment.TaskCompleted], session: AsyncSession
    ) -> None:
        for task in (await known(session, events)).values():
            task.settle(Progress.CLOSED)


def _facts(event: assignment.TaskAssigned, at: datetime, every: timedelta) -> dict[str, Any]:
    """Of an old letter, entered after its deadline, the agency has its days before the first urge.

    ``next_urge_at`` says so until the miss is told.
    """
    return {
        "task_id": event.task_id,
        "directive_id": event.directive_id,
        "agency": event.agency,
        "role": event.role.value,
        "number_symbol": event.number_symbol,
        "issued_on": event.assigned_on,
        "issuer": event.issuer,
        "item_path": event.item_path,
        "summary": event.summary,
        "due_on": event.due_on,
        "deadline_version": event.deadline_version,
        "report_to": list(event.report_to),
        "progress": Progress.OPEN.value,
        "urges": 0,
        "next_urge_at": first_urge(event.role, event.due_on, at, every),
    }


async def _subjects(session: AsyncSession, ids: set[UUID]) -> dict[UUID, str]:
    found = await session.execute(
        select(DirectiveFacts.directive_id, DirectiveFacts.subject).where(
            among(DirectiveFacts.directive_id, ids)
        )
    )
    return {row[0]: row[1] for row in found}
