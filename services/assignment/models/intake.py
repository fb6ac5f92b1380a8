"""Proposed directives: what intake read from a letter, and what people corrected."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.assignment.models.base import Base
from shared.errors import Malformed, NotFound, Refused


class ProposalNotFound(NotFound):
    """There is no such proposal."""


class AlreadyConfirmed(Refused):
    """The proposal became a directive; discard that draft to go on."""


class Unresolved(Refused):
    """Names in the proposal are not resolved to agencies or groups of the register."""


class Incomplete(Refused):
    """The letter's header lacks what a directive needs."""


class ItemNotFound(NotFound):
    """The proposal has no item with this id."""


class SpanOutsideLetter(Malformed):
    """The span does not lie inside the letter's text."""


class ItemIdTaken(Refused):
    """The proposal has, or had, an item with this id; make another id."""


class ItemNotDropped(Refused):
    """The item is there; only what was dropped can be restored."""


class NotInsideItem(Malformed):
    """The place does not lie inside the words of the item."""


class NotNeighbours(Refused):
    """Another item lies between the two; merge each with its neighbour."""


class TermsDiffer(Refused):
    """The two items have different time limits or rhythms."""


class NameNotOpen(NotFound):
    """No item of the proposal waits for the meaning of this name."""


class WithoutLead(Refused):
    """Items of the proposal name nobody who must do them."""


class OriginalMissing(NotFound):
    """The file of this letter was not kept: it was uploaded before originals were."""


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"


class Proposal(Base):
    """A letter and what was read from it. ``text`` is what was read; spans count its code points.

    ``kind`` and ``notes`` say how the text came from the file; ``known`` names earlier proposals
    and directives that look like the same letter or are amended by it, and why.
    """

    __tablename__ = "proposals"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    text: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    header: Mapped[dict[str, Any]] = mapped_column(JSONB)
    citations: Mapped[list[str]]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    state: Mapped[str]
    directive_id: Mapped[UUID | None]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(server_default="text")
    notes: Mapped[list[str]] = mapped_column(server_default="{}")
    media_type: Mapped[str | None]
    file_sha256: Mapped[str | None] = mapped_column(unique=True)
    text_key: Mapped[str | None] = mapped_column(index=True)
    letter_key: Mapped[str | None] = mapped_column(index=True)
    known: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")

    __mapper_args__ = {"version_id_col": version}

    def must_be_open(self) -> None:
        if self.state == ProposalState.CONFIRMED:
            raise AlreadyConfirmed(directive_id=self.directive_id)


class Original(Base):
    """The file as it was sent, byte for byte; apart, so that no list of proposals loads it."""

    __tablename__ = "originals"

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposals.id"), primary_key=True)
    content: Mapped[bytes]


class FurtherOriginal(Base):
    """Another file that holds just the text of a letter already known, as it was sent."""

    __tablename__ = "further_originals"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposals.id"), index=True)
    media_type: Mapped[str]
    content: Mapped[bytes]
    sent_by: Mapped[str]
    sent_at: Mapped[datetime]


class Correction(Base):
    """One change a person made to a proposal; never altered. ``item_id`` null: the header."""

    __tablename__ = "corrections"
    __table_args__ = (Index("ix_corrections_proposal_id_id", "proposal_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposals.id"))
    item_id: Mapped[UUID | None]
    field: Mapped[str]
    before: Mapped[Any | None] = mapped_column(JSONB)
    after: Mapped[Any | None] = mapped_column(JSONB)
    by: Mapped[str]
    at: Mapped[datetime]
