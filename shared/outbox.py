"""protocol.md §1, the writer: an event is a row that commits with the change it reports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import structlog
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

from shared.codec import MAX_BYTES, encode
from shared.database import copy_rows
from shared.errors import Malformed
from shared.events.base import Event, versions
from shared.events.catalogue import TOPICS
from shared.handlers import Envelope, envelope
from shared.ids import derived_id, uuid7
from shared.trail import Recorded, tell_recorded

Ids = tuple[str, str | None, str | None]
"""Correlation id, causation id and trace context of an event."""
COLUMNS = ("event_id", "type", "topic", "key", "headers", "value")


class Unsendable(ValueError):
    """Kafka would refuse this event for ever; it must not get into the log."""


class EventTooLarge(Malformed):
    """What the others are to be told of this is more than an event may hold: make it smaller."""


@dataclass(slots=True)
class Collected:
    """An event waiting for the end of its transaction."""

    event: Event
    id: UUID | None
    at: datetime | None
    cause: Envelope | None


def publish(
    session: AsyncSession,
    *events: Event,
    cause: Event | Envelope | None = None,
    id: UUID | None = None,
    at: datetime | None = None,
) -> None:
    """Collect events; all of a transaction's are written as its last statement, in this order.

    The caller holds the lock of the one row that stands for each event's key. ``cause`` is the
    event that a handler answers (or its envelope, kept for later): correlation goes on from it.
    ``id`` is for a sweep's one event (``shared.ids.sweep_id``); with a cause the id follows from
    that and from what is said, so the same is never said twice of one cause. ``at`` is for the
    instant of a fact that is told later than it happened.
    """
    if id is not None and len(events) != 1:
        raise ValueError("an id is for one event")
    origin = cause if cause is None or isinstance(cause, Envelope) else envelope(session, cause)
    waiting = session.info.setdefault("outbox", [])
    waiting.extend(Collected(event, id, at, origin) for event in events)


def rows_of(session: Session) -> list[tuple[Any, ...]]:
    """The collected events as rows of the outbox."""
    source, now = f"/dondoc/{session.info['source']}", session.info["clock"].now()
    context = structlog.contextvars.get_contextvars()
    rows: list[tuple[Any, ...]] = []
    trail: list[Recorded] = []
    for entry in session.info["outbox"]:
        newest = encode(entry.event)
        event_id = _id(entry, newest)
        id, ids = str(event_id), _ids(entry.cause, context)
        for told in versions(entry.event):
            key, value = told.key, newest if told is entry.event else encode(told)
            if len(value) > MAX_BYTES:
                detail = f"What the others are to be told has {len(value)} bytes of {MAX_BYTES}."
                size = {"bytes": len(value), "most": MAX_BYTES}
                raise EventTooLarge(detail, event_type=told.type, **size)
            if told.topic not in TOPICS:
                raise Unsendable(f"{told.type} goes to {told.topic}, which is no topic")
            headers = _headers(id, told.type, key, source, entry.at or now, ids)
            rows.append((event_id, told.type, told.topic, key, headers, value))
        trail.append((ids[0], id, entry.event.type, entry.event.key, ids[1]))
    session.info["trail"] = trail
    return rows


def _id(entry: Collected, value: bytes) -> UUID:
    """What a handler says of an event has the same id if that event is handled again."""
    if entry.id is not None:
        return entry.id
    if entry.cause is None:
        return uuid7()
    return derived_id(entry.cause.id, entry.event.type.encode(), value)


def _ids(cause: Envelope | None, context: dict[str, Any]) -> Ids:
    """Correlation id, causation id and trace context that an event carries."""
    if cause is not None:
        return cause.correlation_id, str(cause.id), cause.traceparent
    correlation = context.get("correlation_id") or uuid7()
    return str(correlation), context.get("causation_id"), context.get("traceparent")


def _headers(id: str, type: str, key: str, source: str, time: datetime, ids: Ids) -> str:
    correlation, causation, traceparent = ids
    pairs = [
        ("ce_specversion", "1.0"),
        ("ce_id", id),
        ("ce_type", type),
        ("ce_source", source),
        ("ce_time", time),
        ("ce_subject", key),
        ("content-type", "application/json"),
        ("ce_correlationid", correlation),
    ]
    if causation:
        pairs.append(("ce_causationid", causation))
    if traceparent:
        pairs.append(("traceparent", traceparent))
    return orjson.dumps(pairs).decode()


@event.listens_for(Session, "before_commit")
def _write_last(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.get("outbox"):
        return
    session.flush()
    rows = rows_of(session)
    driver: Any = session.connection().connection
    if not driver.driver_connection.is_in_transaction():
        session.execute(text("select 1"))
    driver.dbapi_connection.run_async(lambda raw: copy_rows(raw, "outbox", COLUMNS, rows))


@event.listens_for(Session, "after_commit")
def _wake_relay(session: Session) -> None:
    if session.in_nested_transaction():
        return
    if session.info.pop("outbox", None):
        tell_recorded(session.info.pop("trail", ()))
        wake: Callable[[], None] | None = session.info.get("wake")
        if wake is not None:
            wake()


@event.listens_for(Session, "after_transaction_create")
def _mark_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        marks = session.info.setdefault("outbox_marks", {})
        marks[transaction] = len(session.info.get("outbox", ()))


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous: SessionTransaction) -> None:
    waiting = session.info.get("outbox", [])
    if previous.nested:
        del waiting[session.info["outbox_marks"].pop(previous, 0) :]
    else:
        waiting.clear()
