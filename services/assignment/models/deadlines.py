"""When a deadline has something to tell, and what. Pure rules; nothing here knows the database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from shared.clock import end_of_day, start_of_day
from shared.events import assignment as events
from shared.types import Role

MISSED = 0


class Check(NamedTuple):
    """The next instant at which there is something to tell, and which milestone that is."""

    at: datetime
    milestone: int


def first_check(due_on: date, now: datetime) -> Check:
    """The first milestone that lies ahead; behind the last, the end of the deadline itself."""
    for days in events.MILESTONES:
        if start_of_day(due_on - timedelta(days=days)) > now:
            return check_at(due_on, days)
    return check_at(due_on, MISSED)


def check_at(due_on: date, milestone: int) -> Check:
    if milestone == MISSED:
        return Check(end_of_day(due_on), MISSED)
    return Check(start_of_day(due_on - timedelta(days=milestone)), milestone)


@dataclass(slots=True)
class Watch:
    """A watched task as the sweep sees it: the columns it reads, without an entity's bookkeeping.

    The last four are what ``tell`` changes.
    """

    id: UUID
    directive_id: UUID
    agency: str
    role: str
    due_on: date
    deadline_version: int
    next_check_at: datetime | None
    next_milestone: int | None
    missed_version: int
    version: int

    def tell(self, now: datetime) -> list[tuple[datetime, events.TaskEvent]]:
        """What the deadline has to say by now, each with its true instant, and watch on.

        Once the deadline itself has ended, reminders are pointless: only that it was missed.
        """
        told: list[tuple[datetime, events.TaskEvent]] = []
        while self.next_check_at is not None and self.next_check_at <= now:
            moment, milestone = self.next_check_at, self.next_milestone
            if now >= (end := end_of_day(self.due_on)):
                told.append((end, self._miss()))
            elif milestone:
                told.append((moment, self._approach(milestone)))
        if told:
            self.version += 1
        return told

    def _approach(self, days: int) -> events.DeadlineApproaching:
        later = [one for one in events.MILESTONES if one < days]
        self.next_check_at, self.next_milestone = check_at(self.due_on, [*later, MISSED][0])
        return events.DeadlineApproaching(
            task_id=self.id,
            directive_id=self.directive_id,
            agency=self.agency,
            role=Role(self.role),
            due_on=self.due_on,
            days_left=days,
            deadline_version=self.deadline_version,
        )

    def _miss(self) -> events.DeadlineMissed:
        self.next_check_at = self.next_milestone = None
        self.missed_version = self.deadline_version
        return events.DeadlineMissed(
            task_id=self.id,
            directive_id=self.directive_id,
            agency=self.agency,
            role=Role(self.role),
            due_on=self.due_on,
            deadline_version=self.deadline_version,
        )
