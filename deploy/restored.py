"""Make a service's database fit to serve again after it was restored from a back-up.

python -m deploy.restored SERVICE

Stop the service first. Outbox ids go on above every ``ce_sequence`` in its topics; what was
written since the back-up and never sent gets such an id; the generation is no lower than what the
topics have seen; and the service's group reads its topics again from the start, since what it heard
after the back-up is gone from its database (its inbox drops the rest). The servers are
DONDOC_DATABASE_URL ({service} in it is replaced) and DONDOC_KAFKA_URL.
"""

import asyncio
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.migrate import SERVICES
from shared.arguments import Arguments
from shared.brokers import access
from shared.commits import commits_of
from shared.database import create_engine, create_sessions
from shared.logging import configure_command
from shared.outbox_partitions import LAST_ID_SQL, create_outbox_partitions
from shared.restored import Told, published_topics, told_by
from shared.settings import Settings


@dataclass(frozen=True)
class Mended:
    """``renumbered``: outbox rows that no subscriber has seen and whose ids others had."""

    records: int
    sequence: int
    generation: int
    renumbered: int


async def mend(settings: Settings, service: str, topics: list[str]) -> Mended:
    """Bring the outbox above what the topics hold; doing it twice changes nothing more."""
    engine = create_engine(settings.database_url, name="restored")
    sessions = create_sessions(engine, source=service, clock=settings.clock)
    try:
        async with sessions() as session:
            top = await session.scalar(text("select top from outbox_cursor")) or 0
        told = await told_by(settings, service, topics, after=top)
        async with sessions.begin() as session:
            renumbered = await _raise_ids(session, told)
        return Mended(told.records, told.sequence, told.generation, renumbered)
    finally:
        await engine.dispose()


async def _raise_ids(session: AsyncSession, told: Told) -> int:
    await session.execute(text("lock table outbox in share row exclusive mode"))
    await session.execute(
        text("update outbox_cursor set generation = greatest(generation, :told)"),
        {"told": told.generation},
    )
    last = max(told.sequence, await session.scalar(text(LAST_ID_SQL)) or 0, 1)
    rows = await session.execute(
        text("select id, event_id from outbox where id > :top order by id"), {"top": told.after}
    )
    unseen = [row.id for row in rows if str(row.event_id) not in told.ids]
    await session.execute(
        text("select setval(pg_get_serial_sequence('outbox', 'id'), :last)"), {"last": last}
    )
    await create_outbox_partitions(session, now=datetime.now(UTC), limit=0)
    if not unseen or unseen[0] > told.sequence:
        return 0
    for id in unseen:  # all of them, or those of one key would change places
        await session.execute(text("update outbox set id = default where id = :id"), {"id": id})
    return len(unseen)


async def read_again(settings: Settings, group: str) -> int:
    """Put the group back to the start of each partition it has read; how many those are."""
    consumer = AIOKafkaConsumer(**access(settings), group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        commits = await commits_of(settings, group)
        if commits:
            consumer.assign(list(commits))
            start = {one: OffsetAndMetadata(0, found.metadata) for one, found in commits.items()}
            await consumer.commit(start)
    finally:
        await consumer.stop()
    return len(commits)


async def _run(settings: Settings, service: str) -> None:
    mended = await mend(settings, service, published_topics(service))
    partitions = await read_again(settings, service)
    print(
        f"{service}: {mended.records} records read; ids go on above {mended.sequence},"
        f" generation {mended.generation}; {mended.renumbered} waiting events renumbered;"
        f" {partitions} partitions are read again. Start the service."
    )


def main() -> int:
    parser = Arguments("restored", "After a restore from a back-up.")
    parser.add_argument("service", choices=SERVICES)
    service: str = parser.parse_args().service
    configure_command(service)
    url = os.environ.get("DONDOC_DATABASE_URL", "").replace("{service}", service)
    try:
        asyncio.run(_run(Settings(database_url=url), service))
    except ValidationError:
        print("restored: set DONDOC_DATABASE_URL, postgresql+asyncpg://…", file=sys.stderr)
        return 2
    except (SQLAlchemyError, KafkaError, OSError) as error:
        line = str(error).splitlines()[0] if str(error) else type(error).__name__
        print(f"restored: {service}: {line}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
