"""Events published by the budget service."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.events.base import Event
from shared.types import AgencyCode, Amount, Id, Line

Year = Annotated[int, Field(ge=1945, le=2199)]


class LineEvent(Event):
    """Something happened to a budget line: agency, fiscal year, source, purpose, and maybe item."""

    topic: ClassVar[str] = "budget.lines"

    line_id: Id
    agency: AgencyCode

    @property
    def key(self) -> str:
        return str(self.line_id)


class LineOpened(LineEvent):
    """A line exists; no sum need be known yet."""

    type: ClassVar[str] = "budget.line_opened.v1"

    fiscal_year: Year
    source: Line
    purpose: Line
    item_id: Id | None = None
    task_id: Id | None = None
    directive_id: Id | None = None


class Movement(LineEvent):
    """A sum moved; ``available`` is what may still be committed afterwards, in whole đồng."""

    movement_id: Id
    amount: Amount
    available: Amount
    legal_basis: Line | None = None


class EstimateProposed(Movement):
    """The agency asked for a sum; nothing is available yet."""

    type: ClassVar[str] = "budget.estimate_proposed.v1"


class EstimateApproved(Movement):
    """The sum was approved."""

    type: ClassVar[str] = "budget.estimate_approved.v1"


class EstimateAssigned(Movement):
    """The sum was assigned: it may be committed from now on."""

    type: ClassVar[str] = "budget.estimate_assigned.v1"


class EstimateAdjusted(LineEvent):
    """The assigned sum changed by ``amount``, up or down."""

    type: ClassVar[str] = "budget.estimate_adjusted.v1"

    movement_id: Id
    amount: Annotated[int, Field(ge=-(10**15), le=10**15)]
    available: Amount
    legal_basis: Line | None = None


class FundsCommitted(Movement):
    """A sum was bound to a purchase or contract."""

    type: ClassVar[str] = "budget.funds_committed.v1"


class FundsReleased(Movement):
    """A commitment was taken back."""

    type: ClassVar[str] = "budget.funds_released.v1"


class FundsDisbursed(Movement):
    """A committed sum was paid."""

    type: ClassVar[str] = "budget.funds_disbursed.v1"


class OverspendRefused(LineEvent):
    """Somebody asked for more than is available; nothing moved."""

    type: ClassVar[str] = "budget.overspend_refused.v1"

    requested: Amount
    available: Amount
