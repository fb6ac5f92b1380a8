"""What is to be done when, on the demo's clock."""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import httpx

from shared.clock import Clock

Action = Callable[[], Awaitable[None]]

AT_ONCE = 16
BEHIND = timedelta(days=5)
"""A refusal to who comes so late is the fault of a machine that is slower than the clock."""


class Unexpected(Exception):
    """An API answered what nobody planned. ``refused``: it was a 409."""

    def __init__(self, words: str, *, refused: bool) -> None:
        super().__init__(words)
        self.refused = refused


class Agenda:
    """Actions at instants of the demo's clock, a few at a time."""

    def __init__(self, clock: Clock, until: datetime) -> None:
        self._clock = clock
        self._until = until
        self._queue: list[tuple[datetime, int, Action]] = []
        self._order = itertools.count()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()
        self.failures: list[str] = []
        self.done = 0
        self.too_late = 0

    def at(self, moment: datetime, action: Action) -> None:
        if moment < self._until:
            heapq.heappush(self._queue, (moment, next(self._order), action))

    def after(self, moment: datetime, days: float, action: Action) -> None:
        self.at(moment + timedelta(days=days), action)

    async def run(self) -> None:
        """Until the demo's last day, and until what was begun has ended."""
        try:
            await self._begin_all()
            await asyncio.gather(*self._running)
        finally:
            for task in self._running:
                task.cancel()

    async def _begin_all(self) -> None:
        while self._clock.now() < self._until:
            now = self._clock.now()
            while self._queue and self._queue[0][0] <= now:
                moment, _, action = heapq.heappop(self._queue)
                await self._slots.acquire()
                task = asyncio.create_task(self._do(moment, action))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            await asyncio.sleep(0.02)

    async def _do(self, moment: datetime, action: Action) -> None:
        late = self._clock.now() - moment > BEHIND
        try:
            await action()
            self.done += 1
        except Unexpected as error:
            if late and error.refused:
                self.too_late += 1
            else:
                self.failures.append(str(error)[:300])
        except httpx.HTTPError as error:
            self.failures.append(f"{type(error).__name__}: {error}"[:300])
        finally:
            self._slots.release()
