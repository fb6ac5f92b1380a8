"""protocol.md §4: one batch, one transaction; runs, halving, and what is set aside."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import ARRAY, LargeBinary, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared import inbox
from shared.database import Sessions, is_transient, took_no_connection
from shared.dead_letters import SetAsideBefore, set_aside
from shared.error_words import words_of
from shared.errors import NotYet
from shared.events.catalogue import TOPICS
from shared.handlers import Handlers, Refusal
from shared.metrics import EVENTS_CONSUMED, EVENTS_SET_ASIDE
from shared.records import Received
from shared.trace import ids_of
from shared.tracing import Tracing
from shared.trail import tell_handled

log = structlog.get_logger()


@dataclass(frozen=True)
class GiveUp:
    """When a single event whose trouble should heal is dead all the same: after both."""

    attempts: int = 10
    seconds: float = 120.0


_BLOCK = text(
    "select (select floor from inbox_floor) as floor, exists (select 1 from blocked_keys) as any"
)
_BLOCKED = text(
    "select b.topic, b.key from blocked_keys b"
    " join unnest(:topics, :keys) u(topic, key) using (topic, key) for share of b"
).bindparams(
    bindparam("topics", type_=ARRAY(Text())), bindparam("keys", type_=ARRAY(LargeBinary()))
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


class BatchHandler:
    """Disposes of batches: when ``handle`` returns, each event is handled, dead or parked."""

    def __init__(
        self,
        sessions: Sessions,
        handlers: Handlers,
        *,
        give_up: GiveUp | None = None,
        tracing: Tracing | None = None,
    ) -> None:
        self._sessions = sessions
        self._handlers = handlers
        self._give_up = give_up or GiveUp()
        self._tracing = tracing or Tracing()

    async def handle(self, batch: Sequence[Received]) -> None:
        """Nothing but cancellation leaves this: what heals is tried again, the rest set aside."""
        if batch:
            await self._handle(batch, _Patience(self._give_up))

    async def _handle(self, batch: Sequence[Received], patience: "_Patience") -> None:
        while True:
            try:
                disposed = await self._attempt(batch)
            except Exception as error:
                if is_transient(error) and not await self._gives_up(batch, patience, error):
                    await patience.rest()
                    continue
                if len(batch) == 1:
                    await self._kill(batch[0], error)
                    return
                log.warning("batch_halved", size=len(batch), error=words_of(error))
                half = len(batch) // 2
                await self._handle(batch[:half], _Patience(self._give_up))
                await self._handle(batch[half:], _Patience(self._give_up))
                return
            _count(disposed)
            return

    async def _attempt(
        self, batch: Sequence[Received], condemned: Refusal | None = None
    ) -> Disposed:
        """Once more without those that have a letter, of which only the inbox has to hear."""
        heard = frozenset[UUID]()
        while True:
            try:
                return await self._transaction(batch, condemned, heard)
            except SetAsideBefore as found:
                heard |= found.ids

    async def _transaction(
        self, batch: Sequence[Received], condemned: Refusal | None, heard: frozenset[UUID]
    ) -> Disposed:
        async with self._sessions.begin() as session:
            fresh = await inbox.record(session, [(one.id, one.digest) for one in batch])
            events = _first_copies(batch, fresh - heard)
            disposed = Disposed(blocked=await _blocked_keys(session, events))
            ready = _sift(events, disposed, session.info.pop("floor"), condemned)
            await self._run(session, ready, disposed)
            if disposed.dead or disposed.parked:
                await session.flush()
                await set_aside(session, disposed.dead, disposed.parked)
        return disposed

    async def _run(
        self, session: AsyncSession, ready: Sequence[Received], disposed: Disposed
    ) -> None:
        disposed.blocked.clear()  # what is ready came before what blocked its key
        session.info["envelopes"] = {id(one.event): one.envelope for one in ready}
        for run in runs_of(ready):
            run = [one for one in run if not disposed.park_if_blocked(one)]
            if not run:
                continue
            await self._call(session, run)
            refused = session.info.pop("refused", {})
            for one in run:
                if (refusal := refused.get(id(one.event))) is not None:
                    disposed.kill(one, refusal)
                else:
                    disposed.handled.append(one)

    async def _call(self, session: AsyncSession, run: Sequence[Received]) -> None:
        _, handler = self._handlers.by_type[run[0].type]
        ids = ids_of(run[0].envelope) if len(run) == 1 else {}
        with (
            structlog.contextvars.bound_contextvars(event_type=run[0].type, **ids),
            self._tracing.handling(run) as envelopes,
        ):
            session.info["envelopes"].update(envelopes)
            await handler([one.event for one in run], session)
            await session.flush()

    async def _kill(self, one: Received, error: Exception) -> None:
        """Set this event aside as dead; patient with the database, since nothing may be lost."""
        again = isinstance(error, NotYet)
        reason = words_of(error)
        if is_transient(error):
            reason = f"gave up: {reason}"
        patience = _Patience(self._give_up)
        while True:
            try:
                _count(await self._attempt([one], Refusal(reason, try_again=again)))
                return
            except Exception as failure:
                log.warning("setting_aside_failed", error=words_of(failure))
                await patience.rest()

    async def _gives_up(
        self, batch: Sequence[Received], patience: "_Patience", error: Exception
    ) -> bool:
        """An attempt counts for a single event only, if it was one and the database answers now."""
        log.warning("batch_retried", size=len(batch), error=words_of(error))
        if len(batch) > 1:
            if not patience.short():
                return False
            return await self._database_answers()
        if not took_no_connection(error) and await self._database_answers():
            patience.counted += 1
        return patience.exhausted()

    async def _database_answers(self) -> bool:
        try:
            async with self._sessions() as session:
                await session.execute(text("select 1"))
        except Exception:
            return False
        return True


@dataclass(slots=True)
class _Patience:
    """Back-off of one batch, and when a single event has been tried often and long enough."""

    limits: GiveUp
    started: float = field(default_factory=time.monotonic)
    tries: int = 0
    counted: int = 0

    async def rest(self) -> None:
        self.tries += 1
        await asyncio.sleep(min(0.05 * 2 ** min(self.tries, 7), 5.0) * random.uniform(0.5, 1.0))

    def short(self) -> bool:
        """A batch that keeps failing is halved, so that one event's trouble is found."""
        return self.tries >= self.limits.attempts

    def exhausted(self) -> bool:
        long_enough = time.monotonic() - self.started >= self.limits.seconds
        return self.counted >= self.limits.attempts and long_enough


def _first_copies(batch: Sequence[Received], fresh: set[UUID]) -> list[Received]:
    left = set(fresh)
    events = []
    for one in batch:
        if one.id in left:
            left.discard(one.id)
            events.append(one)
    return events


async def _blocked_keys(session: AsyncSession, events: Sequence[Received]) -> set[Key]:
    """BLOCK: the keys among these that wait behind a dead letter, held against a drain."""
    row = (await session.execute(_BLOCK)).one()
    session.info["floor"] = row.floor
    if not row.any:
        return set()
    keys = sorted({one.blocking_key for one in events if one.blocking_key is not None})
    found = await session.execute(
        _BLOCKED, {"topics": [topic for topic, _ in keys], "keys": [key for _, key in keys]}
    )
    return {(blocked.topic, bytes(blocked.key)) for blocked in found}


def _sift(
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
        refusal = _unfit(one, floor)
        if refusal is None and disposed.park_if_blocked(one):
            continue
        refusal = refusal or condemned
        if refusal is not None:
            disposed.kill(one, refusal)
        else:
            ready.append(one)
    return ready


def _unfit(one: Received, floor: datetime | None) -> Refusal | None:
    if one.error is not None:
        return Refusal(one.error)
    recorded = one.envelope.recorded_at if one.envelope else None
    old = recorded is not None and floor is not None and recorded < floor
    if old and not TOPICS[one.record.topic].compacted:
        return Refusal("older than the inbox: it may have been applied before; an operator decides")
    return None


def _count(disposed: Disposed) -> None:
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
