"""A draft that is taken back."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx

from services.assignment.models.directives import Directive, Item
from services.assignment.models.tasks import Task
from shared.auth import UserRole
from shared.events import assignment as events
from shared.testing import ServiceUnderTest
from tests.assignment.letter import DIRECTIVE, propose, seed
from tests.assignment.review import changed, confirm, read
from tests.assignment.steps import a_directive, issue


async def discard(service: ServiceUnderTest, id: UUID, **headers: str) -> httpx.Response:
    async with service.client(UserRole.COORDINATOR, subject="clerk", headers=headers) as client:
        return await client.post(f"/directives/{id}/discard")


async def put(service: ServiceUnderTest, id: UUID, body: dict[str, Any]) -> int:
    async with service.client(UserRole.COORDINATOR) as client:
        return (await client.put(f"/directives/{id}", json=body)).status_code


async def test_its_number_and_its_ids_are_free_for_the_right_one(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    wrong, id = a_directive(), uuid4()
    await put(assignment, id, wrong)

    taken_back = await discard(assignment, id)

    assert (taken_back.status_code, taken_back.json()["number_symbol"]) == (200, "1/UBND")
    assert await assignment.count(Directive) == await assignment.count(Item) == 0
    right = {**wrong, "subject": "đúng"}
    assert await put(assignment, id, right) == 201
    async with assignment.client(UserRole.COORDINATOR) as client:
        shown = (await client.get(f"/directives/{id}")).json()
    assert shown["directive"]["subject"] == "đúng"


async def test_the_same_key_answers_once_more_and_touches_no_later_draft(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    id, key = uuid4(), {"Idempotency-Key": "once"}
    await put(assignment, id, a_directive())

    first = await discard(assignment, id, **key)
    await put(assignment, id, a_directive())
    again = await discard(assignment, id, **key)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert await assignment.count(Directive) == 1


async def test_what_is_issued_stays(assignment: ServiceUnderTest) -> None:
    (task,) = await issue(assignment)

    refused = await discard(assignment, task.directive_id)

    assert (refused.status_code, refused.json()["type"]) == (409, "urn:dondoc:already-issued")
    assert await assignment.count(Task) == await assignment.count(Item) == 1


async def test_who_issues_and_who_discards_at_once_do_not_both(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    ids = [uuid4() for _ in range(8)]
    for number, id in enumerate(ids):
        await put(assignment, id, a_directive(number=f"{number}/UBND"))

    async def issued(id: UUID) -> int:
        async with assignment.client(UserRole.COORDINATOR) as client:
            return (await client.post(f"/directives/{id}/issue")).status_code

    async def discarded(id: UUID) -> int:
        return (await discard(assignment, id)).status_code

    answers = await asyncio.gather(*(issued(id) for id in ids), *(discarded(id) for id in ids))

    pairs = set(zip(answers[:8], answers[8:], strict=True))
    assert pairs <= {(200, 409), (404, 200)}
    tasks = await assignment.count(Task)
    assert tasks == await assignment.count(Directive) == answers[:8].count(200)
    assert len(await assignment.published(events.TaskAssigned)) == tasks


async def test_the_letter_that_it_came_from_is_open_to_corrections(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    await confirm(assignment, proposal)

    assert (await discard(assignment, DIRECTIVE)).status_code == 200

    opened = await read(assignment, proposal)
    assert (opened["state"], opened["directive_id"]) == ("proposed", None)
    corrected = await changed(assignment, opened, header={"subject": "Đúng"})
    kept = await read(assignment, proposal, "/corrections")
    assert [(one["field"], one["before"], one["by"]) for one in kept[:1]] == [
        ("directive_id", str(DIRECTIVE), "clerk")
    ]
    confirmed = await confirm(assignment, corrected)
    assert (confirmed.status_code, confirmed.json()["subject"]) == (200, "Đúng")
