"""What the database itself refuses, whoever writes to it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shared.testing import ServiceUnderTest
from tests.budget.api_steps import open_funded_line


@pytest.mark.parametrize(
    "statement", ["update movements set amount = amount + 1", "delete from movements"]
)
async def test_the_ledger_is_append_only(budget: ServiceUnderTest, statement: str) -> None:
    await open_funded_line(budget, 100)

    with pytest.raises(IntegrityError, match="append-only"):
        async with budget.sessions.begin() as session:
            await session.execute(text(statement))


@pytest.mark.parametrize(
    "change",
    [
        "committed = 101",
        "committed = -1",
        "disbursed = -1",
        "adjusted = -101",
        "approved = 101",
        "assigned = 101",
    ],
)
async def test_no_total_can_break_the_rules(budget: ServiceUnderTest, change: str) -> None:
    await open_funded_line(budget, 100)

    with pytest.raises(IntegrityError, match="check constraint"):
        async with budget.sessions.begin() as session:
            await session.execute(text(f"update lines set {change}"))
