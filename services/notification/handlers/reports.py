"""When reporting speaks."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.handlers.known import each, known, telling
from services.notification.models.notices import (
    AgencyName,
    Progress,
    TaskFacts,
    as_context,
)
from services.notification.telling import Telling, tell
from shared.database import among
from shared.events import reporting
from shared.events.reporting import ObligationKind
from shared.handlers import Handlers, envelope


def about_reports(handlers: Handlers, office: str, every: timedelta) -> None:
    @handlers.on(reporting.ReportSubmitted)
    async def tell_of_reports(
        events: Sequence[reporting.ReportSubmitted], session: AsyncSession
    ) -> None:
        facts = await known(session, events)
        tellings = await _to_receivers(session, events, facts, office)
        for event in events:
            task = facts.get(event.task_id)
            if task is None or not event.final:
                continue
            task.settle(Progress.REPORTED)
            context = as_context(task, submitted_on=event.submitted_on)
            names = {"agency_name": event.agency}
            about = str(event.report_id)
            tellings.append(
                telling(
                    session, event, office, "report_submitted", context, names=names, about=about
                )
            )
        await tell(session, tellings)

    @handlers.on(reporting.ReportSentBack)
    async def tell_of_remarks(
        events: Sequence[reporting.ReportSentBack], session: AsyncSession
    ) -> None:
        facts = await known(session, events)
        for event in events:
            task = facts.get(event.task_id)
            if task is not None and event.final:
                task.owe_again(envelope(session, event).time, every)
        await tell(session, each(session, facts, events, "report_sent_back", None, ("remarks",)))

    @handlers.on(reporting.ReportAccepted)
    async def tell_of_acceptance(
        events: Sequence[reporting.ReportAccepted], session: AsyncSession
    ) -> None:
        facts = await known(session, events)
        final = [event for event in events if event.final]
        for event in final:
            if (task := facts.get(event.task_id)) is not None:
                task.settle(Progress.CLOSED)
        await tell(session, each(session, facts, final, "report_accepted", None, ()))

    @handlers.on(reporting.ReportMissed)
    async def tell_of_missing_reports(
        events: Sequence[reporting.ReportMissed], session: AsyncSession
    ) -> None:
        """Periodic ones only: a missed completion is told as a missed deadline."""
        facts = await known(session, events)
        tellings = []
        for event in events:
            task = facts.get(event.task_id)
            if task is None or event.kind is not ObligationKind.PERIODIC:
                continue
            context = as_context(task, period=event.period, report_due_on=event.due_on)
            about = str(event.obligation_id)
            tellings.append(
                telling(session, event, event.agency, "report_missed", context, about=about)
            )
        await tell(session, tellings)


async def _to_receivers(
    session: AsyncSession,
    events: Sequence[reporting.ReportSubmitted],
    facts: dict[UUID, TaskFacts],
    office: str,
) -> list[Telling]:
    """Each report to the agencies that its letter has it sent to, who consolidate them."""
    told = [(event, facts[event.task_id]) for event in events if event.task_id in facts]
    codes = {code for _, task in told for code in task.report_to} - {office}
    agencies = set[str]()
    if codes:
        found = select(AgencyName.code).where(among(AgencyName.code, codes))
        agencies = set(await session.scalars(found))
    return [
        telling(
            session,
            event,
            receiver,
            "report_received",
            as_context(task, submitted_on=event.submitted_on, final=event.final, nil=event.nil),
            names={"agency_name": event.agency},
            about=str(event.report_id),
        )
        for event, task in told
        for receiver in sorted(agencies & set(task.report_to) - {event.agency})
    ]
