"""From an uploaded letter to a draft directive, with every correction kept."""

import hashlib
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.commands.directives import (
    CreateDirective,
    CreateItem,
    DeadlineRule,
    create_directive,
)
from services.assignment.commands.uploads import (
    ReadUpload,
    known_before,
    letter_key,
    proposal_of_text,
)
from services.assignment.intake.letter import FoundTask
from services.assignment.intake.resolve import Entry, Register, resolve
from services.assignment.models.directives import Directive
from services.assignment.models.intake import (
    Correction,
    Incomplete,
    ItemNotFound,
    Original,
    Proposal,
    ProposalNotFound,
    ProposalState,
    SpanOutsideLetter,
    Unresolved,
)
from services.assignment.queries.agencies import register as load_register
from shared.http import Command, check_version
from shared.ids import uuid7
from shared.types import AnyRecurrence, Date, Id, Line, Recurrence

_NAMES = Annotated[list[Line], Field(max_length=5000)]


class CorrectHeader(Command):
    """Fields of the letter's header; what is absent stays."""

    number_symbol: Line | None = None
    kind: Line | None = None
    date: Date | None = None
    issuer: Line | None = None
    subject: Line | None = None
    signer: Line | None = None
    signer_title: Line | None = None


class CorrectItem(Command):
    """Fields of an item; what is absent stays. ``drop`` removes it.

    ``decided`` says that the letter is silent on these fields and the clerk decided them.
    """

    id: Id
    drop: bool = False
    decided: bool = False
    lead: _NAMES | None = None
    coordinate: _NAMES | None = None
    report_to: _NAMES | None = None
    deadline: DeadlineRule | None = None
    recurrence: AnyRecurrence | None = None
    money_aspect: bool | None = None


class AddItem(Command):
    """An order that intake did not see, by its span in the letter."""

    id: Id
    path: Annotated[str, Field(max_length=40)]
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]
    lead: _NAMES


class CorrectProposal(Command):
    """What a person changes in a proposal, all at once."""

    header: CorrectHeader | None = None
    items: Annotated[list[CorrectItem], Field(max_length=500)] = []
    add: Annotated[list[AddItem], Field(max_length=100)] = []


class ConfirmProposal(Command):
    """The id that the draft directive will have."""

    directive_id: Id


async def propose(
    session: AsyncSession, read: ReadUpload, *, by: str, now: datetime
) -> tuple[Proposal, bool]:
    """What was read, for a person to review; a text that came before gives the proposal it has."""
    text, letter = read.reading.text, read.letter
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    if (known := await proposal_of_text(session, sha256)) is not None:
        return known, False
    register = await _register(session)
    header = _header(letter.as_annotation()["header"], register)
    proposal = Proposal(
        id=uuid7(),
        text=text,
        sha256=sha256,
        header=header,
        citations=letter.citations,
        items=[_item(task, register) for task in letter.tasks],
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


def _header(header: dict[str, Any], register: Register) -> dict[str, Any]:
    code = resolve(header["issuer"], register).code if header["issuer"] else None
    return {**header, "issuer_code": code}


def _item(task: FoundTask, register: Register) -> dict[str, Any]:
    named = {
        "lead": list(task.lead),
        "coordinate": list(task.coordinate),
        "report_to": list(task.report_to),
    }
    deadline = None
    if task.deadline is not None and task.deadline.date is not None:
        deadline = {"kind": "date", "on": task.deadline.date}
    known = set(Recurrence)
    return {
        "id": str(uuid7()),
        "path": task.path,
        "start": task.start,
        "end": task.end,
        "text": task.text,
        "named": named,
        **_resolved(named, register),
        "deadline": deadline,
        "time_as_written": task.deadline.raw if task.deadline else None,
        "recurrence": task.recurrence if task.recurrence in known else None,
        "money_aspect": task.budget,
        "decided_by_clerk": [],
        "evidence": {field: one.as_json() for field, one in task.evidence.items()},
        "sure": task.sure,
    }


def _resolved(named: dict[str, list[str]], register: Register) -> dict[str, Any]:
    """Codes for the names; who must act has to be known, a receiver may stay a name."""
    result: dict[str, Any] = {"unresolved": []}
    for field in ("lead", "coordinate", "report_to"):
        codes: list[str] = []
        for found in (resolve(name, register) for name in named[field]):
            if found.code is not None:
                codes.append(found.code)
            elif field == "report_to":
                codes.append(found.name)
            else:
                result["unresolved"].append(
                    {
                        "field": field,
                        "name": found.name,
                        "nearest": found.nearest,
                        "reason": found.reason,
                    }
                )
        result[field] = list(dict.fromkeys(codes))
    return result


async def _register(session: AsyncSession) -> Register:
    agencies, groups = await load_register(session)
    entries = [
        Entry(one.code, (one.code, one.name, one.short_name, *one.aliases)) for one in agencies
    ]
    entries += [Entry(one.code, (one.code, one.name, *one.phrases)) for one in groups]
    return Register.of(entries)


async def correct(
    session: AsyncSession,
    proposal_id: UUID,
    command: CorrectProposal,
    *,
    if_match: int,
    by: str,
    now: datetime,
) -> Proposal:
    """Apply what a person changes, each change kept: who, what, before and after."""
    proposal = await _locked(session, proposal_id)
    check_version(proposal.version, if_match)
    proposal.must_be_open()
    keep = _Keeper(session, proposal, by, now)
    if command.header is not None:
        proposal.header = keep.changed(None, proposal.header, _told(command.header))
        proposal.letter_key = letter_key(proposal.header)
    items = {item["id"]: dict(item) for item in proposal.items}
    for change in command.items:
        if str(change.id) not in items:
            raise ItemNotFound(f"The proposal has no item {change.id}.")
        if change.drop:
            keep.note(change.id, "item", items.pop(str(change.id)), None)
        else:
            items[str(change.id)] = _changed_item(items[str(change.id)], change, keep)
    for added in command.add:
        items[str(added.id)] = _added_item(proposal, added, keep)
    proposal.items = sorted(items.values(), key=lambda item: item["start"])
    await session.flush()
    return proposal


class _Keeper:
    """Writes a row for each field that really changes."""

    def __init__(self, session: AsyncSession, proposal: Proposal, by: str, now: datetime) -> None:
        self._session, self._proposal, self._by, self._now = session, proposal, by, now

    def changed(
        self, item_id: UUID | None, before: dict[str, Any], told: dict[str, Any]
    ) -> dict[str, Any]:
        after = dict(before)
        for field, value in told.items():
            if before.get(field) != value:
                self.note(item_id, field, before.get(field), value)
                after[field] = value
        return after

    def note(self, item_id: UUID | None, field: str, before: Any, after: Any) -> None:
        self._session.add(
            Correction(
                proposal_id=self._proposal.id,
                item_id=item_id,
                field=field,
                before=before,
                after=after,
                by=self._by,
                at=self._now,
            )
        )


def _told(command: Command) -> dict[str, Any]:
    told = command.model_dump(mode="json", exclude_unset=True)
    if "issuer" in told:
        told["issuer_code"] = told["issuer"]
    return told


def _changed_item(item: dict[str, Any], change: CorrectItem, keep: _Keeper) -> dict[str, Any]:
    told = change.model_dump(mode="json", exclude_unset=True, exclude={"id", "drop", "decided"})
    if change.decided:
        told["decided_by_clerk"] = sorted({*item["decided_by_clerk"], *told})
    settled = {field for field in ("lead", "coordinate") if field in told}
    if settled:
        told["unresolved"] = [one for one in item["unresolved"] if one["field"] not in settled]
    return keep.changed(change.id, item, told)


def _added_item(proposal: Proposal, added: AddItem, keep: _Keeper) -> dict[str, Any]:
    if not added.start < added.end <= len(proposal.text):
        raise SpanOutsideLetter(f"The letter has {len(proposal.text)} code points.")
    item = {
        "id": str(added.id),
        "path": added.path,
        "start": added.start,
        "end": added.end,
        "text": " ".join(proposal.text[added.start : added.end].split()),
        "named": {},
        "lead": list(added.lead),
        "coordinate": [],
        "report_to": [],
        "unresolved": [],
        "deadline": None,
        "time_as_written": None,
        "recurrence": None,
        "money_aspect": False,
        "decided_by_clerk": [],
        "evidence": {},
        "sure": 1.0,
    }
    keep.note(added.id, "item", None, item)
    return item


async def confirm(session: AsyncSession, proposal_id: UUID, command: ConfirmProposal) -> Directive:
    """The proposal becomes a draft directive; refused while a name is not resolved."""
    proposal = await _locked(session, proposal_id)
    proposal.must_be_open()
    if open_names := _open_names(proposal):
        raise Unresolved(f"Say who is meant by: {'; '.join(open_names)}", names=open_names)
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
    fields = CreateItem.model_fields.keys()
    return CreateDirective.model_validate(
        {
            **{field: header[field] for field in ("number_symbol", "kind", "subject")},
            "issued_on": header["date"],
            "issuer": header["issuer_code"],
            "signer": header.get("signer"),
            "signer_title": header.get("signer_title"),
            "text_sha256": proposal.sha256,
            "citations": proposal.citations,
            "items": [
                {field: item[field] for field in fields if field in item} for item in proposal.items
            ],
        }
    )


async def _locked(session: AsyncSession, proposal_id: UUID) -> Proposal:
    proposal = await session.get(Proposal, proposal_id, with_for_update=True)
    if proposal is None:
        raise ProposalNotFound()
    return proposal
