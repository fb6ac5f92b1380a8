"""What ``verify`` finds though no guard is missing: databases restored from different moments."""

from datetime import date
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


async def test_support_that_goes_on_after_the_leads_or_ends_before_them_is_named(
    small: Small,
) -> None:
    first, supporting, second = await small.issue(
        leads=("HN-SCT", "HN-SXD"), coordinate=("HN-STC",)
    )
    found = []
    for lead, agency in ((first, "HN-SCT"), (second, "HN-SXD")):
        await small.finish(lead, agency)
        found.append([one.words for r in await small.verify() for one in r.violations])
    for state, day in (("assigned", None), ("completed", date(2016, 10, 19))):
        async with small.services["assignment"].sessions.begin() as session:
            await session.execute(
                text("update tasks set state = :state, completed_on = :day where id = :id"),
                {"state": state, "day": day, "id": supporting},
            )
        found.append([one.words for r in await small.verify() for one in r.violations])

    assert found[:2] == [[], []]
    for told, words in (("None", found[2]), ("2016-10-19", found[3])):
        assert f"task {supporting}: completed on {told}, its report is of 2016-10-20" in words
