"""Obligations, reports and statistics on a real PostgreSQL."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from services.reporting.jobs import (
    SERIES_LATE,
    count_late_series,
    mark_missed_reports,
    open_periods,
)
from services.reporting.models.obligations import Obligation, TaskFacts
from services.reporting.queries import BOXES, add_up
from shared.auth import UserRole
from shared.clock import end_of_day, start_of_day
from shared.events import assignment
from shared.events import reporting as events
from shared.ids import uuid7
from shared.testing import ServiceUnderTest
from shared.types import Recurrence, Role

DIRECTIVE = UUID(int=6050)
ASSIGNED_ON = date(2016, 10, 20)
DUE = date(2016, 12, 15)


def assigned(
    agency: str = "HN-SCT", *, role: Role = Role.LEAD, task: UUID | None = None, **more: Any
) -> assignment.TaskAssigned:
    fields: dict[str, Any] = {"due_on": DUE, **more}
    return assignment.TaskAssigned(
        task_id=task or uuid4(),
        directive_id=DIRECTIVE,
        agency=agency,
        role=role,
        number_symbol="6050/UBND-KT",
        issuer="HN-UBND",
        item_id=UUID(int=1),
        item_path="1",
        summary="Chủ trì tổ chức",
        assigned_on=ASSIGNED_ON,
        **fields,
    )


async def obligation_of(service: ServiceUnderTest, task: UUID) -> Obligation:
    async with service.sessions() as session:
        found = select(Obligation).where(
            Obligation.task_id == task, Obligation.kind == "completion"
        )
        return (await session.scalars(found)).one()


async def submit(
    service: ServiceUnderTest, event: assignment.TaskAssigned, on: date = DUE
) -> tuple[int, UUID]:
    owed = await obligation_of(service, event.task_id)
    report = uuid7()
    service.clock.set(start_of_day(on) + timedelta(hours=9))
    async with service.client(UserRole.AGENCY, agency=event.agency) as client:
        body = {"obligation_id": str(owed.id), "narrative": "xong"}
        answer = await client.put(f"/reports/{report}", json=body)
    return answer.status_code, report


async def decide(service: ServiceUnderTest, report: UUID, verb: str, **body: str) -> int:
    async with service.client(UserRole.COORDINATOR) as client:
        answer = await client.post(f"/reports/{report}/{verb}", json=body or None)
    return answer.status_code


async def test_a_lead_owes_one_report_and_a_supporter_none(reporting: ServiceUnderTest) -> None:
    lead, other = assigned(), assigned("HN-STC", role=Role.COORDINATE)
    event_id = uuid4()

    await reporting.deliver(lead, other)
    await reporting.deliver(assigned(task=uuid4()), event_id=event_id)
    await reporting.deliver(assigned(task=uuid4()), event_id=event_id)

    assert await reporting.count(Obligation) == 2
    assert await reporting.count(TaskFacts) == 3
    opened = await reporting.published(events.ObligationOpened)
    assert opened[0].due_on == DUE
    assert len(opened) == 2


async def test_a_report_is_submitted_sent_back_submitted_and_accepted(
    reporting: ServiceUnderTest,
) -> None:
    task = assigned()
    await reporting.deliver(task)

    status, first = await submit(reporting, task)
    assert status == 201
    assert (await submit(reporting, task))[0] == 409
    assert await decide(reporting, first, "send-back", remarks="bổ sung") == 200
    assert await decide(reporting, first, "accept") == 409
    status, second = await submit(reporting, task, DUE + timedelta(days=5))
    assert status == 201
    assert await decide(reporting, second, "accept") == 200

    submitted = await reporting.published(events.ReportSubmitted)
    assert [one.report_version for one in submitted] == [1, 2]
    (back,) = await reporting.published(events.ReportSentBack)
    assert (back.report_id, back.report_version, back.remarks) == (first, 1, "bổ sung")
    (accepted,) = await reporting.published(events.ReportAccepted)
    assert accepted.submitted_on == DUE + timedelta(days=5)


async def test_submitting_again_with_the_same_body_changes_nothing(
    reporting: ServiceUnderTest,
) -> None:
    task = assigned()
    await reporting.deliver(task)
    owed = await obligation_of(reporting, task.task_id)
    path = f"/reports/{uuid7()}"
    body = {"obligation_id": str(owed.id), "narrative": "xong"}
    async with reporting.client(UserRole.AGENCY, agency="HN-SCT") as client:
        codes = [(await client.put(path, json=body)).status_code for _ in range(2)]
        other = await client.put(path, json={**body, "narrative": "khác"})
        empty = await client.put(f"/reports/{uuid7()}", json={"obligation_id": str(owed.id)})

    assert codes == [201, 200]
    assert (other.status_code, empty.status_code) == (409, 422)
    assert len(await reporting.published(events.ReportSubmitted)) == 1


async def test_two_reports_at_once_have_one_winner(reporting: ServiceUnderTest) -> None:
    task = assigned()
    await reporting.deliver(task)
    owed = await obligation_of(reporting, task.task_id)
    body = {"obligation_id": str(owed.id), "narrative": "xong"}
    async with reporting.client(UserRole.AGENCY, agency="HN-SCT") as client:
        answers = await asyncio.gather(
            *(client.put(f"/reports/{uuid7()}", json=body) for _ in range(8))
        )

    assert sorted(one.status_code for one in answers) == [201] + [409] * 7
    assert len(await reporting.published(events.ReportSubmitted)) == 1


async def test_a_missed_report_is_told_once(reporting: ServiceUnderTest) -> None:
    in_time, late = assigned(), assigned("HN-STC")
    await reporting.deliver(in_time, late)
    await submit(reporting, in_time)

    for hours in (-1, 0, 24 * 30):
        now = end_of_day(DUE) + timedelta(hours=hours)
        await asyncio.gather(*(reporting.run(mark_missed_reports, now=now) for _ in range(3)))

    (missed,) = await reporting.published(events.ReportMissed)
    assert (missed.task_id, missed.due_on) == (late.task_id, DUE)


async def test_an_extension_moves_the_due_date(reporting: ServiceUnderTest) -> None:
    task = assigned()
    later = DUE + timedelta(days=30)
    extended = assignment.DeadlineExtended(
        task_id=task.task_id,
        directive_id=DIRECTIVE,
        agency="HN-SCT",
        role=Role.LEAD,
        due_on=later,
        previous_due_on=DUE,
        original_due_on=DUE,
        deadline_version=1,
        reason="x",
    )
    await reporting.deliver(task, extended)

    await reporting.run(mark_missed_reports, now=end_of_day(DUE))
    assert await reporting.published(events.ReportMissed) == []
    await reporting.run(mark_missed_reports, now=end_of_day(later))
    assert len(await reporting.published(events.ReportMissed)) == 1


async def test_each_period_opens_once_however_long_we_were_away(
    reporting: ServiceUnderTest,
) -> None:
    await reporting.deliver(assigned(due_on=None, recurrence=Recurrence.QUARTERLY))
    now = start_of_day(date(2017, 7, 1))

    await asyncio.gather(*(reporting.run(open_periods, now=now) for _ in range(3)))
    await reporting.run(open_periods, now=now)

    opened = [one for one in await reporting.published(events.ObligationOpened) if one.period]
    assert [one.period for one in opened] == ["2016-Q4", "2017-Q1", "2017-Q2", "2017-Q3"]


async def test_no_period_opens_after_the_task_is_done(reporting: ServiceUnderTest) -> None:
    task = assigned(recurrence=Recurrence.MONTHLY)
    await reporting.deliver(task)
    _, report = await submit(reporting, task, ASSIGNED_ON)
    await decide(reporting, report, "accept")

    await reporting.run(open_periods, now=start_of_day(date(2018, 1, 1)))

    assert await reporting.count(Obligation) == 1


async def test_a_done_task_owes_no_report_of_the_period_it_was_done_in(
    reporting: ServiceUnderTest,
) -> None:
    task = assigned(recurrence=Recurrence.MONTHLY)
    await reporting.deliver(task)
    done_on = date(2016, 12, 5)
    await reporting.run(open_periods, now=start_of_day(done_on))
    _, report = await submit(reporting, task, done_on)
    await decide(reporting, report, "accept")

    await reporting.run(mark_missed_reports, now=start_of_day(date(2017, 3, 1)))

    missed = await reporting.published(events.ReportMissed)
    assert [one.period for one in missed] == ["2016-11"]
    async with reporting.client(UserRole.COORDINATOR) as client:
        expected = [
            (await client.get(f"/periods/nd09-2019/{name}")).json()["expected"]
            for name in ("2016-11", "2016-12")
        ]
    assert expected == [1, 0]


async def test_a_period_names_who_is_missing(reporting: ServiceUnderTest) -> None:
    name = assignment.AgencyRecorded(
        code="HN-STC", name="Sở Tài chính", short_name="STC", version=1
    )
    both = [
        assigned(agency, due_on=None, recurrence=Recurrence.QUARTERLY)
        for agency in ("HN-SCT", "HN-STC")
    ]
    await reporting.deliver(name, *both)
    await reporting.run(open_periods, now=start_of_day(ASSIGNED_ON))
    async with reporting.client(UserRole.AGENCY, agency="HN-SCT") as client:
        owed = (await client.get("/obligations?kind=periodic")).json()["items"]
        body = {"obligation_id": owed[0]["id"], "nil": True}
        assert (await client.put(f"/reports/{uuid7()}", json=body)).status_code == 201
    async with reporting.client(UserRole.COORDINATOR) as client:
        period = (await client.get("/periods/nd09-2019/2016-Q4")).json()

    assert (period["expected"], period["received"], period["missing"]) == (2, 1, 1)
    assert period["missing_agencies"] == [{"agency": "HN-STC", "name": "Sở Tài chính"}]


async def test_statistics_fill_the_four_boxes(reporting: ServiceUnderTest) -> None:
    on_time, late, running, silent = (assigned(f"HN-A{number}") for number in range(4))
    free = assigned("HN-A4", due_on=None)
    gone = assigned("HN-A5")
    cancelled = assignment.TaskCancelled(
        task_id=gone.task_id, directive_id=DIRECTIVE, agency="HN-A5", role=Role.LEAD, reason="x"
    )
    await reporting.deliver(on_time, late, running, silent, free, gone, cancelled)
    for task, day in ((on_time, DUE), (late, DUE + timedelta(days=1)), (running, DUE)):
        _, report = await submit(reporting, task, day)
        if task is not running:
            await decide(reporting, report, "accept")

    async with reporting.client(UserRole.AUDITOR) as client:
        path = f"/statistics?directive={DIRECTIVE}&on={DUE + timedelta(days=9)}"
        found = (await client.get(path)).json()

    assert {box: found[box] for box in BOXES} == {
        "completed_on_time": 1,
        "completed_late": 1,
        "open_in_time": 1,
        "open_overdue": 1,
        "no_deadline_completed": 0,
        "no_deadline_open": 1,
    }
    assert found["total"] == 5


@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), st.sampled_from(BOXES), st.integers(0, 99)), max_size=30
    )
)
def test_statistics_always_add_up(rows: list[tuple[str, str, int]]) -> None:
    found = add_up(DUE, rows)

    assert found["total"] == sum(found[box] for box in BOXES) == sum(row[2] for row in rows)
    assert found["total"] == sum(agency["total"] for agency in found["agencies"])


async def test_an_agency_sees_only_its_own(reporting: ServiceUnderTest) -> None:
    own, foreign = assigned(), assigned("HN-STC")
    await reporting.deliver(own, foreign)
    _, report = await submit(reporting, foreign)
    owed = await obligation_of(reporting, foreign.task_id)
    async with reporting.client(UserRole.AGENCY, agency="HN-SCT") as client:
        listed = (await client.get("/obligations")).json()["items"]
        codes = [
            (await client.get(f"/obligations/{owed.id}")).status_code,
            (await client.get(f"/reports/{report}")).status_code,
            (
                await client.put(
                    f"/reports/{uuid7()}",
                    json={"obligation_id": str(owed.id), "narrative": "x"},
                )
            ).status_code,
        ]
        total = (await client.get(f"/statistics?directive={DIRECTIVE}")).json()["total"]

    assert [one["agency"] for one in listed] == ["HN-SCT"]
    assert codes == [404, 404, 404]
    assert total == 1


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        (UserRole.AGENCY, "POST", "/reports/{id}/accept"),
        (UserRole.AUDITOR, "POST", "/reports/{id}/accept"),
        (UserRole.COORDINATOR, "PUT", "/reports/{id}"),
        (UserRole.BUDGET, "GET", "/obligations"),
        (UserRole.OPERATOR, "GET", "/statistics"),
    ],
)
async def test_each_route_has_its_roles(
    reporting: ServiceUnderTest, role: UserRole, method: str, path: str
) -> None:
    agency = "HN-SCT" if role is UserRole.AGENCY else None
    async with reporting.client(role, agency=agency) as client:
        body = {"obligation_id": str(uuid4()), "narrative": "x"} if method == "PUT" else None
        answer = await client.request(method, path.format(id=uuid4()), json=body)

    assert answer.status_code == 403


async def test_a_series_whose_next_period_was_not_opened_is_counted(
    reporting: ServiceUnderTest,
) -> None:
    await reporting.deliver(assigned(recurrence=Recurrence.MONTHLY))
    later = start_of_day(ASSIGNED_ON + timedelta(days=40))

    await reporting.run(count_late_series, now=later)
    late = next(iter(SERIES_LATE.collect())).samples[0].value
    await reporting.run(open_periods, now=later)
    await reporting.run(count_late_series, now=later)

    assert (late, next(iter(SERIES_LATE.collect())).samples[0].value) == (1, 0)


async def test_who_receives_a_report_by_the_letter_reads_it_and_decides_nothing(
    reporting: ServiceUnderTest,
) -> None:
    task = assigned(report_to=("HN-STC", "Bộ Công Thương"))
    other = assigned(report_to=("HN-SYT",))
    await reporting.deliver(task, other)
    _, report = await submit(reporting, task)
    await submit(reporting, other)
    seen = {}
    for agency in ("HN-SCT", "HN-STC", "HN-SXD"):
        async with reporting.client(UserRole.AGENCY, agency=agency) as client:
            listed = (await client.get("/reports")).json()["items"]
            shown = await client.get(f"/reports/{report}")
            decided = await client.post(f"/reports/{report}/accept")
        seen[agency] = (len(listed), shown.status_code, decided.status_code)

    assert seen == {"HN-SCT": (2, 200, 403), "HN-STC": (1, 200, 403), "HN-SXD": (0, 404, 403)}
