"""How much of the outbox Kafka has not acknowledged: asked of the database, by any replica.

The relay cannot tell: it may be another replica's, or stopped because Kafka is away.
"""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.metrics import OUTBOX_AGE, OUTBOX_BACKLOG

OLD_SECONDS = 300.0
"""From this age on of its oldest row the outbox is worth a warning."""

_SQL = text(
    "select coalesce(last.id, 0) - top as rows,"
    " coalesce(extract(epoch from now() - oldest.recorded_at), 0) as age from outbox_cursor"
    " left join lateral (select id from outbox order by id desc limit 1) last on true"
    " left join lateral (select recorded_at from outbox where id > top order by id limit 1) oldest"
    " on true"
)


@dataclass(frozen=True)
class Backlog:
    """``rows``: at most so many, since an id may have been rolled back; ``age`` in seconds."""

    rows: int
    age: float

    @property
    def warning(self) -> str | None:
        if self.age < OLD_SECONDS:
            return None
        return f"{self.rows} events wait for Kafka, the oldest for {self.age:.0f} s; none is lost"


async def backlog(session: AsyncSession) -> Backlog:
    """A few buffers, however long the outbox is."""
    row = (await session.execute(_SQL)).one()
    found = Backlog(max(0, row.rows), float(row.age) if row.rows > 0 else 0.0)
    OUTBOX_BACKLOG.set(found.rows)
    OUTBOX_AGE.set(found.age)
    return found
