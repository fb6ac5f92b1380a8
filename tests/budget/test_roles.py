"""Who may do and see what with budget lines."""

from uuid import uuid4

import pytest

from services.budget.models.ledger import Movement
from shared.auth import UserRole
from shared.testing import ServiceUnderTest
from tests.budget.api_steps import BODY, open_funded_line, open_line

STEPS = ("propose", "approve", "assign", "adjust", "commit", "release", "disburse")
OFFICE_STEPS = ("approve", "assign", "adjust", "release", "disburse")
READS = ("/lines", "/lines/{id}", "/lines/{id}/movements", "/summary?by=agency")


@pytest.mark.parametrize("role", [UserRole.COORDINATOR, UserRole.AUDITOR, UserRole.OPERATOR])
@pytest.mark.parametrize("step", STEPS)
async def test_only_agency_and_budget_move_money(
    budget: ServiceUnderTest, role: UserRole, step: str
) -> None:
    line_id = await open_funded_line(budget, 100)

    async with budget.client(role) as client:
        answer = await client.post(f"/lines/{line_id}/{step}", json={"amount": 1})

    assert answer.status_code == 403
    assert await budget.count(Movement) == 3


@pytest.mark.parametrize("step", OFFICE_STEPS)
async def test_an_agency_does_not_decide_on_its_own_money(
    budget: ServiceUnderTest, step: str
) -> None:
    line_id = await open_funded_line(budget, 100)

    async with budget.client(UserRole.AGENCY, agency="HN-SCT") as client:
        answer = await client.post(f"/lines/{line_id}/{step}", json={"amount": 1})

    assert answer.status_code == 403


@pytest.mark.parametrize("step", ["propose", "commit"])
async def test_an_agency_proposes_and_commits_on_its_own_lines_only(
    budget: ServiceUnderTest, step: str
) -> None:
    own = await open_funded_line(budget, 100)
    foreign = await open_funded_line(budget, 100, agency="HN-STC")

    async with budget.client(UserRole.AGENCY, agency="HN-SCT") as client:
        answers = [
            await client.post(f"/lines/{line_id}/{step}", json={"amount": 1})
            for line_id in (own, foreign, uuid4())
        ]

    assert [answer.status_code for answer in answers] == [200, 404, 404]


@pytest.mark.parametrize("step", ["propose", "commit"])
async def test_a_wider_view_gives_no_hand_in_the_money_of_others(
    budget: ServiceUnderTest, step: str
) -> None:
    foreign = await open_funded_line(budget, 100, agency="HN-STC")

    async with budget.client(UserRole.AGENCY, UserRole.COORDINATOR, agency="HN-SCT") as client:
        moved = await client.post(f"/lines/{foreign}/{step}", json={"amount": 1})
        ledger = await client.get(f"/lines/{foreign}/movements")
        seen = await client.get(f"/lines/{foreign}")

    assert (moved.status_code, ledger.status_code, seen.status_code) == (404, 404, 200)


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        (UserRole.BUDGET, [200, 200, 200, 200]),
        (UserRole.AUDITOR, [200, 200, 200, 200]),
        (UserRole.COORDINATOR, [200, 200, 403, 200]),
        (UserRole.OPERATOR, [403, 403, 403, 403]),
    ],
)
async def test_each_role_reads_what_is_its_business(
    budget: ServiceUnderTest, role: UserRole, statuses: list[int]
) -> None:
    line_id = await open_funded_line(budget, 100)

    async with budget.client(role) as client:
        answers = [await client.get(url.format(id=line_id)) for url in READS]

    assert [answer.status_code for answer in answers] == statuses


async def test_an_agency_sees_its_own_lines_and_no_trace_of_others(
    budget: ServiceUnderTest,
) -> None:
    own = await open_funded_line(budget, 100)
    foreign = await open_funded_line(budget, 5, agency="HN-STC")

    async with budget.client(UserRole.AGENCY, agency="HN-SCT") as client:
        listed = (await client.get("/lines?count=true")).json()
        asked_for = (await client.get("/lines?agency=HN-STC")).json()
        summary = (await client.get("/summary?by=agency")).json()
        one = await client.get(f"/lines/{own}/movements")
        foreign_ones = [
            await client.get(f"/lines/{foreign}"),
            await client.get(f"/lines/{foreign}/movements"),
            await client.get(f"/lines/{uuid4()}"),
        ]

    assert [line["id"] for line in listed["items"]] == [str(own)]
    assert listed["count"] == 1
    assert asked_for["items"] == []
    assert ([row["key"] for row in summary["items"]], summary["total"]["assigned"]) == (
        ["HN-SCT"],
        100,
    )
    assert len(one.json()["items"]) == 3
    assert [answer.status_code for answer in foreign_ones] == [404, 404, 404]


@pytest.mark.parametrize(
    "role", [UserRole.AGENCY, UserRole.COORDINATOR, UserRole.AUDITOR, UserRole.OPERATOR]
)
async def test_only_budget_opens_and_corrects_lines(
    budget: ServiceUnderTest, role: UserRole
) -> None:
    line_id = await open_line(budget)

    async with budget.client(role, agency="HN-SCT") as client:
        opened = await client.put(f"/lines/{uuid4()}", json={**BODY, "purpose": "khác"})
        corrected = await client.patch(
            f"/lines/{line_id}", json={"purpose": "khác"}, headers={"If-Match": '"1"'}
        )

    assert (opened.status_code, corrected.status_code) == (403, 403)
