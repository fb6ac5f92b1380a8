"""What came from Kafka, made readable before any transaction (protocol.md §4, "decode each")."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from shared.codec import MAX_BYTES, Unreadable, decode, encode
from shared.error_words import words_of
from shared.events.base import Event, brought_to, versions
from shared.events.catalogue import TOPICS
from shared.handlers import Envelope, Handlers
from shared.ids import uuid_of
from shared.inbox import digest
from shared.messaging import DeadLetter
from shared.trace import traceparent_of

MOST_HEADERS = 100
"""Of a record with more, the others are neither read nor kept."""


class Record(Protocol):
    """The part of aiokafka's ConsumerRecord that matters here."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]: ...


@dataclass(frozen=True)
class StoredRecord:
    """A record as a dead letter keeps it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]

    @classmethod
    def of(cls, letter: DeadLetter) -> "StoredRecord":
        headers = [(name, value.encode()) for name, value in letter.headers]
        return cls(letter.topic, letter.partition, letter.offset, letter.key, letter.value, headers)


@dataclass(slots=True)
class Received:
    """One record: an event with its envelope, or an error that says why it is none."""

    record: Record
    id: UUID
    type: str
    digest: int
    event: Event | None = None
    envelope: Envelope | None = None
    error: str | None = None

    @property
    def blocking_key(self) -> tuple[str, bytes] | None:
        """What later events wait behind; a record without a key holds nobody up."""
        return None if self.record.key is None else (self.record.topic, self.record.key)


_OURS = frozenset(
    (
        "ce_specversion",
        "ce_id",
        "ce_type",
        "ce_time",
        "ce_correlationid",
        "ce_causationid",
        "traceparent",
        "ce_sequence",
        "ce_recordedtime",
    )
)


def read(record: Record, handlers: Handlers) -> Received | None:
    """The event of a record; None for what this service has no handler for, and for tombstones."""
    headers = _texts(record.headers)
    type = headers.get("ce_type")
    if type is not None and type not in handlers.by_type:
        return None
    if record.value is None and TOPICS[record.topic].compacted:
        return None
    try:
        return _event(record, headers, type, handlers)
    except ValueError as error:
        words = words_of(error)
        return Received(
            record,
            _id_or_hash(record, headers),
            type or "",
            digest(type or "", record.value),
            error=words if isinstance(error, Unreadable) else f"Unreadable: a header: {words}",
        )


def _event(
    record: Record, headers: dict[str, str], type: str | None, handlers: Handlers
) -> Received:
    if record.value is None:
        raise Unreadable("the value is null, and only a compacted topic has tombstones")
    if len(record.value) > MAX_BYTES:
        raise Unreadable(f"{len(record.value)} bytes, but at most {MAX_BYTES} are read")
    if type is None:
        raise Unreadable("the header ce_type is missing or not UTF-8")
    if not headers.get("ce_specversion", "").startswith("1."):
        raise Unreadable("the header ce_specversion must be 1.0")
    envelope = _envelope(headers, type, generation_of(record))
    event = decode(handlers.by_type[type][0], record.value)
    if event.topic != record.topic:
        raise Unreadable(f"{type} belongs on {event.topic}, not on {record.topic}")
    if (record.key or b"") != event.key.encode():
        raise Unreadable("the record's key is not the one its body has")
    fingerprint = _digest(event, record.value)
    return Received(
        record, envelope.id, type, fingerprint, brought_to(handlers.newest[type], event), envelope
    )


def _digest(event: Event, value: bytes) -> int:
    """The same for all versions of a fact: that of the oldest, as its publisher tells it."""
    if event.earlier is None:
        return digest(event.type, value)
    *_, oldest = versions(event)
    return digest(oldest.type, encode(oldest))


def _envelope(headers: dict[str, str], type: str, generation: int) -> Envelope:
    time = _instant(headers.get("ce_time", ""))
    if time.tzinfo is None:
        raise Unreadable("the header ce_time has no offset")
    recorded = headers.get("ce_recordedtime")
    sequence = headers.get("ce_sequence")
    return Envelope(
        id=uuid_of(headers.get("ce_id", "")),
        type=type,
        time=time,
        correlation_id=headers.get("ce_correlationid", "")[:64] or headers["ce_id"],
        causation_id=headers.get("ce_causationid"),
        traceparent=traceparent_of(headers.get("traceparent")),
        sequence=int(sequence) if sequence else None,
        generation=generation,
        recorded_at=_instant(recorded) if recorded else None,
    )


_instant = lru_cache(maxsize=1024)(datetime.fromisoformat)
"""Remembered, since the events of a transaction share their instants."""


def generation_of(record: Record) -> int:
    """Which writing of the log the record belongs to; 1 where nothing is said."""
    for name, value in reversed(record.headers):  # the relay writes it last
        if name == "ce_loggeneration":
            return _generation(value)
    return 1


@lru_cache(maxsize=64)
def _generation(told: bytes | None) -> int:
    return int(told) if told is not None and told.isdigit() and len(told) < 9 else 1


def _texts(headers: Sequence[tuple[str, bytes | None]]) -> dict[str, str]:
    """What we read of the headers, if it is UTF-8. Of a repeated name the last counts."""
    texts: dict[str, str] = {}
    for name, value in headers[:MOST_HEADERS]:
        try:
            if value is not None and name in _OURS:
                texts[name] = value.decode()
        except UnicodeDecodeError:
            continue
    return texts


def _id_or_hash(record: Record, headers: dict[str, str]) -> UUID:
    """The event's id; where it has none, one made of topic, key and value.

    Not of the offset, which differs for a repeat and comes again on a new log.
    """
    try:
        return uuid_of(headers["ce_id"])
    except (KeyError, ValueError):
        parts = (record.topic.encode(), record.key or b"", record.value or b"")
        hashed = sha256(b"".join(len(part).to_bytes(8) + part for part in parts))
        return UUID(bytes=hashed.digest()[:16])
