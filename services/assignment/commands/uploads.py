"""A letter that comes in: read outside any transaction, and known again if it came before."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.intake.files.reading import read_file
from services.assignment.intake.files.result import Reading
from services.assignment.intake.folding import fold
from services.assignment.intake.letter import Letter
from services.assignment.models.directives import Directive
from services.assignment.models.intake import FurtherOriginal, Proposal
from shared.database import among


@dataclass(frozen=True)
class Upload:
    """A file as it came. ``charset`` is what its sender declared, if anything."""

    content: bytes
    media_type: str
    charset: str | None

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def declared(self) -> str:
        """The media type with its charset, as it is given back."""
        return f"{self.media_type}; charset={self.charset}" if self.charset else self.media_type


@dataclass(frozen=True)
class ReadUpload:
    """The file, the text it holds and what the text says."""

    upload: Upload
    reading: Reading
    letter: Letter
    text_key: str


async def read_upload(upload: Upload) -> ReadUpload:
    """UnreadableLetter if there is nothing to read. Takes seconds: never inside a transaction."""

    def read() -> ReadUpload:
        found = read_file(upload.content, media=upload.media_type, charset=upload.charset)
        return ReadUpload(upload, found.reading, found.letter, text_key(found.reading.text))

    return await asyncio.to_thread(read)


async def proposal_of_file(session: AsyncSession, sha256: str) -> Proposal | None:
    """The proposal that was made of just this file, or that keeps it beside its first one."""
    further = select(FurtherOriginal.proposal_id).where(FurtherOriginal.sha256 == sha256)
    found = select(Proposal).where(
        or_(Proposal.file_sha256 == sha256, Proposal.id == further.scalar_subquery())
    )
    return (await session.scalars(found.order_by(Proposal.created_at))).first()


async def proposal_of_text(session: AsyncSession, sha256: str) -> Proposal | None:
    """The proposal of just this text. One upload of a text at a time: the others wait here."""
    await session.execute(select(func.pg_advisory_xact_lock(int(sha256[:15], 16))))
    found = select(Proposal).where(Proposal.sha256 == sha256)
    return (await session.scalars(found)).one_or_none()


async def keep_further(
    session: AsyncSession, proposal: Proposal, upload: Upload, *, by: str, now: datetime
) -> None:
    """The file beside those that the proposal has; each is kept once."""
    if upload.sha256 == proposal.file_sha256:
        return
    if await session.get(FurtherOriginal, upload.sha256) is None:
        session.add(
            FurtherOriginal(
                sha256=upload.sha256,
                proposal_id=proposal.id,
                media_type=upload.declared,
                content=upload.content,
                sent_by=by,
                sent_at=now,
            )
        )


def text_key(text: str) -> str:
    """The same for the same words, however they are broken, marked, accented or cased."""
    plain = "".join(one for one in fold(text) if one.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def letter_key(header: dict[str, Any]) -> str | None:
    """Number, date and issuer; None where the letter lacks one of the first two."""
    number, date = header.get("number_symbol"), header.get("date")
    if not number or not date:
        return None
    issuer = header.get("issuer_code") or fold(header.get("issuer") or "")
    return "|".join(("".join(number.split()).casefold(), date, issuer))


async def known_before(
    session: AsyncSession, words: str, header: dict[str, Any]
) -> list[dict[str, Any]]:
    """Earlier proposals and directives that look like this letter, oldest first, each once.

    Then the directives that it says it amends.
    """
    key = letter_key(header)
    found = await _proposals(session, Proposal.text_key == words, "text")
    if key is not None:
        found += await _proposals(session, Proposal.letter_key == key, "number and date")
        found += await _directives(session, header)
    seen: set[object] = set()
    kept = []
    for one in found:
        same = {one["proposal_id"], one["directive_id"]} - {None}
        if not same & seen:
            kept.append(one)
        seen |= same
    return kept + await _amended(session, header["amends"])


async def _amended(session: AsyncSession, numbers: list[str]) -> list[dict[str, Any]]:
    """Directives with these numbers, newest first.

    Issuers number apart, and the letter rarely says a date: a person picks the one that is meant.
    """
    if not numbers:
        return []
    found = await session.execute(
        select(Directive.id, Directive.number_symbol)
        .where(among(Directive.number_symbol, numbers))
        .order_by(Directive.issued_on.desc(), Directive.id)
        .limit(20)
    )
    return [
        {"proposal_id": None, "directive_id": str(id), "because": f"amends {number}"}
        for id, number in found
    ]


async def _proposals(
    session: AsyncSession, alike: ColumnElement[bool], because: str
) -> list[dict[str, Any]]:
    columns = select(Proposal.id, Proposal.directive_id).where(alike)
    found = await session.execute(columns.order_by(Proposal.created_at).limit(20))
    return [
        {
            "proposal_id": str(id),
            "directive_id": str(directive) if directive else None,
            "because": because,
        }
        for id, directive in found
    ]


async def _directives(session: AsyncSession, header: dict[str, Any]) -> list[dict[str, Any]]:
    """Directives that did not come through intake, or whose proposal was corrected since."""
    found = await session.scalars(
        select(Directive.id).where(
            Directive.issuer == header.get("issuer_code"),
            Directive.year == int(header["date"][:4]),
            Directive.number_symbol == header["number_symbol"],
        )
    )
    return [
        {"proposal_id": None, "directive_id": str(id), "because": "number and date"} for id in found
    ]
