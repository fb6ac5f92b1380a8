"""What budget does when assignment speaks."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from services.budget.models.lines import Line
from shared.auth import UserRole
from shared.events import assignment
from shared.events.budget import LineOpened
from shared.testing import ServiceUnderTest
from shared.types import Role
from tests.budget.api_steps import BODY, move, open_line
from tests.budget.data import ASSIGNED, DIRECTIVE, ITEM, TASK, assigned

OLD, NEW = "HN-UBND-001", "HN-UBND-002"
CANCELLED = assignment.TaskCancelled(
    task_id=TASK, directive_id=DIRECTIVE, agency=OLD, role=Role.LEAD, reason="trùng"
)
COMPLETED = assignment.TaskCompleted(
    task_id=TASK,
    directive_id=DIRECTIVE,
    agency=OLD,
    role=Role.LEAD,
    completed_on=date(2016, 12, 1),
)
REASSIGNED = assignment.TaskReassigned(
    task_id=TASK,
    directive_id=DIRECTIVE,
    agency=NEW,
    role=Role.LEAD,
    from_agency=OLD,
    reason="đúng chức năng",
)


async def lines(budget: ServiceUnderTest) -> list[Line]:
    async with budget.sessions() as session:
        return list(await session.scalars(select(Line).order_by(Line.id)))


async def fund(budget: ServiceUnderTest, line_id: UUID, amount: int = 100) -> None:
    for step in ("propose", "approve", "assign"):
        await move(budget, line_id, step, amount)


async def test_a_task_that_costs_money_opens_a_line(budget: ServiceUnderTest) -> None:
    await budget.deliver(ASSIGNED)

    [line] = await lines(budget)
    assert (line.agency, line.fiscal_year, line.item_id, line.task_id) == (OLD, 2016, ITEM, TASK)
    assert line.available == 0
    assert await budget.published(LineOpened) == [line.opened]


async def test_support_and_tasks_without_money_open_none(budget: ServiceUnderTest) -> None:
    await budget.deliver(
        assigned(task_id=uuid4(), role=Role.COORDINATE),
        assigned(task_id=uuid4(), money_aspect=False),
    )

    assert await lines(budget) == []
    assert await budget.dead_letters() == []


async def test_a_redelivered_event_changes_nothing(budget: ServiceUnderTest) -> None:
    event_id = uuid4()

    await budget.deliver(ASSIGNED, event_id=event_id)
    [line] = await lines(budget)
    await move(budget, line.id, "propose", 5)
    await budget.deliver(ASSIGNED, event_id=event_id)

    [line] = await lines(budget)
    assert (line.estimated, line.version) == (5, 2)
    assert len(await budget.published(LineOpened)) == 1
    assert await budget.dead_letters() == []


async def test_a_whole_group_gets_its_lines_in_one_batch(budget: ServiceUnderTest) -> None:
    events = [
        assigned(task_id=UUID(int=1000 + number), agency=f"HN-UBND-{number:03}")
        for number in range(30)
    ]

    await budget.deliver(*events)

    assert {line.agency for line in await lines(budget)} == {event.agency for event in events}
    assert len(await budget.published(LineOpened)) == 30


async def test_a_line_opened_by_hand_serves_the_task(budget: ServiceUnderTest) -> None:
    line_id = await open_line(
        budget, agency=OLD, source="unspecified", purpose=ASSIGNED.summary, item_id=str(ITEM)
    )

    await budget.deliver(ASSIGNED)

    [line] = await lines(budget)
    assert (line.id, line.task_id, line.renew_on) == (line_id, TASK, date(2017, 1, 1))
    assert len(await budget.published(LineOpened)) == 1


async def test_a_cancelled_task_takes_no_new_money(budget: ServiceUnderTest) -> None:
    await budget.deliver(ASSIGNED)
    [line] = await lines(budget)
    await fund(budget, line.id)

    await budget.deliver(CANCELLED)

    [line] = await lines(budget)
    assert (line.closed, line.renew_on) == (True, None)
    answer = await move(budget, line.id, "commit", 1)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:dondoc:line-closed")


async def test_commitments_of_a_cancelled_task_are_wound_up(budget: ServiceUnderTest) -> None:
    await budget.deliver(ASSIGNED)
    [line] = await lines(budget)
    await fund(budget, line.id)
    await move(budget, line.id, "commit", 10)

    await budget.deliver(CANCELLED)

    [line] = await lines(budget)
    assert (line.closed, line.renew_on) == (False, None)
    assert (await move(budget, line.id, "disburse", 10)).status_code == 200


async def test_a_completed_task_can_still_pay_but_has_no_next_year(
    budget: ServiceUnderTest,
) -> None:
    await budget.deliver(ASSIGNED)

    await budget.deliver(COMPLETED)

    [line] = await lines(budget)
    assert (line.closed, line.renew_on) == (False, None)


async def test_an_untouched_line_follows_its_task(budget: ServiceUnderTest) -> None:
    await budget.deliver(ASSIGNED)
    [before] = await lines(budget)

    await budget.deliver(REASSIGNED)

    [line] = await lines(budget)
    assert (line.id, line.agency, line.renew_on) == (before.id, NEW, date(2017, 1, 1))
    assert [event.agency for event in await budget.published(LineOpened)] == [OLD, NEW]


async def test_a_line_with_movements_stays_and_the_new_agency_gets_its_own(
    budget: ServiceUnderTest,
) -> None:
    await budget.deliver(ASSIGNED)
    [line] = await lines(budget)
    await fund(budget, line.id)

    await budget.deliver(REASSIGNED)

    old, new = await lines(budget)
    assert (old.agency, old.assigned, old.closed, old.renew_on) == (OLD, 100, True, None)
    assert (new.agency, new.assigned, new.closed) == (NEW, 0, False)
    assert (new.task_id, new.renew_on) == (TASK, date(2017, 1, 1))
    assert (await budget.published(LineOpened))[-1] == new.opened


async def test_an_agency_that_leads_already_keeps_one_line(budget: ServiceUnderTest) -> None:
    await budget.deliver(ASSIGNED, assigned(task_id=uuid4(), agency=NEW))

    await budget.deliver(REASSIGNED)

    by_agency = {line.agency: line for line in await lines(budget)}
    assert (by_agency[OLD].closed, by_agency[NEW].closed) == (True, False)
    assert len(by_agency) == 2


async def test_a_task_that_comes_back_finds_its_old_line(budget: ServiceUnderTest) -> None:
    await budget.deliver(ASSIGNED)
    [line] = await lines(budget)
    await fund(budget, line.id)

    await budget.deliver(REASSIGNED)
    await budget.deliver(REASSIGNED.model_copy(update={"agency": OLD, "from_agency": NEW}))

    by_agency = {line.agency: line for line in await lines(budget)}
    assert (by_agency[OLD].closed, by_agency[NEW].closed) == (False, True)
    assert by_agency[OLD].renew_on == date(2017, 1, 1)


async def test_news_of_a_task_without_money_is_nothing_to_budget(budget: ServiceUnderTest) -> None:
    await budget.deliver(CANCELLED)
    await budget.deliver(COMPLETED)
    await budget.deliver(REASSIGNED)

    assert await lines(budget) == []
    assert await budget.dead_letters() == []


async def test_an_older_version_of_an_agency_does_not_replace_a_newer(
    budget: ServiceUnderTest,
) -> None:
    await open_line(budget)
    newest = assignment.AgencyRecorded(
        code=BODY["agency"], name="Sở Công Thương", short_name="SCT", version=2
    )

    await budget.deliver(newest)
    await budget.deliver(newest.model_copy(update={"name": "Sở Thương mại", "version": 1}))

    async with budget.client(UserRole.BUDGET) as client:
        summary = (await client.get("/summary?by=agency")).json()
    assert [row["name"] for row in summary["items"]] == ["Sở Công Thương"]
