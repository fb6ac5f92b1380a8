"""Directives issued, and the life of their tasks, on a real PostgreSQL."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete

from services.assignment.models.agencies import Membership
from services.assignment.models.tasks import Task
from shared.auth import UserRole
from shared.events import assignment as events
from shared.events import reporting
from shared.ids import uuid7
from shared.testing import ServiceUnderTest
from shared.types import Role
from tests.assignment.letter import seed
from tests.assignment.steps import DUE, a_directive, facts, issue


async def test_creating_again_is_the_same_and_with_another_body_a_conflict(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
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


async def test_a_group_that_nobody_belongs_to_any_more_is_refused_at_once(
    assignment: ServiceUnderTest,
) -> None:
    """The districts ended on 2025-06-30: the item's tasks would be none, and nobody would know."""
    await seed(assignment)
    body = {**a_directive(), "issued_on": "2025-07-01"}
    body["items"][0] |= {"lead": ["HN-SCT", "quan_huyen_thi_xa"], "deadline": None}
    path = f"/directives/{uuid7()}"
    async with assignment.client(UserRole.COORDINATOR) as client:
        refused = await client.put(path, json=body)
        last_day = await client.put(path, json={**body, "issued_on": "2025-06-30"})

    assert (refused.status_code, refused.json()["type"]) == (409, "urn:dondoc:group-empty")
    assert refused.json()["groups"] == ["quan_huyen_thi_xa"]
    assert last_day.status_code == 201


async def test_a_group_that_lost_its_members_since_the_draft_stops_the_issue(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    body = a_directive()
    body["items"][0]["lead"] = ["HN-SCT", "quan_huyen_thi_xa"]
    path = f"/directives/{uuid7()}"
    async with assignment.client(UserRole.COORDINATOR) as client:
        await client.put(path, json=body)
        async with assignment.sessions.begin() as session:
            gone = Membership.group == "quan_huyen_thi_xa"
            await session.execute(delete(Membership).where(gone))
        refused = await client.post(f"{path}/issue")

    assert (refused.status_code, refused.json()["type"]) == (409, "urn:dondoc:group-empty")
    assert await assignment.count(Task) == 0


async def test_each_change_answers_with_the_version_that_the_next_one_needs(
    assignment: ServiceUnderTest,
) -> None:
    (task,) = await issue(assignment)
    later, reason = {"due_on": "2017-02-01", "reason": "x"}, {"reason": "x"}
    moved = {"agency": "HN-STC", **reason}
    steps: list[tuple[UserRole, str, Any]] = [
        (UserRole.AGENCY, "acknowledge", None),
        (UserRole.AGENCY, "start", None),
        (UserRole.AGENCY, "request-extension", later),
        (UserRole.COORDINATOR, "refuse-extension", reason),
        (UserRole.AGENCY, "request-extension", later),
        (UserRole.COORDINATOR, "extend", later),
        (UserRole.AGENCY, "return", reason),
        (UserRole.COORDINATOR, "reassign", moved),
        (UserRole.COORDINATOR, "cancel", reason),
    ]
    etag = '"1"'
    for role, verb, body in steps:
        agency = "HN-SCT" if role is UserRole.AGENCY else None
        async with assignment.client(role, agency=agency, headers={"If-Match": etag}) as client:
            answer = await client.post(f"/tasks/{task.id}/{verb}", json=body)
        async with assignment.client(UserRole.AUDITOR) as client:
            stored = await client.get(f"/tasks/{task.id}")
        etag = stored.headers["etag"]
        assert (answer.status_code, answer.headers["etag"]) == (200, etag), verb
        assert answer.json() == stored.json(), verb


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

    for told in (events.TaskAcknowledged, events.TaskStarted):
        (event,) = await assignment.published(told)
        assert (event.task_id, event.agency, event.role) == (task.id, "HN-SCT", Role.LEAD)
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
    (returned,) = await assignment.published(events.TaskReturned)
    assert returned.reason == "không thuộc chức năng"
    (event,) = await assignment.published(events.TaskReassigned)
    assert (event.from_agency, event.agency) == ("HN-SCT", "HN-STC")


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
