"""protocol.md §4: one batch, one transaction; patience, halving, and what is set aside."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared import inbox
from shared.database import Sessions, is_transient, took_no_connection
from shared.disposal import Disposed, blocked_keys, count, first_copies, runs_of, sift
from shared.error_words import words_of
from shared.errors import NotYet
from shared.handlers import Handlers, Refusal
from shared.records import Received
from shared.setting_aside import SetAsideBefore, set_aside
from shared.trace import ids_of
from shared.tracing import Tracing

log = structlog.get_logger()


@dataclass(frozen=True)
class GiveUp:
    """When a single event whose trouble should heal is dead all the same: after both."""

    attempts: int = 10
    seconds: float = 120.0


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
            count(disposed)
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
            events = first_copies(batch, fresh - heard)
            disposed = Disposed(blocked=await blocked_keys(session, events))
            ready = sift(events, disposed, session.info.pop("floor"), condemned)
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
                count(await self._attempt([one], Refusal(reason, try_again=again)))
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
