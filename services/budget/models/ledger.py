"""The append-only ledger: what moved on a line, when, by whom and on which legal basis."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.models.base import Base
from shared.events import budget


class Kind(StrEnum):
    """The stages of money: dự toán đề nghị, được duyệt, giao, điều chỉnh, cam kết, huỷ, chi."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    ASSIGNED = "assigned"
    ADJUSTED = "adjusted"
    COMMITTED = "committed"
    RELEASED = "released"
    DISBURSED = "disbursed"


EVENTS: dict[Kind, type[budget.Movement] | type[budget.EstimateAdjusted]] = {
    Kind.PROPOSED: budget.EstimateProposed,
    Kind.APPROVED: budget.EstimateApproved,
    Kind.ASSIGNED: budget.EstimateAssigned,
    Kind.ADJUSTED: budget.EstimateAdjusted,
    Kind.COMMITTED: budget.FundsCommitted,
    Kind.RELEASED: budget.FundsReleased,
    Kind.DISBURSED: budget.FundsDisbursed,
}


@dataclass(frozen=True)
class Entry:
    """What somebody wants written into a ledger. ``amount``: whole đồng."""

    amount: int
    actor: str
    at: datetime
    legal_basis: str | None = None
    note: str | None = None


class Movement(Base):
    """A row of the ledger, with the line's totals after it. The database refuses to change one.

    ``amount`` is negative only for an adjustment downwards; ``number`` counts within the line.
    """

    __tablename__ = "movements"
    __table_args__ = (
        UniqueConstraint("line_id", "number"),
        CheckConstraint("amount > 0 or (kind = 'adjusted' and amount < 0)", name="amount"),
        CheckConstraint("available >= 0", name="available"),
        CheckConstraint("available = assigned + adjusted - committed - disbursed", name="sum"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("lines.id"))
    number: Mapped[int]
    agency: Mapped[str]
    kind: Mapped[Kind] = mapped_column(Text())
    amount: Mapped[int]
    estimated: Mapped[int]
    approved: Mapped[int]
    assigned: Mapped[int]
    adjusted: Mapped[int]
    committed: Mapped[int]
    disbursed: Mapped[int]
    available: Mapped[int]
    legal_basis: Mapped[str | None]
    note: Mapped[str | None]
    actor: Mapped[str]
    recorded_at: Mapped[datetime]

    @property
    def event(self) -> budget.Movement | budget.EstimateAdjusted:
        return EVENTS[self.kind](
            line_id=self.line_id,
            agency=self.agency,
            movement_id=self.id,
            amount=self.amount,
            available=self.available,
            legal_basis=self.legal_basis,
        )
