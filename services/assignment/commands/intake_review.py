"""A person corrects a proposal: each change is kept with who made it, when, and what was before."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.commands.intake_inputs import (
    AddItem,
    CorrectHeader,
    CorrectItem,
    CorrectProposal,
    MergeItems,
    SayWhoIsMeant,
    SplitItem,
)
from services.assignment.commands.intake_names import Bodies, load_bodies
from services.assignment.commands.intake_told import meant_by, told_of, with_codes
from services.assignment.commands.uploads import letter_key
from services.assignment.intake.resolve import Register
from services.assignment.models import intake_items
from services.assignment.models.intake import (
    Correction,
    ItemIdTaken,
    ItemNotDropped,
    ItemNotFound,
    NameNotOpen,
    Proposal,
    ProposalNotFound,
    SpanOutsideLetter,
)
from services.assignment.models.intake_items import ProposedItem
from shared.http import check_version

_NOT_NEEDED = Bodies(Register(), {})
_DERIVED = {"evidence", "sure"}
"""Follows from other fields, so a change of it is nobody's."""


async def correct(
    session: AsyncSession,
    proposal_id: UUID,
    command: CorrectProposal,
    *,
    if_match: int,
    by: str,
    now: datetime,
) -> Proposal:
    """Apply what a person changes, all or nothing; VersionStale if another was quicker."""
    proposal = await locked(session, proposal_id)
    check_version(proposal.version, if_match)
    proposal.must_be_open()
    bodies = await _bodies(session, proposal, command) if command.names_bodies else _NOT_NEEDED
    dropped = await _dropped(session, proposal_id)
    review = _Review(session, proposal, bodies, dropped, by, now)
    if command.header is not None:
        review.correct_header(command.header)
    if command.citations is not None:
        review.cite(command.citations)
    for meant in command.meant:
        review.say_who_is_meant(meant)
    for change in command.items:
        review.correct_item(change)
    for split in command.split:
        review.split(split)
    for merge in command.merge:
        review.merge(merge)
    for added in command.add:
        review.add(added)
    for id in command.restore:
        review.restore(id)
    proposal.items = intake_items.in_letter_order(review.items.values())
    await session.flush()
    return proposal


async def locked(session: AsyncSession, proposal_id: UUID) -> Proposal:
    """The proposal, nobody else's to change until the transaction ends."""
    proposal = await session.get(Proposal, proposal_id, with_for_update=True)
    if proposal is None:
        raise ProposalNotFound()
    return proposal


async def _bodies(session: AsyncSession, proposal: Proposal, command: CorrectProposal) -> Bodies:
    """As of the letter's day: the one that is just told, else the one that was read."""
    header = command.header
    if header is not None and "date" in header.model_fields_set:
        return await load_bodies(session, header.date)
    written = proposal.header.get("date")
    return await load_bodies(session, date.fromisoformat(written) if written else None)


async def _dropped(session: AsyncSession, proposal_id: UUID) -> dict[str, ProposedItem]:
    """What was dropped or merged away, as it was last; by id, also if it is back since."""
    found = select(Correction).where(
        Correction.proposal_id == proposal_id, Correction.field == "item"
    )
    kept = await session.scalars(found.order_by(Correction.id))
    return {str(one.item_id): one.before for one in kept if one.before is not None}


class _Review:
    """One person's changes to one proposal; writes a row for each field that really changes."""

    def __init__(
        self,
        session: AsyncSession,
        proposal: Proposal,
        bodies: Bodies,
        dropped: dict[str, ProposedItem],
        by: str,
        now: datetime,
    ) -> None:
        self._session, self._proposal, self._bodies = session, proposal, bodies
        self._dropped, self._by, self._now = dropped, by, now
        self.items = {one["id"]: one for one in map(intake_items.completed, proposal.items)}

    def correct_header(self, command: CorrectHeader) -> None:
        before = self._proposal.header
        told = command.model_dump(mode="json", exclude_unset=True)
        if "issuer" in told:
            name = told["issuer"]
            told["issuer_code"] = self._bodies.code_of(name) if name else None
            if name in self._bodies.names:
                told["issuer"] = before.get("issuer") or self._bodies.names[name]
        self._keep(None, before, told)
        self._proposal.header = {**before, **told}
        self._proposal.letter_key = letter_key(self._proposal.header)

    def cite(self, citations: list[str]) -> None:
        self._keep(None, {"citations": self._proposal.citations}, {"citations": citations})
        self._proposal.citations = citations

    def say_who_is_meant(self, meant: SayWhoIsMeant) -> None:
        self._bodies.must_have([meant.code])
        waiting = [
            item
            for item in self.items.values()
            if any(one["name"] == meant.name for one in item["unresolved"])
        ]
        if not waiting:
            raise NameNotOpen(f"No item waits for the meaning of {meant.name!r}.")
        for item in waiting:
            told = meant_by(item, meant.name, meant.code)
            self._replace(item, intake_items.changed(item, told, self._proposal.text))

    def correct_item(self, change: CorrectItem) -> None:
        item = self._item(change.id)
        if change.drop:
            self._drop(item)
            return
        told = told_of(item, change, self._bodies)
        if {"start", "end"} & told.keys():
            placed = {**item, **told}
            self._must_be_inside(placed["start"], placed["end"])
        self._replace(item, intake_items.changed(item, told, self._proposal.text))

    def split(self, command: SplitItem) -> None:
        item = self._item(command.id)
        self._must_be_new(command.second)
        first, second = intake_items.split(item, command.at, command.second, self._proposal.text)
        self._replace(item, first)
        self._add(second)

    def merge(self, command: MergeItems) -> None:
        pair = self._item(command.id), self._item(command.other)
        merged = intake_items.merge(*pair, self._proposal.text, among=self.items.values())
        for item in pair:
            if item["id"] == merged["id"]:
                self._replace(item, merged)
            else:
                self._drop(item)

    def add(self, added: AddItem) -> None:
        self._must_be_new(added.id)
        self._must_be_inside(added.start, added.end)
        item = intake_items.item(
            added.id, added.start, added.end, self._proposal.text, path=added.path
        )
        self._add({**item, **with_codes(item, {"lead": added.lead}, self._bodies)})

    def restore(self, id: UUID) -> None:
        if str(id) in self.items:
            raise ItemNotDropped(f"The item {id} is there.")
        if str(id) not in self._dropped:
            raise ItemNotFound(f"The proposal never had an item {id}.")
        self._add(intake_items.completed(self._dropped[str(id)]))

    def _item(self, id: UUID) -> ProposedItem:
        if str(id) not in self.items:
            raise ItemNotFound(f"The proposal has no item {id}.")
        return self.items[str(id)]

    def _must_be_new(self, id: UUID) -> None:
        if str(id) in self.items or str(id) in self._dropped:
            raise ItemIdTaken()

    def _must_be_inside(self, start: int, end: int) -> None:
        text = self._proposal.text
        if not (start < end <= len(text) and text[start:end].strip()):
            raise SpanOutsideLetter(
                f"The letter has {len(text)} code points; the span needs words of it."
            )

    def _replace(self, before: ProposedItem, after: ProposedItem) -> None:
        self._keep(UUID(before["id"]), before, after)
        self.items[before["id"]] = after

    def _add(self, item: ProposedItem) -> None:
        self.items[item["id"]] = item
        self._note(UUID(item["id"]), "item", None, item)

    def _drop(self, item: ProposedItem) -> None:
        self._dropped[item["id"]] = self.items.pop(item["id"])
        self._note(UUID(item["id"]), "item", item, None)

    def _keep(self, item_id: UUID | None, before: dict[str, Any], after: dict[str, Any]) -> None:
        for field, value in after.items():
            if field not in _DERIVED and before.get(field) != value:
                self._note(item_id, field, before.get(field), value)

    def _note(self, item_id: UUID | None, field: str, before: Any, after: Any) -> None:
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
