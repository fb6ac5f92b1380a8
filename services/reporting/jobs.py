"""What reporting does because time passed."""

from datetime import datetime, timedelta

from prometheus_client import Gauge
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.reporting.models.obligations import Obligation, ObligationState, Series, TaskFacts
from services.reporting.periods import next_period, period_of, rule_of
from shared.clock import end_of_day, start_of_day
from shared.events.reporting import ObligationKind, ObligationOpened, ReportMissed
from shared.ids import derived_id, sweep_id
from shared.jobs import Job
from shared.outbox import publish

SERIES_LATE = Gauge(
    "dondoc_series_without_next_period",
    "Recurring reports whose next period began over an hour ago and was not opened.",
)


async def open_periods(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Open the obligation of each period that has begun: exactly one per task and period.

    After a stop every period that went by is opened too, so that it can be missed.
    """
    due = await session.execute(
        select(Series, TaskFacts)
        .join(TaskFacts, TaskFacts.task_id == Series.task_id)
        .where(Series.opens_at <= now)
        .order_by(Series.opens_at, Series.task_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = due.all()
    for series, facts in found:
        rule = rule_of(series.regime, series.frequency)
        period = period_of(rule, series.next_day)
        obligation = Obligation(
            id=derived_id(facts.task_id, series.regime.encode(), period.name.encode()),
            task_id=facts.task_id,
            directive_id=facts.directive_id,
            agency=facts.agency,
            role=facts.role,
            kind=ObligationKind.PERIODIC.value,
            regime=series.regime,
            period=period.name,
            due_on=period.due_on,
            due_version=0,
            state=ObligationState.OPEN.value,
            next_check_at=end_of_day(period.due_on),
        )
        session.add(obligation)
        moment = start_of_day(max(period.start, series.next_day))
        id = sweep_id(moment, f"{facts.task_id}/{period.name}", ObligationOpened.type, 0)
        publish(session, obligation.opened(), id=id, at=moment)
        series.next_day = next_period(rule, period).start
        series.opens_at = start_of_day(series.next_day)
    return len(found)


async def mark_missed_reports(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Tell each report that did not come by its due date, once per obligation and due date."""
    due = await session.execute(
        select(Obligation, TaskFacts)
        .join(TaskFacts, TaskFacts.task_id == Obligation.task_id)
        .where(Obligation.next_check_at <= now)
        .order_by(Obligation.next_check_at, Obligation.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = due.all()
    for obligation, _ in found:
        moment = obligation.next_check_at
        assert moment is not None
        missed = obligation.miss()
        id = sweep_id(moment, str(obligation.id), ReportMissed.type, obligation.due_version)
        publish(session, missed, id=id, at=moment)
    return len(found)


async def count_late_series(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """For an alert: ``open_periods`` waits while the consumer is behind, and may fail."""
    late = Series.opens_at <= now - timedelta(hours=1)
    SERIES_LATE.set(await session.scalar(select(func.count()).select_from(Series).where(late)) or 0)
    return 0


JOBS = [
    Job("open_periods", open_periods, caught_up=True),
    Job("mark_missed_reports", mark_missed_reports, caught_up=True),
    Job("count_late_series", count_late_series),
]
