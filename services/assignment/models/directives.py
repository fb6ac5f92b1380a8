"""Directives and their items."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.assignment.models.base import Base
from shared.errors import Malformed, NotFound, Refused
from shared.events.assignment import DirectiveIssued, DirectiveItem

SUMMARY_LENGTH = 500
"""Code points of an item's text that travel with its tasks."""


class DirectiveNotFound(NotFound):
    """There is no such directive, or it does not concern you."""


class AlreadyIssued(Refused):
    """The directive was issued before; its tasks exist."""


class NothingToIssue(Refused):
    """No item of the directive names anybody who must do it."""


class DeadlineBeforeLetter(Malformed):
    """A fixed deadline cannot lie before the letter's own date; a day without a year means the
    next one."""


class NumberTaken(Refused):
    """The issuer has another directive with this number and symbol in the same year."""


class ItemIdTaken(Refused):
    """An item, here or of another directive, has this id already; make another id for each."""


class DirectiveState(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"


class Directive(Base):
    """The letter: văn bản chỉ đạo. Number and symbol are unique per issuer and year."""

    __tablename__ = "directives"
    __table_args__ = (UniqueConstraint("issuer", "year", "number_symbol"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number_symbol: Mapped[str]
    kind: Mapped[str]
    issued_on: Mapped[date]
    year: Mapped[int]
    issuer: Mapped[str]
    subject: Mapped[str]
    signer: Mapped[str | None]
    signer_title: Mapped[str | None]
    text_sha256: Mapped[str | None]
    citations: Mapped[list[str]]
    state: Mapped[str]
    issued_at: Mapped[datetime | None]
    fingerprint: Mapped[str]

    def must_be_draft(self) -> None:
        if self.state != DirectiveState.DRAFT:
            raise AlreadyIssued()

    def issue(self, items: list["Item"], now: datetime) -> DirectiveIssued:
        self.must_be_draft()
        self.state, self.issued_at = DirectiveState.ISSUED, now
        return DirectiveIssued(
            directive_id=self.id,
            number_symbol=self.number_symbol,
            issued_on=self.issued_on,
            issuer=self.issuer,
            subject=self.subject,
            items=tuple(
                DirectiveItem(item_id=item.id, path=item.path, text=item.text) for item in items
            ),
        )


class Item(Base):
    """One order of the letter. ``start`` and ``end`` count code points of the letter's text.

    ``lead`` and ``coordinate`` hold codes of agencies and groups; ``decided_by_clerk`` names the
    fields on which the letter is silent and a person decided.
    """

    __tablename__ = "items"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    directive_id: Mapped[UUID] = mapped_column(ForeignKey("directives.id"), index=True)
    place: Mapped[int]
    path: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str]
    lead: Mapped[list[str]]
    coordinate: Mapped[list[str]]
    report_to: Mapped[list[str]]
    deadline: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    recurrence: Mapped[str | None]
    money_aspect: Mapped[bool]
    decided_by_clerk: Mapped[list[str]]

    @property
    def summary(self) -> str:
        """The text, or its beginning, cut between words and marked as cut."""
        if len(self.text) <= SUMMARY_LENGTH:
            return self.text
        return self.text[: SUMMARY_LENGTH - 1].rsplit(maxsplit=1)[0] + "…"
