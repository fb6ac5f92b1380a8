"""What a person changes in a proposal, as it is sent."""

from typing import Annotated, Literal

from pydantic import Field

from services.assignment.commands.directive_inputs import DeadlineRule
from shared.http import Command
from shared.types import AgencyCode, Count, Date, Id, Label, Line

Names = Annotated[list[Line], Field(max_length=5000)]
Path = Annotated[Label, Field(max_length=40)]
Rhythm = Literal["daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly", "unspecified"]


class CorrectHeader(Command):
    """Fields of the letter's header; what is absent stays, null is what the letter lacks.

    ``issuer`` is its name as the letter has it, or its code.
    """

    number_symbol: Line | None = None
    kind: Line = ""
    date: Date | None = None
    issuer: Line | None = None
    subject: Line | None = None
    signer: Line | None = None
    signer_title: Line | None = None
    capacity: Annotated[list[Line], Field(max_length=10)] = []


class WrittenTime(Command):
    """A time limit as the letter writes it; ``date`` where its words give a day."""

    raw: Line
    date: Date | None = None
    kind: Literal[
        "date", "month", "quarter", "year", "recurring", "relative", "immediate", "conditional"
    ]


class WrittenNames(Command):
    """Bodies as the letter names them; what is absent stays."""

    lead: Names = []
    coordinate: Names = []
    report_to: Names = []


class CorrectItem(Command):
    """Fields of an item; what is absent stays. ``drop`` removes it, and it can be restored.

    ``named`` says which bodies the letter names, ``lead``, ``coordinate`` and ``report_to`` which
    codes are meant. ``time`` is what the letter writes and sets the deadline if it has a day.
    ``decided`` says that the letter is silent on these fields and the clerk decided them;
    ``checked`` that the item was found right as it stands.
    """

    id: Id
    drop: bool = False
    decided: bool = False
    checked: bool = False
    path: Path = ""
    start: Count = 0
    end: Count = 0
    named: WrittenNames = WrittenNames()
    lead: Names = []
    coordinate: Names = []
    report_to: Names = []
    time: WrittenTime | None = None
    deadline: DeadlineRule | None = None
    recurrence: Rhythm | None = None
    money_aspect: bool = False


class SplitItem(Command):
    """``at`` counts code points of the letter; what follows it becomes the item ``second``."""

    id: Id
    at: Count
    second: Id


class MergeItems(Command):
    """Two items that follow each other become the first of them; the other one is dropped."""

    id: Id
    other: Id


class AddItem(Command):
    """An order that intake did not see, by its span in the letter."""

    id: Id
    path: Path
    start: Count
    end: Count
    lead: Names


class SayWhoIsMeant(Command):
    """A name that the register does not know, and the agency or group that it stands for."""

    name: Line
    code: AgencyCode


class CorrectProposal(Command):
    """What a person changes in a proposal, all or nothing, in the order of these fields."""

    header: CorrectHeader | None = None
    citations: Annotated[list[Line], Field(max_length=500)] | None = None
    meant: Annotated[list[SayWhoIsMeant], Field(max_length=500)] = []
    items: Annotated[list[CorrectItem], Field(max_length=500)] = []
    split: Annotated[list[SplitItem], Field(max_length=100)] = []
    merge: Annotated[list[MergeItems], Field(max_length=100)] = []
    add: Annotated[list[AddItem], Field(max_length=100)] = []
    restore: Annotated[list[Id], Field(max_length=100)] = []

    @property
    def names_bodies(self) -> bool:
        """Whether the register is needed to apply it."""
        told = {field for item in self.items for field in item.model_fields_set}
        header = self.header.model_fields_set if self.header else set()
        return bool(
            self.meant
            or self.add
            or "issuer" in header
            or told & {"named", "lead", "coordinate", "report_to"}
        )
