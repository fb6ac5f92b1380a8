"""Slips of a clerk that are refused with words that say what to correct."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared.auth import UserRole
from shared.clock import start_of_day
from shared.events import assignment as events
from shared.events import reporting
from shared.testing import ServiceUnderTest
from tests.assignment.letter import seed
from tests.assignment.steps import DUE, a_directive, facts, issue

BEFORE, OF_THE_DAY = date(2016, 10, 19), date(2016, 10, 20)


async def put(service: ServiceUnderTest, body: dict[str, Any]) -> httpx.Response:
    await seed(service)
    async with service.client(UserRole.COORDINATOR) as client:
        return await client.put(f"/directives/{uuid4()}", json=body)


async def extend(service: ServiceUnderTest, task: object, to: date) -> httpx.Response:
    async with service.client(UserRole.COORDINATOR) as client:
        version = (await client.get(f"/tasks/{task}")).headers["etag"]
        return await client.post(
            f"/tasks/{task}/extend",
            json={"due_on": to.isoformat(), "reason": "x"},
            headers={"If-Match": version},
        )


async def test_a_deadline_before_the_letter_is_refused_and_its_item_named(
    assignment: ServiceUnderTest,
) -> None:
    body = a_directive()
    answers = []
    for day in (BEFORE, OF_THE_DAY):
        body["items"][0] |= {"path": "3.2", "deadline": {"kind": "date", "on": day.isoformat()}}
        answers.append(await put(assignment, body))

    assert [answer.status_code for answer in answers] == [422, 201]
    refused = answers[0].json()
    assert refused["type"] == "urn:dondoc:deadline-before-letter"
    assert refused["items"] == ["3.2 (2016-10-19)"]


async def test_an_issuer_that_the_register_does_not_have_is_refused(
    assignment: ServiceUnderTest,
) -> None:
    refused = await put(assignment, {**a_directive(), "issuer": "HN-KHONGCO"})

    assert (refused.status_code, refused.json()["type"]) == (422, "urn:dondoc:unknown-code")
    assert refused.json()["unknown"] == ["HN-KHONGCO"]


@pytest.mark.parametrize(
    ("slip", "named"),
    [({"start": 9, "end": 8}, "end"), ({"text": ""}, "text"), ({"text": " \u200b\n"}, "text")],
)
async def test_a_span_that_ends_before_it_begins_and_an_order_without_words_are_refused(
    assignment: ServiceUnderTest, slip: dict[str, Any], named: str
) -> None:
    body = a_directive()
    body["items"][0] |= slip
    refused = await put(assignment, body)

    assert refused.status_code == 422
    assert named in refused.json()["detail"]


async def test_more_time_ends_today_at_the_earliest(assignment: ServiceUnderTest) -> None:
    (task,) = await issue(assignment)
    today = DUE + timedelta(days=20)
    assignment.clock.set(start_of_day(today))

    refused = await extend(assignment, task.id, today - timedelta(days=1))
    granted = await extend(assignment, task.id, today)

    assert (refused.status_code, granted.status_code) == (409, 200)
    assert refused.json()["type"] == "urn:dondoc:deadline-in-past"
    assert refused.json()["today"] == today.isoformat()


async def test_more_time_that_was_recorded_late_counts_for_the_report_that_kept_it(
    assignment: ServiceUnderTest,
) -> None:
    """Nothing is counted late that was on time: the decision came before the clerk."""
    (task,) = await issue(assignment)
    came = DUE + timedelta(days=5)
    report = reporting.ReportSubmitted(nil=False, submitted_on=came, **facts(task))
    await assignment.deliver(report)
    assignment.clock.set(start_of_day(DUE + timedelta(days=30)))

    too_short = await extend(assignment, task.id, came - timedelta(days=1))
    granted = await extend(assignment, task.id, came)

    assert (too_short.status_code, granted.status_code) == (409, 200)
    (extended,) = await assignment.published(events.DeadlineExtended)
    assert extended.due_on == came
