"""Edges of the field: agencies that ended, tasks without a deadline, long orders."""

from datetime import date
from typing import Any
from uuid import uuid4

from services.assignment.models.agencies import Agency
from shared.auth import UserRole
from shared.clock import start_of_day
from shared.events import assignment as events
from shared.testing import ServiceUnderTest
from tests.assignment.letter import seed
from tests.assignment.steps import a_directive, issue


async def test_an_ended_agency_gets_no_task_of_a_later_letter(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    answers = {}
    for day in ("2025-06-30", "2025-07-01"):
        body = a_directive(number=f"{day}/UBND") | {"issued_on": day}
        body["items"][0] |= {"lead": ["HN-UBND-001"], "deadline": None}
        async with assignment.client(UserRole.COORDINATOR) as client:
            answers[day] = await client.put(f"/directives/{uuid4()}", json=body)

    assert [answer.status_code for answer in answers.values()] == [201, 409]
    assert answers["2025-07-01"].json()["agencies"] == ["HN-UBND-001"]


async def test_a_draft_is_not_issued_to_an_agency_that_ended_meanwhile(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    id = uuid4()
    async with assignment.client(UserRole.COORDINATOR) as client:
        assert (await client.put(f"/directives/{id}", json=a_directive())).status_code == 201
        async with assignment.sessions.begin() as session:
            ended = await session.get_one(Agency, "HN-SCT")
            ended.valid_to, ended.successors = date(2016, 10, 19), ["HN-STC"]
        refused = await client.post(f"/directives/{id}/issue")

    assert refused.status_code == 409
    assert refused.json()["successors"] == ["HN-STC"]


async def test_a_task_moves_only_to_an_agency_that_exists_today(
    assignment: ServiceUnderTest,
) -> None:
    (task,) = await issue(assignment)
    answers = []
    for day in (date(2025, 7, 1), date(2025, 6, 30)):
        assignment.clock.set(start_of_day(day))
        async with assignment.client(UserRole.COORDINATOR) as client:
            version = (await client.get(f"/tasks/{task.id}")).headers["etag"]
            answers.append(
                await client.post(
                    f"/tasks/{task.id}/reassign",
                    json={"agency": "HN-UBND-001", "reason": "x"},
                    headers={"If-Match": version},
                )
            )

    assert [answer.status_code for answer in answers] == [409, 200]
    assert answers[0].json()["type"] == "urn:dondoc:agency-not-in-force"


async def test_the_office_gives_a_returned_task_back_with_a_reason(
    assignment: ServiceUnderTest,
) -> None:
    """Its agency confirms it anew, and may return it again."""
    (task,) = await issue(assignment)
    path, agency, answers = f"/tasks/{task.id}", "HN-SCT", []
    refusal = {"reason": "thuộc chức năng của Sở"}
    steps: list[tuple[UserRole, str, Any]] = [
        (UserRole.COORDINATOR, "refuse-return", refusal),
        (UserRole.AGENCY, "acknowledge", None),
        (UserRole.AGENCY, "return", {"reason": "x"}),
        (UserRole.COORDINATOR, "refuse-return", {"reason": ""}),
        (UserRole.COORDINATOR, "refuse-return", refusal),
        (UserRole.AGENCY, "start", None),
        (UserRole.AGENCY, "acknowledge", None),
        (UserRole.AGENCY, "return", {"reason": "y"}),
    ]
    for role, verb, body in steps:
        own = agency if role is UserRole.AGENCY else None
        async with assignment.client(role, agency=own) as client:
            answers.append(await client.post(f"{path}/{verb}", json=body))

    assert [one.status_code for one in answers] == [409, 200, 200, 422, 200, 409, 200, 200]
    assert answers[0].json()["type"] == "urn:dondoc:not-in-this-state"
    assert answers[4].json()["state"] == "assigned"
    (refused,) = await assignment.published(events.ReturnRefused)
    assert (refused.agency, refused.reason) == (agency, "thuộc chức năng của Sở")


async def test_a_task_without_a_deadline_is_among_those_not_overdue(
    assignment: ServiceUnderTest,
) -> None:
    body = a_directive()
    del body["items"][0]["deadline"]
    (task,) = await issue(assignment, body)
    async with assignment.client(UserRole.COORDINATOR) as client:
        found = {
            late: (await client.get(f"/tasks?overdue={late}")).json()["items"]
            for late in ("true", "false")
        }

    assert found["true"] == []
    assert [one["id"] for one in found["false"]] == [str(task.id)]


async def test_a_long_order_travels_cut_between_words_and_says_so(
    assignment: ServiceUnderTest,
) -> None:
    body = a_directive()
    body["items"][0]["text"] = "nhiệm vụ " * 70
    await issue(assignment, body)

    (told,) = await assignment.published(events.TaskAssigned)
    assert 480 < len(told.summary) <= 500
    assert told.summary.endswith("…")
    assert set(told.summary[:-1].split()) == {"nhiệm", "vụ"}
