"""What people do with reports. Each command is one transaction, opened by its caller."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.reporting.models.obligations import (
    OWED,
    Obligation,
    ObligationNotFound,
    ObligationState,
    Report,
    ReportNotFound,
    Series,
    TaskFacts,
)
from shared.database import among
from shared.errors import Malformed
from shared.events.reporting import ObligationKind
from shared.http import Command, DifferentContent, fingerprint
from shared.outbox import publish
from shared.types import Id, Line, Text


class NarrativeMissing(Malformed):
    """Say what was done; only a nil report may be empty."""


class Figure(Command):
    """One number of the report."""

    name: Line
    value: Annotated[int, Field(ge=-(10**15), le=10**15)]
    unit: Line | None = None


class SubmitReport(Command):
    """A report against an obligation; ``nil`` means there is nothing to report."""

    obligation_id: Id
    narrative: Text = ""
    figures: Annotated[list[Figure], Field(max_length=200)] = []
    nil: bool = False


class SendBack(Command):
    remarks: Annotated[Text, Field(min_length=1, max_length=5000)]


async def submit_report(
    session: AsyncSession,
    report_id: UUID,
    command: SubmitReport,
    *,
    agency: str | None,
    by: str,
    today: date,
) -> tuple[Report, bool]:
    """The report, and whether it is new. The same body again changes nothing."""
    told = fingerprint(command)
    known = await session.get(Report, report_id)
    if known is not None and (agency is None or known.agency == agency):
        if known.fingerprint != told:
            raise DifferentContent("Another report was submitted with this id.")
        return known, False
    if not command.nil and not command.narrative:
        raise NarrativeMissing()
    facts, obligation = await _locked(session, command.obligation_id, agency)
    if known is not None:
        raise DifferentContent("Another report was submitted with this id.")
    publish(session, obligation.submit(report_id, nil=command.nil, today=today))
    if obligation.final:
        facts.reported_on = today
    report = Report(
        id=report_id,
        obligation_id=obligation.id,
        task_id=obligation.task_id,
        agency=obligation.agency,
        report_version=obligation.report_version,
        narrative=command.narrative,
        figures=[figure.model_dump() for figure in command.figures],
        nil=command.nil,
        state=ObligationState.SUBMITTED.value,
        submitted_on=today,
        submitted_by=by,
        fingerprint=told,
    )
    session.add(report)
    return report, True


async def accept_report(session: AsyncSession, report_id: UUID, *, by: str, today: date) -> Report:
    """An accepted final report ends the task and its periodic reports."""
    report, facts, obligation = await _decide(session, report_id)
    publish(session, obligation.accept(report_id, today))
    if obligation.final:
        facts.completed_on = obligation.submitted_on
        await _end_periods(session, facts)
    report.state, report.decided_by = ObligationState.ACCEPTED.value, by
    return report


async def end_series(session: AsyncSession, tasks: Iterable[UUID]) -> None:
    """No further period opens for these tasks."""
    await session.execute(update(Series).where(among(Series.task_id, tasks)).values(opens_at=None))


async def _end_periods(session: AsyncSession, facts: TaskFacts) -> None:
    """No period opens any more, and none is owed that was not due before the task was done."""
    await end_series(session, [facts.task_id])
    needless = await session.scalars(
        select(Obligation)
        .where(
            Obligation.task_id == facts.task_id,
            Obligation.kind == ObligationKind.PERIODIC.value,
            Obligation.state.in_(OWED),
            Obligation.due_on >= facts.completed_on,
        )
        .order_by(Obligation.id)
        .with_for_update()
    )
    for obligation in needless:
        obligation.withdraw()


async def send_back_report(
    session: AsyncSession, report_id: UUID, command: SendBack, *, by: str
) -> Report:
    report, facts, obligation = await _decide(session, report_id)
    publish(session, obligation.send_back(report_id, command.remarks))
    if obligation.final:
        facts.reported_on = None
    report.state, report.decided_by = ObligationState.SENT_BACK.value, by
    report.remarks = command.remarks
    return report


async def _decide(session: AsyncSession, report_id: UUID) -> tuple[Report, TaskFacts, Obligation]:
    report = await session.get(Report, report_id)
    if report is None:
        raise ReportNotFound()
    facts, obligation = await _locked(session, report.obligation_id, None)
    await session.refresh(report)
    return report, facts, obligation


async def _locked(
    session: AsyncSession, obligation_id: UUID, agency: str | None
) -> tuple[TaskFacts, Obligation]:
    """The obligation with its task, both locked, the task first: it stands for the Kafka key."""
    task_id = await session.scalar(select(Obligation.task_id).where(Obligation.id == obligation_id))
    if task_id is None:
        raise ObligationNotFound()
    facts = await session.get_one(TaskFacts, task_id, with_for_update=True)
    obligation = await session.get_one(Obligation, obligation_id, with_for_update=True)
    if agency is not None and obligation.agency != agency:
        raise ObligationNotFound()
    return facts, obligation
