"""Two who change one obligation at the same time: one after the other, nothing twice."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from services.reporting.jobs import mark_missed_reports
from services.reporting.models.obligations import Obligation
from shared.auth import UserRole
from shared.clock import end_of_day, start_of_day
from shared.events import assignment
from shared.events import reporting as events
from shared.ids import uuid7
from shared.messaging import OutboxRow
from shared.testing import ServiceUnderTest
from shared.types import Role
from tests.reporting.test_reporting import DIRECTIVE, DUE, assigned, obligation_of

NEW_DUE = DUE + timedelta(days=30)


def extended(task: assignment.TaskAssigned) -> assignment.DeadlineExtended:
    return assignment.DeadlineExtended(
        task_id=task.task_id,
        directive_id=DIRECTIVE,
        agency=task.agency,
        role=Role.LEAD,
        due_on=NEW_DUE,
        previous_due_on=DUE,
        original_due_on=DUE,
        deadline_version=1,
        reason="x",
    )


async def report(service: ServiceUnderTest, task: assignment.TaskAssigned) -> int:
    owed = await obligation_of(service, task.task_id)
    body = {"obligation_id": str(owed.id), "narrative": "xong"}
    async with service.client(UserRole.AGENCY, agency=task.agency) as client:
        return (await client.put(f"/reports/{uuid7()}", json=body)).status_code


async def told_of(service: ServiceUnderTest, task: assignment.TaskAssigned) -> list[str]:
    wanted = (events.ReportSubmitted.type, events.ReportMissed.type)
    async with service.sessions() as session:
        found = select(OutboxRow.type).where(
            OutboxRow.key == str(task.task_id), OutboxRow.type.in_(wanted)
        )
        return list(await session.scalars(found.order_by(OutboxRow.id)))


async def test_a_report_and_the_scan_at_once_tell_one_story(reporting: ServiceUnderTest) -> None:
    tasks = [assigned() for _ in range(10)]
    await reporting.deliver(*tasks)
    late = end_of_day(DUE) + timedelta(hours=9)
    reporting.clock.set(late)

    statuses, *_ = await asyncio.gather(
        asyncio.gather(*(report(reporting, task) for task in tasks)),
        reporting.run(mark_missed_reports, now=late, limit=3),
        reporting.run(mark_missed_reports, now=late, limit=3),
    )
    await reporting.run(mark_missed_reports, now=late)

    missed, submitted = events.ReportMissed.type, events.ReportSubmitted.type
    assert statuses == [201] * len(tasks)
    for task in tasks:
        assert await told_of(reporting, task) in ([missed, submitted], [submitted])


async def test_a_report_and_an_extension_at_once_both_count(reporting: ServiceUnderTest) -> None:
    tasks = [assigned() for _ in range(10)]
    await reporting.deliver(*tasks)
    reporting.clock.set(start_of_day(DUE))

    statuses, *_ = await asyncio.gather(
        asyncio.gather(*(report(reporting, task) for task in tasks)),
        *(reporting.deliver(extended(task)) for task in tasks),
    )
    await reporting.run(mark_missed_reports, now=end_of_day(NEW_DUE))

    assert statuses == [201] * len(tasks)
    for task in tasks:
        assert await told_of(reporting, task) == [events.ReportSubmitted.type]
    assert await reporting.dead_letters() == []
    assert await reporting.count(Obligation, Obligation.state == "submitted") == len(tasks)
