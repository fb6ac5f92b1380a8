"""The register of agencies, their groups, and days that are worked against the rule."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.assignment.intake.folding import bare, fold
from services.assignment.models.base import Base
from shared.errors import Malformed, NotFound, Refused
from shared.events.assignment import AgencyRecorded


class AgencyNotFound(NotFound):
    """The register has no agency with this code."""


class GroupNotFound(NotFound):
    """There is no group with this code."""


class AgencyNotInForce(Refused):
    """An agency that has ended, or not yet begun, on that day gets no task."""


class UnknownCode(Malformed):
    """Neither an agency nor a group has this code."""


class GroupEmpty(Refused):
    """A group has no members on the directive's date; name who must do it now."""


class NameTaken(Refused):
    """Another agency has the same name, or one that only looks different."""


class Agency(Base):
    """A body that gets tasks. ``version`` rises with each change and orders its events."""

    __tablename__ = "agencies"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    short_name: Mapped[str]
    aliases: Mapped[list[str]]
    kind: Mapped[str]
    parent: Mapped[str | None]
    gso_code: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successors: Mapped[list[str]]
    version: Mapped[int] = mapped_column(default=1)
    folded_name: Mapped[str] = mapped_column(unique=True)
    search: Mapped[str]

    def remember_spellings(self) -> None:
        """Keep what uniqueness and search compare: tone-mark, case and script variants folded."""
        self.folded_name = fold(self.name)
        names = (self.name, self.short_name, *self.aliases)
        self.search = " | ".join(spell(one) for one in names for spell in (fold, bare))

    def recorded(self, groups: list[str]) -> AgencyRecorded:
        return AgencyRecorded(
            code=self.code,
            name=self.name,
            short_name=self.short_name,
            aliases=tuple(self.aliases),
            groups=tuple(groups),
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            successors=tuple(self.successors),
            version=self.version,
        )


class Group(Base):
    """Agencies that letters address together. ``open``: the letter may mean more than we list."""

    __tablename__ = "groups"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    open: Mapped[bool]
    phrases: Mapped[list[str]]


class Membership(Base):
    """An agency's time in a group; without dates, always."""

    __tablename__ = "memberships"

    group: Mapped[str] = mapped_column(ForeignKey("groups.code"), primary_key=True)
    agency: Mapped[str] = mapped_column(ForeignKey("agencies.code"), primary_key=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class CalendarOverride(Base):
    """A day that is worked, or not, against what the holidays package says."""

    __tablename__ = "calendar_overrides"

    day: Mapped[date] = mapped_column(primary_key=True)
    works: Mapped[bool]
    source: Mapped[str]
