"""The review of a proposal over HTTP: corrections, the draft directive, annotations."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from services.assignment.api.directives import DirectiveOut
from services.assignment.api.intake import COORDINATOR, READERS, ProposalOut, found
from services.assignment.commands.intake import ConfirmProposal, confirm
from services.assignment.commands.intake_inputs import CorrectProposal
from services.assignment.commands.intake_review import correct
from services.assignment.models.directives import Directive
from services.assignment.models.intake import Correction, Proposal
from services.assignment.models.intake_annotation import annotation
from shared.http import Caller, IfMatch, Now, Router, Session, set_etag, version_of

router = Router(prefix="/intake", tags=["intake"])


class CorrectionOut(BaseModel):
    """One change by a person. ``item_id`` null: of the letter as a whole.

    ``field`` "item": the whole item, added or restored (``before`` null), or dropped or merged away
    (``after`` null).
    """

    model_config = ConfigDict(from_attributes=True)

    item_id: UUID | None
    field: str
    before: Any
    after: Any
    by: str
    at: datetime


async def _if_given(if_match: Annotated[str | None, Header(max_length=40)] = None) -> int | None:
    return None if if_match is None else version_of(if_match)


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
    """All or nothing, in the order of the fields: header to restore."""
    proposal = await correct(
        session, proposal_id, command, if_match=if_match, by=caller.subject, now=now
    )
    set_etag(response, proposal.version)
    return proposal


@router.get(
    "/{proposal_id}/corrections", response_model=list[CorrectionOut], dependencies=[READERS]
)
async def show_corrections(session: Session, proposal_id: UUID) -> Any:
    """Every change, in the order in which they were made."""
    kept = select(Correction).where(Correction.proposal_id == proposal_id)
    return (await session.scalars(kept.order_by(Correction.id))).all()


@router.get("/{proposal_id}/annotations", dependencies=[READERS])
async def show_annotations(session: Session, proposal_id: UUID) -> dict[str, Any]:
    """What the letter says as it now stands corrected, to measure the reading by."""
    return annotation(await found(session, proposal_id))


@router.post("/{proposal_id}/confirm", response_model=DirectiveOut, dependencies=[COORDINATOR])
async def confirm_proposal(
    session: Session,
    proposal_id: UUID,
    if_match: Annotated[int | None, Depends(_if_given)],
    command: ConfirmProposal,
) -> Directive:
    """With If-Match nothing is confirmed that another has changed since it was read."""
    return await confirm(session, proposal_id, command, if_match=if_match)
