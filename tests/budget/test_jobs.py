"""What happens when a fiscal year begins."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from services.budget.jobs import open_lines_of_the_year
from services.budget.models.lines import Line
from shared.events.budget import LineOpened
from shared.ids import sweep_id
from shared.messaging import OutboxRow
from shared.testing import ServiceUnderTest
from tests.budget.api_steps import open_line
from tests.budget.data import ASSIGNED, ITEM, assigned
from tests.budget.test_handlers import CANCELLED, COMPLETED

NEW_YEAR_EVE = datetime(2016, 12, 31, 16, 59, tzinfo=UTC)
NEW_YEAR = datetime(2016, 12, 31, 17, 0, tzinfo=UTC)


async def years(budget: ServiceUnderTest) -> list[int]:
    async with budget.sessions() as session:
        return list(await session.scalars(select(Line.fiscal_year).order_by(Line.fiscal_year)))


async def test_a_yearly_task_gets_its_next_line_when_the_year_begins(
    budget: ServiceUnderTest,
) -> None:
    await budget.deliver(ASSIGNED)

    assert await budget.run(open_lines_of_the_year, now=NEW_YEAR_EVE) == 0
    assert await budget.run(open_lines_of_the_year, now=NEW_YEAR) == 1
    assert await budget.run(open_lines_of_the_year, now=NEW_YEAR) == 0

    first, second = await budget.published(LineOpened)
    assert second == first.model_copy(update={"line_id": second.line_id, "fiscal_year": 2017})
    assert await years(budget) == [2016, 2017]


async def test_the_opening_has_one_id_and_the_time_at_which_the_year_began(
    budget: ServiceUnderTest,
) -> None:
    await budget.deliver(ASSIGNED)
    [opened] = await budget.published(LineOpened)

    await budget.run(open_lines_of_the_year, now=datetime(2017, 3, 1, tzinfo=UTC))

    async with budget.sessions() as session:
        *_, row = await session.scalars(select(OutboxRow).order_by(OutboxRow.id))
    assert row.event_id == sweep_id(NEW_YEAR, str(opened.line_id), LineOpened.type, 2017)
    assert f'["ce_time","{NEW_YEAR.isoformat()}"]' in row.headers


async def test_after_a_long_stop_every_missed_year_is_opened_once(
    budget: ServiceUnderTest,
) -> None:
    await budget.deliver(ASSIGNED)

    await budget.run(open_lines_of_the_year, now=datetime(2019, 5, 1, tzinfo=UTC))

    assert await years(budget) == [2016, 2017, 2018, 2019]
    assert len(await budget.published(LineOpened)) == 4


async def test_only_yearly_tasks_that_go_on_get_a_next_line(budget: ServiceUnderTest) -> None:
    await budget.deliver(assigned(recurrence=None))
    await budget.run(open_lines_of_the_year, now=NEW_YEAR)
    assert await years(budget) == [2016]

    for end in (CANCELLED, COMPLETED):
        await budget.empty()
        await budget.deliver(ASSIGNED)
        await budget.deliver(end)
        await budget.run(open_lines_of_the_year, now=NEW_YEAR)
        assert await years(budget) == [2016]


async def test_a_next_line_that_was_opened_by_hand_goes_on_from_there(
    budget: ServiceUnderTest,
) -> None:
    await budget.deliver(ASSIGNED)
    [opened] = await budget.published(LineOpened)
    by_hand = await open_line(
        budget,
        agency=opened.agency,
        fiscal_year=2017,
        source=opened.source,
        purpose=opened.purpose,
        item_id=str(ITEM),
    )

    await budget.run(open_lines_of_the_year, now=NEW_YEAR)

    async with budget.sessions() as session:
        line = await session.get_one(Line, by_hand)
    assert (line.task_id, line.renew_on) == (ASSIGNED.task_id, date(2018, 1, 1))
    assert await years(budget) == [2016, 2017]
