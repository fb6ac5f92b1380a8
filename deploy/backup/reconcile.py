"""After a restore: what the databases and the topics know of each other's events.

What the topics have and a restored service has not heard is heard again: its group reads from the
start, its inbox drops what it knows, and what it says of an event has the id that it had the first
time. What a restored publisher has and the topics have lost is sent again. From here on its log is
of a new generation. What a publisher has forgotten and others heard is nowhere to be had: it is
named. ``tests/model/restore.py`` is its model.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from aiokafka.errors import CommitFailedError, KafkaError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.backup.errors import BackupError
from deploy.local.broker import aiokafka_silent
from deploy.restored import read_again
from deploy.verify.sources import Message
from shared.database import create_engine, create_sessions
from shared.events.catalogue import TOPICS
from shared.outbox_partitions import LAST_ID_SQL, create_outbox_partitions
from shared.restored import Told, published_topics, told_by
from shared.settings import KafkaKind, Settings

SENT_AGAIN = timedelta(days=30)
"""What is older has left the topics by their retention, and soon the inboxes too."""
PATIENCE_SECONDS = 120.0
"""Longer than the session of a replica that was stopped a moment ago."""

SINCE_2020 = 1_577_836_800
"""Seconds from 1970 on: what has passed since then fits the cursor's generation until 2088."""

_CURSOR_SQL = text(
    "update outbox_cursor set epoch = epoch + 1,"
    " generation = greatest(generation + 1, :told + 1, :now), top = least(top, :top),"
    " gap_lo = case when cast(:resend as boolean) then '{}' else gap_lo end,"
    " gap_hi = case when cast(:resend as boolean) then '{}' else gap_hi end, marks = '{}'"
)


@dataclass(frozen=True)
class Forgotten:
    """An event that stands on a topic, and that its restored publisher does not know."""

    id: str
    type: str | None
    topic: str
    key: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Reconciled:
    """Of one service. ``missing``: how many of its events the topics had lost.

    ``expected``: those of the forgotten that it will say again, with the same id, once it has heard
    again what they answered, or once its clockwork has run.
    """

    missing: int
    forgotten: list[Forgotten]
    expected: list[Forgotten]


async def reconcile(settings: Settings, service: str, messages: Iterable[Message]) -> Reconciled:
    """Make the restored database fit to serve; nothing that it publishes meets an old id."""
    on_topics = {one.id for one in messages}
    own = [one for one in messages if one.source == f"/dondoc/{service}"]
    told = await told_by(settings, service, published_topics(service))
    engine = create_engine(settings.database_url, name="restore")
    sessions = create_sessions(engine, source=service, clock=settings.clock)
    try:
        async with sessions.begin() as session:
            rows = (await session.execute(text("select id, event_id, topic from outbox"))).all()
            known = {str(row.event_id) for row in rows}
            lowest = min((row.id for row in rows), default=0)
            unknown = {one.id: one for one in own if one.id not in known and one.sequence >= lowest}
            missing = await _missing(session, {one.id for one in own})
            await _move_on(session, told, resend=bool(missing))
    finally:
        await engine.dispose()
    if settings.kafka_kind is KafkaKind.APACHE:  # the embedded one keeps no offsets anyway
        await _read_again(settings, service)
    again = {id for id, one in unknown.items() if _is_said_again(one, on_topics)}
    return Reconciled(
        missing,
        [_forgotten(one) for id, one in unknown.items() if id not in again],
        [_forgotten(unknown[id]) for id in again],
    )


async def _read_again(settings: Settings, service: str) -> None:
    """Kafka takes a stopped replica for a member until its session ends, and refuses till then.

    One that is new, and has no group yet, has no coordinator for the first moments either.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    with aiokafka_silent():
        while True:
            try:
                await read_again(settings, service)
                return
            except CommitFailedError as error:
                if time.monotonic() > until:
                    raise BackupError(
                        f"Kafka still has members of the group {service}: stop its replicas first"
                    ) from error
            except KafkaError as error:
                if not error.retriable or time.monotonic() > until:
                    raise
            await asyncio.sleep(1)


def _is_said_again(one: Message, on_topics: set[str]) -> bool:
    """Whether its id follows from an event that is there, or from a date (``shared.ids``)."""
    return UUID(one.id).version == 8 and (not one.cause or one.cause in on_topics)


def _forgotten(one: Message) -> Forgotten:
    key = (one.key or b"").decode(errors="backslashreplace")
    return Forgotten(one.id, one.type, one.topic, key, one.body)


async def _missing(session: AsyncSession, on_topics: set[str]) -> int:
    """Events that Kafka had acknowledged and has no more; compaction and retention lose none."""
    kept = [name for name, spec in TOPICS.items() if not spec.compacted]
    sent = await session.scalars(
        text(
            "select event_id from outbox where topic = any(:topics) and recorded_at > :since"
            " and id <= (select top from outbox_cursor)"
        ),
        {"topics": kept, "since": datetime.now(UTC) - SENT_AGAIN},
    )
    return sum(str(id) not in on_topics for id in sent)


async def _move_on(session: AsyncSession, told: Told, *, resend: bool) -> None:
    """Ids and generation go on above all that were given out, also since an earlier restore.

    The generation rises even if nothing is missing: a subscriber may stand behind what the topics
    have lost, and would not see what is written there now.
    """
    now = time.time()
    since = {"since": datetime.now(UTC) - SENT_AGAIN}
    first = await session.scalar(
        text("select min(id) from outbox where recorded_at > :since"), since
    )
    cursor = {
        "told": told.generation,
        "now": int(now) - SINCE_2020,
        "top": (first or 1) - 1 if resend else 2**62,
        "resend": resend,
    }
    await session.execute(_CURSOR_SQL, cursor)
    milliseconds = int(now * 1000)
    last = max(told.sequence, await session.scalar(text(LAST_ID_SQL)) or 0, milliseconds)
    await session.execute(
        text("select setval(pg_get_serial_sequence('outbox', 'id'), :last)"), {"last": last}
    )
    await create_outbox_partitions(session, now=datetime.now(UTC), limit=0)


async def heard_only(
    databases: Mapping[str, asyncpg.Connection], messages: Iterable[Message], since: datetime
) -> dict[str, list[str]]:
    """By service: ids of events that it handled and that are in no outbox and on no topic.

    Such an event was recorded after its publisher's dump, hence heard after ``since``, the first
    of the dumps.
    """
    known = {one.id for one in messages}
    for connection in databases.values():
        known |= {str(row[0]) for row in await connection.fetch("select event_id from outbox")}
    found = {}
    for service, connection in databases.items():
        heard = await connection.fetch(
            "select event_id from inbox where received_at >= $1 order by received_at", since
        )
        found[service] = [str(row[0]) for row in heard if str(row[0]) not in known]
    return found


_TASKS_SQL = {
    "reporting": "select task_id::text from task_facts",
    "notification": "select task_id::text from task_facts",
    "budget": "select task_id::text from lines where task_id is not null and fingerprint is null",
}
_PEOPLES_LINES_SQL = """
select id::text, task_id::text from lines
where task_id is not null and fingerprint is not null order by 1"""


@dataclass(frozen=True)
class Nobodys:
    """What services know of tasks that assignment does not know.

    ``tasks``: by service, such as only an event can have brought: assignment has forgotten them,
    and ``make verify`` names them. ``lines``: of budget, with their tasks, such as people opened,
    who may name any task: nobody can know whether it ever was, and ``verify`` passes them over.
    """

    tasks: dict[str, list[str]]
    lines: dict[str, str]


async def nobodys(databases: Mapping[str, asyncpg.Connection]) -> Nobodys:
    rows = await databases["assignment"].fetch("select id::text from tasks")
    tasks = {row[0] for row in rows}
    return Nobodys(
        {
            service: sorted({row[0] for row in await databases[service].fetch(sql)} - tasks)
            for service, sql in _TASKS_SQL.items()
        },
        {
            line: task
            for line, task in await databases["budget"].fetch(_PEOPLES_LINES_SQL)
            if task not in tasks
        },
    )


def as_document(
    reconciled: Mapping[str, Reconciled],
    heard: Mapping[str, list[str]],
    nobodys: Nobodys,
) -> dict[str, Any]:
    """What could not be known, for people and for tests."""
    return {
        "forgotten": {
            service: [asdict(one) for one in found.forgotten]
            for service, found in reconciled.items()
        },
        "expected_again": {
            service: [asdict(one) for one in found.expected]
            for service, found in reconciled.items()
        },
        "heard_only": dict(heard),
        "tasks_of_nobody": nobodys.tasks,
        "peoples_lines_of_nobodys_tasks": nobodys.lines,
    }
