"""Letter 6050 through intake, issue and the life of its tasks, on a real PostgreSQL."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from services.assignment.jobs import sweep_deadlines
from services.assignment.models.tasks import Task
from shared.auth import UserRole
from shared.clock import end_of_day
from shared.events import assignment as events
from shared.events import reporting
from shared.ids import uuid7
from shared.testing import ServiceUnderTest
from shared.types import Role
from tests.assignment.letter import DIRECTIVE, LETTER, propose, seed

DUE = date(2016, 12, 15)


def a_directive(
    items: list[dict[str, Any]] | None = None, number: str = "1/UBND"
) -> dict[str, Any]:
    item = {
        "id": str(uuid4()),
        "path": "1",
        "start": 0,
        "end": 9,
        "text": "Tổ chức thực hiện",
        "lead": ["HN-SCT"],
        "deadline": {"kind": "date", "on": DUE.isoformat()},
    }
    return {
        "number_symbol": number,
        "kind": "công văn",
        "issued_on": "2016-10-20",
        "issuer": "HN-UBND",
        "subject": "thử",
        "items": items or [item],
    }


async def issue(service: ServiceUnderTest, body: dict[str, Any] | None = None) -> list[Task]:
    await seed(service)
    id = uuid7()
    async with service.client(UserRole.COORDINATOR) as client:
        made = await client.put(f"/directives/{id}", json=body or a_directive())
        assert made.status_code == 201, made.text
        issued = await client.post(f"/directives/{id}/issue")
        assert issued.status_code == 200, issued.text
    async with service.sessions() as session:
        found = select(Task).where(Task.directive_id == id).order_by(Task.agency)
        return list((await session.scalars(found)).all())


def facts(task: Task) -> dict[str, Any]:
    return {
        "task_id": task.id,
        "directive_id": task.directive_id,
        "agency": task.agency,
        "role": Role(task.role),
        "obligation_id": UUID(int=4),
        "report_id": UUID(int=5),
        "report_version": 1,
        "final": True,
    }


async def test_the_letter_of_2016_becomes_264_tasks(assignment: ServiceUnderTest) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    again = await propose(assignment)
    async with assignment.client(UserRole.COORDINATOR) as client:
        path = f"/intake/{proposal['id']}/confirm"
        assert (await client.post(path, json={"directive_id": str(DIRECTIVE)})).status_code == 200
        assert (await client.post(f"/directives/{DIRECTIVE}/issue")).status_code == 200
        assert (await client.post(f"/directives/{DIRECTIVE}/issue")).status_code == 409

    assert again["id"] == proposal["id"]
    assigned = await assignment.published(events.TaskAssigned)
    assert len(assigned) == await assignment.count(Task) == 264
    assert all(event.due_on is None for event in assigned)
    assert len({(one.item_id, one.agency) for one in assigned}) == 264
    assert "HN-UBND" not in {one.agency for one in assigned}
    assert len(await assignment.published(events.DirectiveIssued)) == 1


async def test_corrections_are_kept_and_marked_as_the_clerks(assignment: ServiceUnderTest) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    item = proposal["items"][3]
    change = {
        "items": [
            {
                "id": item["id"],
                "decided": True,
                "deadline": {"kind": "working_days", "days": 10},
            }
        ]
    }
    path = f"/intake/{proposal['id']}"
    async with assignment.client(UserRole.COORDINATOR, subject="clerk") as client:
        without = await client.patch(path, json=change)
        changed = await client.patch(path, json=change, headers={"If-Match": '"1"'})
        stale = await client.patch(path, json=change, headers={"If-Match": '"1"'})
        kept = (await client.get(f"{path}/corrections")).json()

    assert (without.status_code, changed.status_code, stale.status_code) == (428, 200, 412)
    assert changed.json()["items"][3]["decided_by_clerk"] == ["deadline"]
    assert {one["field"] for one in kept} == {"deadline", "decided_by_clerk"}
    assert kept[0]["by"] == "clerk"


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"", "text/plain", 422),
        (b"\xff", "text/plain", 422),
        (b"a\x00b", "text/plain", 422),
        (LETTER, "application/json", 415),
        (b"a" * 1_000_001, "text/plain", 413),
    ],
)
async def test_what_is_no_letter_is_refused(
    assignment: ServiceUnderTest, content: bytes, media: str, status: int
) -> None:
    async with assignment.client(UserRole.COORDINATOR) as client:
        answer = await client.post("/intake", content=content, headers={"Content-Type": media})

    assert answer.status_code == status


async def test_a_name_nobody_knows_must_be_resolved_first(assignment: ServiceUnderTest) -> None:
    await seed(assignment)
    letter = LETTER.decode().replace("Giao Sở Tài chính,", "Giao Sở Tài chánh,").encode()
    async with assignment.client(UserRole.COORDINATOR) as client:
        answer = await client.post(
            "/intake", content=letter, headers={"Content-Type": "text/plain"}
        )
        path = f"/intake/{answer.json()['id']}/confirm"
        refused = await client.post(path, json={"directive_id": str(DIRECTIVE)})

    (open_name,) = [one for item in answer.json()["items"] for one in item["unresolved"]]
    assert (open_name["name"], open_name["nearest"]) == ("Sở Tài chánh", "HN-STC")
    assert (refused.status_code, refused.json()["names"]) == (409, ["Sở Tài chánh"])


async def test_creating_again_is_the_same_and_with_another_body_a_conflict(
    assignment: ServiceUnderTest,
) -> None:
    body = a_directive()
    path = f"/directives/{uuid7()}"
    async with assignment.client(UserRole.COORDINATOR) as client:
        codes = [(await client.put(path, json=body)).status_code for _ in range(2)]
        other = await client.put(path, json={**body, "subject": "khác"})
        taken = await client.put(f"/directives/{uuid7()}", json=body)

    assert codes == [201, 200]
    assert other.json()["type"] == "urn:dondoc:different-content"
    assert taken.json()["type"] == "urn:dondoc:number-taken"


async def test_an_unknown_code_stops_the_whole_issue(assignment: ServiceUnderTest) -> None:
    await seed(assignment)
    body = a_directive()
    body["items"].append({**body["items"][0], "id": str(uuid4()), "lead": ["HN-NOBODY"]})
    id = uuid7()
    async with assignment.client(UserRole.COORDINATOR) as client:
        await client.put(f"/directives/{id}", json=body)
        refused = await client.post(f"/directives/{id}/issue")

    assert (refused.status_code, refused.json()["unknown"]) == (422, ["HN-NOBODY"])
    assert await assignment.count(Task) == 0
    assert await assignment.published(events.DirectiveIssued, events.TaskAssigned) == []


async def test_who_leads_does_not_also_coordinate(assignment: ServiceUnderTest) -> None:
    body = a_directive()
    body["items"][0] |= {"lead": ["HN-SCT", "so_ban_nganh"], "coordinate": ["so_ban_nganh"]}
    tasks = await issue(assignment, body)

    assert len(tasks) == 26
    assert {task.role for task in tasks} == {"lead"}


async def test_an_agency_sees_and_touches_only_its_own(assignment: ServiceUnderTest) -> None:
    body = a_directive()
    body["items"][0]["lead"] = ["HN-SCT", "HN-STC"]
    own, foreign = await issue(assignment, body)
    assert own.agency == "HN-SCT"
    async with assignment.client(UserRole.AGENCY, agency="HN-SCT") as client:
        listed = (await client.get("/tasks")).json()["items"]
        matrix = (await client.get(f"/directives/{own.directive_id}")).json()
        codes = [
            (await client.get(f"/tasks/{foreign.id}{path}")).status_code
            for path in ("", "/history", "/deadline")
        ]
        for verb in ("acknowledge", "start"):
            codes.append((await client.post(f"/tasks/{foreign.id}/{verb}")).status_code)
        body = {"reason": "x"}
        codes.append((await client.post(f"/tasks/{foreign.id}/return", json=body)).status_code)
        filtered = (await client.get("/tasks?agency=HN-STC")).json()["items"]
    async with assignment.client(UserRole.AGENCY, agency="HN-SYT") as client:
        outsider = (await client.get(f"/directives/{own.directive_id}")).status_code

    assert [task["id"] for task in listed] == [str(own.id)]
    assert [task["agency"] for item in matrix["items"] for task in item["tasks"]] == ["HN-SCT"]
    assert set(codes) == {404}
    assert filtered == []
    assert outsider == 404


@pytest.mark.parametrize(
    ("role", "path", "body"),
    [
        (UserRole.AGENCY, "cancel", {"reason": "x"}),
        (UserRole.AGENCY, "extend", {"reason": "x", "due_on": "2017-01-01"}),
        (UserRole.AGENCY, "reassign", {"reason": "x", "agency": "HN-STC"}),
        (UserRole.COORDINATOR, "acknowledge", None),
        (UserRole.AUDITOR, "cancel", {"reason": "x"}),
        (UserRole.BUDGET, "start", None),
    ],
)
async def test_each_change_has_its_role(
    assignment: ServiceUnderTest, role: UserRole, path: str, body: Any
) -> None:
    agency = "HN-SCT" if role is UserRole.AGENCY else None
    async with assignment.client(role, agency=agency, headers={"If-Match": '"1"'}) as client:
        answer = await client.post(f"/tasks/{uuid4()}/{path}", json=body)

    assert answer.status_code == 403


async def test_a_task_lives_from_assignment_to_completion(assignment: ServiceUnderTest) -> None:
    (task,) = await issue(assignment)
    async with assignment.client(UserRole.AGENCY, agency="HN-SCT", subject="lan") as client:
        for verb in ("acknowledge", "start"):
            assert (await client.post(f"/tasks/{task.id}/{verb}")).status_code == 200
    submitted = reporting.ReportSubmitted(nil=False, submitted_on=DUE, **facts(task))
    accepted = reporting.ReportAccepted(
        submitted_on=DUE, accepted_on=DUE + timedelta(days=3), **facts(task)
    )

    await assignment.deliver(submitted, accepted)

    (completed,) = await assignment.published(events.TaskCompleted)
    assert (completed.completed_on, completed.due_on) == (DUE, DUE)
    async with assignment.client(UserRole.AUDITOR) as client:
        history = (await client.get(f"/tasks/{task.id}/history")).json()
        state = (await client.get(f"/tasks/{task.id}")).json()["state"]
    assert [one["what"] for one in history] == [
        "task_acknowledged",
        "task_started",
        "task_completed",
    ]
    assert state == "completed"


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


async def test_a_returned_task_goes_to_another_agency(assignment: ServiceUnderTest) -> None:
    (task,) = await issue(assignment)
    async with assignment.client(UserRole.AGENCY, agency="HN-SCT") as client:
        body = {"reason": "không thuộc chức năng"}
        assert (await client.post(f"/tasks/{task.id}/return", json=body)).status_code == 200
    async with assignment.client(UserRole.COORDINATOR) as client:
        version = (await client.get(f"/tasks/{task.id}")).headers["etag"]
        moved = await client.post(
            f"/tasks/{task.id}/reassign",
            json={"agency": "HN-STC", "reason": "x"},
            headers={"If-Match": version},
        )

    assert (moved.json()["agency"], moved.json()["state"]) == ("HN-STC", "assigned")
    (event,) = await assignment.published(events.TaskReassigned)
    assert (event.from_agency, event.agency) == ("HN-SCT", "HN-STC")


@pytest.mark.parametrize(
    "q", ["sở công thương", "SỞ CÔNG THƯƠNG", "Sở Co\u0302ng Thương", "SCT", "cong thuong"]
)
async def test_an_agency_is_found_however_it_is_written(
    assignment: ServiceUnderTest, q: str
) -> None:
    await seed(assignment)
    async with assignment.client(UserRole.AGENCY, agency="HN-SCT") as client:
        found = (await client.get("/agencies", params={"q": q})).json()["items"]

    assert "HN-SCT" in [agency["code"] for agency in found]


@pytest.mark.parametrize("q", ["%", "_", "\\", "' or 1=1 --", "%%%%"])
async def test_search_takes_every_character_literally(assignment: ServiceUnderTest, q: str) -> None:
    await seed(assignment)
    async with assignment.client(UserRole.AUDITOR) as client:
        answer = await client.get("/agencies", params={"q": q})

    assert answer.status_code == 200
    assert answer.json()["items"] == [] or q in ("_", "\\", "%", "%%%%")


async def test_groups_expand_on_a_day(assignment: ServiceUnderTest) -> None:
    await seed(assignment)
    async with assignment.client(UserRole.COORDINATOR) as client:
        then = (await client.get("/groups/quan_huyen_thi_xa?on=2016-10-20")).json()
        now = (await client.get("/groups/quan_huyen_thi_xa?on=2025-07-01")).json()

    assert (len(then["members"]), now["members"]) == (30, [])


async def test_lists_go_on_with_the_cursor(assignment: ServiceUnderTest) -> None:
    body = a_directive()
    body["items"][0]["lead"] = ["quan_huyen_thi_xa"]
    await issue(assignment, body)
    seen: list[str] = []
    cursor = ""
    async with assignment.client(UserRole.COORDINATOR) as client:
        while True:
            page = (await client.get(f"/tasks?limit=7&sort=-due_on{cursor}")).json()
            seen += [task["id"] for task in page["items"]]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"

    assert len(seen) == len(set(seen)) == 30


async def test_a_report_on_an_unknown_task_is_set_aside(assignment: ServiceUnderTest) -> None:
    ghost: dict[str, Any] = {
        "task_id": uuid4(),
        "directive_id": uuid4(),
        "agency": "HN-SCT",
        "role": Role.LEAD,
        "obligation_id": uuid4(),
        "report_id": uuid4(),
        "report_version": 1,
        "final": True,
    }
    await assignment.deliver(reporting.ReportSubmitted(nil=False, submitted_on=DUE, **ghost))

    (letter,) = await assignment.dead_letters()
    assert "there is no task" in (letter.error or "")
