"""What reporting does when assignment speaks."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from services.reporting.commands import end_series
from services.reporting.models.obligations import (
    AgencyName,
    Obligation,
    ObligationState,
    Series,
    TaskFacts,
)
from services.reporting.periods import DEFAULT_REGIME, FREQUENCIES, rule_of
from shared.clock import end_of_day, local_date, start_of_day
from shared.database import among, insert_rows
from shared.events import assignment
from shared.events.reporting import ObligationKind, ObligationOpened
from shared.handlers import Handlers, envelope, refuse
from shared.ids import derived_id
from shared.outbox import publish
from shared.types import Role

handlers = Handlers()


@handlers.on(assignment.TaskAssigned)
async def open_obligations(
    events: Sequence[assignment.TaskAssigned], session: AsyncSession
) -> None:
    """A lead owes a completion report, and one for each period if the item recurs."""
    leads = [event for event in events if event.role is Role.LEAD]
    await insert_rows(session, TaskFacts, (_facts(event) for event in events))
    obligations = {one.task_id: derived_id(one.task_id, b"completion") for one in leads}
    await insert_rows(session, Obligation, (_owed(one, obligations[one.task_id]) for one in leads))
    recurring = [event for event in leads if event.recurrence in FREQUENCIES]
    entered = {one.task_id: _day(session, one) for one in recurring}
    await insert_rows(session, Series, (_series(one, entered[one.task_id]) for one in recurring))
    for event in leads:
        opened = ObligationOpened(
            task_id=event.task_id,
            directive_id=event.directive_id,
            agency=event.agency,
            role=event.role,
            obligation_id=obligations[event.task_id],
            kind=ObligationKind.COMPLETION,
            due_on=event.due_on,
        )
        publish(session, opened, cause=event)


def _facts(event: assignment.TaskAssigned) -> dict[str, Any]:
    return {
        "task_id": event.task_id,
        "directive_id": event.directive_id,
        "agency": event.agency,
        "role": event.role,
        "number_symbol": event.number_symbol,
        "item_path": event.item_path,
        "summary": event.summary,
        "assigned_on": event.assigned_on,
        "due_on": event.due_on,
        "deadline_version": event.deadline_version,
        "report_to": list(event.report_to),
        "cancelled": False,
    }


def _owed(event: assignment.TaskAssigned, id: UUID) -> dict[str, Any]:
    return {
        "id": id,
        "task_id": event.task_id,
        "directive_id": event.directive_id,
        "agency": event.agency,
        "role": event.role,
        "kind": ObligationKind.COMPLETION,
        "due_on": event.due_on,
        "due_version": event.deadline_version,
        "state": ObligationState.OPEN,
        "next_check_at": _check(event.due_on),
        "missed_version": -1,
        "report_version": 0,
    }


def _check(due_on: date | None) -> Any:
    return None if due_on is None else end_of_day(due_on)


def _series(event: assignment.TaskAssigned, entered: date) -> dict[str, Any]:
    """From the first period whose report can still come in time.

    What was due before an old letter was entered went on paper, if at all: it is not owed here.
    """
    assert event.recurrence is not None
    rule = rule_of(DEFAULT_REGIME, event.recurrence)
    first_day = max(event.assigned_on, entered - timedelta(days=rule.submit_days))
    return {
        "task_id": event.task_id,
        "regime": DEFAULT_REGIME,
        "frequency": event.recurrence,
        "next_day": first_day,
        "opens_at": start_of_day(first_day),
    }


@handlers.on(assignment.DeadlineExtended)
async def move_due_dates(
    events: Sequence[assignment.DeadlineExtended], session: AsyncSession
) -> None:
    facts = await _locked(session, events)
    obligations = await _obligations(session, facts)
    for event in events:
        if (known := facts.get(event.task_id)) is None:
            continue
        session.add(known.as_before(_day(session, event)))
        known.due_on, known.deadline_version = event.due_on, event.deadline_version
        for obligation in obligations.get(event.task_id, ()):
            if obligation.final:
                obligation.move(event.due_on, event.deadline_version)


@handlers.on(assignment.TaskCancelled)
async def withdraw_obligations(
    events: Sequence[assignment.TaskCancelled], session: AsyncSession
) -> None:
    """Nothing is owed any more; what was accepted stays."""
    facts = await _locked(session, events)
    for event in events:
        if (known := facts.get(event.task_id)) is not None:
            session.add(known.as_before(_day(session, event)))
            known.cancelled = True
    for obligations in (await _obligations(session, facts)).values():
        for obligation in obligations:
            obligation.withdraw()
    await end_series(session, facts)


@handlers.on(assignment.TaskReassigned)
async def follow_the_task(
    events: Sequence[assignment.TaskReassigned], session: AsyncSession
) -> None:
    """What is still to come is now owed by the new agency."""
    facts = await _locked(session, events)
    obligations = await _obligations(session, facts)
    for event in events:
        if (known := facts.get(event.task_id)) is None:
            continue
        moved_on = _day(session, event)
        session.add(known.as_before(moved_on))
        known.agency = event.agency
        for obligation in obligations.get(event.task_id, ()):
            obligation.move_to(event.agency, moved_on)


@handlers.on(assignment.AgencyRecorded)
async def learn_names(events: Sequence[assignment.AgencyRecorded], session: AsyncSession) -> None:
    rows = [{"code": event.code, "name": event.name, "version": event.version} for event in events]
    new = upsert(AgencyName)
    await session.execute(
        new.on_conflict_do_update(
            index_elements=[AgencyName.code],
            set_={"name": new.excluded.name, "version": new.excluded.version},
            where=AgencyName.version < new.excluded.version,
        ),
        rows,
    )


def _day(session: AsyncSession, event: assignment.TaskEvent) -> date:
    return local_date(envelope(session, event).time)


async def _locked(
    session: AsyncSession, events: Sequence[assignment.TaskEvent]
) -> dict[UUID, TaskFacts]:
    """The facts of a run's tasks, locked in the order of their ids."""
    found = await session.scalars(
        select(TaskFacts)
        .where(among(TaskFacts.task_id, (event.task_id for event in events)))
        .order_by(TaskFacts.task_id)
        .with_for_update()
    )
    facts = {known.task_id: known for known in found}
    for event in events:
        if event.task_id not in facts:
            refuse(session, event, f"there is no task {event.task_id}")
    return facts


async def _obligations(
    session: AsyncSession, tasks: Iterable[UUID]
) -> dict[UUID, list[Obligation]]:
    found = await session.scalars(
        select(Obligation)
        .where(among(Obligation.task_id, tasks))
        .order_by(Obligation.id)
        .with_for_update()
    )
    by_task: dict[UUID, list[Obligation]] = {}
    for obligation in found:
        by_task.setdefault(obligation.task_id, []).append(obligation)
    return by_task
