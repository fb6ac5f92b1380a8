"""Budget lines, with the rules that no sum may break (budgets: Law 83/2015/QH13)."""

from datetime import date
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, MappedAsDataclass, mapped_column

from services.budget.models.base import LIMIT, Base
from services.budget.models.ledger import Entry, Kind, Movement
from services.budget.models.refusals import (
    AdjustmentBelowSpent,
    ApprovedBeyondEstimate,
    AssignedBeyondApproval,
    LineClosed,
    LineHasMovements,
    MoreThanCommitted,
    NothingAssigned,
    Overspend,
    SumTooLarge,
    YearEnded,
    YearNotBegun,
)
from shared.clock import local_date
from shared.events import assignment, budget
from shared.ids import derived_id, uuid7
from shared.types import Recurrence

UNSPECIFIED = "unspecified"
"""The source of a line for which the letter names none."""
PURPOSE_LENGTH = 200


class Line(MappedAsDataclass, Base, kw_only=True, eq=False, repr=False):
    """Money for one purpose in one fiscal year; the totals are the sums of its movements.

    ``committed`` is what is bound and not yet paid. ``renew_on`` is the day on which the line of
    the next fiscal year is to be opened, as long as the task goes on from year to year.
    """

    __tablename__ = "lines"
    __table_args__ = (
        UniqueConstraint(
            "agency",
            "fiscal_year",
            "source",
            "purpose",
            "item_id",
            name="uq_lines_key",
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_lines_fiscal_year", "fiscal_year"),
        Index("ix_lines_item_id", "item_id"),
        Index("ix_lines_task_id", "task_id"),
        Index("ix_lines_renewal", "renew_on", "id", postgresql_where=text("renew_on is not null")),
        CheckConstraint(f"estimated between 0 and {LIMIT}", name="estimated"),
        CheckConstraint("approved between 0 and estimated", name="approved"),
        CheckConstraint("assigned between 0 and approved", name="assigned"),
        CheckConstraint("committed >= 0", name="committed"),
        CheckConstraint("disbursed >= 0", name="disbursed"),
        CheckConstraint("assigned + adjusted - committed - disbursed >= 0", name="available"),
        CheckConstraint(f"assigned + adjusted <= {LIMIT}", name="granted"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    agency: Mapped[str]
    fiscal_year: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[str]
    purpose: Mapped[str]
    item_id: Mapped[UUID | None] = mapped_column(default=None)
    task_id: Mapped[UUID | None] = mapped_column(default=None)
    directive_id: Mapped[UUID | None] = mapped_column(default=None)
    renew_on: Mapped[date | None] = mapped_column(default=None)
    closed: Mapped[bool] = mapped_column(default=False)
    estimated: Mapped[int] = mapped_column(default=0)
    approved: Mapped[int] = mapped_column(default=0)
    assigned: Mapped[int] = mapped_column(default=0)
    adjusted: Mapped[int] = mapped_column(default=0)
    committed: Mapped[int] = mapped_column(default=0)
    disbursed: Mapped[int] = mapped_column(default=0)
    movement_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    fingerprint: Mapped[str | None] = mapped_column(default=None)

    @classmethod
    def for_task(cls, event: assignment.TaskAssigned) -> Self:
        """The line of the year of assignment: the aspect is known, the sum is not.

        The letter does not say whose money it is, so the source stays unspecified.
        """
        year = event.assigned_on.year
        yearly = event.recurrence is Recurrence.YEARLY
        return cls(
            id=derived_id(event.task_id, b"line"),
            agency=event.agency,
            fiscal_year=year,
            source=UNSPECIFIED,
            purpose=shortened(event.summary) or f"{event.number_symbol}, {event.item_path}",
            item_id=event.item_id,
            task_id=event.task_id,
            directive_id=event.directive_id,
            renew_on=date(year + 1, 1, 1) if yearly else None,
        )

    @property
    def opened(self) -> budget.LineOpened:
        """What the line is for; said again when that changes before its first movement."""
        return budget.LineOpened(
            line_id=self.id,
            agency=self.agency,
            fiscal_year=self.fiscal_year,
            source=self.source,
            purpose=self.purpose,
            item_id=self.item_id,
            task_id=self.task_id,
            directive_id=self.directive_id,
        )

    @hybrid_property
    def available(self) -> int:
        """What may still be committed (TT 113/2008/TT-BTC, 2.8), in whole đồng."""
        return self.assigned + self.adjusted - self.committed - self.disbursed

    def propose(self, entry: Entry) -> Movement:
        self._need_open()
        _need_room(self.estimated + entry.amount)
        self.estimated += entry.amount
        return self._record(Kind.PROPOSED, entry)

    def approve(self, entry: Entry) -> Movement:
        self._need_open()
        left = self.estimated - self.approved
        if entry.amount > left:
            raise ApprovedBeyondEstimate(
                f"Of the proposed estimate {left} đồng are left to approve; propose more first",
                proposed=self.estimated,
                approved=self.approved,
                requested=entry.amount,
            )
        self.approved += entry.amount
        return self._record(Kind.APPROVED, entry)

    def assign(self, entry: Entry) -> Movement:
        self._need_open()
        left = self.approved - self.assigned
        if entry.amount > left:
            raise AssignedBeyondApproval(
                f"Of the approved estimate {left} đồng are left to assign; approve more first",
                approved=self.approved,
                assigned=self.assigned,
                requested=entry.amount,
            )
        _need_room(self.assigned + self.adjusted + entry.amount)
        self.assigned += entry.amount
        return self._record(Kind.ASSIGNED, entry)

    def adjust(self, entry: Entry) -> Movement:
        """Raise or (amount < 0) lower what was assigned; a decision of its own, so not bounded by
        what was approved before."""
        if entry.amount > 0:
            self._need_open()
        if not self.assigned:
            raise NothingAssigned("Nothing is assigned on this line yet; assign first")
        _need_room(self.assigned + self.adjusted + entry.amount)
        if -entry.amount > self.available:
            raise AdjustmentBelowSpent(
                f"Only {self.available} đồng are neither committed nor paid; release some first",
                available=self.available,
                requested=-entry.amount,
            )
        self.adjusted += entry.amount
        return self._record(Kind.ADJUSTED, entry)

    def commit(self, entry: Entry) -> Movement:
        """Bind money to a purchase or contract, within the fiscal year: 1/1 to 31/12 (Law
        83/2015/QH13, 14); its estimate is drawn up and assigned before."""
        self._need_open()
        if local_date(entry.at) < date(self.fiscal_year, 1, 1):
            raise YearNotBegun(
                f"Fiscal year {self.fiscal_year} begins on 01/01: commit from then on",
                fiscal_year=self.fiscal_year,
            )
        if local_date(entry.at) > date(self.fiscal_year, 12, 31):
            raise YearEnded(
                f"Fiscal year {self.fiscal_year} is over: no commitments after 31/12",
                fiscal_year=self.fiscal_year,
            )
        if entry.amount > self.available:
            raise Overspend(
                f"Only {self.available} đồng are available",
                available=self.available,
                requested=entry.amount,
            )
        self.committed += entry.amount
        return self._record(Kind.COMMITTED, entry)

    def release(self, entry: Entry) -> Movement:
        """Take a commitment back; also after the year's end, which has to settle what is open."""
        self._need_committed(entry.amount)
        self.committed -= entry.amount
        return self._record(Kind.RELEASED, entry)

    def disburse(self, entry: Entry) -> Movement:
        """Pay what was committed; until 31/01 after the fiscal year (NĐ 73/2026/NĐ-CP, 31)."""
        if local_date(entry.at) > date(self.fiscal_year + 1, 1, 31):
            raise YearEnded(
                f"Payments of fiscal year {self.fiscal_year} ended on 31/01/{self.fiscal_year + 1}",
                fiscal_year=self.fiscal_year,
            )
        self._need_committed(entry.amount)
        self.committed -= entry.amount
        self.disbursed += entry.amount
        return self._record(Kind.DISBURSED, entry)

    def overspend_refused(self, requested: int) -> budget.OverspendRefused:
        return budget.OverspendRefused(
            line_id=self.id, agency=self.agency, requested=requested, available=self.available
        )

    def correct(self, *, source: str | None, purpose: str | None) -> budget.LineOpened:
        """Say better what the line is for, as long as nothing has moved on it."""
        if self.movement_count:
            raise LineHasMovements(
                f"The line has {self.movement_count} movements; open another one instead",
                movements=self.movement_count,
            )
        self.source, self.purpose = source or self.source, purpose or self.purpose
        self.version += 1
        return self.opened

    def close(self) -> None:
        """Its task is over: no next year's line, and no new money unless some is bound or paid.

        A line with commitments stays open, because winding them up may need more.
        """
        self.end_renewal()
        self.closed = self.closed or not (self.committed or self.disbursed)

    def end_renewal(self) -> None:
        self.renew_on = None
        self.version += 1

    def move_to(self, agency: str) -> budget.LineOpened:
        """Follow the task to another agency; only while nothing has moved."""
        self.agency = agency
        self.version += 1
        return self.opened

    def heir(self, agency: str) -> Self:
        """A fresh line of another agency, for the money that this one has not spoken for."""
        return self._again(agency=agency, fiscal_year=self.fiscal_year, renew_on=self.renew_on)

    def renew(self) -> Self:
        """The same line for the next fiscal year; once, when ``renew_on`` has come."""
        self.end_renewal()
        year = self.fiscal_year + 1
        return self._again(agency=self.agency, fiscal_year=year, renew_on=date(year + 1, 1, 1))

    def stand_in_for(self, line: "Line") -> None:
        """Serve the task of a line that would have the same key, if this one has no task."""
        self.closed = False
        self.renew_on = self.renew_on or line.renew_on
        if self.task_id is None:
            self.task_id, self.directive_id = line.task_id, line.directive_id
        self.version += 1

    def _again(self, *, agency: str, fiscal_year: int, renew_on: date | None) -> Self:
        """Its id follows from this line as it is now: made again after a restore it is the same."""
        return type(self)(
            id=derived_id(self.id, agency.encode(), b"%d/%d" % (fiscal_year, self.version)),
            agency=agency,
            fiscal_year=fiscal_year,
            source=self.source,
            purpose=self.purpose,
            item_id=self.item_id,
            task_id=self.task_id,
            directive_id=self.directive_id,
            renew_on=renew_on,
        )

    def _need_open(self) -> None:
        if self.closed:
            raise LineClosed("The task of this line is over; open another line for new money")

    def _need_committed(self, amount: int) -> None:
        if amount > self.committed:
            raise MoreThanCommitted(
                f"Only {self.committed} đồng are committed and not yet paid",
                committed=self.committed,
                requested=amount,
            )

    def _record(self, kind: Kind, entry: Entry) -> Movement:
        self.movement_count += 1
        self.version += 1
        return Movement(
            id=uuid7(),
            line_id=self.id,
            number=self.movement_count,
            agency=self.agency,
            kind=kind,
            amount=entry.amount,
            estimated=self.estimated,
            approved=self.approved,
            assigned=self.assigned,
            adjusted=self.adjusted,
            committed=self.committed,
            disbursed=self.disbursed,
            available=self.available,
            legal_basis=entry.legal_basis,
            note=entry.note,
            actor=entry.actor,
            recorded_at=entry.at,
        )


def _need_room(total: int) -> None:
    if total > LIMIT:
        raise SumTooLarge(f"One line holds at most {LIMIT} đồng", limit=LIMIT)


def shortened(summary: str) -> str:
    """The beginning of a text as one line, cut between words."""
    words = " ".join(summary.split())
    if len(words) <= PURPOSE_LENGTH:
        return words
    return words[: PURPOSE_LENGTH - 1].rsplit(" ", 1)[0] + "…"
