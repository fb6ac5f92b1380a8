"""Intake over HTTP: a letter in, a proposal out, corrections, a draft directive."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from services.assignment.api.directives import DirectiveOut
from services.assignment.commands import intake as commands
from services.assignment.commands.intake import ConfirmProposal, CorrectProposal
from services.assignment.models.directives import Directive
from services.assignment.models.intake import Correction, Proposal, ProposalNotFound
from shared.auth import UserRole
from shared.http import (
    Caller,
    IfMatch,
    Now,
    Router,
    Session,
    allow,
    answer_created,
    set_etag,
)
from shared.paging import PageOut, Paging, paginate

router = Router(prefix="/intake", tags=["intake"])

COORDINATOR = allow(UserRole.COORDINATOR)
READERS = allow(UserRole.COORDINATOR, UserRole.AUDITOR)

MAX_LETTER = 1_000_000


class ProposalSummary(BaseModel):
    """A letter that was read, without its items."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    state: str
    directive_id: UUID | None
    header: dict[str, Any]
    citations: list[str]
    created_by: str
    created_at: datetime


class ProposalOut(ProposalSummary):
    """What was read. Items have spans in code points of the letter, codes, and open names."""

    sha256: str
    items: list[dict[str, Any]]


class CorrectionOut(BaseModel):
    """One change by a person."""

    model_config = ConfigDict(from_attributes=True)

    item_id: UUID | None
    field: str
    before: Any
    after: Any
    by: str
    at: datetime


@router.post("", response_model=ProposalOut, dependencies=[COORDINATOR])
async def upload_letter(
    request: Request, session: Session, caller: Caller, now: Now, response: Response
) -> Proposal:
    """Body: the letter as text/plain in UTF-8, at most 1 MB. The same letter again: 200."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "text/plain":
        raise HTTPException(415, "Send the letter as text/plain in UTF-8.")
    raw = await request.body()
    if len(raw) > MAX_LETTER:
        raise HTTPException(413, f"A letter may have at most {MAX_LETTER} bytes.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise HTTPException(422, f"Not UTF-8 text (byte {error.start}).") from error
    if "\x00" in text or not text.strip():
        raise HTTPException(422, "The letter is empty or holds the character U+0000.")
    proposal, created = await commands.propose(session, text, by=caller.subject, now=now)
    answer_created(response, created)
    set_etag(response, proposal.version)
    return proposal


@router.get("", response_model=PageOut[ProposalSummary], dependencies=[READERS])
async def list_proposals(session: Session, page: Paging) -> dict[str, Any]:
    return await paginate(
        session, select(Proposal), page, by=Proposal.created_at, id=Proposal.id, descending=True
    )


@router.get("/{proposal_id}", response_model=ProposalOut, dependencies=[READERS])
async def show_proposal(session: Session, response: Response, proposal_id: UUID) -> Proposal:
    proposal = await session.get(Proposal, proposal_id)
    if proposal is None:
        raise ProposalNotFound()
    set_etag(response, proposal.version)
    return proposal


@router.get(
    "/{proposal_id}/corrections", response_model=list[CorrectionOut], dependencies=[READERS]
)
async def show_corrections(session: Session, proposal_id: UUID) -> Any:
    found = select(Correction).where(Correction.proposal_id == proposal_id)
    return (await session.scalars(found.order_by(Correction.id))).all()


@router.patch("/{proposal_id}", response_model=ProposalOut, dependencies=[COORDINATOR])
async def correct_proposal(
    session: Session,
    caller: Caller,
    now: Now,
    if_match: IfMatch,
    response: Response,
    proposal_id: UUID,
    command: CorrectProposal,
) -> Proposal:
    proposal = await commands.correct(
        session, proposal_id, command, if_match=if_match, by=caller.subject, now=now
    )
    set_etag(response, proposal.version)
    return proposal


@router.post("/{proposal_id}/confirm", response_model=DirectiveOut, dependencies=[COORDINATOR])
async def confirm_proposal(
    session: Session, proposal_id: UUID, command: ConfirmProposal
) -> Directive:
    return await commands.confirm(session, proposal_id, command)
