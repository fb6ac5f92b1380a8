"""Reports that are owed, and what has come. Methods decide and return events; they do no I/O."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.reporting.models.base import Base
from shared.clock import end_of_day
from shared.errors import NotFound, Refused
from shared.events import reporting as events
from shared.events.reporting import ObligationKind
from shared.types import Role


class ObligationNotFound(NotFound):
    """There is no such obligation, or it is not your agency's."""


class ReportNotFound(NotFound):
    """There is no such report, or it is not your agency's."""


class NotOwed(Refused):
    """The report is not owed now: it is submitted or accepted, or was withdrawn."""


class NotSubmitted(Refused):
    """Only a report that is waiting for a decision can be accepted or sent back."""


class ObligationState(StrEnum):
    OPEN = "open"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


OWED = (ObligationState.OPEN, ObligationState.SENT_BACK)


class TaskFacts(Base):
    """What reporting knows of a task from events; also the row that is locked for its key.

    ``reported_on``: day of the final report that came last; ``completed_on``: of the accepted one.
    """

    __tablename__ = "task_facts"
    __table_args__ = (
        Index("ix_task_facts_directive_id", "directive_id"),
        Index("ix_task_facts_agency", "agency"),
    )

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    directive_id: Mapped[UUID]
    agency: Mapped[str]
    role: Mapped[str]
    number_symbol: Mapped[str]
    item_path: Mapped[str]
    summary: Mapped[str]
    assigned_on: Mapped[date]
    due_on: Mapped[date | None]
    deadline_version: Mapped[int]
    report_to: Mapped[list[str]]
    cancelled: Mapped[bool] = mapped_column(default=False)
    reported_on: Mapped[date | None]
    completed_on: Mapped[date | None]

    def as_before(self, on: date) -> "EarlierFacts":
        """What statistics of the days before this one need of it, kept before it changes."""
        return EarlierFacts(
            task_id=self.task_id,
            until_on=on,
            agency=self.agency,
            due_on=self.due_on,
            cancelled=self.cancelled,
        )


class EarlierFacts(Base):
    """Facts of a task that counted on the days before ``until_on``; the oldest row first."""

    __tablename__ = "earlier_facts"
    __table_args__ = (Index("ix_earlier_facts_until_on", "until_on"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task_facts.task_id"))
    until_on: Mapped[date]
    agency: Mapped[str]
    due_on: Mapped[date | None]
    cancelled: Mapped[bool]


class Obligation(Base):
    """An agency owes a report: once the task is done, or for a period.

    ``next_check_at`` is when it becomes missed if nothing comes, null when that cannot happen;
    ``missed_version`` the due date's version for which that was told, -1 for none.
    """

    __tablename__ = "obligations"
    __table_args__ = (
        UniqueConstraint("task_id", "kind", "period", postgresql_nulls_not_distinct=True),
        Index(
            "ix_obligations_next_check_at_id",
            "next_check_at",
            "id",
            postgresql_where=text("next_check_at is not null"),
        ),
        Index("ix_obligations_agency_due_on", "agency", "due_on"),
        Index("ix_obligations_regime_period", "regime", "period"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task_facts.task_id"))
    directive_id: Mapped[UUID]
    agency: Mapped[str]
    role: Mapped[str]
    kind: Mapped[str]
    regime: Mapped[str | None]
    period: Mapped[str | None]
    due_on: Mapped[date | None]
    due_version: Mapped[int]
    state: Mapped[str]
    next_check_at: Mapped[datetime | None]
    missed_version: Mapped[int] = mapped_column(default=-1)
    report_id: Mapped[UUID | None]
    report_version: Mapped[int] = mapped_column(default=0)
    submitted_on: Mapped[date | None]

    @property
    def final(self) -> bool:
        return self.kind == ObligationKind.COMPLETION

    def submit(self, report_id: UUID, *, nil: bool, today: date) -> events.ReportSubmitted:
        if self.state not in OWED:
            raise NotOwed(f"The obligation is {self.state}.", state=self.state)
        self.state, self.report_id, self.submitted_on = ObligationState.SUBMITTED, report_id, today
        self.report_version += 1
        self.next_check_at = None
        return events.ReportSubmitted(
            report_id=report_id,
            report_version=self.report_version,
            final=self.final,
            nil=nil,
            submitted_on=today,
            **self._facts(),
        )

    def accept(self, report_id: UUID, today: date) -> events.ReportAccepted:
        submitted_on = self._decide(report_id)
        self.state = ObligationState.ACCEPTED
        return events.ReportAccepted(
            report_id=report_id,
            report_version=self.report_version,
            final=self.final,
            submitted_on=submitted_on,
            accepted_on=today,
            **self._facts(),
        )

    def send_back(self, report_id: UUID, remarks: str) -> events.ReportSentBack:
        """Owed again; a due date already told as missed is not told again."""
        self._decide(report_id)
        self.state, self.submitted_on = ObligationState.SENT_BACK, None
        self._watch()
        return events.ReportSentBack(
            report_id=report_id,
            report_version=self.report_version,
            final=self.final,
            remarks=remarks,
            **self._facts(),
        )

    def move(self, due_on: date, version: int) -> None:
        """The deadline was extended: what had been missed may be missed again, later."""
        self.due_on, self.due_version = due_on, version
        if self.state in OWED:
            self._watch()

    def move_to(self, agency: str, on: date) -> None:
        """Owed by another agency from that day on: what was accepted, or was due for a period
        before, stays whose it was."""
        answered_for = not self.final and self.due_on is not None and self.due_on < on
        if self.state != ObligationState.ACCEPTED and not answered_for:
            self.agency = agency

    def withdraw(self) -> None:
        if self.state != ObligationState.ACCEPTED:
            self.state, self.next_check_at = ObligationState.WITHDRAWN, None

    def miss(self) -> events.ReportMissed:
        assert self.due_on is not None
        self.next_check_at, self.missed_version = None, self.due_version
        return events.ReportMissed(
            kind=ObligationKind(self.kind), period=self.period, due_on=self.due_on, **self._facts()
        )

    def opened(self) -> events.ObligationOpened:
        return events.ObligationOpened(
            kind=ObligationKind(self.kind), period=self.period, due_on=self.due_on, **self._facts()
        )

    def _watch(self) -> None:
        told = self.missed_version == self.due_version
        self.next_check_at = None if told or self.due_on is None else end_of_day(self.due_on)

    def _decide(self, report_id: UUID) -> date:
        if (
            self.state != ObligationState.SUBMITTED
            or self.report_id != report_id
            or self.submitted_on is None
        ):
            raise NotSubmitted(f"The obligation is {self.state}.", state=self.state)
        return self.submitted_on

    def _facts(self) -> dict[str, Any]:
        return {
            "task_id": self.task_id,
            "directive_id": self.directive_id,
            "agency": self.agency,
            "role": Role(self.role),
            "obligation_id": self.id,
        }


class Report(Base):
    """One submission; a report that is done again is a new one. ``nil``: nothing to report."""

    __tablename__ = "reports"
    __table_args__ = (Index("ix_reports_obligation_id", "obligation_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    obligation_id: Mapped[UUID] = mapped_column(ForeignKey("obligations.id"))
    task_id: Mapped[UUID]
    agency: Mapped[str]
    report_version: Mapped[int]
    narrative: Mapped[str]
    figures: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    nil: Mapped[bool]
    state: Mapped[str]
    submitted_on: Mapped[date]
    submitted_by: Mapped[str]
    decided_by: Mapped[str | None]
    remarks: Mapped[str | None]
    fingerprint: Mapped[str]


class Series(Base):
    """A task that owes a report for each period; ``opens_at`` is when the next one begins."""

    __tablename__ = "series"
    __table_args__ = (
        Index(
            "ix_series_opens_at_task_id",
            "opens_at",
            "task_id",
            postgresql_where=text("opens_at is not null"),
        ),
    )

    task_id: Mapped[UUID] = mapped_column(ForeignKey("task_facts.task_id"), primary_key=True)
    regime: Mapped[str]
    frequency: Mapped[str]
    next_day: Mapped[date]
    opens_at: Mapped[datetime | None]


class AgencyName(Base):
    """How an agency is called, from the register's events; a newer version replaces an older."""

    __tablename__ = "agency_names"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[int]
