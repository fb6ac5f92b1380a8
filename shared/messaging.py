"""The tables of protocol.md §2, which every service's database has beside its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.database import NAMING

PARTITION_IDS = 5_000_000
"""Outbox ids in one partition of the log."""


class MessagingBase(DeclarativeBase):
    """Base of the plumbing's tables; a service's own tables sit on its own base."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: DateTime(timezone=True), str: Text()}


class OutboxRow(MessagingBase):
    """An event as it was committed; append-only. ``headers``: JSON pairs, encoded once."""

    __tablename__ = "outbox"
    __table_args__ = {"postgresql_partition_by": "range (id)"}

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True, cache=1), primary_key=True)
    event_id: Mapped[UUID]
    type: Mapped[str]
    topic: Mapped[str]
    key: Mapped[str]
    headers: Mapped[str]
    value: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class OutboxCursor(MessagingBase):
    """How far the relay is: everything up to ``top`` is acked, except the gaps.

    ``marks``: base offset of the last acked batch per ``topic/partition``.
    """

    __tablename__ = "outbox_cursor"
    __table_args__ = (CheckConstraint("one", name="one"),)

    one: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    epoch: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    generation: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    top: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    gap_lo: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default=text("'{}'"))
    gap_hi: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default=text("'{}'"))
    marks: Mapped[dict[str, int]] = mapped_column(JSONB, server_default=text("'{}'"))


class InboxRow(MessagingBase):
    """An event this service has disposed of. ``digest``: of its type and value."""

    __tablename__ = "inbox"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)


class InboxFloor(MessagingBase):
    """Below this instant the inbox may have forgotten; a fresh event that old is set aside."""

    __tablename__ = "inbox_floor"
    __table_args__ = (CheckConstraint("one", name="one"),)

    one: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    floor: Mapped[datetime]


class BlockedKey(MessagingBase):
    """A key with a dead letter; also the lock of that key."""

    __tablename__ = "blocked_keys"

    topic: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)


class DeadLetter(MessagingBase):
    """An event that could not be handled (dead) or stands behind one (parked)."""

    __tablename__ = "dead_letters"
    __table_args__ = (
        CheckConstraint("state in ('dead', 'parked', 'replayed', 'discarded')", name="state"),
        Index(
            "ix_dead_letters_topic_key_id",
            "topic",
            "key",
            "id",
            postgresql_where=text("state in ('dead', 'parked')"),
        ),
        Index(
            "ix_dead_letters_next_try_at",
            "next_try_at",
            postgresql_where=text("state = 'dead' and next_try_at is not null"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True, cache=1), primary_key=True)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    topic: Mapped[str]
    partition: Mapped[int]
    offset: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[bytes | None] = mapped_column(LargeBinary)
    headers: Mapped[list[list[str]]] = mapped_column(JSONB)
    value: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str]
    error: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    next_try_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
    reason: Mapped[str | None]


class IdempotencyKey(MessagingBase):
    """The answer to a POST, kept so that a client's repeat gets it again."""

    __tablename__ = "idempotency_keys"

    subject: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int]
    headers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
