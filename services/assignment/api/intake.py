"""Intake over HTTP: a letter in, a proposal out."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict
from sqlalchemy import select

from services.assignment.api.upload import take_in
from services.assignment.commands import intake as commands
from services.assignment.commands.uploads import proposal_of_file
from services.assignment.intake.files.recognise import MEDIA
from services.assignment.models.intake import Proposal, ProposalNotFound
from services.assignment.models.intake_items import in_letter_order, in_review_order
from shared.auth import UserRole
from shared.http import (
    Caller,
    Now,
    Router,
    Session,
    allow,
    answer_created,
    prepared_by,
    set_etag,
)
from shared.openapi import created_as
from shared.paging import PageOut, Paging, paginate

router = Router(prefix="/intake", tags=["intake"])

COORDINATOR = allow(UserRole.COORDINATOR)
READERS = allow(UserRole.COORDINATOR, UserRole.AUDITOR)

FILES = {"requestBody": {"required": True, "content": {media: {} for media in sorted(MEDIA)}}}
"""For the OpenAPI document: the body is a file."""


class ProposalSummary(BaseModel):
    """A letter that was read, without its items."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    state: str
    directive_id: UUID | None
    kind: str
    notes: list[str]
    known: list[dict[str, Any]]
    header: dict[str, Any]
    citations: list[str]
    created_by: str
    created_at: datetime


class ProposalOut(ProposalSummary):
    """What was read. Items have spans in code points of the letter, codes, and open names.

    Those that need a person come first: with open names or nobody to do them, then the least sure;
    checked ones are last.
    """

    sha256: str
    file_sha256: str | None
    media_type: str | None
    items: Annotated[list[dict[str, Any]], BeforeValidator(in_review_order)]


@router.post(
    "",
    response_model=ProposalOut,
    responses=created_as(ProposalOut),
    dependencies=[COORDINATOR],
    openapi_extra=FILES,
)
@prepared_by(take_in)
async def upload_letter(
    request: Request, session: Session, caller: Caller, now: Now, response: Response
) -> Proposal:
    """Body: the letter, as the file it is, at most 10 MB (text: 1 MB). The same file again: 200."""
    upload, read = request.state.upload, request.state.read
    if read is None:
        proposal, created = await proposal_of_file(session, upload.sha256), False
    else:
        proposal, created = await commands.propose(session, read, by=caller.subject, now=now)
    assert proposal is not None
    answer_created(response, created)
    set_etag(response, proposal.version)
    return proposal


@router.get("", response_model=PageOut[ProposalSummary], dependencies=[READERS])
async def list_proposals(session: Session, page: Paging) -> dict[str, Any]:
    return await paginate(
        session, select(Proposal), page, by=Proposal.created_at, id=Proposal.id, descending=True
    )


@router.get("/{proposal_id}", response_model=ProposalOut, dependencies=[READERS])
async def show_proposal(
    session: Session,
    response: Response,
    proposal_id: UUID,
    sort: Literal["sure", "start"] = "sure",
) -> ProposalOut:
    """``sort=start``: the items as the letter has them, instead of the least sure first."""
    proposal = await found(session, proposal_id)
    set_etag(response, proposal.version)
    shown = ProposalOut.model_validate(proposal)
    if sort == "start":
        shown.items = in_letter_order(shown.items)
    return shown


async def found(session: Session, proposal_id: UUID) -> Proposal:
    proposal = await session.get(Proposal, proposal_id)
    if proposal is None:
        raise ProposalNotFound()
    return proposal
