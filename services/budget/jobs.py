"""What budget does by the clock: a fiscal year begins."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.budget.commands import insert_lines, let_twin_stand_in
from services.budget.models.lines import Line
from shared.clock import local_date, start_of_day
from shared.events.budget import LineOpened
from shared.ids import sweep_id
from shared.jobs import Job
from shared.outbox import publish


async def open_lines_of_the_year(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Give each line of a yearly task its successor, once; each missed year in its turn."""
    due = await session.scalars(
        select(Line)
        .where(Line.renew_on <= local_date(now))
        .order_by(Line.renew_on, Line.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    pairs = [(line, line.renew_on, line.renew()) for line in due]
    new = await insert_lines(session, [heir for _, _, heir in pairs])
    for line, began_on, heir in pairs:
        if heir.id not in new:
            await let_twin_stand_in(session, heir)
            continue
        assert began_on is not None
        began_at = start_of_day(began_on)
        id = sweep_id(began_at, str(line.id), LineOpened.type, heir.fiscal_year)
        publish(session, heir.opened, id=id, at=began_at)
    return len(pairs)


JOBS = [Job("open_lines_of_the_year", open_lines_of_the_year, caught_up=True)]
