"""Reporting over HTTP."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict

from services.reporting import commands, queries
from services.reporting.commands import SendBack, SubmitReport
from services.reporting.models.obligations import Obligation, ObligationState, Report
from shared.auth import UserRole
from shared.events.reporting import ObligationKind
from shared.http import Caller, Router, Session, Today, allow, answer_created
from shared.openapi import created_as
from shared.paging import PageOut, Paging, paginate
from shared.types import Date

router = Router(tags=["reporting"])

READERS = allow(UserRole.COORDINATOR, UserRole.AGENCY, UserRole.AUDITOR)
COORDINATOR = allow(UserRole.COORDINATOR)
AGENCY = allow(UserRole.AGENCY)


class ObligationOut(BaseModel):
    """A report that is owed. ``kind``: at completion, or for ``period``."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    task_id: UUID
    directive_id: UUID
    agency: str
    kind: str
    regime: str | None
    period: str | None
    due_on: date | None
    state: str
    report_id: UUID | None
    report_version: int
    submitted_on: date | None


class ReportOut(BaseModel):
    """One submission."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    obligation_id: UUID
    task_id: UUID
    agency: str
    report_version: int
    narrative: str
    figures: list[dict[str, Any]]
    nil: bool
    state: str
    submitted_on: date
    submitted_by: str
    decided_by: str | None
    remarks: str | None


class Boxes(BaseModel):
    """Leads' tasks by the four boxes, those without a deadline apart; they add up to total."""

    completed_on_time: int
    completed_late: int
    open_in_time: int
    open_overdue: int
    no_deadline_completed: int
    no_deadline_open: int
    total: int


class AgencyBoxes(Boxes):
    agency: str


class StatisticsOut(Boxes):
    on: date
    agencies: list[AgencyBoxes]


class MissingAgency(BaseModel):
    agency: str
    name: str


class PeriodOut(BaseModel):
    """What came for a period. ``late`` is part of ``received``."""

    regime: str
    period: str
    start: date
    close: date
    due_on: date
    expected: int
    received: int
    late: int
    missing: int
    missing_agencies: list[MissingAgency]


@router.get("/obligations", response_model=PageOut[ObligationOut], dependencies=[READERS])
async def list_obligations(
    session: Session,
    caller: Caller,
    page: Paging,
    agency: str | None = None,
    directive: UUID | None = None,
    task: UUID | None = None,
    state: ObligationState | None = None,
    kind: ObligationKind | None = None,
    due_before: Date | None = None,
    sort: Literal["due_on", "-due_on"] = "due_on",
) -> dict[str, Any]:
    query = queries.obligations(only_agency=caller.only_agency)
    given = {
        Obligation.agency: agency,
        Obligation.directive_id: directive,
        Obligation.task_id: task,
        Obligation.state: state,
        Obligation.kind: kind,
    }
    for column, value in given.items():
        if value is not None:
            query = query.where(column == value)
    if due_before is not None:
        query = query.where(Obligation.due_on < due_before)
    return await paginate(
        session,
        query,
        page,
        by=queries.due_sort(),
        id=Obligation.id,
        descending=sort.startswith("-"),
    )


@router.get("/obligations/{obligation_id}", response_model=ObligationOut, dependencies=[READERS])
async def show_obligation(session: Session, caller: Caller, obligation_id: UUID) -> Obligation:
    return await queries.obligation(session, obligation_id, only_agency=caller.only_agency)


@router.put(
    "/reports/{report_id}",
    response_model=ReportOut,
    responses=created_as(ReportOut),
    dependencies=[AGENCY],
)
async def submit_report(
    session: Session,
    caller: Caller,
    today: Today,
    response: Response,
    report_id: UUID,
    command: SubmitReport,
) -> Report:
    report, created = await commands.submit_report(
        session, report_id, command, agency=caller.agency, by=caller.subject, today=today
    )
    answer_created(response, created)
    return report


@router.get("/reports", response_model=PageOut[ReportOut], dependencies=[READERS])
async def list_reports(
    session: Session,
    caller: Caller,
    page: Paging,
    obligation: UUID | None = None,
    task: UUID | None = None,
    state: ObligationState | None = None,
) -> dict[str, Any]:
    query = queries.reports(only_agency=caller.only_agency)
    given = {Report.obligation_id: obligation, Report.task_id: task, Report.state: state}
    for column, value in given.items():
        if value is not None:
            query = query.where(column == value)
    return await paginate(session, query, page, by=Report.submitted_on, id=Report.id)


@router.get("/reports/{report_id}", response_model=ReportOut, dependencies=[READERS])
async def show_report(session: Session, caller: Caller, report_id: UUID) -> Report:
    return await queries.report(session, report_id, only_agency=caller.only_agency)


@router.post("/reports/{report_id}/accept", response_model=ReportOut, dependencies=[COORDINATOR])
async def accept_report(session: Session, caller: Caller, today: Today, report_id: UUID) -> Report:
    return await commands.accept_report(session, report_id, by=caller.subject, today=today)


@router.post("/reports/{report_id}/send-back", response_model=ReportOut, dependencies=[COORDINATOR])
async def send_back_report(
    session: Session, caller: Caller, report_id: UUID, command: SendBack
) -> Report:
    return await commands.send_back_report(session, report_id, command, by=caller.subject)


@router.get("/statistics", response_model=StatisticsOut, dependencies=[READERS])
async def show_statistics(
    session: Session,
    caller: Caller,
    today: Today,
    directive: UUID | None = None,
    agency: str | None = None,
    on: Date | None = None,
) -> dict[str, Any]:
    return await queries.statistics(
        session,
        on or today,
        directive=directive,
        agency=agency,
        only_agency=caller.only_agency,
    )


@router.get("/periods/{regime}/{period}", response_model=PeriodOut, dependencies=[READERS])
async def show_period(session: Session, caller: Caller, regime: str, period: str) -> dict[str, Any]:
    return await queries.period(session, regime, period, only_agency=caller.only_agency)
