"""Lines, entries and events that the budget tests start from."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from services.budget.models.ledger import Entry, Movement
from services.budget.models.lines import Line
from shared.events import assignment
from shared.types import Recurrence, Role

Move = Callable[[Line, Entry], Movement]

NOW = datetime(2016, 10, 20, 1, tzinfo=UTC)
ITEM = UUID(int=7)
TASK = UUID(int=8)
DIRECTIVE = UUID(int=9)

ASSIGNED = assignment.TaskAssigned(
    task_id=TASK,
    directive_id=DIRECTIVE,
    agency="HN-UBND-001",
    role=Role.LEAD,
    number_symbol="6050/UBND-KT",
    issuer="HN-UBND",
    item_id=ITEM,
    item_path="4.1",
    summary="Hàng năm bố trí ngân sách địa phương cho hoạt động khuyến công",
    assigned_on=date(2016, 10, 20),
    recurrence=Recurrence.YEARLY,
    money_aspect=True,
)


def assigned(**changes: Any) -> assignment.TaskAssigned:
    return ASSIGNED.model_copy(update=changes)


def entry(amount: int, at: datetime = NOW) -> Entry:
    return Entry(amount=amount, actor="clerk", at=at)


def a_line(year: int = 2016) -> Line:
    return Line(
        agency="HN-SCT", fiscal_year=year, source="ngân sách Thành phố", purpose="khuyến công"
    )


def a_funded_line(amount: int = 100) -> Line:
    """A line with so much assigned and nothing spent."""
    line = a_line()
    for step in (line.propose, line.approve, line.assign):
        step(entry(amount))
    return line
