"""The files that a letter was sent as."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.models.intake import (
    FurtherOriginal,
    Original,
    OriginalMissing,
    Proposal,
)


@dataclass(frozen=True)
class KeptFile:
    """A file without its bytes; ``size`` counts them."""

    sha256: str
    media_type: str
    size: int
    sent_by: str
    sent_at: datetime


async def kept_files(session: AsyncSession, proposal: Proposal) -> list[KeptFile]:
    """The file that was read first, then others of just its text in the order they came."""
    size = await session.scalar(
        select(func.length(Original.content)).where(Original.proposal_id == proposal.id)
    )
    first = []
    if size is not None and proposal.file_sha256 and proposal.media_type:
        sent = proposal.created_by, proposal.created_at
        first = [KeptFile(proposal.file_sha256, proposal.media_type, size, *sent)]
    further = await session.execute(
        select(
            FurtherOriginal.sha256,
            FurtherOriginal.media_type,
            func.length(FurtherOriginal.content),
            FurtherOriginal.sent_by,
            FurtherOriginal.sent_at,
        )
        .where(FurtherOriginal.proposal_id == proposal.id)
        .order_by(FurtherOriginal.sent_at, FurtherOriginal.sha256)
    )
    return first + [KeptFile(*one) for one in further]


async def kept_file(
    session: AsyncSession, proposal: Proposal, sha256: str | None
) -> tuple[bytes, str]:
    """Bytes and media type of the file with this hash, without one of the first.

    OriginalMissing if the proposal has no such file.
    """
    if sha256 in (None, proposal.file_sha256):
        original = await session.get(Original, proposal.id)
        if original is not None and proposal.media_type is not None:
            return original.content, proposal.media_type
        raise OriginalMissing()
    further = await session.get(FurtherOriginal, sha256)
    if further is None or further.proposal_id != proposal.id:
        raise OriginalMissing()
    return further.content, further.media_type
