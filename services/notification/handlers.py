"""What notification does when others speak: keep the facts, tell who must be told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.models.notices import (
    AgencyName,
    DirectiveFacts,
    LineFacts,
    Progress,
    TaskFacts,
    as_context,
)
from services.notification.settings import Settings
from services.notification.telling import Telling, tell
from shared.database import insert_rows
from shared.events import assignment, budget, reporting
from shared.events.assignment import TaskEvent
from shared.events.reporting import ObligationKind, ReportEvent
from shared.handlers import Handlers, envelope, not_yet
from shared.trace import ids_of

log = structlog.get_logger()


def create_handlers(settings: Settings) -> Handlers:
    """The handlers, with the issuing office that escalations and reports go to."""
    handlers = Handlers()
    office = settings.issuer_agency
    every = timedelta(days=settings.urge_every_days)
    _facts_of_directives_and_agencies(handlers)
    _about_tasks(handlers, office)
    _about_deadlines(handlers, office, every)
    _about_reports(handlers, office)
    _about_budget(handlers, office)
    return handlers


def _facts_of_directives_and_agencies(handlers: Handlers) -> None:
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


def _about_tasks(handlers: Handlers, office: str) -> None:
    @handlers.on(assignment.TaskAssigned)
    async def tell_of_tasks(
        events: Sequence[assignment.TaskAssigned], session: AsyncSession
    ) -> None:
        rows = [_facts(event) for event in events]
        await insert_rows(session, TaskFacts, rows)
        subjects = await _subjects(session, {event.directive_id for event in events})
        await tell(
            session,
            [
                _telling(
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
        facts = await _known(session, events)
        await tell(session, _each(session, facts, events, "task_returned", office, ("reason",)))

    @handlers.on(assignment.TaskReassigned)
    async def tell_of_new_owners(
        events: Sequence[assignment.TaskReassigned], session: AsyncSession
    ) -> None:
        facts = await _known(session, events)
        tellings = []
        for event in events:
            if (task := facts.get(event.task_id)) is not None:
                task.agency = event.agency
                names = {"from_name": event.from_agency, "agency_name": event.agency}
                context = as_context(task, reason=event.reason)
                about = f"{event.task_id}/{envelope(session, event).id}"
                tellings += [
                    _telling(session, event, who, what, context, names=names, about=about)
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
        facts = await _known(session, events)
        for task in facts.values():
            task.settle(Progress.CLOSED)
        await tell(session, _each(session, facts, events, "task_cancelled", None, ("reason",)))

    @handlers.on(assignment.TaskCompleted)
    async def close_tasks(
        events: Sequence[assignment.TaskCompleted], session: AsyncSession
    ) -> None:
        for task in (await _known(session, events)).values():
            task.settle(Progress.CLOSED)


def _about_deadlines(handlers: Handlers, office: str, every: timedelta) -> None:
    @handlers.on(assignment.ExtensionRequested)
    async def tell_of_requests(
        events: Sequence[assignment.ExtensionRequested], session: AsyncSession
    ) -> None:
        facts = await _known(session, events)
        tellings = []
        for event in events:
            if (task := facts.get(event.task_id)) is not None:
                context = as_context(task, reason=event.reason, requested=event.due_on)
                names = {"agency_name": event.agency}
                about = f"{event.task_id}/{event.due_on}"
                tellings.append(
                    _telling(
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
        facts = await _known(session, events)
        await tell(session, _each(session, facts, events, "extension_refused", None, ("reason",)))

    @handlers.on(assignment.DeadlineExtended)
    async def tell_of_extensions(
        events: Sequence[assignment.DeadlineExtended], session: AsyncSession
    ) -> None:
        facts = await _known(session, events)
        tellings = []
        for event in events:
            if (task := facts.get(event.task_id)) is not None:
                task.extend(event.due_on, event.deadline_version)
                context = as_context(task, reason=event.reason, previous=event.previous_due_on)
                version = event.deadline_version
                tellings.append(
                    _telling(
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
        facts = await _known(session, events)
        tellings = []
        for event in events:
            task = facts.get(event.task_id)
            if task is None or not _still(session, task, event.deadline_version, event):
                continue
            milestone = f"deadline_approaching_{event.days_left}"
            tellings.append(
                _telling(
                    session,
                    event,
                    event.agency,
                    milestone,
                    as_context(task),
                    version=event.deadline_version,
                )
            )
        await tell(session, tellings)

    @handlers.on(assignment.DeadlineMissed)
    async def tell_of_misses(
        events: Sequence[assignment.DeadlineMissed], session: AsyncSession
    ) -> None:
        facts = await _known(session, events)
        tellings = []
        for event in events:
            task = facts.get(event.task_id)
            if task is None or not _still(session, task, event.deadline_version, event):
                continue
            task.miss(event.due_on, event.deadline_version, every)
            tellings.append(
                _telling(
                    session,
                    event,
                    event.agency,
                    "deadline_missed",
                    as_context(task),
                    version=event.deadline_version,
                )
            )
        await tell(session, tellings)


def _about_reports(handlers: Handlers, office: str) -> None:
    @handlers.on(reporting.ReportSubmitted)
    async def tell_of_reports(
        events: Sequence[reporting.ReportSubmitted], session: AsyncSession
    ) -> None:
        facts = await _known(session, events)
        tellings = []
        for event in events:
            task = facts.get(event.task_id)
            if task is None or not event.final:
                continue
            task.settle(Progress.REPORTED)
            context = as_context(task, submitted_on=event.submitted_on)
            names = {"agency_name": event.agency}
            about = str(event.report_id)
            tellings.append(
                _telling(
                    session, event, office, "report_submitted", context, names=names, about=about
                )
            )
        await tell(session, tellings)

    @handlers.on(reporting.ReportSentBack)
    async def tell_of_remarks(
        events: Sequence[reporting.ReportSentBack], session: AsyncSession
    ) -> None:
        facts = await _known(session, events)
        for event in events:
            task = facts.get(event.task_id)
            if task is not None and event.final:
                task.settle(Progress.OPEN)
        await tell(session, _each(session, facts, events, "report_sent_back", None, ("remarks",)))

    @handlers.on(reporting.ReportAccepted)
    async def tell_of_acceptance(
        events: Sequence[reporting.ReportAccepted], session: AsyncSession
    ) -> None:
        facts = await _known(session, events)
        final = [event for event in events if event.final]
        for event in final:
            if (task := facts.get(event.task_id)) is not None:
                task.settle(Progress.CLOSED)
        await tell(session, _each(session, facts, final, "report_accepted", None, ()))

    @handlers.on(reporting.ReportMissed)
    async def tell_of_missing_reports(
        events: Sequence[reporting.ReportMissed], session: AsyncSession
    ) -> None:
        """Periodic ones only: a missed completion is told as a missed deadline."""
        facts = await _known(session, events)
        tellings = []
        for event in events:
            task = facts.get(event.task_id)
            if task is None or event.kind is not ObligationKind.PERIODIC:
                continue
            context = as_context(task, period=event.period, report_due_on=event.due_on)
            about = str(event.obligation_id)
            tellings.append(
                _telling(session, event, event.agency, "report_missed", context, about=about)
            )
        await tell(session, tellings)


def _about_budget(handlers: Handlers, office: str) -> None:
    @handlers.on(budget.LineOpened)
    async def learn_lines(events: Sequence[budget.LineOpened], session: AsyncSession) -> None:
        new = upsert(LineFacts)
        told = {"fiscal_year": new.excluded.fiscal_year, "purpose": new.excluded.purpose}
        await session.execute(
            new.on_conflict_do_update(index_elements=[LineFacts.line_id], set_=told),
            [
                {"line_id": one.line_id, "fiscal_year": one.fiscal_year, "purpose": one.purpose}
                for one in events
            ],
        )

    @handlers.on(budget.EstimateAssigned)
    async def tell_of_estimates(
        events: Sequence[budget.EstimateAssigned], session: AsyncSession
    ) -> None:
        await tell(session, await _of_lines(session, events, "estimate_assigned", ("amount",)))

    @handlers.on(budget.EstimateAdjusted)
    async def tell_of_adjustments(
        events: Sequence[budget.EstimateAdjusted], session: AsyncSession
    ) -> None:
        await tell(session, await _of_lines(session, events, "estimate_adjusted", ("amount",)))

    @handlers.on(budget.OverspendRefused)
    async def tell_of_overspending(
        events: Sequence[budget.OverspendRefused], session: AsyncSession
    ) -> None:
        told = await _of_lines(session, events, "overspend_refused", ("requested",))
        upwards = [replace(one, recipient=office) for one in told if one.recipient != office]
        await tell(session, [*told, *upwards])


async def _of_lines(
    session: AsyncSession, events: Sequence[Any], milestone: str, fields: tuple[str, ...]
) -> list[Telling]:
    """One for the agency of each event, with what its line is for and what is left on it."""
    found = await session.scalars(
        select(LineFacts).where(LineFacts.line_id.in_([event.line_id for event in events]))
    )
    lines = {line.line_id: line for line in found}
    tellings = []
    for event in events:
        if (line := lines.get(event.line_id)) is None:
            not_yet(session, event, f"the line {event.line_id} is not known yet")
            continue
        more = {field: getattr(event, field) for field in (*fields, "available")}
        tellings.append(
            Telling(
                about=f"{event.line_id}/{envelope(session, event).id}",
                recipient=event.agency,
                milestone=milestone,
                context={"fiscal_year": line.fiscal_year, "purpose": line.purpose, **more},
                at=envelope(session, event).time,
                cause=event,
                names={"agency_name": event.agency},
            )
        )
    return tellings


def _facts(event: assignment.TaskAssigned) -> dict[str, Any]:
    return {
        "task_id": event.task_id,
        "directive_id": event.directive_id,
        "agency": event.agency,
        "role": event.role.value,
        "number_symbol": event.number_symbol,
        "issuer": event.issuer,
        "item_path": event.item_path,
        "summary": event.summary,
        "due_on": event.due_on,
        "deadline_version": event.deadline_version,
        "progress": Progress.OPEN.value,
        "urges": 0,
    }


async def _known(
    session: AsyncSession, events: Sequence[TaskEvent | ReportEvent]
) -> dict[UUID, TaskFacts]:
    """The facts of a run's tasks, locked; what came before its task waits for it."""
    found = await session.scalars(
        select(TaskFacts)
        .where(TaskFacts.task_id.in_([event.task_id for event in events]))
        .order_by(TaskFacts.task_id)
        .with_for_update()
    )
    facts = {task.task_id: task for task in found}
    for event in events:
        if event.task_id not in facts:
            not_yet(session, event, f"the task {event.task_id} is not known yet")
    return facts


async def _subjects(session: AsyncSession, ids: set[UUID]) -> dict[UUID, str]:
    found = await session.execute(
        select(DirectiveFacts.directive_id, DirectiveFacts.subject).where(
            DirectiveFacts.directive_id.in_(ids)
        )
    )
    return {row[0]: row[1] for row in found}


def _still(session: AsyncSession, task: TaskFacts, version: int, event: TaskEvent) -> bool:
    """Whether the reason stands; what has gone is dropped with a line in the log."""
    if task.progress == Progress.OPEN and task.deadline_version == version:
        return True
    ids = {"task_id": str(event.task_id), **ids_of(envelope(session, event))}
    log.info("notice_dropped", type=event.type, why=task.progress, **ids)
    return False


def _each(
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
                _telling(
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


def _telling(
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
