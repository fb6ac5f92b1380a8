"""One order of a paragraph, and what stands around it that holds for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.assignment.intake.evidence import Evidence
from services.assignment.intake.letter import Deadline
from services.assignment.intake.named import NOBODY, Named
from services.assignment.intake.times import Time

_IN_GENERAL = (
    "lead-from-addressees",
    "lead-from-lead-in",
    "lead-from-closing",
    "lead-asked-at-end",
    "lead-charged",
)

ASKED = "receiver-asked"
"""The rule of a request: whom it asks makes no other order of it."""


@dataclass(frozen=True)
class Above:
    """What headings and fields around an order say for it."""

    lead: Named = NOBODY
    coordinate: Named = NOBODY
    report_to: Named = NOBODY
    """Who receives the reports listed below: "… báo cáo về Sở Y tế theo mốc sau:"."""
    time: Time = field(default_factory=Time)
    only_named: bool = False
    """Sections about money say much that orders nothing unless they name somebody."""
    decided: bool = False
    """A field names the lead: whoever stands before a verb below it is not."""
    stated: bool = False
    """A field tells the time: a rhythm inside an order below it is one of its matter."""

    @property
    def told(self) -> bool:
        """A heading or an order names the lead, not only the letter as a whole."""
        said = self.lead.evidence
        return said is not None and said.rule not in _IN_GENERAL


@dataclass(frozen=True)
class Clause:
    """One order of a paragraph."""

    start: int
    end: int
    lead: Named
    coordinate: Named
    report_to: Named
    time: Time
    money: Evidence | None
    reports: bool = False
    named: bool = False
    """It names its lead itself."""

    @property
    def told(self) -> tuple[object, ...]:
        """What makes two clauses two orders."""
        return self.lead.names, self.told_to, self.reports, self.deadline, self.recurrence

    @property
    def asks(self) -> bool:
        said = self.report_to.evidence
        return said is not None and said.rule == ASKED

    @property
    def only_charged(self) -> bool:
        """Who is charged with the whole letter is not told what only is so."""
        said = self.lead.evidence
        return said is not None and said.rule in ("lead-charged", "lead-asked-at-end")

    @property
    def told_to(self) -> tuple[str, ...]:
        """Who gets a report, and not only a request."""
        return () if self.asks else self.report_to.names

    @property
    def deadline(self) -> Deadline | None:
        return self.time.deadline

    @property
    def recurrence(self) -> str | None:
        return self.time.recurrence

    @property
    def evidence(self) -> Mapping[str, Evidence]:
        found = {
            "lead": self.lead.evidence,
            "coordinate": self.coordinate.evidence,
            "report_to": self.report_to.evidence,
            "deadline": self.time.evidence if self.deadline else None,
            "recurrence": self.time.evidence if self.recurrence else None,
            "budget": self.money,
        }
        return {name: one for name, one in found.items() if one is not None}
