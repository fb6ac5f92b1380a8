"""One thing put by several requests at the same moment: one makes it, and none meets a bug."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import orjson

from services.assignment.models.directives import Directive, Item
from shared.auth import UserRole
from shared.database import engine_of
from shared.testing import ServiceUnderTest
from tests.assignment.letter import seed
from tests.assignment.steps import a_directive
from tests.notification.test_notification import know
from tests.reporting.test_reporting import assigned, obligation_of

MANY = 8
ONCE = Counter({(201, ""): 1, (200, ""): MANY - 1})


async def put_at_once(
    service: ServiceUnderTest,
    role: UserRole,
    asked: list[tuple[str, Any]],
    agency: str | None = None,
) -> Counter[tuple[int, str]]:
    """How often each status came, with the type of the problem."""
    async with service.client(role, agency=agency) as client:
        answers = await asyncio.gather(*(client.put(path, json=body) for path, body in asked))
    return Counter((one.status_code, one.json().get("type", "")) for one in answers)


async def test_a_draft_sent_several_times_at_once_is_made_once(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    asked = [(f"/directives/{uuid4()}", a_directive())] * MANY

    assert await put_at_once(assignment, UserRole.COORDINATOR, asked) == ONCE
    assert await assignment.count(Directive) == await assignment.count(Item) == 1


async def test_of_several_letters_with_one_number_at_once_one_is_made(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    asked = [(f"/directives/{uuid4()}", a_directive()) for _ in range(MANY)]

    answers = await put_at_once(assignment, UserRole.COORDINATOR, asked)

    assert answers == {(201, ""): 1, (409, "urn:dondoc:number-taken"): MANY - 1}


async def test_an_item_has_its_id_alone(assignment: ServiceUnderTest) -> None:
    await seed(assignment)
    body = a_directive()
    twice = {**body, "number_symbol": "2/UBND", "items": body["items"] * 2}
    later = {**body, "number_symbol": "3/UBND"}
    async with assignment.client(UserRole.COORDINATOR) as client:
        answers = [
            await client.put(f"/directives/{uuid4()}", json=one) for one in (body, twice, later)
        ]

    assert [one.status_code for one in answers] == [201, 409, 409]
    assert {one.json()["type"] for one in answers[1:]} == {"urn:dondoc:item-id-taken"}
    assert await assignment.count(Directive) == 1


async def test_a_body_that_comes_slowly_keeps_no_connection(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    pool: Any = engine_of(assignment.sessions).pool
    body = orjson.dumps(a_directive())
    taken: list[int] = []

    async def slowly() -> AsyncIterator[bytes]:
        for byte in (body[:1], body[1:]):
            yield byte
            taken.append(pool.checkedout())

    async with assignment.client(UserRole.COORDINATOR) as client:
        media = {"Content-Type": "application/json"}
        path = f"/directives/{uuid4()}"
        answer = await client.put(path, content=slowly(), headers=media)

    assert (answer.status_code, taken[0]) == (201, 0)


async def test_a_day_set_several_times_at_once_is_set(assignment: ServiceUnderTest) -> None:
    asked = [("/calendar/2017-03-04", {"works": True, "source": "thông báo"})] * MANY

    answers = await put_at_once(assignment, UserRole.COORDINATOR, asked)

    assert answers == {(200, ""): MANY}


async def test_a_contact_sent_several_times_at_once_is_made_once(
    notification: ServiceUnderTest,
) -> None:
    await know(notification, "HN-SCT")
    asked: list[tuple[str, Any]] = [("/contacts/HN-SCT", {"addresses": []})] * MANY

    assert await put_at_once(notification, UserRole.COORDINATOR, asked) == ONCE


async def test_a_report_sent_several_times_at_once_is_one_report(
    reporting: ServiceUnderTest,
) -> None:
    task = assigned()
    await reporting.deliver(task)
    owed = await obligation_of(reporting, task.task_id)
    body = {"obligation_id": str(owed.id), "narrative": "xong"}
    asked = [(f"/reports/{UUID(int=7)}", body)] * MANY

    assert await put_at_once(reporting, UserRole.AGENCY, asked, task.agency) == ONCE
