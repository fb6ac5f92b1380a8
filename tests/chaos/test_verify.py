"""What ``verify`` finds though no guard is missing: databases restored from different moments."""

from uuid import UUID

from sqlalchemy import text

from deploy.verify.results import Kind
from tests.chaos.small import Small


async def test_a_line_of_a_task_that_nobody_assigned_is_named(small: Small) -> None:
    task, _ = await small.issue()
    nobodys = UUID(int=6050)
    async with small.services["budget"].sessions.begin() as session:
        await session.execute(
            text("update lines set task_id = :nobodys where task_id = :task"),
            {"nobodys": nobodys, "task": task},
        )

    found = {one.words: one.kind for result in await small.verify() for one in result.violations}

    assert found == {f"budget: task {nobodys} has a line, and nobody assigned it": Kind.WRONG}
