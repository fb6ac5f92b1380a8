"""The boxes of the statistics, counted by the database and by hand from the same tasks."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.reporting.models.obligations import TaskFacts
from services.reporting.queries import BOXES, statistics
from shared.testing import ServiceUnderTest
from shared.types import Role

FIRST = date(2016, 10, 20)
DAYS = st.integers(0, 4).map(lambda days: FIRST + timedelta(days=days))
AGENCIES = ("HN-SCT", "HN-STC", "HN-SYT")


@dataclass(frozen=True)
class Life:
    """What statistics ask of a task; ``accepted``: the report of ``reported_on`` was."""

    agency: str
    role: Role
    assigned_on: date
    due_on: date | None
    reported_on: date | None
    accepted: bool
    cancelled: bool

    def row(self, directive: UUID) -> TaskFacts:
        return TaskFacts(
            task_id=uuid4(),
            directive_id=directive,
            agency=self.agency,
            role=self.role.value,
            number_symbol="1/UBND",
            item_path="1",
            summary="x",
            assigned_on=self.assigned_on,
            due_on=self.due_on,
            deadline_version=0,
            report_to=[],
            cancelled=self.cancelled,
            reported_on=self.reported_on,
            completed_on=self.reported_on if self.accepted else None,
        )

    def box(self, on: date) -> str:
        """In words of the field: done or not, by the day of the report, against the due date."""
        came = self.reported_on is not None and self.reported_on <= on
        done = came and self.accepted
        if self.due_on is None:
            return "no_deadline_completed" if done else "no_deadline_open"
        in_time = came and self.reported_on is not None and self.reported_on <= self.due_on
        if done:
            return "completed_on_time" if in_time else "completed_late"
        return "open_in_time" if in_time or on <= self.due_on else "open_overdue"


LIVES = st.builds(
    Life,
    agency=st.sampled_from(AGENCIES),
    role=st.sampled_from([Role.LEAD, Role.LEAD, Role.COORDINATE]),
    assigned_on=DAYS,
    due_on=st.none() | DAYS,
    reported_on=st.none() | DAYS,
    accepted=st.booleans(),
    cancelled=st.sampled_from([False, False, False, True]),
)


ON_ITS_LAST_DAY = Life("HN-SCT", Role.LEAD, FIRST, FIRST, None, accepted=False, cancelled=False)


@example(lives=[ON_ITS_LAST_DAY], on=FIRST)
@given(lives=st.lists(LIVES, max_size=25), on=DAYS)
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_each_task_is_in_one_box_and_the_boxes_add_up(
    reporting: ServiceUnderTest, lives: list[Life], on: date
) -> None:
    directive = uuid4()
    async with reporting.sessions.begin() as session:
        session.add_all(life.row(directive) for life in lives)
    counted = [
        life
        for life in lives
        if life.role is Role.LEAD and not life.cancelled and life.assigned_on <= on
    ]

    async with reporting.sessions() as session:
        found = await statistics(session, on, directive=directive, agency=None, only_agency=None)

    assert found["total"] == len(counted) == sum(found[box] for box in BOXES)
    assert {box: found[box] for box in BOXES if found[box]} == Counter(
        life.box(on) for life in counted
    )
    for row in found["agencies"]:
        own = Counter(life.box(on) for life in counted if life.agency == row["agency"])
        assert {box: row[box] for box in BOXES if row[box]} == own
        assert row["total"] == own.total()
