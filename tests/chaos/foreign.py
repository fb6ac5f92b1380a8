"""A producer that is none of ours: poison, and copies of records, also in another order."""

import asyncio
import random
from collections import Counter, defaultdict, deque
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from deploy.local.broker import aiokafka_silent
from shared.closing import close_consumer
from shared.events.catalogue import TOPICS
from shared.ids import uuid7
from shared.lanes import drop

MARK = "chaos"
"""The header by which an operator knows poison."""
POISON = 0.01
COPIES = 0.02
REORDERED = 0.005
SHARES = {"poison": POISON, "duplicates": COPIES, "reordered runs": 0.0}
"""At least a third of it is sent, of records that are listened to, and each once."""
FEW = 20
TYPES = {
    "assignment.tasks": ("task_assigned", "deadline_extended", "task_cancelled"),
    "reporting.reports": ("report_submitted", "report_accepted"),
    "assignment.directives": ("directive_issued",),
    "budget.lines": ("overspend_refused",),
}


class Foreign:
    """Listens to everything, and sends what nobody should send."""

    def __init__(self, kafka_url: str, chance: random.Random) -> None:
        self._kafka_url = kafka_url
        self._chance = chance
        self._latest: dict[tuple[str, bytes], deque[Any]] = defaultdict(lambda: deque(maxlen=5))
        self._read: dict[TopicPartition, int] = {}
        self.heard = 0
        """Records that one in a hundred of is answered with poison."""
        self.sent: Counter[str] = Counter()

    async def run(self) -> None:
        with aiokafka_silent():
            while True:
                try:
                    await self._meddle()
                except (KafkaError, OSError):
                    self.sent["broken connections"] += 1
                    await asyncio.sleep(0.5)

    async def _meddle(self) -> None:
        """Go on where it stood when the broker went away."""
        consumer = AIOKafkaConsumer(*TOPICS, bootstrap_servers=self._kafka_url)
        producer = AIOKafkaProducer(bootstrap_servers=self._kafka_url, request_timeout_ms=5_000)
        try:
            await consumer.start()
            for partition, offset in self._read.items():
                consumer.seek(partition, offset)
            await producer.start()
            while True:
                polled = await consumer.getmany(timeout_ms=300)
                for record in (one for records in polled.values() for one in records):
                    self._read[TopicPartition(record.topic, record.partition)] = record.offset + 1
                    await self._answer(producer, record)
        finally:
            await drop(producer)
            await close_consumer(consumer)

    async def _answer(self, producer: AIOKafkaProducer, record: Any) -> None:
        if any(name == MARK for name, _ in record.headers):
            return
        latest = self._latest[record.topic, record.key or b""]
        latest.append(record)
        if len(self._latest) > 5_000:
            self._latest.pop(next(iter(self._latest)))
        if self._due("duplicates", COPIES):
            await self._copy(producer, record)
            self.sent["duplicates"] += 1
        if len(latest) > 1 and self._due("reordered runs", REORDERED):
            for one in reversed(latest):
                await self._copy(producer, one)
            self.sent["reordered runs"] += 1
        if record.topic in TYPES:
            self.heard += 1
            if self._due("poison", POISON):
                await self._poison(producer, record)
                self.sent["poison"] += 1

    def _due(self, what: str, chance: float) -> bool:
        """By chance; but what chance has left out for too long is due, or a short run on a slow
        machine, which hears little, would not have done it."""
        return self._chance.random() < chance or (self.heard >= FEW and self.lacks(what))

    def lacks(self, what: str) -> bool:
        return self.sent[what] < max(1, self.heard * SHARES[what] / 3)

    async def _copy(self, producer: AIOKafkaProducer, record: Any) -> None:
        await producer.send_and_wait(
            record.topic,
            record.value,
            key=record.key,
            partition=record.partition,
            headers=list(record.headers),
        )

    async def _poison(self, producer: AIOKafkaProducer, record: Any) -> None:
        """Unreadable values and headers, under keys of tasks that live and of none."""
        publisher, type = record.topic.partition(".")[0], self._chance.choice(TYPES[record.topic])
        headers = {
            "ce_specversion": b"1.0",
            "ce_id": str(uuid7()).encode(),
            "ce_type": f"{publisher}.{type}.v1".encode(),
            "ce_source": b"/chaos/foreign",
            "ce_time": b"2017-02-06T02:00:00+00:00",
        }
        key: bytes | None = str(uuid4()).encode()
        value: bytes | None = b'{"task_id": "not'
        match self._chance.randrange(8):
            case 0:
                key = record.key
            case 1:
                value = b"{}"
            case 2:
                value = b"\xff\xfe\x00"
            case 3:
                del headers["ce_id"]
                value = b"{" + str(uuid4()).encode()
            case 4:
                headers["ce_type"] = b"\xff"
            case 5:
                headers["ce_time"] = b"yesterday"
            case 6:
                key = None
            case 7:
                value = None
        told = [(name, text) for name, text in headers.items()]
        await producer.send_and_wait(record.topic, value, key=key, headers=[*told, (MARK, b"1")])
