"""What a clerk sends to make a directive."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.http import Command
from shared.types import AgencyCode, AnyRecurrence, Count, Date, Id, Line, Text


class OnDate(Command):
    """A fixed date; it is not moved off a rest day."""

    kind: Literal["date"]
    on: Date


class InWorkingDays(Command):
    """So many working days after the directive's date."""

    kind: Literal["working_days"]
    days: Annotated[int, Field(ge=1, le=1000)]


class InDays(Command):
    """A term of calendar days after the directive's date; moved off a rest day."""

    kind: Literal["days"]
    days: Annotated[int, Field(ge=1, le=1000)]


class InMonths(Command):
    """A term of months after the directive's date; moved off a rest day."""

    kind: Literal["months"]
    months: Annotated[int, Field(ge=1, le=60)]


DeadlineRule = Annotated[OnDate | InWorkingDays | InDays | InMonths, Field(discriminator="kind")]


class CreateItem(Command):
    """One order; ``lead`` and ``coordinate`` take codes of agencies and of groups."""

    id: Id
    path: Annotated[str, Field(max_length=40)]
    start: Count
    end: Count
    text: Annotated[Text, Field(min_length=1)]
    lead: Annotated[list[Line], Field(max_length=5000)]
    coordinate: Annotated[list[Line], Field(max_length=5000)] = []
    report_to: Annotated[list[Line], Field(max_length=100)] = []
    deadline: DeadlineRule | None = None
    recurrence: AnyRecurrence | None = None
    money_aspect: bool = False
    decided_by_clerk: Annotated[list[Line], Field(max_length=20)] = []

    @model_validator(mode="after")
    def _end_after_start(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"end ({self.end}) must not be before start ({self.start})")
        return self


class CreateDirective(Command):
    """A directive as a draft: the letter's header and its items."""

    number_symbol: Line
    kind: Line
    issued_on: Date
    issuer: AgencyCode
    subject: Line
    signer: Line | None = None
    signer_title: Line | None = None
    text_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None
    citations: Annotated[list[Line], Field(max_length=500)] = []
    items: Annotated[list[CreateItem], Field(min_length=1, max_length=500)]
