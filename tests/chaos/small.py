"""The four services in one process, their relays and batches driven by hand: races on demand.

Real databases, a real broker, the product's own relay round, batch handler and HTTP; only the
loops around them are missing. At the end the judge of ``make verify`` looks at what is left.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.local.stack import LocalStack
from deploy.verify.invariants import verify
from deploy.verify.results import Result
from deploy.verify.sources import Sources, message_of, open_databases, read_to_the_end
from shared.auth import UserRole
from shared.cursor import take
from shared.database import connect_alone, insert_rows
from shared.events.catalogue import TOPICS
from shared.ids import uuid7
from shared.lanes import Lanes, Producer, create_producer, drop
from shared.lost_log import log_lost, send_again
from shared.messaging import OutboxRow
from shared.outbox import COLUMNS, rows_of
from shared.records import read
from shared.relay import Round
from shared.settings import Settings
from shared.testing import ServiceUnderTest
from tests.assignment.letter import seed

DUE = "2016-12-15"


@dataclass
class Small:
    """``records`` is what the topics got since the beginning; each service has read a part."""

    stack: LocalStack
    services: dict[str, ServiceUnderTest]
    producer: Producer
    consumer: AIOKafkaConsumer
    records: list[Any] = field(default_factory=list)
    read_to: dict[str, int] = field(default_factory=dict)

    def settings(self, service: str) -> Settings:
        told: Settings = self.services[service].app.state.settings
        return told.model_copy(update={"kafka_kind": self.stack.kafka_kind})

    async def begin(self) -> None:
        """From here on the topics count; earlier tests wrote there too."""
        await self.fetch()
        self.records.clear()

    async def fetch(self) -> None:
        """Read on to the end of every topic."""
        self.records += await read_to_the_end(self.consumer)

    async def relay(self, service: str, *, rounds: int = 0) -> None:
        """Send what is committed; after a failure start over from the saved cursor, as the
        product's loop does. Without ``rounds`` until nothing is left, not even a gap."""
        for _ in range(20):
            connection = await connect_alone(self.settings(service), "relay")
            try:
                return await self._relay(service, connection, rounds or 100, to_the_end=not rounds)
            except KafkaError:
                continue
            finally:
                connection.terminate()
        raise AssertionError("the relay never came through")

    async def _relay(
        self, service: str, connection: asyncpg.Connection, rounds: int, *, to_the_end: bool
    ) -> None:
        position = await take(connection)
        if await log_lost(self.settings(service), position):
            await send_again(self.settings(service), connection, position)
        round = Round(connection, Lanes(self.producer), position)
        for _ in range(rounds):
            if not await round.run() and to_the_end and not position.gaps:
                return

    async def deliver(self, service: str) -> None:
        """Fetch, and hand over what the service has not read, in batches as polls bring it."""
        await self.fetch()
        await self.hand_over(service)

    async def hand_over(self, service: str) -> None:
        app = self.services[service].app
        new = self.records[self.read_to.get(service, 0) :]
        self.read_to[service] = len(self.records)
        heard = [one for one in new if one.topic in app.state.handlers.topics]
        batch = [one for record in heard if (one := read(record, app.state.handlers)) is not None]
        for start in range(0, len(batch), 500):
            await self.services[service].batches.handle(batch[start : start + 500])

    async def settle(self) -> None:
        """Everything sent and everything handled."""
        before: object = None
        while before != (now := (len(self.records), dict(self.read_to))):
            before = now
            for service in self.services:
                await self.relay(service)
            await self.fetch()
            for service in self.services:
                await self.hand_over(service)

    async def verify(self) -> list[Result]:
        await self.fetch()
        databases = await open_databases(
            {name: self.stack.database_url(name) for name in self.services}
        )
        try:
            messages = [message_of(record) for record in sorted(self.records, key=_place)]
            return await verify(Sources(databases, messages, datetime(2016, 1, 1, tzinfo=UTC)))
        finally:
            for connection in databases.values():
                await connection.close()

    async def issue(
        self, *, leads: Iterable[str] = ("HN-SCT", "HN-STC"), coordinate: Iterable[str] = ()
    ) -> list[UUID]:
        """A letter's tasks, in the order of their agencies, known to everybody."""
        id = uuid7()
        item = {
            "id": str(uuid7()),
            "path": "1",
            "start": 0,
            "end": 9,
            "text": "Tổ chức thực hiện",
            "lead": list(leads),
            "coordinate": list(coordinate),
            "deadline": {"kind": "date", "on": DUE},
            "money_aspect": True,
        }
        letter = {
            "number_symbol": f"{id.hex[-12:]}/UBND",
            "kind": "công văn",
            "issued_on": "2016-10-20",
            "issuer": "HN-UBND",
            "subject": "thử",
            "items": [item],
        }
        async with self.services["assignment"].client(UserRole.COORDINATOR) as client:
            (await client.put(f"/directives/{id}", json=letter)).raise_for_status()
            (await client.post(f"/directives/{id}/issue")).raise_for_status()
            found = (await client.get(f"/tasks?directive={id}")).json()["items"]
        await self.settle()
        return [UUID(task["id"]) for task in sorted(found, key=lambda one: one["agency"])]

    async def act(self, task: UUID, verb: str, agency: str = "HN-SCT") -> None:
        """The agency acknowledges or starts its task."""
        client = self.services["assignment"].client(UserRole.AGENCY, agency=agency)
        async with client:
            (await client.post(f"/tasks/{task}/{verb}")).raise_for_status()

    async def finish(self, task: UUID, agency: str) -> None:
        """The agency's final report comes and is accepted."""
        reporting = self.services["reporting"]
        async with reporting.client(UserRole.AGENCY, agency=agency) as client:
            owed = (await client.get(f"/obligations?task={task}")).json()["items"]
            body = {"obligation_id": owed[0]["id"], "narrative": "xong"}
            report = uuid7()
            (await client.put(f"/reports/{report}", json=body)).raise_for_status()
        async with reporting.client(UserRole.COORDINATOR) as client:
            (await client.post(f"/reports/{report}/accept")).raise_for_status()
        await self.settle()

    async def extend(self, task: UUID, due_on: str) -> None:
        async with self.services["assignment"].client(UserRole.COORDINATOR) as client:
            version = (await client.get(f"/tasks/{task}")).headers["etag"]
            body = {"due_on": due_on, "reason": "Chấp thuận."}
            answer = await client.post(
                f"/tasks/{task}/extend", json=body, headers={"If-Match": version}
            )
            answer.raise_for_status()

    async def replay_dead(self, service: str) -> None:
        """An operator replays the head of every key that waits."""
        async with self.services[service].client(UserRole.OPERATOR) as client:
            seen: set[int] = set()
            for _ in range(10):
                answer = await client.get("/operator/dead-letters?limit=200")
                waiting = [
                    one["id"]
                    for one in answer.json()["items"]
                    if one["state"] in ("dead", "parked") and one["id"] not in seen
                ]
                for id in sorted(waiting):
                    seen.add(id)
                    await client.post(f"/operator/dead-letters/{id}/replay")


def _partitions() -> list[TopicPartition]:
    return [
        TopicPartition(topic, number)
        for topic, spec in TOPICS.items()
        for number in range(spec.partitions)
    ]


def _place(record: Any) -> tuple[str, int, int]:
    return record.topic, record.partition, record.offset


async def written(session: AsyncSession) -> None:
    """The events of this transaction stand in the outbox, not committed yet."""
    await session.flush()
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in rows_of(session.sync_session)]
    await insert_rows(session, OutboxRow, rows)
    session.info["outbox"].clear()


@asynccontextmanager
async def a_small_system(
    stack: LocalStack, services: dict[str, ServiceUnderTest]
) -> AsyncIterator[Small]:
    """With the register of Hà Nội published and heard."""
    settings = services["assignment"].app.state.settings
    own = settings.model_copy(update={"kafka_kind": stack.kafka_kind})
    producer = create_producer(own, "test")
    consumer = AIOKafkaConsumer(
        bootstrap_servers=stack.kafka_url, fetch_max_wait_ms=50, auto_offset_reset="earliest"
    )
    await producer.start()
    await consumer.start()
    try:
        consumer.assign(_partitions())
        await consumer.seek_to_beginning()
        small = Small(stack, services, producer, consumer)
        await small.begin()
        await seed(services["assignment"])
        await small.settle()
        yield small
    finally:
        await consumer.stop()
        await drop(producer)
