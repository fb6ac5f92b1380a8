"""protocol.md §4: what becomes of each event of a batch, and in which runs handlers get them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import array_text
from shared.events.catalogue import TOPICS
from shared.handlers import Refusal
from shared.metrics import EVENTS_CONSUMED, EVENTS_SET_ASIDE
from shared.records import Received
from shared.trace import ids_of
from shared.trail import tell_handled

log = structlog.get_logger()

_BLOCK = text(
    "select floor, topic, key from (select (select floor from inbox_floor) as floor) f left join"
    " (select b.topic, b.key from blocked_keys b"
    " join unnest(cast(cast(:topics as text) as text[]), cast(cast(:keys as text) as text[]))"
    " u(topic, hex) on b.topic = u.topic and b.key = decode(u.hex, 'hex') for share of b) b on true"
)

Key = tuple[str, bytes]


@dataclass(slots=True)
class Disposed:
    """What one attempt decided of the batch, to be written before its commit."""

    dead: list[tuple[Received, Refusal]] = field(default_factory=list)
    parked: list[Received] = field(default_factory=list)
    handled: list[Received] = field(default_factory=list)
    blocked: set[Key] = field(default_factory=set)

    def park_if_blocked(self, received: Received) -> bool:
        if self.blocked and received.blocking_key in self.blocked:
            self.parked.append(received)
            return True
        return False

    def kill(self, received: Received, refusal: Refusal) -> None:
        self.dead.append((received, refusal))
        if received.blocking_key is not None:
            self.blocked.add(received.blocking_key)


def runs_of(events: Sequence[Received]) -> list[list[Received]]:
    """Split into runs: one type, each key at most once, and no key's events swapped.

    An event joins the latest run of its type if that comes after its key's last run.
    """
    runs: list[list[Received]] = []
    latest: dict[str, int] = {}
    last: dict[bytes | None, int] = {}
    for event in events:
        run = latest.get(event.type)
        key = event.record.key
        if run is None or run <= last.get(key, -1):
            run = len(runs)
            runs.append([])
            latest[event.type] = run
        runs[run].append(event)
        last[key] = run
    return runs


def first_copies(batch: Sequence[Received], fresh: set[UUID]) -> list[Received]:
    left = set(fresh)
    events = []
    for one in batch:
        if one.id in left:
            left.discard(one.id)
            events.append(one)
    return events


async def blocked_keys(session: AsyncSession, events: Sequence[Received]) -> set[Key]:
    """BLOCK: the keys among these that wait behind a dead letter, held against a drain."""
    keyed = [(one.record.topic, key) for one in events if (key := one.record.key) is not None]
    topics = array_text(topic for topic, _ in keyed)
    keys = array_text(key.hex() for _, key in keyed)
    rows = (await session.execute(_BLOCK, {"topics": topics, "keys": keys})).all()
    session.info["floor"] = rows[0].floor
    return {(row.topic, bytes(row.key)) for row in rows if row.key is not None}


def sift(
    events: Sequence[Received],
    disposed: Disposed,
    floor: datetime | None,
    condemned: Refusal | None,
) -> list[Received]:
    """What may go into runs; the rest is parked or dead already.

    What is unfit is dead also behind a dead one: parked, a drain would apply it.
    """
    ready = []
    for one in events:
        refusal = unfit(one, floor)
        if refusal is None and disposed.park_if_blocked(one):
            continue
        refusal = refusal or condemned
        if refusal is not None:
            disposed.kill(one, refusal)
        else:
            ready.append(one)
    return ready


def unfit(one: Received, floor: datetime | None) -> Refusal | None:
    if one.error is not None:
        return Refusal(one.error)
    recorded = one.envelope.recorded_at if one.envelope else None
    old = recorded is not None and floor is not None and recorded < floor
    if old and not TOPICS[one.record.topic].compacted:
        return Refusal("older than the inbox: it may have been applied before; an operator decides")
    return None


def count(disposed: Disposed) -> None:
    for type, number in Counter(one.type for one in disposed.handled).items():
        EVENTS_CONSUMED.labels(type).inc(number)
    for one, refusal in disposed.dead:
        state = "early" if refusal.try_again else "dead"
        EVENTS_SET_ASIDE.labels(one.type or "unreadable", state).inc()
        tell = log.info if refusal.try_again else log.error
        ids = {"event_id": str(one.id), "type": one.type, **ids_of(one.envelope)}
        tell("event_set_aside", state=state, reason=refusal.reason, **ids)
    for one in disposed.parked:
        EVENTS_SET_ASIDE.labels(one.type, "parked").inc()
    tell_handled("handled", [_trail(one) for one in disposed.handled])
    tell_handled("parked", [_trail(one) for one in disposed.parked])


def _trail(one: Received) -> tuple[str, str]:
    return ("" if one.envelope is None else one.envelope.correlation_id), str(one.id)
