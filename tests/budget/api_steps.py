"""What people do with budget lines over HTTP, as the tests need it done."""

from typing import Any
from uuid import UUID

import httpx

from services.budget.models.base import Agency
from shared.auth import UserRole
from shared.ids import uuid7
from shared.testing import ServiceUnderTest

BODY: dict[str, Any] = {
    "agency": "HN-SCT",
    "fiscal_year": 2016,
    "source": "ngân sách Thành phố",
    "purpose": "khuyến công",
}


async def know(budget: ServiceUnderTest, *agencies: str) -> None:
    """As if the register had told of them."""
    async with budget.sessions.begin() as session:
        for code in agencies:
            await session.merge(Agency(code=code, name=code, version=0))


async def open_line(budget: ServiceUnderTest, **changes: Any) -> UUID:
    line_id, body = uuid7(), {**BODY, **changes}
    await know(budget, body["agency"])
    async with budget.client(UserRole.BUDGET) as client:
        answer = await client.put(f"/lines/{line_id}", json=body)
    assert answer.status_code == 201, answer.text
    return line_id


async def open_funded_line(budget: ServiceUnderTest, amount: int, **changes: Any) -> UUID:
    """A line with so much assigned and nothing spent."""
    line_id = await open_line(budget, **changes)
    for step in ("propose", "approve", "assign"):
        answer = await move(budget, line_id, step, amount)
        assert answer.status_code == 200, answer.text
    return line_id


async def move(
    budget: ServiceUnderTest, line_id: UUID, step: str, amount: object, **body: object
) -> httpx.Response:
    async with budget.client(UserRole.BUDGET) as client:
        return await client.post(f"/lines/{line_id}/{step}", json={"amount": amount, **body})


async def read_line(budget: ServiceUnderTest, line_id: UUID) -> dict[str, Any]:
    async with budget.client(UserRole.BUDGET) as client:
        answer = await client.get(f"/lines/{line_id}")
    line: dict[str, Any] = answer.json()
    return line
