"""Jobs of the plumbing, the same in every service."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared import dead_letters
from shared.database import Sessions
from shared.handlers import Handlers
from shared.jobs import Job, Worker
from shared.messaging import PARTITION_IDS

IDEMPOTENCY_DAYS = 30
_AHEAD = 2


async def create_outbox_partitions(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Keep two whole partitions ahead of the last id: without one for its id an INSERT fails."""
    last = await session.scalar(text("select coalesce(max(id), 0) from outbox"))
    current = (last or 0) // PARTITION_IDS
    for number in range(current, current + _AHEAD + 1):
        low = number * PARTITION_IDS + 1
        if await session.scalar(text("select to_regclass(:name)"), {"name": f"outbox_{low}"}):
            continue
        await session.execute(
            text(
                f"create table outbox_{low} partition of outbox"
                f" for values from ({low}) to ({low + PARTITION_IDS})"
            )
        )
    return 0


async def forget_old_answers(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Answers to POSTs are kept for 30 real days."""
    gone = await session.scalars(
        text(
            "delete from idempotency_keys where (subject, key) in (select subject, key"
            " from idempotency_keys where created_at < now() - make_interval(days => :days)"
            " order by created_at limit :limit) returning 1"
        ),
        {"days": IDEMPOTENCY_DAYS, "limit": limit},
    )
    return len(gone.all())


HOUSEKEEPING: list[Job | Worker] = [
    Job("create_outbox_partitions", create_outbox_partitions),
    Job("forget_old_answers", forget_old_answers),
]


def early_letters(handlers: Handlers) -> Worker:
    """Replays what came before an event of another topic that it needs."""

    async def run(sessions: Sessions, *, now: datetime, limit: int) -> int:
        return await dead_letters.retry_early(sessions, handlers, limit=min(limit, 50))

    return Worker("retry_early_events", run)
