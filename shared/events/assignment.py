"""Events published by the assignment service."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from shared.events.base import Event
from shared.types import (
    AgencyCode,
    AnyRecurrence,
    AnyRole,
    Count,
    Date,
    Id,
    Label,
    Line,
    Text,
)


class DirectiveItem(BaseModel):
    """One order of the letter, with its place in the letter's own numbering."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    item_id: Id
    path: Label
    text: Text


class DirectiveIssued(Event):
    """A directive went out; its tasks follow on ``assignment.tasks``."""

    topic: ClassVar[str] = "assignment.directives"
    type: ClassVar[str] = "assignment.directive_issued.v1"

    directive_id: Id
    number_symbol: Line
    issued_on: Date
    issuer: AgencyCode
    subject: Line
    items: tuple[DirectiveItem, ...]

    @property
    def key(self) -> str:
        return str(self.directive_id)


class TaskEvent(Event):
    """Something happened to one task: one item for one agency."""

    topic: ClassVar[str] = "assignment.tasks"

    task_id: Id
    directive_id: Id
    agency: AgencyCode
    role: AnyRole

    @property
    def key(self) -> str:
        return str(self.task_id)


class TaskAssigned(TaskEvent):
    """An agency became answerable for an item, as lead or in support of the lead.

    ``report_to`` are the receivers of its reports: agency codes where the register knows them,
    else the names as the letter has them. Without ``due_on`` the task is never overdue.
    """

    type: ClassVar[str] = "assignment.task_assigned.v1"

    number_symbol: Line
    issuer: AgencyCode
    item_id: Id
    item_path: Label
    summary: Text
    assigned_on: Date
    due_on: Date | None = None
    deadline_version: Count = 0
    recurrence: AnyRecurrence | None = None
    report_to: tuple[Line, ...] = ()
    money_aspect: bool = False


class TaskAcknowledged(TaskEvent):
    """The agency confirmed that it has the task."""

    type: ClassVar[str] = "assignment.task_acknowledged.v1"


class TaskStarted(TaskEvent):
    """The agency began to work on it."""

    type: ClassVar[str] = "assignment.task_started.v1"


class TaskReturned(TaskEvent):
    """The agency sent the task back as not its own; the issuing office decides."""

    type: ClassVar[str] = "assignment.task_returned.v1"

    reason: Text


class ReturnRefused(TaskEvent):
    """The issuing office gave a returned task back: it is the agency's, from the first again."""

    type: ClassVar[str] = "assignment.return_refused.v1"

    reason: Text


class TaskReassigned(TaskEvent):
    """The task went to another agency; ``agency`` is the new one."""

    type: ClassVar[str] = "assignment.task_reassigned.v1"

    from_agency: AgencyCode
    reason: Text


class TaskCancelled(TaskEvent):
    """The issuing office withdrew the task."""

    type: ClassVar[str] = "assignment.task_cancelled.v1"

    reason: Text


class TaskCompleted(TaskEvent):
    """The final report was accepted; ``completed_on`` is the day that report was submitted.

    A supporting agency's task ends with the item's last lead's, on the day of the last report.
    """

    type: ClassVar[str] = "assignment.task_completed.v1"

    completed_on: Date
    due_on: Date | None = None


class ExtensionRequested(TaskEvent):
    """The agency asked for a later date; until it is granted the old one counts."""

    type: ClassVar[str] = "assignment.extension_requested.v1"

    due_on: Date
    reason: Text


class ExtensionRefused(TaskEvent):
    """The issuing office kept the date."""

    type: ClassVar[str] = "assignment.extension_refused.v1"

    reason: Text


class DeadlineExtended(TaskEvent):
    """The task got a later date."""

    type: ClassVar[str] = "assignment.deadline_extended.v1"

    due_on: Date
    previous_due_on: Date | None
    original_due_on: Date | None
    deadline_version: Count
    reason: Text


MILESTONES = (7, 3, 1)
"""Days before the due date at which the agency is reminded (a current tool's scale: 7, 3, 1)."""


class DeadlineApproaching(TaskEvent):
    """The due date is ``days_left`` days away and no final report has come."""

    type: ClassVar[str] = "assignment.deadline_approaching.v1"

    due_on: Date
    days_left: Count
    deadline_version: Count


class DeadlineMissed(TaskEvent):
    """The due date ended (24:00 in Viet Nam) without a final report."""

    type: ClassVar[str] = "assignment.deadline_missed.v1"

    due_on: Date
    deadline_version: Count


class AgencyRecorded(Event):
    """The whole state of an agency in the register; a newer ``version`` replaces an older one."""

    topic: ClassVar[str] = "assignment.agencies"
    type: ClassVar[str] = "assignment.agency_recorded.v1"

    code: AgencyCode
    name: Line
    short_name: Line
    aliases: tuple[Line, ...] = ()
    groups: tuple[Line, ...] = ()
    valid_from: Date | None = None
    valid_to: Date | None = None
    successors: tuple[Line, ...] = ()
    version: Count

    @property
    def key(self) -> str:
        return self.code
