"""What the check looks at: the four databases and everything on the topics. Nothing is written."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.migrate import SERVICES
from shared.restore_mark import RestoreUnfinished, refuse_marked

TOPICS = (
    "assignment.directives",
    "assignment.tasks",
    "assignment.agencies",
    "reporting.reports",
    "notification.notices",
    "budget.lines",
)


READ_SECONDS = 600


class CannotVerify(Exception):
    """Something that is needed is missing; the text says what to do."""


@dataclass(frozen=True)
class Message:
    """A record as it stands on a topic; what it does not say readably is None or empty."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    id: str
    type: str | None
    source: str
    sequence: int
    body: dict[str, Any]
    tombstone: bool
    cause: str = ""
    """Id of the event, or of the request, that led to it."""


@dataclass
class Sources:
    """Open connections by service, all messages, and the instant up to which sweeps have run."""

    databases: dict[str, asyncpg.Connection]
    messages: list[Message]
    swept: datetime
    first_copies: list[Message] = field(default_factory=list)
    recorded: set[str] = field(default_factory=set)
    """Ids of all outboxes, read by ``know_recorded``; the rest of the messages is foreign."""

    def __post_init__(self) -> None:
        seen: set[tuple[str, str | None]] = set()
        for message in self.messages:
            copy = (message.id, message.type)  # a fact is told once in each of its versions
            if copy not in seen:
                seen.add(copy)
                self.first_copies.append(message)

    async def rows(self, service: str, sql: str) -> Sequence[Any]:
        found: Sequence[Any] = await self.databases[service].fetch(sql)
        return found

    async def column(self, service: str, sql: str) -> list[str]:
        return [str(row[0]) for row in await self.rows(service, sql)]

    async def know_recorded(self) -> None:
        for service in self.databases:
            self.recorded.update(await self.column(service, "select event_id from outbox"))

    @property
    def events(self) -> list[Message]:
        """First copies of what the services have recorded."""
        return [one for one in self.first_copies if one.id in self.recorded]

    @property
    def foreign(self) -> list[Message]:
        """First copies of what none of the services has recorded."""
        return [one for one in self.first_copies if one.id not in self.recorded]

    def of_type(self, *types: str) -> list[Message]:
        return [message for message in self.events if message.type in types]


def described(path: Path) -> dict[str, Any]:
    """Where the system is, as the launcher left it."""
    try:
        document: dict[str, Any] = json.loads(path.read_text())
        missing = set(SERVICES).difference(document["databases"])
        if missing or not document["kafka_url"]:
            raise ValueError(missing)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotVerify(f"{path} cannot be read: start the system first (make run)") from error
    return document


async def open_sources(document: dict[str, Any]) -> Sources:
    """Connect to the databases and read every topic to its end."""
    signing = document.get("kafka_signing", {})
    messages = await read_topics({"bootstrap_servers": document["kafka_url"], **signing})
    databases = await open_databases(document["databases"])
    return Sources(databases, messages, _swept(document["clock"]))


async def open_databases(urls: dict[str, str]) -> dict[str, asyncpg.Connection]:
    databases = {}
    for service, url in urls.items():
        try:
            databases[service] = await asyncpg.connect(url.replace("+asyncpg", ""), timeout=5)
        except (OSError, asyncpg.PostgresError, TimeoutError) as error:
            raise CannotVerify(f"the database of {service} does not answer: {error}") from error
        try:
            await refuse_marked(databases[service])
        except RestoreUnfinished as error:
            raise CannotVerify(f"{service}: {error}") from error
    return databases


def _swept(clock: dict[str, Any]) -> datetime:
    """Safely before the sweeps' horizon: what became due by then has been told."""
    now = datetime.now(UTC)
    if clock["start"] is None:
        return now - timedelta(minutes=5)
    start = datetime.fromisoformat(clock["start"])
    elapsed = max(0.0, now.timestamp() - clock["epoch"])
    return min(start + timedelta(seconds=elapsed * clock["rate"]), _stopped(clock))


def _stopped(clock: dict[str, Any]) -> datetime:
    stopped = clock.get("stopped")
    return datetime.fromisoformat(stopped) if stopped else datetime.max.replace(tzinfo=UTC)


async def read_topics(access: dict[str, Any]) -> list[Message]:
    """Everything there is when the reading begins, in the order of each partition.

    ``access``: where Kafka is and how to sign in, in aiokafka's words.
    """
    consumer = AIOKafkaConsumer(
        **access,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=50,
        max_partition_fetch_bytes=2_000_000,
    )
    try:
        await consumer.start()
    except Exception as error:
        where = access["bootstrap_servers"]
        await consumer.stop()
        raise CannotVerify(f"no Kafka answers at {where}, or it does not let us in") from error
    try:
        partitions = []
        for topic in TOPICS:
            consumer._client.add_topic(topic)
        await consumer._client.force_metadata_update()
        for topic in TOPICS:
            numbers = consumer.partitions_for_topic(topic) or set()
            partitions += [TopicPartition(topic, number) for number in numbers]
        consumer.assign(partitions)
        await consumer.seek_to_beginning()
        async with asyncio.timeout(READ_SECONDS):
            found = [message_of(record) for record in await read_to_the_end(consumer)]
        return sorted(found, key=lambda one: (one.topic, one.partition, one.offset))
    except TimeoutError as error:
        raise CannotVerify(f"the topics could not be read within {READ_SECONDS} s") from error
    finally:
        await consumer.stop()


async def read_to_the_end(consumer: AIOKafkaConsumer) -> list[Any]:
    """The records from where the consumer is up to where each of its partitions ends now.

    The embedded broker says that a partition ends within its last batch; a fetch has it whole.
    """
    ends = await consumer.end_offsets(consumer.assignment())
    found: list[Any] = []
    while any([await consumer.position(one) < end for one, end in ends.items()]):
        polled = await consumer.getmany(timeout_ms=250)
        found += [record for records in polled.values() for record in records]
    return found


def message_of(record: Any) -> Message:
    headers = _texts(record.headers)
    try:
        body = json.loads(record.value or b"{}")
    except ValueError:
        body = {}
    sequence = headers.get("ce_sequence", "0")
    return Message(
        record.topic,
        record.partition,
        record.offset,
        record.key,
        _id(record, headers),
        headers.get("ce_type"),
        headers.get("ce_source", ""),
        int(sequence) if sequence.isdecimal() else 0,
        body if isinstance(body, dict) else {},
        record.value is None,
        headers.get("ce_causationid", ""),
    )


def _texts(headers: Sequence[tuple[str, bytes | None]]) -> dict[str, str]:
    """The headers that are UTF-8; others count as missing."""
    texts: dict[str, str] = {}
    for name, value in headers:
        try:
            texts[name] = (value or b"").decode()
        except UnicodeDecodeError:
            continue
    return texts


def _id(record: Any, headers: dict[str, str]) -> str:
    """The event's id; where it has none, the one protocol.md §4 makes of topic, key and value."""
    try:
        return str(UUID(headers["ce_id"]))
    except (KeyError, ValueError):
        parts = (record.topic.encode(), record.key or b"", record.value or b"")
        hashed = sha256(b"".join(len(part).to_bytes(8) + part for part in parts))
        return str(UUID(bytes=hashed.digest()[:16]))
