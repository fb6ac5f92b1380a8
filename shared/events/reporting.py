"""Events published by the reporting service."""

from enum import StrEnum
from typing import Annotated, ClassVar

from shared.events.base import Event
from shared.types import AgencyCode, AnyRole, Count, Date, FromText, Id, Line, Text


class ObligationKind(StrEnum):
    """Why a report is owed: once the task is done, or for each period."""

    COMPLETION = "completion"
    PERIODIC = "periodic"


class ReportEvent(Event):
    """Something happened to a report that an agency owes for a task."""

    topic: ClassVar[str] = "reporting.reports"

    task_id: Id
    directive_id: Id
    agency: AgencyCode
    role: AnyRole
    obligation_id: Id

    @property
    def key(self) -> str:
        return str(self.task_id)


class ObligationOpened(ReportEvent):
    """A report became owed. ``period`` is the period's name, such as ``2017-Q1``."""

    type: ClassVar[str] = "reporting.obligation_opened.v1"

    kind: Annotated[ObligationKind, FromText()]
    period: Line | None = None
    due_on: Date | None = None


class ReportSubmitted(ReportEvent):
    """An agency reported. ``final`` closes the task if accepted; ``nil``: nothing to report."""

    type: ClassVar[str] = "reporting.report_submitted.v1"

    report_id: Id
    report_version: Count
    final: bool
    nil: bool
    submitted_on: Date


class ReportAccepted(ReportEvent):
    """The issuing office accepted the report."""

    type: ClassVar[str] = "reporting.report_accepted.v1"

    report_id: Id
    report_version: Count
    final: bool
    submitted_on: Date
    accepted_on: Date


class ReportSentBack(ReportEvent):
    """The issuing office wants the report done again."""

    type: ClassVar[str] = "reporting.report_sent_back.v1"

    report_id: Id
    report_version: Count
    final: bool
    remarks: Text


class ReportMissed(ReportEvent):
    """The obligation's due date ended without a report."""

    type: ClassVar[str] = "reporting.report_missed.v1"

    kind: Annotated[ObligationKind, FromText()]
    period: Line | None = None
    due_on: Date
