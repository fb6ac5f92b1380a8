"""What intake finds in a letter: header, citations, tasks, each anchored to the text."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from services.assignment.intake.evidence import Evidence, least_sure


class TooManyOrders(ValueError):
    """The text orders more than whoever asked will take."""


@dataclass(frozen=True)
class Header:
    """What the letter says of itself; None where it does not."""

    number_symbol: str | None = None
    date: str | None = None
    kind: str = "công văn"
    issuer: str | None = None
    subject: str | None = None
    signer: str | None = None
    signer_title: str | None = None
    capacity: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Deadline:
    """A time limit as written. ``date`` is ISO, None where the words give no day."""

    raw: str
    date: str | None
    kind: str


@dataclass(frozen=True)
class FoundTask:
    """One order. ``start`` and ``end`` count code points of the letter as it was read.

    ``evidence`` has "task", and each of lead, coordinate, report_to, deadline, recurrence and
    budget that was found.
    """

    path: str
    start: int
    end: int
    text: str
    lead: list[str]
    coordinate: list[str]
    report_to: list[str]
    deadline: Deadline | None
    recurrence: str | None
    budget: bool
    evidence: Mapping[str, Evidence] = field(default_factory=dict)

    @property
    def sure(self) -> float:
        return least_sure(self.evidence.values())


@dataclass(frozen=True)
class Letter:
    """The proposal that a person will review."""

    name: str
    header: Header
    citations: list[str]
    tasks: list[FoundTask]
    header_evidence: Mapping[str, Evidence] = field(default_factory=dict)
    amends: list[str] = field(default_factory=list)
    """Numbers of earlier letters that this one changes or replaces."""

    def as_annotation(self) -> dict[str, Any]:
        """The shape in which letters are annotated by hand (texts cut to 60 characters)."""
        return {
            "letter": self.name,
            "header": asdict(self.header),
            "citations": self.citations,
            "tasks": [_annotated(task) for task in self.tasks],
        }


def _annotated(task: FoundTask) -> dict[str, Any]:
    fields = {field: value for field, value in vars(task).items() if field != "evidence"}
    deadline = asdict(task.deadline) if task.deadline else None
    return {**fields, "deadline": deadline, "text": task.text[:60]}
