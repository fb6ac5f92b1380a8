"""What can be done to budget lines; each function is one change of one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.budget.models.base import LIMIT, Agency
from services.budget.models.ledger import Entry, Movement
from services.budget.models.lines import Line
from services.budget.models.refusals import AgencyUnknown, LineExists, LineNotFound, Overspend
from shared.database import insert_new
from shared.events.budget import Year
from shared.http import Command, CommittedRefusal, DifferentContent, check_version, fingerprint
from shared.outbox import publish
from shared.types import AgencyCode, Id, Text
from shared.types import Line as OneLine

Source = Annotated[OneLine, StringConstraints(max_length=100)]
Purpose = Annotated[OneLine, StringConstraints(max_length=300)]
"""Short, because source and purpose are part of a line's unique key."""


def _not_zero(amount: int) -> int:
    if not amount:
        raise ValueError("must not be 0")
    return amount


class OpenLine(Command):
    """A line that no letter brought: a sum from elsewhere, or a second source for an item."""

    agency: AgencyCode
    fiscal_year: Year
    source: Source
    purpose: Purpose
    item_id: Id | None = None
    task_id: Id | None = None
    directive_id: Id | None = None


class CorrectLine(Command):
    """What the letter left open: whose money it is, and for what exactly."""

    source: Source | None = None
    purpose: Purpose | None = None


class Move(Command):
    """A sum in whole đồng, with the document that allows it."""

    amount: Annotated[int, Field(ge=1, le=LIMIT)]
    legal_basis: OneLine | None = None
    note: Text | None = None


class Adjust(Move):
    """A change of what was assigned: up, or with a negative amount down."""

    amount: Annotated[int, Field(ge=-LIMIT, le=LIMIT), AfterValidator(_not_zero)]


@dataclass(frozen=True)
class Author:
    """Who changes a ledger, and when. ``only_agency``: the one agency whose lines it may touch."""

    subject: str
    only_agency: str | None
    now: datetime


async def open_line(session: AsyncSession, line_id: UUID, command: OpenLine) -> tuple[Line, bool]:
    """The line, and whether it is new; the same command again changes nothing.

    AgencyUnknown for whom the register has not told of.
    """
    asked = fingerprint(command)
    line = Line(id=line_id, fingerprint=asked, **command.model_dump())
    if await insert_lines(session, [line]):
        if await session.get(Agency, command.agency) is None:
            raise AgencyUnknown(
                f"Nothing was heard of an agency {command.agency}; correct the code, or send it"
                " again a moment after the register has recorded it.",
                agency=command.agency,
            )
        publish(session, line.opened)
        return await session.get_one(Line, line_id), True
    known = await session.get(Line, line_id)
    if known is None:
        twin = await line_like(session, line)
        raise LineExists(
            "A line for this agency, year, source, purpose and item exists; use that one",
            line_id=twin and twin.id,
        )
    if known.fingerprint != asked:
        raise DifferentContent(f"Line {line_id} was created with other content")
    return known, False


async def correct_line(
    session: AsyncSession, line_id: UUID, command: CorrectLine, *, version: int
) -> Line:
    line = await _locked(session, line_id, only_agency=None)
    check_version(line.version, version)
    publish(session, line.correct(source=command.source, purpose=command.purpose))
    try:
        await session.flush()
    except IntegrityError as error:
        raise LineExists(
            "A line for this agency, year, source, purpose and item exists; use that one"
        ) from error
    return line


async def record(
    session: AsyncSession,
    line_id: UUID,
    move: Callable[[Line, Entry], Movement],
    command: Move,
    author: Author,
) -> Movement:
    """Move a sum on a line, one after the other: the line stays locked until the end."""
    line = await _locked(session, line_id, only_agency=author.only_agency)
    try:
        movement = move(line, _entry(command, author))
    except Overspend as refusal:
        publish(session, line.overspend_refused(command.amount))
        raise CommittedRefusal(refusal) from refusal
    session.add(movement)
    publish(session, movement.event)
    return movement


async def insert_lines(session: AsyncSession, lines: Sequence[Line]) -> set[UUID]:
    """Insert those of which there is none yet, neither by id nor by key; return their ids."""
    columns = inspect(Line).column_attrs.keys()
    return await insert_new(
        session, Line, ({column: getattr(line, column) for column in columns} for line in lines)
    )


async def let_twin_stand_in(session: AsyncSession, line: Line) -> None:
    """Where a line could not be inserted, the one with its key serves the task instead."""
    twin = await line_like(session, line)
    if twin is not None:
        twin.stand_in_for(line)


async def line_like(session: AsyncSession, line: Line) -> Line | None:
    """The stored line with the same key, locked."""
    same_key = (
        Line.agency == line.agency,
        Line.fiscal_year == line.fiscal_year,
        Line.source == line.source,
        Line.purpose == line.purpose,
        Line.item_id.is_not_distinct_from(line.item_id),
    )
    found: Line | None = await session.scalar(select(Line).where(*same_key).with_for_update())
    return found


async def _locked(session: AsyncSession, line_id: UUID, *, only_agency: str | None) -> Line:
    statement = select(Line).where(Line.id == line_id).with_for_update()
    if only_agency is not None:
        statement = statement.where(Line.agency == only_agency)
    line = await session.scalar(statement)
    if line is None:
        raise LineNotFound(f"No line {line_id}")
    return line


def _entry(command: Move, author: Author) -> Entry:
    return Entry(
        amount=command.amount,
        actor=author.subject,
        at=author.now,
        legal_basis=command.legal_basis,
        note=command.note,
    )
