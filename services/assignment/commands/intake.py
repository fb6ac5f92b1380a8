"""From an uploaded letter to a proposal, and from a reviewed proposal to a draft directive."""

import asyncio
import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.commands.directive_inputs import CreateDirective, CreateItem
from services.assignment.commands.directives import create_directive
from services.assignment.commands.intake_names import Bodies, load_bodies, resolved
from services.assignment.commands.intake_review import locked
from services.assignment.commands.uploads import (
    ReadUpload,
    keep_further,
    known_before,
    letter_key,
    proposal_of_text,
)
from services.assignment.intake.letter import FoundTask, Letter
from services.assignment.models.directives import Directive
from services.assignment.models.intake import (
    Incomplete,
    Original,
    Proposal,
    ProposalState,
    Unresolved,
    WithoutLead,
)
from services.assignment.models.intake_items import BODIES, ProposedItem, item
from shared.database import Sessions
from shared.http import Command, check_version
from shared.ids import uuid7
from shared.types import Id, Recurrence


class ConfirmProposal(Command):
    """The id that the draft directive will have."""

    directive_id: Id


@dataclass(frozen=True)
class Reviewable:
    """What was read, with the codes of the register for the bodies it names."""

    read: ReadUpload
    header: dict[str, Any]
    items: list[ProposedItem]


async def reviewable(sessions: Sessions, read: ReadUpload) -> Reviewable:
    """A register of thousands and a letter of hundreds take seconds: never inside a transaction.

    The server ends one that is idle so long.
    """
    written = read.letter.header.date
    async with sessions() as session:
        bodies = await load_bodies(session, date.fromisoformat(written) if written else None)
    header, items = await asyncio.to_thread(_as_json, read.letter, read.reading.text, bodies)
    return Reviewable(read, header, items)


async def propose(
    session: AsyncSession, made: Reviewable, *, by: str, now: datetime
) -> tuple[Proposal, bool]:
    """What was read, for a person to review.

    A text that came before gives the proposal it has, and the file is kept there as well.
    """
    read, header = made.read, made.header
    text = read.reading.text
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    if (known := await proposal_of_text(session, sha256)) is not None:
        await keep_further(session, known, read.upload, by=by, now=now)
        return known, False
    proposal = Proposal(
        id=uuid7(),
        text=text,
        sha256=sha256,
        header=header,
        citations=read.letter.citations,
        items=made.items,
        state=ProposalState.PROPOSED.value,
        directive_id=None,
        created_by=by,
        created_at=now,
        kind=read.reading.kind.value,
        notes=read.reading.notes,
        media_type=read.upload.declared,
        file_sha256=read.upload.sha256,
        text_key=read.text_key,
        letter_key=letter_key(header),
        known=await known_before(session, read.text_key, header),
    )
    session.add(proposal)
    await session.flush()
    session.add(Original(proposal_id=proposal.id, content=read.upload.content))
    return proposal, True


def _as_json(
    letter: Letter, text: str, bodies: Bodies
) -> tuple[dict[str, Any], list[ProposedItem]]:
    return _header(letter, bodies), [_item(task, text, bodies) for task in letter.tasks]


def _header(letter: Letter, bodies: Bodies) -> dict[str, Any]:
    header = letter.header
    return {
        **asdict(header),
        "issuer_code": bodies.code_of(header.issuer) if header.issuer else None,
        "amends": letter.amends,
        "evidence": {field: one.as_json() for field, one in letter.header_evidence.items()},
    }


def _item(task: FoundTask, text: str, bodies: Bodies) -> ProposedItem:
    named = {field: list(getattr(task, field)) for field in BODIES}
    time = asdict(task.deadline) if task.deadline else None
    return item(
        uuid7(),
        task.start,
        task.end,
        text,
        path=task.path,
        **resolved(named, bodies),
        time=time,
        deadline={"kind": "date", "on": time["date"]} if time and time["date"] else None,
        recurrence=task.recurrence,
        money_aspect=task.budget,
        evidence={field: one.as_json() for field, one in task.evidence.items()},
        sure=task.sure,
    )


async def confirm(
    session: AsyncSession, proposal_id: UUID, command: ConfirmProposal, *, if_match: int | None
) -> Directive:
    """The proposal becomes a draft directive.

    Unresolved while a name is not resolved, WithoutLead while an item names nobody who must do it,
    Incomplete where it lacks what a directive needs.
    """
    proposal = await locked(session, proposal_id)
    if if_match is not None:
        check_version(proposal.version, if_match)
    proposal.must_be_open()
    if open_names := _open_names(proposal):
        raise Unresolved(f"Say who is meant by: {'; '.join(open_names)}", names=open_names)
    if leaderless := [one["path"] or one["text"][:40] for one in proposal.items if not one["lead"]]:
        raise WithoutLead(
            f"Say who must do, or drop: {'; '.join(leaderless[:20])}", paths=leaderless
        )
    directive, _ = await create_directive(session, command.directive_id, _draft(proposal))
    proposal.state, proposal.directive_id = ProposalState.CONFIRMED.value, directive.id
    return directive


def _open_names(proposal: Proposal) -> list[str]:
    return sorted({one["name"] for item in proposal.items for one in item["unresolved"]})


def _draft(proposal: Proposal) -> CreateDirective:
    header = proposal.header
    needed = ("number_symbol", "date", "issuer_code", "subject")
    if lacking := [field for field in needed if not header.get(field)]:
        raise Incomplete(f"The header lacks {', '.join(lacking)}.", fields=lacking)
    if not proposal.items:
        raise Incomplete("There is no item; add the letter's orders first.")
    draft = {
        **{field: header[field] for field in ("number_symbol", "kind", "subject")},
        "issued_on": header["date"],
        "issuer": header["issuer_code"],
        "signer": header.get("signer"),
        "signer_title": header.get("signer_title"),
        "text_sha256": proposal.sha256,
        "citations": proposal.citations,
        "items": [_draft_item(one) for one in proposal.items],
    }
    try:
        return CreateDirective.model_validate(draft)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:20]]
        raise Incomplete(f"Correct first {'; '.join(faults)}.") from error


def _draft_item(proposed: ProposedItem) -> dict[str, Any]:
    draft = {field: proposed[field] for field in CreateItem.model_fields if field in proposed}
    if draft["recurrence"] not in (None, *Recurrence):  # daily and weekly reports are no period
        draft["recurrence"] = Recurrence.UNSPECIFIED
    return draft
