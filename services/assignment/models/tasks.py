"""Tasks and their rules. Methods decide and return events; they do no I/O."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.assignment.models.base import Base
from services.assignment.models.deadlines import MISSED, first_check
from shared.clock import local_date
from shared.errors import NotFound, Refused
from shared.events import assignment as events
from shared.types import Role


class TaskNotFound(NotFound):
    """There is no such task, or it is not your agency's."""


class NotInThisState(Refused):
    """The task's state does not allow it."""


class DeadlineNotLater(Refused):
    """An extension must lead to a later date."""


class DeadlineInPast(Refused):
    """An extension to a day that is over would be missed at once."""


class NoDeadline(Refused):
    """The task has no deadline that could be extended."""


class DeadlinePassed(Refused):
    """More time must be asked for before the deadline ends."""


class NoRequest(Refused):
    """Nobody asked for more time."""


class SameAgency(Refused):
    """The task is that agency's already."""


class TaskState(StrEnum):
    ASSIGNED = "assigned"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    REPORTED = "reported"
    COMPLETED = "completed"
    RETURNED = "returned"
    CANCELLED = "cancelled"


OPEN = (
    TaskState.ASSIGNED,
    TaskState.ACKNOWLEDGED,
    TaskState.IN_PROGRESS,
    TaskState.RETURNED,
)
"""States in which a result is still owed: nothing has been reported."""


class Task(Base):
    """One item for one agency. Lateness is not stored: it follows from due date and report.

    ``next_check_at`` is the instant of the next thing to tell about the deadline (a milestone, or
    that it was missed), null when nothing is left to tell: the sweep's whole memory.
    ``missed_version`` is the newest deadline version told as missed, -1 for none. Only a lead's
    deadline is watched, since a coordinating agency owes no result of its own.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        # without the id, equal instants share one entry: a midnight's storm leaves few dead pages
        Index(
            "ix_tasks_next_check_at",
            "next_check_at",
            postgresql_where=text("next_check_at is not null"),
        ),
        Index("ix_tasks_agency_due_on", "agency", "due_on"),
        Index("ix_tasks_directive_id", "directive_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    directive_id: Mapped[UUID] = mapped_column(ForeignKey("directives.id"))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"))
    agency: Mapped[str]
    role: Mapped[str]
    state: Mapped[str]
    assigned_on: Mapped[date]
    due_on: Mapped[date | None]
    original_due_on: Mapped[date | None]
    deadline_version: Mapped[int]
    next_check_at: Mapped[datetime | None]
    next_milestone: Mapped[int | None]
    reported_on: Mapped[date | None]
    completed_on: Mapped[date | None]
    requested_due_on: Mapped[date | None]
    missed_version: Mapped[int]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    def acknowledge(self) -> events.TaskAcknowledged:
        self._must_be(TaskState.ASSIGNED)
        self.state = TaskState.ACKNOWLEDGED
        return events.TaskAcknowledged(**self._facts())

    def start(self) -> events.TaskStarted:
        """The agency must have acknowledged it before."""
        self._must_be(TaskState.ACKNOWLEDGED)
        self.state = TaskState.IN_PROGRESS
        return events.TaskStarted(**self._facts())

    def give_back(self, reason: str) -> events.TaskReturned:
        self._must_be(TaskState.ASSIGNED, TaskState.ACKNOWLEDGED, TaskState.IN_PROGRESS)
        self.state = TaskState.RETURNED
        return events.TaskReturned(reason=reason, **self._facts())

    def refuse_return(self, reason: str) -> events.ReturnRefused:
        """The issuing office decides that the task is the agency's, which confirms it anew."""
        self._must_be(TaskState.RETURNED)
        self.state = TaskState.ASSIGNED
        return events.ReturnRefused(reason=reason, **self._facts())

    def reassign(self, agency: str, reason: str) -> events.TaskReassigned:
        """The same task, from now on another agency's; the deadline stays."""
        self._must_be(*OPEN)
        if agency == self.agency:
            raise SameAgency()
        before, self.agency, self.state = self.agency, agency, TaskState.ASSIGNED
        self.requested_due_on = None
        return events.TaskReassigned(from_agency=before, reason=reason, **self._facts())

    def cancel(self, reason: str) -> events.TaskCancelled:
        self._must_be(*OPEN, TaskState.REPORTED)
        self.state = TaskState.CANCELLED
        self._disarm()
        return events.TaskCancelled(reason=reason, **self._facts())

    def request_extension(
        self, due_on: date, reason: str, today: date
    ) -> events.ExtensionRequested:
        """Asked before the deadline ends; until it is granted the old date counts."""
        self._must_be(*OPEN)
        if self.due_on is None:
            raise NoDeadline()
        if today > self.due_on:
            raise DeadlinePassed(f"The deadline ended on {self.due_on}.", due_on=self.due_on)
        self._must_be_later(due_on)
        self.requested_due_on = due_on
        return events.ExtensionRequested(due_on=due_on, reason=reason, **self._facts())

    def refuse_extension(self, reason: str) -> events.ExtensionRefused:
        self._must_be(*OPEN, TaskState.REPORTED)
        if self.requested_due_on is None:
            raise NoRequest()
        self.requested_due_on = None
        return events.ExtensionRefused(reason=reason, **self._facts())

    def extend(self, due_on: date, reason: str, now: datetime) -> events.DeadlineExtended:
        """A new version of the deadline; the first one is never lost.

        A day that is over is taken only if the final report came by then: a decision recorded late.
        """
        self._must_be(*OPEN, TaskState.REPORTED)
        self._must_be_later(due_on)
        self._must_lie_ahead(due_on, local_date(now))
        before, self.due_on, self.requested_due_on = self.due_on, due_on, None
        self.original_due_on = self.original_due_on or before or due_on
        self.deadline_version += 1
        if self.state != TaskState.REPORTED:
            self.arm(now)
        return events.DeadlineExtended(
            due_on=due_on,
            previous_due_on=before,
            original_due_on=self.original_due_on,
            deadline_version=self.deadline_version,
            reason=reason,
            **self._facts(),
        )

    def hear_report(self, submitted_on: date) -> None:
        """The final report is in: the agency has done its part until somebody sends it back."""
        if self.state in OPEN:
            self.state, self.reported_on = TaskState.REPORTED, submitted_on
            self._disarm()

    def hear_sent_back(self, now: datetime) -> None:
        """The result is owed again. A deadline already told as missed is not told again."""
        if self.state == TaskState.REPORTED:
            self.state, self.reported_on = TaskState.IN_PROGRESS, None
            self.arm(now, again=True)

    def complete(self, submitted_on: date) -> events.TaskCompleted | None:
        """The final report was accepted; None if the task had ended before."""
        if self.state in (TaskState.COMPLETED, TaskState.CANCELLED):
            return None
        self.state, self.reported_on = TaskState.COMPLETED, submitted_on
        self.completed_on = submitted_on
        self._disarm()
        return events.TaskCompleted(completed_on=submitted_on, due_on=self.due_on, **self._facts())

    def end_with_the_leads(self, completed_on: date) -> events.TaskCompleted:
        """A supporting agency owes no result of its own: nothing is left to do once the leads'
        results are there, whether it told that it began or not."""
        self._must_be(*OPEN)
        self.state, self.completed_on = TaskState.COMPLETED, completed_on
        return events.TaskCompleted(completed_on=completed_on, due_on=self.due_on, **self._facts())

    def arm(self, now: datetime, *, again: bool = False) -> None:
        """Watch the deadline from now on: milestones that have gone by are not told."""
        self._disarm()
        if self.due_on is None or self.role != Role.LEAD:
            return
        check = first_check(self.due_on, now)
        told = again and self.missed_version == self.deadline_version
        if check.milestone != MISSED or not told:
            self.next_check_at, self.next_milestone = check

    def _disarm(self) -> None:
        self.next_check_at = self.next_milestone = None

    def _must_be(self, *states: TaskState) -> None:
        if self.state not in states:
            raise NotInThisState(
                f"The task is {self.state}; it would have to be {' or '.join(states)}.",
                state=self.state,
            )

    def _must_be_later(self, due_on: date) -> None:
        if self.due_on is not None and due_on <= self.due_on:
            raise DeadlineNotLater(
                f"{due_on} is not after {self.due_on}.", due_on=self.due_on, requested=due_on
            )

    def _must_lie_ahead(self, due_on: date, today: date) -> None:
        in_time = self.reported_on is not None and self.reported_on <= due_on
        if due_on < today and not in_time:
            raise DeadlineInPast(
                f"{due_on} is over and no report came by then; name {today} or a later day.",
                today=today,
                requested=due_on,
            )

    def _facts(self) -> dict[str, Any]:
        return {
            "task_id": self.id,
            "directive_id": self.directive_id,
            "agency": self.agency,
            "role": Role(self.role),
        }


class Deadline(Base):
    """A version of a task's deadline, with the rule that gave it. Version 0 is the letter's."""

    __tablename__ = "deadlines"

    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    due_on: Mapped[date | None]
    rule: Mapped[dict[str, Any]] = mapped_column(JSONB)
    set_by: Mapped[str]
    set_at: Mapped[datetime]
    reason: Mapped[str | None]


class TaskChange(Base):
    """What happened to a task, by whom; never altered."""

    __tablename__ = "task_changes"

    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    what: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
