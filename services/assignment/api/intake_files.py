"""What a letter was sent as and what was read of it, given back over HTTP."""

from datetime import datetime
from mimetypes import guess_extension
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Response
from pydantic import BaseModel, ConfigDict

from services.assignment.api.intake import READERS, found
from services.assignment.queries.originals import kept_file, kept_files
from shared.http import Router, Session

router = Router(prefix="/intake", tags=["intake"])

Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


class KeptFileOut(BaseModel):
    """A file that the letter was sent as, who sent it and when; ``size`` in bytes."""

    model_config = ConfigDict(from_attributes=True)

    sha256: str
    media_type: str
    size: int
    sent_by: str
    sent_at: datetime


@router.get("/{proposal_id}/originals", response_model=list[KeptFileOut], dependencies=[READERS])
async def show_originals(session: Session, proposal_id: UUID) -> Any:
    """The file that was read, then every other one that holds just the same text."""
    return await kept_files(session, await found(session, proposal_id))


@router.get("/{proposal_id}/original", response_class=Response, dependencies=[READERS])
async def give_back_original(session: Session, proposal_id: UUID) -> Response:
    """The file as it was sent, byte for byte; to be saved, never shown in place."""
    return await _given_back(session, proposal_id, None)


@router.get("/{proposal_id}/originals/{sha256}", response_class=Response, dependencies=[READERS])
async def give_back_one(session: Session, proposal_id: UUID, sha256: Sha256) -> Response:
    """One of the files by its hash, byte for byte; to be saved, never shown in place."""
    return await _given_back(session, proposal_id, sha256)


async def _given_back(session: Session, proposal_id: UUID, sha256: str | None) -> Response:
    proposal = await found(session, proposal_id)
    content, media_type = await kept_file(session, proposal, sha256)
    ending = guess_extension(media_type.partition(";")[0]) or ""
    return Response(
        content,
        headers={
            **_to_be_saved(f"{proposal_id}{ending}", media_type),
            "ETag": f'"{sha256 or proposal.file_sha256}"',
        },
    )


@router.get("/{proposal_id}/text", response_class=Response, dependencies=[READERS])
async def give_text(session: Session, proposal_id: UUID) -> Response:
    """The text that was read: the spans of the items count its code points."""
    proposal = await found(session, proposal_id)
    headers = _to_be_saved(f"{proposal_id}.txt", "text/plain; charset=utf-8")
    return Response(proposal.text.encode(), headers=headers)


def _to_be_saved(name: str, media_type: str) -> dict[str, str]:
    """Headers with which a browser keeps the file and never shows it in place."""
    return {
        "Content-Type": media_type,
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
