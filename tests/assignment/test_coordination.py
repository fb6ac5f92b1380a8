"""Supporting agencies' tasks end when the leads' results are there."""

import asyncio
from datetime import date, timedelta
from typing import Any

from services.assignment.commands.coordination import end_coordination
from services.assignment.models.tasks import Task
from shared.auth import UserRole
from shared.events import assignment as events
from shared.events import reporting
from shared.testing import ServiceUnderTest
from tests.assignment.steps import DUE, a_directive, facts, issue


async def letter(service: ServiceUnderTest, **item: Any) -> dict[str, Task]:
    body = a_directive()
    body["items"][0] |= {"lead": ["HN-SCT"], "coordinate": ["HN-STC", "HN-SXD"], **item}
    return {task.agency: task for task in await issue(service, body)}


def accepted(task: Task, on: date = DUE) -> reporting.ReportAccepted:
    return reporting.ReportAccepted(submitted_on=on, accepted_on=on, **facts(task))


async def cancel(service: ServiceUnderTest, task: Task) -> None:
    async with service.client(UserRole.COORDINATOR) as client:
        answer = await client.post(f"/tasks/{task.id}/cancel", json={"reason": "x"})
    assert answer.status_code == 200


async def completed(service: ServiceUnderTest) -> dict[str, date]:
    told = await service.published(events.TaskCompleted)
    assert len(told) == len({one.task_id for one in told})
    return {one.agency: one.completed_on for one in told}


async def test_whoever_supported_is_done_when_the_lead_is(assignment: ServiceUnderTest) -> None:
    tasks = await letter(assignment)
    async with assignment.client(UserRole.AGENCY, agency="HN-STC") as client:
        await client.post(f"/tasks/{tasks['HN-STC'].id}/acknowledge")
    await assignment.deliver(accepted(tasks["HN-SCT"]), accepted(tasks["HN-SCT"]))

    assert await completed(assignment) == dict.fromkeys(tasks, DUE)
    async with assignment.client(UserRole.AGENCY, agency="HN-STC") as client:
        own = (await client.get(f"/tasks/{tasks['HN-STC'].id}")).json()
        history = (await client.get(f"/tasks/{own['id']}/history")).json()
    assert (own["state"], own["completed_on"], own["reported_on"]) == (
        "completed",
        "2016-12-15",
        None,
    )
    assert [one["what"] for one in history] == ["task_acknowledged", "task_completed"]


async def test_of_several_leads_the_last_result_ends_the_support(
    assignment: ServiceUnderTest,
) -> None:
    tasks = await letter(assignment, lead=["HN-SCT", "HN-SYT"])
    later = DUE + timedelta(days=5)
    await assignment.deliver(accepted(tasks["HN-SCT"], later))
    before = await completed(assignment)
    await assignment.deliver(accepted(tasks["HN-SYT"], DUE))

    assert before == {"HN-SCT": later}
    assert await completed(assignment) == {
        "HN-SCT": later,
        "HN-SYT": DUE,
        "HN-STC": later,
        "HN-SXD": later,
    }


async def test_a_lead_that_is_cancelled_owes_nothing(assignment: ServiceUnderTest) -> None:
    tasks = await letter(assignment, lead=["HN-SCT", "HN-SYT"])
    await cancel(assignment, tasks["HN-STC"])
    await assignment.deliver(accepted(tasks["HN-SCT"]))
    await cancel(assignment, tasks["HN-SYT"])

    assert await completed(assignment) == {"HN-SCT": DUE, "HN-SXD": DUE}


async def test_without_any_result_the_support_is_the_offices_to_end(
    assignment: ServiceUnderTest,
) -> None:
    tasks = await letter(assignment)
    await cancel(assignment, tasks["HN-SCT"])

    assert await completed(assignment) == {}
    assert await assignment.count(Task, Task.state == "assigned") == 2


async def test_another_items_support_goes_on(assignment: ServiceUnderTest) -> None:
    body = a_directive()
    first, second = a_directive()["items"][0], body["items"][0]
    first |= {"path": "2", "coordinate": ["HN-STC"]}
    second |= {"coordinate": ["HN-SXD"]}
    tasks = await issue(assignment, {**body, "items": [first, second]})
    of_first = [task for task in tasks if str(task.item_id) == first["id"]]
    await assignment.deliver(*(accepted(one) for one in of_first if one.role == "lead"))

    assert await completed(assignment) == {"HN-SCT": DUE, "HN-STC": DUE}


async def test_of_two_leads_that_end_at_once_one_ends_the_support(
    assignment: ServiceUnderTest,
) -> None:
    tasks = await letter(assignment, lead=["HN-SCT", "HN-SYT"])
    async with assignment.sessions() as first:
        await first.begin()
        lead = await first.get_one(Task, tasks["HN-SCT"].id, with_for_update=True)
        lead.complete(DUE)
        assert await end_coordination(first, [lead]) == []
        second = asyncio.create_task(assignment.deliver(accepted(tasks["HN-SYT"])))
        await asyncio.wait([second], timeout=1)
        await first.commit()
        await second

    assert await assignment.count(Task, Task.state == "completed") == 4
