"""protocol.md §4, replay and discard. The unit is the key; only its head is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import Sessions, among, is_transient
from shared.error_words import words_of
from shared.errors import NotFound, NotYet, Refused
from shared.handlers import Handlers, Refusal
from shared.messaging import BlockedKey, DeadLetter
from shared.records import StoredRecord, read
from shared.setting_aside import RETRY_AFTER, stored_reason
from shared.trace import ids_of
from shared.tracing import Tracing
from shared.trail import tell_handled

log = structlog.get_logger()

AT_ONCE = 200
"""Events of one key replayed in a transaction."""
RETRY_FOR = timedelta(days=1)
_UNTRACED = Tracing()


class DeadLetterNotFound(NotFound):
    """No such dead letter."""


class NotTheHead(Refused):
    """An older event of the same key must be settled first."""


class AlreadySettled(Refused):
    """It was replayed or discarded before."""


@dataclass(frozen=True)
class Drained:
    """What a replay did: how many events it handled, and the one that stopped it."""

    replayed: int
    discarded: int
    failed_id: int | None = None
    error: str | None = None


async def replay(sessions: Sessions, handlers: Handlers, letter_id: int, *, by: str) -> Drained:
    """Handle the head of a key again, then what was parked behind it, in order.

    Stops at the first that fails, which is then the dead head, and at one that is dead already:
    only an operator may choose that. NotTheHead, AlreadySettled and DeadLetterNotFound say why
    nothing was tried.
    """
    return await _drain(sessions, handlers, letter_id, by=by, chosen=letter_id)


async def _drain(
    sessions: Sessions, handlers: Handlers, letter_id: int, *, by: str, chosen: int | None
) -> Drained:
    total = 0
    while True:
        async with sessions.begin() as session:
            rows = await _waiting(session, letter_id)
            done, failed = await _handle(session, handlers, rows, by=by, chosen=chosen)
            await _unblock(session, rows[0])
        _tell_replayed(done)
        total += len(done)
        if failed is not None:
            return Drained(total, 0, failed.id, failed.error)
        if len(rows) < AT_ONCE or (following := await _head_after(sessions, rows[-1])) is None:
            return Drained(total, 0)
        letter_id = following


async def discard(
    sessions: Sessions, handlers: Handlers, letter_id: int, *, by: str, reason: str
) -> Drained:
    """Give the head of a key up, with the reason kept, then replay what was parked behind it."""
    async with sessions.begin() as session:
        rows = await _waiting(session, letter_id)
        head = rows[0]
        await _settle(session, [head], "discarded", by=by, reason=reason)
        log.warning("dead_letter_discarded", id=head.id, by=by, event_id=str(head.event_id))
        done, failed = await _handle(session, handlers, rows[1:], by=by, chosen=None)
        await _unblock(session, head)
    _tell_replayed(done)
    if failed is not None:
        return Drained(len(done), 1, failed.id, failed.error)
    if len(rows) == AT_ONCE and (following := await _head_after(sessions, rows[-1])) is not None:
        rest = await _drain(sessions, handlers, following, by=by, chosen=None)
        return Drained(len(done) + rest.replayed, 1, rest.failed_id, rest.error)
    return Drained(len(done), 1)


def _tell_replayed(done: Sequence[DeadLetter]) -> None:
    headers = [{name: value for name, value in one.headers} for one in done]
    correlations = [told.get("ce_correlationid", "") for told in headers]
    tell_handled("replayed", [*zip(correlations, (str(one.event_id) for one in done), strict=True)])


async def retry_early(sessions: Sessions, handlers: Handlers, *, limit: int = 50) -> int:
    """Replay the heads that wait for an event of another topic; returns how many were tried."""
    async with sessions() as session:
        due = select(DeadLetter.id).where(
            DeadLetter.state == "dead", DeadLetter.next_try_at <= func.now()
        )
        ids = (await session.scalars(due.order_by(DeadLetter.next_try_at).limit(limit))).all()
    for letter_id in ids:
        try:
            await replay(sessions, handlers, letter_id, by="retry")
        except Refused:
            await _try_no_more(sessions, letter_id)
    return len(ids)


async def _waiting(session: AsyncSession, letter_id: int) -> list[DeadLetter]:
    """The letters of this one's key, oldest first, with the key locked against who parks."""
    letter = await session.get(DeadLetter, letter_id)
    if letter is None:
        raise DeadLetterNotFound(f"There is no dead letter {letter_id}.")
    if letter.key is None:
        query = select(DeadLetter).where(DeadLetter.id == letter_id)
    else:
        key = (BlockedKey.topic == letter.topic, BlockedKey.key == letter.key)
        await session.execute(select(BlockedKey.topic).where(*key).with_for_update())
        query = select(DeadLetter).where(
            DeadLetter.topic == letter.topic, DeadLetter.key == letter.key
        )
    waiting = query.where(DeadLetter.state.in_(("dead", "parked"))).order_by(DeadLetter.id)
    rows = (await session.scalars(waiting.limit(AT_ONCE).with_for_update())).all()
    if not any(row.id == letter_id for row in rows[:1]):
        _say_why(letter, rows)
    return list(rows)


def _say_why(letter: DeadLetter, rows: Sequence[DeadLetter]) -> None:
    if rows and letter.state in ("dead", "parked"):
        raise NotTheHead(
            f"Dead letter {rows[0].id} of the same key comes first: replay or discard that one.",
            head=rows[0].id,
        )
    raise AlreadySettled(f"Dead letter {letter.id} is settled already.")


async def _handle(
    session: AsyncSession,
    handlers: Handlers,
    rows: Sequence[DeadLetter],
    *,
    by: str,
    chosen: int | None,
) -> tuple[list[DeadLetter], DeadLetter | None]:
    """Those that were handled, and the one that stopped it (if it failed now, that is recorded)."""
    done: list[DeadLetter] = []
    failed: DeadLetter | None = None
    for row in rows:
        if row.state == "dead" and row.id != chosen:
            failed = row
            break
        problem = await _try_one(session, handlers, row)
        if problem is not None:
            _record_failure(row, problem)
            failed = row
            break
        done.append(row)
    await _settle(session, done, "replayed", by=by, reason=None)
    return done, failed


async def _try_one(session: AsyncSession, handlers: Handlers, row: DeadLetter) -> Refusal | None:
    received = read(StoredRecord.of(row), handlers)
    if received is None:
        return None
    if received.event is None or received.envelope is None:
        return Refusal(received.error or "unreadable")
    session.info["envelopes"] = {id(received.event): received.envelope}
    tracing: Tracing = session.info.get("tracing", _UNTRACED)
    try:
        async with session.begin_nested():
            with (
                structlog.contextvars.bound_contextvars(**ids_of(received.envelope)),
                tracing.handling([received]) as envelopes,
            ):
                session.info["envelopes"].update(envelopes)
                await handlers.by_type[received.type][1]([received.event], session)
                await session.flush()
            refused: Refusal | None = session.info.pop("refused", {}).get(id(received.event))
            if refused is not None:
                raise _Refusing(refused)
    except _Refusing as refusing:
        return refusing.refusal
    except Exception as error:
        if is_transient(error):
            raise
        return Refusal(words_of(error), try_again=isinstance(error, NotYet))
    return None


class _Refusing(Exception):
    """Undoes the savepoint of an event that its handler refused."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


def _record_failure(row: DeadLetter, problem: Refusal) -> None:
    row.state, row.attempts = "dead", row.attempts + 1
    row.error = stored_reason(problem)
    now = datetime.now(UTC)
    if problem.try_again and now - row.created_at < RETRY_FOR:
        row.next_try_at = now + min(RETRY_AFTER * 2 ** min(row.attempts, 10), RETRY_FOR / 96)
    else:
        row.next_try_at = None


async def _settle(
    session: AsyncSession, rows: Sequence[DeadLetter], state: str, *, by: str, reason: str | None
) -> None:
    if rows:
        await session.execute(
            update(DeadLetter)
            .where(among(DeadLetter.id, (row.id for row in rows)))
            .values(
                state=state, settled_at=func.now(), settled_by=by, reason=reason, next_try_at=None
            )
        )


async def _unblock(session: AsyncSession, row: DeadLetter) -> None:
    """Free the key when nothing of it waits any more."""
    await session.flush()
    waits = select(DeadLetter.id).where(
        DeadLetter.topic == row.topic,
        DeadLetter.key == row.key,
        DeadLetter.state.in_(("dead", "parked")),
    )
    await session.execute(
        delete(BlockedKey).where(
            BlockedKey.topic == row.topic, BlockedKey.key == row.key, ~waits.exists()
        )
    )


async def _head_after(sessions: Sessions, row: DeadLetter) -> int | None:
    async with sessions() as session:
        following = select(func.min(DeadLetter.id)).where(
            DeadLetter.topic == row.topic,
            DeadLetter.key == row.key,
            DeadLetter.state.in_(("dead", "parked")),
        )
        head: int | None = await session.scalar(following)
        return head


async def _try_no_more(sessions: Sessions, letter_id: int) -> None:
    async with sessions.begin() as session:
        await session.execute(
            update(DeadLetter).where(DeadLetter.id == letter_id).values(next_try_at=None)
        )
