"""protocol.md §4, statement 1: which events of a batch have not been disposed of yet."""

from collections.abc import Sequence
from hashlib import blake2b
from uuid import UUID

import structlog
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import among, array_text
from shared.messaging import InboxRow

log = structlog.get_logger()

_INSERT = text(
    "insert into inbox (event_id, digest)"
    " select * from unnest(cast(cast(:ids as text) as uuid[]),"
    " cast(cast(:digests as text) as bigint[])) order by 1"
    " on conflict do nothing returning event_id"
)


def digest(type: str, value: bytes | None) -> int:
    """A signed 64-bit fingerprint of what the event says, to recognise one id with two contents."""
    hashed = blake2b(value or b"", digest_size=8, key=type.encode()[:64])
    return int.from_bytes(hashed.digest(), signed=True)


async def record(session: AsyncSession, seen: Sequence[tuple[UUID, int]]) -> set[UUID]:
    """Insert these ids and return the fresh ones, each to be handled in this transaction.

    A statement of its own, and first: it waits for whoever holds the same id, and what comes after
    must see what that one committed. A known id with another digest: the first one wins, and it
    is logged as a security alert.
    """
    first = dict(reversed(seen))
    inserted = await session.scalars(
        _INSERT, {"ids": array_text(first), "digests": array_text(first.values())}
    )
    fresh = set(inserted)
    if len(fresh) < len(seen):
        await _alert_on_forgery(session, seen)
    return fresh


async def _alert_on_forgery(session: AsyncSession, seen: Sequence[tuple[UUID, int]]) -> None:
    known = {
        row.event_id: row.digest
        for row in await session.execute(
            select(InboxRow.event_id, InboxRow.digest).where(
                among(InboxRow.event_id, {event_id for event_id, _ in seen})
            )
        )
    }
    for event_id, told in seen:
        if known.get(event_id, told) != told:
            log.error("event_id_reused_with_other_content", event_id=str(event_id), security=True)
