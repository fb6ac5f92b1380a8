"""A draft that should not become what it says is taken back."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.models.directives import Directive, DirectiveNotFound, Item
from services.assignment.models.intake import Correction, Proposal, ProposalState

log = structlog.get_logger()


async def discard_draft(
    session: AsyncSession, directive_id: UUID, *, by: str, now: datetime
) -> Directive:
    """Its number and ids are free again, and the letter it came from is open to corrections.

    AlreadyIssued when its tasks exist: those are cancelled one by one, with reasons.
    """
    directive = await session.get(Directive, directive_id, with_for_update=True)
    if directive is None:
        raise DirectiveNotFound()
    directive.must_be_draft()
    await session.execute(delete(Item).where(Item.directive_id == directive_id))
    await _open_again(session, directive_id, by=by, now=now)
    await session.delete(directive)
    log.info("draft_discarded", directive_id=str(directive_id), by=by)
    return directive


async def _open_again(session: AsyncSession, directive_id: UUID, *, by: str, now: datetime) -> None:
    """What was read of the letter, if intake read it; who took the draft back is kept with it."""
    of_it = select(Proposal).where(Proposal.directive_id == directive_id).with_for_update()
    for proposal in await session.scalars(of_it):
        proposal.state, proposal.directive_id = ProposalState.PROPOSED.value, None
        taken_back = Correction(
            proposal_id=proposal.id,
            item_id=None,
            field="directive_id",
            before=str(directive_id),
            after=None,
            by=by,
            at=now,
        )
        session.add(taken_back)
