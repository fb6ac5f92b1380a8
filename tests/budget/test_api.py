"""Lines and movements over HTTP: effects, forms and refusals."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from services.budget.models.ledger import Movement
from services.budget.models.lines import Line
from shared.auth import UserRole
from shared.events.budget import (
    EstimateAdjusted,
    EstimateApproved,
    EstimateAssigned,
    EstimateProposed,
    FundsCommitted,
    FundsDisbursed,
    FundsReleased,
    LineOpened,
    OverspendRefused,
)
from shared.ids import uuid7
from shared.testing import ServiceUnderTest
from tests.budget.api_steps import BODY, know, move, open_funded_line, open_line, read_line


async def test_a_line_is_created_once_by_the_clients_id(budget: ServiceUnderTest) -> None:
    line_id = uuid7()
    await know(budget, "HN-SCT")

    async with budget.client(UserRole.BUDGET) as client:
        answers = [await client.put(f"/lines/{line_id}", json=BODY) for _ in range(2)]
        other = await client.put(f"/lines/{line_id}", json={**BODY, "fiscal_year": 2017})

    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    assert (other.status_code, other.json()["type"]) == (409, "urn:dondoc:different-content")
    assert await budget.published(LineOpened) == [LineOpened(line_id=line_id, **BODY)]


async def test_a_line_of_an_agency_that_the_register_lacks_is_refused(
    budget: ServiceUnderTest,
) -> None:
    path, body = f"/lines/{uuid7()}", {**BODY, "agency": "HN-KHONGCO"}
    async with budget.client(UserRole.BUDGET) as client:
        refused = await client.put(path, json=body)
        left = await budget.count(Line), await budget.published(LineOpened)
        await know(budget, "HN-KHONGCO")
        opened = await client.put(path, json=body)

    assert (refused.status_code, refused.json()["type"]) == (422, "urn:dondoc:agency-unknown")
    assert refused.json()["agency"] == "HN-KHONGCO"
    assert left == (0, [])
    assert opened.status_code == 201


async def test_no_two_lines_have_the_same_key_with_or_without_an_item(
    budget: ServiceUnderTest,
) -> None:
    item = str(uuid7())
    first = await open_line(budget)
    second = await open_line(budget, item_id=item)

    async with budget.client(UserRole.BUDGET) as client:
        answers = [
            await client.put(f"/lines/{uuid7()}", json=body)
            for body in (BODY, {**BODY, "item_id": item})
        ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert [answer.json()["line_id"] for answer in answers] == [str(first), str(second)]


async def test_money_goes_through_all_its_stages(budget: ServiceUnderTest) -> None:
    line_id = await open_line(budget)

    for step, amount in [
        ("propose", 100),
        ("approve", 90),
        ("assign", 80),
        ("adjust", -10),
        ("commit", 50),
        ("release", 10),
        ("disburse", 30),
    ]:
        answer = await move(budget, line_id, step, amount, legal_basis="4892/QĐ-UBND")
        assert answer.status_code == 200, answer.text

    line = await read_line(budget, line_id)
    stages = ("estimated", "approved", "assigned", "adjusted", "committed", "disbursed")
    assert [line[stage] for stage in stages] == [100, 90, 80, -10, 10, 30]
    assert answer.json()["available"] == line["available"] == 30
    events: list[Any] = await budget.published(
        EstimateProposed,
        EstimateApproved,
        EstimateAssigned,
        EstimateAdjusted,
        FundsCommitted,
        FundsReleased,
        FundsDisbursed,
    )
    assert [(event.amount, event.available) for event in events] == [
        (100, 0),
        (90, 0),
        (80, 80),
        (-10, 70),
        (50, 20),
        (10, 30),
        (30, 30),
    ]
    assert {event.legal_basis for event in events} == {"4892/QĐ-UBND"}


async def test_the_ledger_of_a_line_is_read_in_pages(budget: ServiceUnderTest) -> None:
    line_id = await open_funded_line(budget, 100)

    async with budget.client(UserRole.AUDITOR) as client:
        first = (await client.get(f"/lines/{line_id}/movements?limit=2")).json()
        rest = (
            await client.get(f"/lines/{line_id}/movements", params={"cursor": first["next"]})
        ).json()

    kinds = [movement["kind"] for movement in first["items"] + rest["items"]]
    assert kinds == ["proposed", "approved", "assigned"]
    assert rest["next"] is None


async def test_an_overspend_is_refused_with_its_figures_and_told(budget: ServiceUnderTest) -> None:
    line_id = await open_funded_line(budget, 3)

    answer = await move(budget, line_id, "commit", 5)

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:dondoc:overspend"
    assert (problem["available"], problem["requested"]) == (3, 5)
    assert await budget.published(OverspendRefused) == [
        OverspendRefused(line_id=line_id, agency="HN-SCT", requested=5, available=3)
    ]
    assert await budget.published(FundsCommitted) == []
    assert (await read_line(budget, line_id))["committed"] == 0


async def test_an_overspend_sent_again_is_told_once(budget: ServiceUnderTest) -> None:
    line_id = await open_funded_line(budget, 3)

    async with budget.client(UserRole.BUDGET, headers={"Idempotency-Key": "k"}) as client:
        answers = [
            await client.post(f"/lines/{line_id}/commit", json={"amount": 5}) for _ in range(2)
        ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert answers[0].content == answers[1].content
    assert len(await budget.published(OverspendRefused)) == 1


async def test_a_commitment_sent_again_is_made_once(budget: ServiceUnderTest) -> None:
    line_id = await open_funded_line(budget, 100)

    async with budget.client(UserRole.BUDGET, headers={"Idempotency-Key": "k"}) as client:
        answers = [
            await client.post(f"/lines/{line_id}/commit", json={"amount": amount})
            for amount in (60, 60, 61)
        ]

    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert answers[0].json() == answers[1].json()
    assert (await read_line(budget, line_id))["committed"] == 60


async def test_200_parallel_commitments_never_pass_the_ceiling(budget: ServiceUnderTest) -> None:
    line_id = await open_funded_line(budget, 1_000)

    async with budget.client(UserRole.BUDGET) as client:

        async def commit() -> int:
            key, status = str(uuid7()), 503
            while status == 503:
                answer = await client.post(
                    f"/lines/{line_id}/commit",
                    json={"amount": 7},
                    headers={"Idempotency-Key": key},
                )
                status = answer.status_code
            return status

        async with asyncio.timeout(180):
            statuses = await asyncio.gather(*(commit() for _ in range(200)))

    assert (statuses.count(200), statuses.count(409)) == (142, 58)
    line = await read_line(budget, line_id)
    assert (line["committed"], line["available"]) == (994, 6)
    assert len(await budget.published(FundsCommitted)) == 142
    assert len(await budget.published(OverspendRefused)) == 58
    assert await budget.count(Movement, Movement.line_id == line_id) == 3 + 142


@pytest.mark.parametrize(
    "amount",
    [
        "1.0",
        "1e3",
        "0.005",
        str(2**70),
        str(2**63),
        "-1",
        "0",
        "true",
        '"1"',
        "null",
        "NaN",
        "1e400",
    ],
)
@pytest.mark.parametrize("step", ["propose", "commit", "disburse"])
async def test_a_sum_is_a_whole_number_of_dong(
    budget: ServiceUnderTest, step: str, amount: str
) -> None:
    line_id = await open_funded_line(budget, 100)

    answer = await _send(budget, f"/lines/{line_id}/{step}", f'{{"amount": {amount}}}')

    assert answer.status_code == 422, answer.text
    assert await budget.count(Movement) == 3


@pytest.mark.parametrize("amount", ["0", "1.5", str(-(2**70)), "false"])
async def test_an_adjustment_is_a_whole_number_other_than_zero(
    budget: ServiceUnderTest, amount: str
) -> None:
    line_id = await open_funded_line(budget, 100)

    answer = await _send(budget, f"/lines/{line_id}/adjust", f'{{"amount": {amount}}}')

    assert answer.status_code == 422, answer.text


async def test_a_field_nobody_knows_is_named(budget: ServiceUnderTest) -> None:
    line_id = await open_funded_line(budget, 100)

    answer = await move(budget, line_id, "commit", 1, available=10**9)

    assert answer.status_code == 422
    assert "available" in answer.text


@pytest.mark.parametrize(
    ("step", "amount", "type"),
    [
        ("propose", 10**15, "sum-too-large"),
        ("approve", 1, "approved-beyond-estimate"),
        ("assign", 1, "assigned-beyond-approval"),
        ("adjust", -101, "adjustment-below-spent"),
        ("release", 1, "more-than-committed"),
        ("disburse", 1, "more-than-committed"),
    ],
)
async def test_what_the_rules_forbid_changes_nothing(
    budget: ServiceUnderTest, step: str, amount: int, type: str
) -> None:
    line_id = await open_funded_line(budget, 100)
    before = await read_line(budget, line_id)

    answer = await move(budget, line_id, step, amount)

    assert (answer.status_code, answer.json()["type"]) == (409, f"urn:dondoc:{type}")
    assert await read_line(budget, line_id) == before


async def test_after_the_year_nothing_is_committed_and_for_a_month_paid(
    budget: ServiceUnderTest,
) -> None:
    line_id = await open_funded_line(budget, 100)
    await move(budget, line_id, "commit", 50)

    statuses = {}
    for at in (datetime(2017, 1, 1, tzinfo=UTC), datetime(2017, 2, 1, tzinfo=UTC)):
        budget.clock.set(at)
        statuses[at.month] = [
            (await move(budget, line_id, step, 1)).status_code for step in ("commit", "disburse")
        ]

    assert statuses == {1: [409, 200], 2: [409, 409]}


async def test_a_correction_needs_the_version_that_was_read(budget: ServiceUnderTest) -> None:
    line_id = await open_line(budget)
    body = {"source": "ngân sách địa phương"}

    async with budget.client(UserRole.BUDGET) as client:
        url = f"/lines/{line_id}"
        etag = (await client.get(url)).headers["ETag"]
        missing = await client.patch(url, json=body)
        corrected = await client.patch(url, json=body, headers={"If-Match": etag})
        stale = await client.patch(url, json=body, headers={"If-Match": etag})

    statuses = [missing.status_code, corrected.status_code, stale.status_code]
    assert statuses == [428, 200, 412]
    assert corrected.json()["source"] == "ngân sách địa phương"
    assert [event.source for event in await budget.published(LineOpened)] == [
        "ngân sách Thành phố",
        "ngân sách địa phương",
    ]


async def test_a_correction_into_another_lines_key_is_refused(budget: ServiceUnderTest) -> None:
    await open_line(budget)
    line_id = await open_line(budget, source="khác")

    async with budget.client(UserRole.BUDGET) as client:
        answer = await client.patch(
            f"/lines/{line_id}", json={"source": BODY["source"]}, headers={"If-Match": '"1"'}
        )

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:dondoc:line-exists")


async def test_a_line_with_movements_is_not_corrected(budget: ServiceUnderTest) -> None:
    line_id = await open_funded_line(budget, 1)

    async with budget.client(UserRole.BUDGET) as client:
        etag = (await client.get(f"/lines/{line_id}")).headers["ETag"]
        answer = await client.patch(
            f"/lines/{line_id}", json={"source": "khác"}, headers={"If-Match": etag}
        )

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:dondoc:line-has-movements")


async def test_lines_are_filtered_and_sorted(budget: ServiceUnderTest) -> None:
    task, item = str(uuid7()), str(uuid7())
    small = await open_funded_line(budget, 5, agency="HN-STC")
    large = await open_funded_line(budget, 9, fiscal_year=2017, item_id=item)
    tasked = await open_line(budget, source="khác", task_id=task)

    async def found(**params: Any) -> list[str]:
        async with budget.client(UserRole.BUDGET) as client:
            answer = await client.get("/lines", params=params)
        return [line["id"] for line in answer.json()["items"]]

    everything = await found(sort="-available")
    assert everything == [str(large), str(small), str(tasked)]
    assert await found(agency="HN-STC") == [str(small)]
    assert await found(fiscal_year=2017) == [str(large)]
    assert await found(source="khác") == [str(tasked)]
    assert await found(item=item) == [str(large)]
    assert await found(task=task) == [str(tasked)]
    assert await found(source="%") == []


@pytest.mark.parametrize(
    "query",
    ["sort=column;drop", "sort=purpose", "colour=red", "limit=1000000000", "fiscal_year=0"],
)
async def test_a_list_takes_only_what_it_knows(budget: ServiceUnderTest, query: str) -> None:
    async with budget.client(UserRole.BUDGET) as client:
        answer = await client.get(f"/lines?{query}")

    assert answer.status_code == 422


async def test_pages_of_lines_join_without_a_gap(budget: ServiceUnderTest) -> None:
    ids = {str(await open_line(budget, purpose=f"việc {number}")) for number in range(5)}

    seen: list[str] = []
    params = {"limit": "2"}
    async with budget.client(UserRole.BUDGET) as client:
        for _ in range(4):
            page = (await client.get("/lines", params=params)).json()
            seen += [line["id"] for line in page["items"]]
            if page["next"] is None:
                break
            params["cursor"] = page["next"]

    assert len(seen) == 5
    assert set(seen) == ids


@pytest.mark.parametrize("by", ["agency", "source", "purpose", "fiscal_year"])
async def test_a_summary_has_the_sums_of_the_movements(budget: ServiceUnderTest, by: str) -> None:
    first = await open_funded_line(budget, 100)
    await open_funded_line(budget, 20, agency="HN-STC", source="khác", purpose="chợ")
    await open_funded_line(budget, 7, fiscal_year=2017)
    await move(budget, first, "commit", 30)
    await move(budget, first, "disburse", 10)

    async with budget.client(UserRole.COORDINATOR) as client:
        of_year = (await client.get("/summary", params={"year": 2016, "by": by})).json()
        of_all = (await client.get("/summary", params={"by": by})).json()

    total = of_year["total"]
    assert (total["assigned"], total["committed"], total["disbursed"]) == (120, 20, 10)
    assert (total["available"], total["lines"]) == (90, 2)
    assert of_all["total"]["assigned"] == 127
    for stage in ("estimated", "approved", "assigned", "committed", "disbursed", "available"):
        assert sum(row[stage] for row in of_year["items"]) == total[stage]


async def test_the_summary_of_an_empty_year_is_zero(budget: ServiceUnderTest) -> None:
    async with budget.client(UserRole.BUDGET) as client:
        answer = await client.get("/summary?year=2030&by=agency")

    assert answer.json()["items"] == []
    assert answer.json()["total"]["assigned"] == 0


async def test_a_repeated_creation_leaves_one_line(budget: ServiceUnderTest) -> None:
    line_id = uuid7()
    await know(budget, "HN-SCT")

    async with budget.client(UserRole.BUDGET) as client:
        answers = await asyncio.gather(
            *(client.put(f"/lines/{line_id}", json=BODY) for _ in range(8))
        )

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert await budget.count(Line) == 1
    assert len(await budget.published(LineOpened)) == 1


async def _send(budget: ServiceUnderTest, url: str, body: str) -> httpx.Response:
    async with budget.client(UserRole.BUDGET) as client:
        return await client.post(url, content=body, headers={"Content-Type": "application/json"})
