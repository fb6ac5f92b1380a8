"""A service as tests see it: real database and API, Kafka records handed over without a broker."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy import MetaData, func, select, text

from shared.auth import UserRole
from shared.batch import BatchHandler
from shared.clock import Clock
from shared.codec import encode
from shared.database import Sessions
from shared.events.base import Event
from shared.events.catalogue import publisher_of
from shared.ids import uuid7
from shared.jobs import InTransaction, WithSessions
from shared.messaging import DeadLetter, MessagingBase, OutboxRow
from shared.records import Received, StoredRecord, read
from shared.tokens import sign

E = TypeVar("E", bound=Event)
START = datetime(2016, 10, 20, 1, 0, tzinfo=UTC)

_offsets = itertools.count()


class ClockForTests:
    """Stands still until a test sets it."""

    def __init__(self) -> None:
        self.at = START

    def set(self, at: datetime) -> None:
        self.at = at

    def clock(self) -> Clock:
        return Clock(START, 1.0, START.timestamp(), real=lambda: self.at.timestamp())


def record_of(
    event: Event,
    *,
    event_id: UUID | None = None,
    time: datetime | None = None,
    partition: int = 0,
    offset: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> StoredRecord:
    """The Kafka record of an event; ``headers`` override what a publisher would say."""
    told = {
        "ce_specversion": "1.0",
        "ce_id": str(event_id or uuid7()),
        "ce_type": event.type,
        "ce_source": f"/dondoc/{publisher_of(event.type)}",
        "ce_time": (time or START).isoformat(),
        "ce_subject": event.key,
        "content-type": "application/json",
        "ce_correlationid": "test",
        **(headers or {}),
    }
    return StoredRecord(
        topic=event.topic,
        partition=partition,
        offset=next(_offsets) if offset is None else offset,
        key=event.key.encode(),
        value=encode(event),
        headers=[(name, value.encode()) for name, value in told.items()],
    )


@dataclass
class ServiceUnderTest:
    """One service of the system, without its background loops."""

    app: FastAPI
    keys: Path
    own_tables: MetaData
    clock: ClockForTests = field(default_factory=ClockForTests)

    def __post_init__(self) -> None:
        self.sessions: Sessions = self.app.state.sessions
        self.use_clock()

    def use_clock(self) -> None:
        clock = self.clock.clock()
        self.app.state.clock = clock
        self.sessions.kw["info"]["clock"] = clock

    @property
    def batches(self) -> BatchHandler:
        return BatchHandler(self.sessions, self.app.state.handlers)

    def client(
        self,
        *roles: UserRole,
        agency: str | None = None,
        subject: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.AsyncClient:
        """An HTTP client with a real token; each POST gets an Idempotency-Key unless given."""
        token = sign(self.keys, roles, agency=agency, subject=subject)

        async def with_key(request: httpx.Request) -> None:
            if request.method == "POST":
                request.headers.setdefault("Idempotency-Key", str(uuid7()))

        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=False),
            base_url="http://test",
            headers={"Authorization": f"Bearer {token}", **(headers or {})},
            event_hooks={"request": [with_key]},
        )

    async def deliver(
        self,
        *events: Event,
        event_id: UUID | None = None,
        time: datetime | None = None,
        ids: Sequence[UUID] | None = None,
    ) -> None:
        """Hand the events over as one batch, as Kafka would; pass an id to deliver one twice."""
        given = list(ids or ([event_id] if event_id else []))
        records = [
            record_of(event, event_id=id, time=time or self.clock.at)
            for event, id in itertools.zip_longest(events, given)
        ]
        await self.deliver_records(*records)

    async def deliver_records(self, *records: StoredRecord) -> None:
        await self.batches.handle(self.read(*records))

    def read(self, *records: StoredRecord) -> list[Received]:
        found = (read(record, self.app.state.handlers) for record in records)
        return [received for received in found if received is not None]

    async def published(self, *types: type[E]) -> list[E]:
        """The events of these types in the outbox, oldest first."""
        by_type = {type.type: type for type in types}
        async with self.sessions() as session:
            rows = await session.scalars(
                select(OutboxRow).where(OutboxRow.type.in_(by_type)).order_by(OutboxRow.id)
            )
            return [by_type[row.type].model_validate_json(row.value) for row in rows]

    async def run(self, job: InTransaction, *, now: datetime, limit: int = 500) -> int:
        """Run a job until it finds nothing more; return how much it did in all."""
        total = 0
        while True:
            async with self.sessions.begin() as session:
                done = await job(session, now=now, limit=limit)
            total += done
            if not done:
                return total

    async def work(self, worker: WithSessions, *, now: datetime, limit: int = 500) -> int:
        """Run a worker once."""
        return await worker(self.sessions, now=now, limit=limit)

    async def count(self, model: Any, *where: Any) -> int:
        async with self.sessions() as session:
            counted = select(func.count()).select_from(model).where(*where)
            return await session.scalar(counted) or 0

    async def dead_letters(self) -> list[DeadLetter]:
        """What is dead or parked, oldest first."""
        async with self.sessions() as session:
            waiting = select(DeadLetter).where(DeadLetter.state.in_(("dead", "parked")))
            return list((await session.scalars(waiting.order_by(DeadLetter.id))).all())

    async def empty(self) -> None:
        """Every table as the first migration leaves it, but for rows that migrations inserted."""
        kept = {"outbox_cursor", "inbox_floor"}
        tables = [
            table.name
            for metadata in (self.own_tables, MessagingBase.metadata)
            for table in metadata.tables.values()
            if table.name not in kept
        ]
        async with self.sessions.begin() as session:
            await session.execute(text(f"truncate {', '.join(tables)} cascade"))
            await session.execute(
                text(
                    "update outbox_cursor set epoch = 0, generation = 1, top = 0, gap_lo = '{}',"
                    " gap_hi = '{}', marks = '{}'"
                )
            )
            await session.execute(text("update inbox_floor set floor = '1970-01-01 00:00:00+00'"))
            await session.execute(text("alter table outbox alter column id restart"))
        self.clock.set(START)
        self.use_clock()
