"""Jobs of the plumbing, the same in every service."""

from datetime import datetime

from shared import dead_letters
from shared.database import Sessions
from shared.events.catalogue import events_of
from shared.handlers import Handlers
from shared.jobs import Job, Worker
from shared.outbox_partitions import OutboxRetention, create_outbox_partitions
from shared.retention import InboxRetention, forget_old_answers, forget_settled_letters
from shared.settings import Settings


def housekeeping(
    service: str, settings: Settings, handlers: Handlers, inbox: InboxRetention
) -> list[Job | Worker]:
    """What keeps the plumbing's tables at their size, and its early events trying."""
    published = frozenset(cls.topic for cls in events_of(service).values())
    return [
        Job("create_outbox_partitions", create_outbox_partitions),
        Worker("drop_outbox_partitions", OutboxRetention(published, settings).run),
        Worker("forget_inbox", inbox.run),
        Job("forget_settled_letters", forget_settled_letters),
        Job("forget_old_answers", forget_old_answers),
        early_letters(handlers),
    ]


def early_letters(handlers: Handlers) -> Worker:
    """Replays what came before an event of another topic that it needs."""

    async def run(sessions: Sessions, *, now: datetime, limit: int) -> int:
        return await dead_letters.retry_early(sessions, handlers, limit=min(limit, 50))

    return Worker("retry_early_events", run)
