"""What a restore and ``make verify`` say of tasks that assignment has forgotten is the same."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from deploy.backup.reconcile import nobodys
from deploy.migrate import SERVICES
from deploy.verify.effects import i2
from deploy.verify.sources import Sources
from deploy.verify.state import i5
from shared.auth import UserRole
from shared.ids import uuid7
from shared.testing import ServiceUnderTest
from tests.budget.api_steps import know
from tests.budget.data import ITEM, assigned

FORGOTTEN, MISTYPED = UUID(int=0xF0), UUID(int=0xF1)
LINE: dict[str, Any] = {
    "agency": "HN-UBND-001",
    "fiscal_year": 2016,
    "source": "khac",
    "purpose": "khuyến công",
}


@pytest.fixture
async def sources(
    assignment: ServiceUnderTest,
    reporting: ServiceUnderTest,
    notification: ServiceUnderTest,
    budget: ServiceUnderTest,
) -> AsyncIterator[Sources]:
    """Three services that heard of a task which assignment does not have; no topic has anything."""
    for service in (reporting, notification, budget):
        await service.deliver(assigned(task_id=FORGOTTEN))
    databases = {
        name: await asyncpg.connect(service.app.state.settings.database_url.replace("+asyncpg", ""))
        for name, service in zip(
            SERVICES, (assignment, reporting, notification, budget), strict=True
        )
    }
    yield Sources(databases, [], datetime.now(UTC))
    for connection in databases.values():
        await connection.close()


async def accused(sources: Sources, task: UUID) -> set[str]:
    """The services whose knowledge of the task ``verify`` finds wrong."""
    results = [await i2(sources), await i5(sources)]
    words = [str(one) for result in results for one in result.violations]
    words = [one for one in words if str(task) in one]
    return {one.split(":")[0].split()[0] for one in words}


async def test_what_only_an_event_can_have_brought_is_named_by_both(sources: Sources) -> None:
    found = await nobodys(sources.databases)

    assert found.tasks == {
        service: [str(FORGOTTEN)] for service in ("reporting", "notification", "budget")
    }
    assert await accused(sources, FORGOTTEN) == found.tasks.keys()
    assert found.lines == {}


async def test_what_people_opened_for_any_task_is_named_apart_and_accused_by_nobody(
    sources: Sources, budget: ServiceUnderTest
) -> None:
    line = str(uuid7())
    await know(budget, LINE["agency"])
    async with budget.client(UserRole.BUDGET) as people:
        body = {**LINE, "task_id": str(MISTYPED), "item_id": str(ITEM)}
        assert (await people.put(f"/lines/{line}", json=body)).status_code == 201

    found = await nobodys(sources.databases)

    assert found.lines == {line: str(MISTYPED)}
    assert str(MISTYPED) not in str(found.tasks)
    assert await accused(sources, MISTYPED) == set()
