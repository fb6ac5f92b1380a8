"""Look-ups of obligations, reports and statistics: an agency finds only its own."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from services.reporting.models.obligations import (
    OWED,
    AgencyName,
    EarlierFacts,
    Obligation,
    ObligationNotFound,
    ObligationState,
    Report,
    ReportNotFound,
    TaskFacts,
)
from services.reporting.periods import named_period
from shared.types import Role

NO_DUE_DATE = date(9999, 12, 31)
BOXES = (
    "completed_on_time",
    "completed_late",
    "open_in_time",
    "open_overdue",
    "no_deadline_completed",
    "no_deadline_open",
)


def obligations(*, only_agency: str | None) -> Select[Obligation]:
    found = select(Obligation)
    return found if only_agency is None else found.where(Obligation.agency == only_agency)


def due_sort() -> ColumnElement[date]:
    return func.coalesce(Obligation.due_on, NO_DUE_DATE)


async def obligation(session: AsyncSession, id: UUID, *, only_agency: str | None) -> Obligation:
    query = obligations(only_agency=only_agency).where(Obligation.id == id)
    found = (await session.scalars(query)).one_or_none()
    if found is None:
        raise ObligationNotFound()
    return found


def reports(*, only_agency: str | None) -> Select[Report]:
    """All of them; for an agency its own, and those that a letter has sent to it."""
    found = select(Report)
    if only_agency is None:
        return found
    received = exists().where(
        TaskFacts.task_id == Report.task_id, TaskFacts.report_to.contains([only_agency])
    )
    return found.where(or_(Report.agency == only_agency, received))


async def report(session: AsyncSession, id: UUID, *, only_agency: str | None) -> Report:
    query = reports(only_agency=only_agency).where(Report.id == id)
    found = (await session.scalars(query)).one_or_none()
    if found is None:
        raise ReportNotFound()
    return found


async def _facts_on(session: AsyncSession, on: date) -> FromClause:
    """Leads' tasks as their agency, due date and cancellation were at the end of that day."""
    facts = TaskFacts.__table__
    later = select(EarlierFacts).where(EarlierFacts.until_on > on)
    if not await session.scalar(select(later.exists())):
        return facts
    then = (
        later.ext(distinct_on(EarlierFacts.task_id))
        .order_by(EarlierFacts.task_id, EarlierFacts.until_on, EarlierFacts.id)
        .subquery()
    )
    changed = ("agency", "due_on", "cancelled")
    same = [one for one in facts.c if one.name not in changed]
    was = [
        case((then.c.id.is_not(None), then.c[name]), else_=facts.c[name]).label(name)
        for name in changed
    ]
    joined = facts.outerjoin(then, then.c.task_id == facts.c.task_id)
    return select(*same, *was).select_from(joined).subquery()


def _box(facts: FromClause, on: date) -> ColumnElement[str]:
    """Which box a task is in on a day; each task is in exactly one.

    Derived from the due date, the day of the accepted report and the day asked about. What was
    reported in time and waits for a decision is in time.
    """
    due_on, completed_on, reported_on = (
        facts.c[name] for name in ("due_on", "completed_on", "reported_on")
    )
    done = and_(completed_on.is_not(None), completed_on <= on)
    in_time = or_(due_on >= on, and_(reported_on <= due_on, reported_on <= on))
    return case(
        (and_(due_on.is_(None), done), "no_deadline_completed"),
        (due_on.is_(None), "no_deadline_open"),
        (and_(done, completed_on <= due_on), "completed_on_time"),
        (done, "completed_late"),
        (in_time, "open_in_time"),
        else_="open_overdue",
    )


async def statistics(
    session: AsyncSession,
    on: date,
    *,
    directive: UUID | None,
    agency: str | None,
    only_agency: str | None,
) -> dict[str, Any]:
    """Leads' tasks by box, in all and per agency; cancelled ones are left out.

    Of a past day with the due dates and agencies that counted then: what was published stays true.
    """
    facts = await _facts_on(session, on)
    box = _box(facts, on).label("box")
    counted = (
        select(facts.c.agency, box, func.count().label("tasks"))
        .where(
            facts.c.role == Role.LEAD.value,
            facts.c.cancelled.is_(False),
            facts.c.assigned_on <= on,
        )
        .group_by(facts.c.agency, box)
    )
    for column, value in (
        (facts.c.directive_id, directive),
        (facts.c.agency, agency),
        (facts.c.agency, only_agency),
    ):
        if value is not None:
            counted = counted.where(column == value)
    return add_up(on, [(row.agency, row.box, row.tasks) for row in await session.execute(counted)])


def add_up(on: date, rows: list[tuple[str, str, int]]) -> dict[str, Any]:
    """Boxes per agency and in all; the total is the sum of the boxes by construction."""
    agencies: dict[str, dict[str, int]] = {}
    for agency, box, count in rows:
        agencies.setdefault(agency, dict.fromkeys(BOXES, 0))[box] += count
    whole = {box: sum(boxes[box] for boxes in agencies.values()) for box in BOXES}
    return {
        "on": on,
        **whole,
        "total": sum(whole.values()),
        "agencies": [
            {"agency": agency, **boxes, "total": sum(boxes.values())}
            for agency, boxes in sorted(agencies.items())
        ],
    }


async def period(
    session: AsyncSession, regime: str, name: str, *, only_agency: str | None
) -> dict[str, Any]:
    """What is expected for a period, what came in time and late, and who is missing by name."""
    rule, named = named_period(regime, name)
    query = (
        select(Obligation, AgencyName.name)
        .outerjoin(AgencyName, AgencyName.code == Obligation.agency)
        .where(Obligation.regime == rule.regime, Obligation.period == named.name)
        .where(Obligation.state != ObligationState.WITHDRAWN.value)
    )
    if only_agency is not None:
        query = query.where(Obligation.agency == only_agency)
    rows = (await session.execute(query.order_by(Obligation.agency))).all()
    came = [one for one, _ in rows if one.submitted_on is not None]
    late = [
        one for one in came if one.due_on and one.submitted_on and one.submitted_on > one.due_on
    ]
    missing = {one.agency: label or one.agency for one, label in rows if one.state in OWED}
    return {
        "regime": rule.regime,
        "period": named.name,
        "start": named.start,
        "close": named.close,
        "due_on": named.due_on,
        "expected": len(rows),
        "received": len(came),
        "late": len(late),
        "missing": len(rows) - len(came),
        "missing_agencies": [
            {"agency": code, "name": label} for code, label in sorted(missing.items())
        ],
    }
