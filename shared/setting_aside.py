"""protocol.md §4, set aside: what cannot be handled goes where an operator sees it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import among
from shared.handlers import Refusal
from shared.messaging import BlockedKey, DeadLetter
from shared.records import MOST_HEADERS, Received

RETRY_AFTER = timedelta(seconds=1)
"""First delay of an event that came too early; it doubles, up to a quarter of an hour."""


class SetAsideBefore(Exception):
    """These have a letter already, which the inbox has forgotten: all is said about them."""

    def __init__(self, ids: frozenset[UUID]) -> None:
        super().__init__(f"{len(ids)} events")
        self.ids = ids


async def set_aside(
    session: AsyncSession,
    dead: Sequence[tuple[Received, Refusal]],
    parked: Sequence[Received],
) -> None:
    """Statement 4: block the keys of the dead (waits for a drain), then store all, in order.

    SetAsideBefore before anything is written: what has a letter must block no key a second time.
    """
    await _look_for_letters(session, [*(one.id for one, _ in dead), *(one.id for one in parked)])
    keys = sorted({one.blocking_key for one, _ in dead if one.blocking_key is not None})
    if keys:
        rows = [{"topic": topic, "key": key} for topic, key in keys]
        await session.execute(pg_insert(BlockedKey).on_conflict_do_nothing(), rows)
    refusals = {id(one): refusal for one, refusal in dead}
    together = [*(one for one, _ in dead), *parked]
    together.sort(key=lambda one: (one.record.topic, one.record.partition, one.record.offset))
    await session.execute(
        insert(DeadLetter), [_row(one, refusals.get(id(one))) for one in together]
    )


async def _look_for_letters(session: AsyncSession, ids: Sequence[UUID]) -> None:
    found = await session.scalars(
        select(DeadLetter.event_id).where(among(DeadLetter.event_id, ids))
    )
    if known := frozenset(found):
        raise SetAsideBefore(known)


def _row(one: Received, refusal: Refusal | None) -> dict[str, object]:
    record = one.record
    retry = datetime.now(UTC) + RETRY_AFTER if refusal and refusal.try_again else None
    return {
        "event_id": one.id,
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "key": record.key,
        "headers": [
            [_printable(name.encode()), _printable(value)]
            for name, value in record.headers[:MOST_HEADERS]
        ],
        "value": record.value,
        "state": "dead" if refusal else "parked",
        "error": stored_reason(refusal) if refusal else None,
        "attempts": 1 if refusal else 0,
        "next_try_at": retry,
    }


def _printable(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "backslashreplace").replace("\x00", "\\0")


def stored_reason(refusal: Refusal) -> str:
    """As PostgreSQL takes it."""
    return refusal.reason[:2000].replace("\x00", "\\0")
