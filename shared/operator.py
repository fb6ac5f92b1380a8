"""HTTP for operators: dead letters, and the log of what was published."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select, text

from shared import dead_letters
from shared.auth import UserRole
from shared.dead_letters import DeadLetterNotFound
from shared.http import Caller, Command, Router, Session, allow
from shared.messaging import DeadLetter, OutboxCursor, OutboxRow
from shared.paging import PageOut, Paging, paginate
from shared.replay import Resent, resend
from shared.types import Text

LetterId = Annotated[int, Path(ge=1, le=2**63 - 1)]

router = Router(prefix="/operator", tags=["operator"], dependencies=[allow(UserRole.OPERATOR)])


class DeadLetterOut(BaseModel):
    """A dead letter without its body; ``state`` dead, parked, replayed or discarded."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    event_id: UUID
    topic: str
    partition: int
    offset: int
    state: str
    error: str | None
    attempts: int
    next_try_at: datetime | None
    created_at: datetime
    settled_at: datetime | None
    settled_by: str | None
    reason: str | None


class DeadLetterDetail(DeadLetterOut):
    """With everything the record held; what is not UTF-8 is shown escaped."""

    key: str | None
    headers: list[list[str]]
    value: str | None


class Discard(Command):
    reason: Annotated[Text, Field(min_length=1)]


class DrainedOut(BaseModel):
    """What a replay did; ``failed_id`` is the letter that stopped it."""

    replayed: int
    discarded: int
    failed_id: int | None
    error: str | None


class OutboxOut(BaseModel):
    """Where the relay stands: ids up to ``top`` are acked, except the ``gaps``."""

    active: bool
    problem: str | None
    top: int
    last: int
    gaps: list[tuple[int, int]]
    epoch: int
    generation: int


class Resend(Command):
    """A range of outbox ids, inclusive, sent again to its own topics or to ``topic``."""

    first: Annotated[int, Field(ge=1)]
    last: Annotated[int, Field(ge=1)]
    topic: Annotated[str | None, Field(max_length=200)] = None


async def _patient(session: Session) -> None:
    """A drain has transactions of its own; the request's, which keeps the answer, waits idle."""
    await session.execute(text("set local idle_in_transaction_session_timeout = '10min'"))


@router.get("/dead-letters", response_model=PageOut[DeadLetterOut])
async def list_dead_letters(
    session: Session,
    page: Paging,
    state: Annotated[str | None, Query(pattern="^(dead|parked|replayed|discarded)$")] = None,
    topic: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:
    query = select(DeadLetter)
    if state is not None:
        query = query.where(DeadLetter.state == state)
    if topic is not None:
        query = query.where(DeadLetter.topic == topic)
    return await paginate(session, query, page, by=DeadLetter.id, id=DeadLetter.id)


@router.get("/dead-letters/{letter_id}", response_model=DeadLetterDetail)
async def show_dead_letter(session: Session, letter_id: LetterId) -> dict[str, Any]:
    letter = await session.get(DeadLetter, letter_id)
    if letter is None:
        raise DeadLetterNotFound(f"There is no dead letter {letter_id}.")
    shown = DeadLetterOut.model_validate(letter).model_dump()
    return {
        **shown,
        "key": _shown(letter.key),
        "headers": letter.headers,
        "value": _shown(letter.value),
    }


@router.post(
    "/dead-letters/{letter_id}/replay",
    response_model=DrainedOut,
    dependencies=[Depends(_patient)],
)
async def replay_dead_letter(
    request: Request, caller: Caller, letter_id: LetterId
) -> dict[str, Any]:
    app = request.app.state
    done = await dead_letters.replay(app.sessions, app.handlers, letter_id, by=caller.subject)
    return asdict(done)


@router.post(
    "/dead-letters/{letter_id}/discard",
    response_model=DrainedOut,
    dependencies=[Depends(_patient)],
)
async def discard_dead_letter(
    request: Request, caller: Caller, letter_id: LetterId, command: Discard
) -> dict[str, Any]:
    app = request.app.state
    done = await dead_letters.discard(
        app.sessions, app.handlers, letter_id, by=caller.subject, reason=command.reason
    )
    return asdict(done)


@router.get("/outbox", response_model=OutboxOut)
async def show_outbox(request: Request, session: Session) -> dict[str, Any]:
    cursor = (await session.scalars(select(OutboxCursor))).one()
    relay = request.app.state.relay
    return {
        "active": relay.active,
        "problem": relay.problem,
        "top": cursor.top,
        "last": await session.scalar(select(func.max(OutboxRow.id))) or 0,
        "gaps": list(zip(cursor.gap_lo, cursor.gap_hi, strict=True)),
        "epoch": cursor.epoch,
        "generation": cursor.generation,
    }


@router.post("/outbox/replay", response_model=Resent)
async def replay_outbox(request: Request, session: Session, command: Resend) -> Resent:
    """Events of the log once more, in order; subscribers that remember ids notice nothing."""
    return await resend(
        request.app.state.settings, session, command.first, command.last, command.topic
    )


def _shown(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode("utf-8", "backslashreplace")
