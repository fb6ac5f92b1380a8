"""protocol.md §5: how long the inbox remembers, and dead letters and answers are kept."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import Sessions
from shared.settings import Settings
from shared.topic_retention import FOR_EVER, kept_by_kafka

LONGER = timedelta(days=7)
"""For so long the inbox remembers what the topics have forgotten."""
SAFE_SECONDS = 3600.0
"""The floor stands for so long before what is below it is deleted, and so far above it: a
transaction may have read the old floor, and publishers' clocks differ from ours."""
AT_ONCE = 5000
SETTLED_DAYS = 90
ANSWER_DAYS = 30

_FORGET = text(
    "delete from inbox where event_id in (select event_id from inbox"
    " where received_at < :before order by received_at limit :limit)"
)
_MOVE_FLOOR = text(
    "update inbox_floor set floor = greatest(floor, now() - make_interval(days => :days))"
    " returning floor"
)


@dataclass
class InboxRetention:
    """Moves the floor, and an hour later deletes below it.

    ``problem``: why nothing may be forgotten, since Kafka would still bring it again.
    """

    topics: Sequence[str]
    settings: Settings
    safe_seconds: float = SAFE_SECONDS
    problem: str | None = None
    _floor: datetime | None = None
    _since: float = 0.0

    async def run(self, sessions: Sessions, *, now: datetime, limit: int) -> int:
        if self._floor is not None and time.monotonic() - self._since < self.safe_seconds:
            return 0
        self.problem = await self._too_short()
        if self.problem is not None:
            self._since = time.monotonic()
            return 0
        if self._floor is not None:
            before = self._floor - timedelta(seconds=self.safe_seconds)
            async with sessions.begin() as session:
                if gone := await forget(session, before):
                    return gone
        async with sessions.begin() as session:
            days = {"days": self.settings.inbox_days}
            self._floor = (await session.execute(_MOVE_FLOOR, days)).scalar_one()
        self._since = time.monotonic()
        return 0

    async def _too_short(self) -> str | None:
        kept = await kept_by_kafka(self.settings, self.topics)
        if kept <= timedelta(days=self.settings.inbox_days) - LONGER:
            return None
        if kept == FOR_EVER:
            return "a topic keeps its records for ever, so the inbox may forget nothing"
        days = -(-(kept + LONGER) // timedelta(days=1))
        return f"a topic keeps records for {kept.days} days: set DONDOC_INBOX_DAYS to {days}"


async def forget(session: AsyncSession, before: datetime) -> int:
    """The oldest ids first, a bounded number at a time."""
    done = await session.execute(_FORGET, {"before": before, "limit": AT_ONCE})
    return int(done.rowcount)  # type: ignore[attr-defined]


async def forget_settled_letters(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Dead letters that were replayed or discarded, after 90 real days; open ones stay."""
    return await _delete(
        session,
        "delete from dead_letters where id in (select id from dead_letters"
        " where settled_at < now() - make_interval(days => :days) order by id limit :limit)",
        SETTLED_DAYS,
        limit,
    )


async def forget_old_answers(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Answers to POSTs are kept for 30 real days."""
    return await _delete(
        session,
        "delete from idempotency_keys where (subject, key) in (select subject, key"
        " from idempotency_keys where created_at < now() - make_interval(days => :days)"
        " order by created_at limit :limit)",
        ANSWER_DAYS,
        limit,
    )


async def _delete(session: AsyncSession, sql: str, days: int, limit: int) -> int:
    done = await session.execute(text(sql), {"days": days, "limit": limit})
    return int(done.rowcount)  # type: ignore[attr-defined]
