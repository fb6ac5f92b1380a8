"""What is past stays as it was: published figures, and who answers for a report that was due."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.reporting.jobs import mark_missed_reports, open_periods
from services.reporting.models.obligations import Obligation
from services.reporting.queries import statistics
from shared.auth import UserRole
from shared.clock import start_of_day
from shared.events import assignment
from shared.events import reporting as events
from shared.events.base import Event
from shared.ids import uuid7
from shared.testing import ServiceUnderTest
from shared.types import Recurrence
from tests.reporting.test_reporting import DUE, assigned, decide

FIRST = date(2016, 12, 10)


def of(task: assignment.TaskAssigned, type: type[Event], **more: Any) -> Event:
    facts = {name: getattr(task, name) for name in ("task_id", "directive_id", "agency", "role")}
    return type(**{**facts, **more})


def extended(task: assignment.TaskAssigned, to: date, before: date, version: int) -> Event:
    return of(
        task,
        assignment.DeadlineExtended,
        due_on=to,
        previous_due_on=before,
        original_due_on=DUE,
        deadline_version=version,
        reason="x",
    )


def moved(task: assignment.TaskAssigned, to: str, source: str | None = None) -> Event:
    gone = {"agency": to, "from_agency": source or task.agency, "reason": "x"}
    return of(task, assignment.TaskReassigned, **gone)


async def figures(service: ServiceUnderTest, on: date) -> dict[str, Any]:
    async with service.sessions() as session:
        return await statistics(session, on, directive=None, agency=None, only_agency=None)


async def test_a_past_days_figures_stay_whatever_is_decided_afterwards(
    reporting: ServiceUnderTest,
) -> None:
    late, gone, ended = assigned(), assigned("HN-STC"), assigned("HN-SYT")
    again = DUE + timedelta(days=3)
    decided: dict[date, Sequence[Event]] = {
        DUE + timedelta(days=2): [
            extended(late, again, DUE, 1),
            moved(gone, "HN-SCT"),
            moved(gone, "HN-SXD", "HN-SCT"),
        ],
        DUE + timedelta(days=6): [
            extended(late, again + timedelta(days=9), again, 2),
            of(ended, assignment.TaskCancelled, reason="x"),
        ],
    }
    await reporting.deliver(late, gone, ended)
    published = []
    for day in (FIRST + timedelta(days=count) for count in range(14)):
        for event in decided.get(day, ()):
            await reporting.deliver(event, time=start_of_day(day) + timedelta(hours=9))
        published.append(await figures(reporting, day))

    assert [await figures(reporting, one["on"]) for one in published] == published
    overdue = [one["open_overdue"] for one in published]
    assert overdue == [0] * 6 + [3] + [2] * 2 + [3] * 2 + [1] * 3


async def owed(service: ServiceUnderTest, task: UUID) -> dict[str, str]:
    async with service.sessions() as session:
        found = await session.scalars(select(Obligation).where(Obligation.task_id == task))
        return {one.period or "completion": one.agency for one in found}


async def at(service: ServiceUnderTest, now: datetime) -> None:
    await service.run(open_periods, now=now)
    await service.run(mark_missed_reports, now=now)


async def test_who_had_the_task_answers_for_the_reports_that_were_due_then(
    reporting: ServiceUnderTest,
) -> None:
    task = assigned("HN-SCT", recurrence=Recurrence.MONTHLY)
    await reporting.deliver(task)
    last_day = date(2016, 12, 21)
    await at(reporting, start_of_day(last_day))
    await reporting.deliver(moved(task, "HN-STC"), time=start_of_day(last_day))
    before = await owed(reporting, task.task_id)
    await at(reporting, start_of_day(last_day + timedelta(days=1)))
    next_day = start_of_day(last_day + timedelta(days=1))
    await reporting.deliver(moved(task, "HN-SYT", "HN-STC"), time=next_day)

    assert before == {
        "completion": "HN-STC",
        "2016-11": "HN-SCT",
        "2016-12": "HN-STC",
        "2017-01": "HN-STC",
    }
    assert await owed(reporting, task.task_id) == {
        "completion": "HN-SYT",
        "2016-11": "HN-SCT",
        "2016-12": "HN-STC",
        "2017-01": "HN-SYT",
    }
    missed = await reporting.published(events.ReportMissed)
    assert [(one.period, one.agency) for one in missed if one.period] == [
        ("2016-11", "HN-SCT"),
        ("2016-12", "HN-STC"),
    ]


async def test_who_answers_for_a_report_can_still_send_it_and_the_next_cannot(
    reporting: ServiceUnderTest,
) -> None:
    task = assigned("HN-SCT", recurrence=Recurrence.MONTHLY)
    await reporting.deliver(task)
    now = start_of_day(date(2016, 12, 1))
    await at(reporting, now)
    await reporting.deliver(moved(task, "HN-STC"), time=now)
    async with reporting.sessions() as session:
        november = select(Obligation.id).where(Obligation.period == "2016-11")
        body = {"obligation_id": str(await session.scalar(november)), "narrative": "xong"}
    report, answers = uuid7(), []
    for agency in ("HN-STC", "HN-SCT"):
        async with reporting.client(UserRole.AGENCY, agency=agency) as client:
            answers.append((await client.put(f"/reports/{report}", json=body)).status_code)

    assert answers == [404, 201]
    assert await decide(reporting, report, "accept") == 200
