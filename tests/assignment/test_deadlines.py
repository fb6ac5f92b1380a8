"""Deadlines: rules, versions, more time, and what the sweep tells."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from services.assignment.commands.tasks import change_row
from services.assignment.jobs import sweep_deadlines
from services.assignment.models.deadlines import Watch
from services.assignment.models.tasks import Task, TaskChange
from shared.auth import UserRole
from shared.clock import end_of_day, start_of_day
from shared.events import assignment as events
from shared.ids import uuid7
from shared.testing import ServiceUnderTest
from tests.assignment.letter import seed
from tests.assignment.steps import DUE, a_directive, issue


async def test_concurrent_sweeps_tell_each_miss_once(assignment: ServiceUnderTest) -> None:
    body = a_directive()
    body["items"][0]["lead"] = ["quan_huyen_thi_xa"]
    await issue(assignment, body)
    late = end_of_day(DUE) + timedelta(days=3)

    await asyncio.gather(*(assignment.run(sweep_deadlines, now=late, limit=7) for _ in range(4)))
    await assignment.run(sweep_deadlines, now=late)

    missed = await assignment.published(events.DeadlineMissed)
    assert len(missed) == len({one.task_id for one in missed}) == 30
    assert await assignment.published(events.DeadlineApproaching) == []


async def test_what_a_sweep_writes_is_what_the_rule_says(assignment: ServiceUnderTest) -> None:
    """Also where it is the database that writes it; of a batch in which some only draw near."""
    body = a_directive()
    body["items"][0]["lead"] = ["quan_huyen_thi_xa"]
    await issue(assignment, body)
    now, later = end_of_day(DUE) + timedelta(hours=1), DUE + timedelta(days=3)
    async with assignment.sessions.begin() as session:
        for task in (await session.scalars(select(Task).order_by(Task.agency).limit(10))).all():
            task.extend(later, "granted", start_of_day(DUE - timedelta(days=5)))
    rows, changes = {}, []
    for watch in await watches(assignment):
        told = [change_row(event, by="clock", now=moment) for moment, event in watch.tell(now)]
        changes += [tuple(row.values()) for row in told]
        rows[watch.id] = watch

    await assignment.run(sweep_deadlines, now=now)

    assert {watch.id: watch for watch in await watches(assignment)} == rows
    assert sorted(await changes_by_clock(assignment), key=str) == sorted(changes, key=str)
    assert [len(changes), sum(row[3] == "deadline_missed" for row in changes)] == [40, 20]


async def watches(assignment: ServiceUnderTest) -> list[Watch]:
    columns = [getattr(Task, name) for name in Watch.__slots__]
    async with assignment.sessions() as session:
        return [Watch(*row) for row in await session.execute(select(*columns))]


async def changes_by_clock(assignment: ServiceUnderTest) -> list[tuple[Any, ...]]:
    found = select(
        TaskChange.task_id, TaskChange.at, TaskChange.by, TaskChange.what, TaskChange.detail
    )
    async with assignment.sessions() as session:
        rows = await session.execute(found.where(TaskChange.by == "clock"))
        return [tuple(row) for row in rows]


async def test_a_sweep_that_ran_twice_gives_the_same_event_ids(
    assignment: ServiceUnderTest,
) -> None:
    await issue(assignment)
    ids = []
    for _ in range(2):
        async with assignment.sessions.begin() as session:
            await session.execute(text("delete from outbox where type like '%deadline_missed%'"))
            await session.execute(
                text(
                    "update tasks set next_check_at = :at, next_milestone = 0, missed_version = -1"
                ),
                {"at": end_of_day(DUE)},
            )
        await assignment.run(sweep_deadlines, now=end_of_day(DUE))
        async with assignment.sessions() as session:
            query = "select event_id from outbox where type like '%deadline_missed%'"
            ids.append(await session.scalar(text(query)))

    assert ids[0] == ids[1] is not None


async def test_an_extension_that_comes_while_the_sweep_waits_wins(
    assignment: ServiceUnderTest,
) -> None:
    (task,) = await issue(assignment)
    late = end_of_day(DUE) + timedelta(hours=1)
    async with assignment.sessions() as granting:
        await granting.begin()
        row = await granting.get_one(Task, task.id, with_for_update=True)
        row.extend(DUE + timedelta(days=30), "granted", late)
        sweeping = asyncio.create_task(assignment.run(sweep_deadlines, now=late))
        await asyncio.wait([sweeping], timeout=0.3)
        await granting.commit()
        await sweeping
    await assignment.run(sweep_deadlines, now=late)

    assert await assignment.published(events.DeadlineMissed) == []


async def test_two_coordinators_at_once_have_one_winner(assignment: ServiceUnderTest) -> None:
    (task,) = await issue(assignment)
    body = {"due_on": "2017-03-01", "reason": "x"}
    async with assignment.client(UserRole.COORDINATOR) as client:
        version = (await client.get(f"/tasks/{task.id}")).headers["etag"]
        answers = await asyncio.gather(
            *(
                client.post(f"/tasks/{task.id}/extend", json=body, headers={"If-Match": version})
                for _ in range(5)
            )
        )
        versions = (await client.get(f"/tasks/{task.id}/deadline")).json()["versions"]

    assert sorted(one.status_code for one in answers) == [200, 412, 412, 412, 412]
    assert [one["due_on"] for one in versions] == [DUE.isoformat(), "2017-03-01"]


@pytest.mark.parametrize(
    ("rule", "due_on"),
    [
        ({"kind": "working_days", "days": 1}, "2026-01-05"),
        ({"kind": "days", "days": 1}, "2026-01-05"),
        ({"kind": "months", "months": 1}, "2026-02-02"),
        ({"kind": "date", "on": "2026-01-03"}, "2026-01-03"),
        (None, None),
    ],
)
async def test_a_rule_gives_the_due_date_by_the_calendar_with_its_overrides(
    assignment: ServiceUnderTest, rule: dict[str, Any] | None, due_on: str | None
) -> None:
    """Friday 2026-01-02 is a rest day by an override only; a fixed date is not moved."""
    body = {**a_directive(), "issued_on": "2026-01-01"}
    body["items"][0]["deadline"] = rule
    (task,) = await issue(assignment, body)
    async with assignment.client(UserRole.AGENCY, agency="HN-SCT") as client:
        deadline = (await client.get(f"/tasks/{task.id}/deadline")).json()

    (version,) = deadline["versions"]
    assert (deadline["due_on"], version["version"]) == (due_on, 0)
    assert version["rule"] == (rule or {"kind": "none"})


async def test_a_term_beyond_the_calendar_stops_the_whole_issue(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    body = {**a_directive(), "issued_on": "2035-12-20"}
    body["items"][0]["deadline"] = {"kind": "working_days", "days": 30}
    id = uuid7()
    async with assignment.client(UserRole.COORDINATOR) as client:
        await client.put(f"/directives/{id}", json=body)
        refused = await client.post(f"/directives/{id}/issue")

    assert (refused.status_code, refused.json()["type"]) == (
        422,
        "urn:dondoc:date-outside-calendar",
    )
    assert await assignment.count(Task) == 0


async def test_a_request_for_more_time_changes_nothing_until_it_is_granted(
    assignment: ServiceUnderTest,
) -> None:
    (task,) = await issue(assignment)
    asked = {"due_on": "2017-02-01", "reason": "chờ ý kiến"}
    path = f"/tasks/{task.id}"
    async with assignment.client(UserRole.AGENCY, agency="HN-SCT") as agency:
        assert (await agency.post(f"{path}/request-extension", json=asked)).status_code == 200
        waiting = (await agency.get(f"{path}/deadline")).json()
    async with assignment.client(UserRole.COORDINATOR) as office:
        refusal = {"reason": "phải xong trong năm"}
        assert (await office.post(f"{path}/refuse-extension", json=refusal)).status_code == 200
        again = await office.post(f"{path}/refuse-extension", json=refusal)

    assert (waiting["due_on"], waiting["requested_due_on"]) == (DUE.isoformat(), "2017-02-01")
    assert again.json()["type"] == "urn:dondoc:no-request"
    (requested,) = await assignment.published(events.ExtensionRequested)
    (refused,) = await assignment.published(events.ExtensionRefused)
    assert (requested.due_on, requested.reason) == (date(2017, 2, 1), "chờ ý kiến")
    assert refused.reason == "phải xong trong năm"


async def test_a_granted_extension_is_a_new_version_that_is_missed_on_its_own(
    assignment: ServiceUnderTest,
) -> None:
    (task,) = await issue(assignment)
    await assignment.run(sweep_deadlines, now=end_of_day(DUE))
    later = DUE + timedelta(days=60)
    async with assignment.client(UserRole.COORDINATOR, headers={"If-Match": '"2"'}) as office:
        body = {"due_on": later.isoformat(), "reason": "chấp thuận"}
        granted = await office.post(f"/tasks/{task.id}/extend", json=body)
    await assignment.run(sweep_deadlines, now=end_of_day(later))

    assert granted.status_code == 200, granted.text
    (extended,) = await assignment.published(events.DeadlineExtended)
    assert (extended.previous_due_on, extended.original_due_on) == (DUE, DUE)
    missed = await assignment.published(events.DeadlineMissed)
    assert [(one.due_on, one.deadline_version) for one in missed] == [(DUE, 0), (later, 1)]


async def test_each_milestone_is_told_once_whenever_the_sweep_stops_and_starts(
    assignment: ServiceUnderTest,
) -> None:
    """Each look is a new process as far as the sweep knows: its whole memory is the row."""
    await issue(assignment)
    for day in range(10, -2, -1):
        for _ in range(2):
            await assignment.run(sweep_deadlines, now=start_of_day(DUE - timedelta(days=day)))

    approaching = await assignment.published(events.DeadlineApproaching)
    assert [one.days_left for one in approaching] == [7, 3, 1]
    assert len(await assignment.published(events.DeadlineMissed)) == 1


async def test_a_cancelled_task_is_told_and_never_missed(assignment: ServiceUnderTest) -> None:
    (task,) = await issue(assignment)
    async with assignment.client(UserRole.COORDINATOR) as office:
        body = {"reason": "thay bằng văn bản khác"}
        assert (await office.post(f"/tasks/{task.id}/cancel", json=body)).status_code == 200
    await assignment.run(sweep_deadlines, now=end_of_day(DUE))

    (cancelled,) = await assignment.published(events.TaskCancelled)
    assert (cancelled.task_id, cancelled.reason) == (task.id, "thay bằng văn bản khác")
    assert await assignment.published(events.DeadlineMissed) == []
