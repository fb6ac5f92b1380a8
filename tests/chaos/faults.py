"""The faults, each done once when it is called, with what was seen meanwhile."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field

import asyncpg

from deploy.local.broker import answers
from deploy.migrate import SERVICES
from shared.auth import UserRole
from tests.chaos.bare import bare_relay
from tests.chaos.load import Load
from tests.chaos.plan import BROKER, Plan, Step
from tests.chaos.rewinding import rewind
from tests.chaos.town import SECOND, Stuck, Town

JUMP_DAYS = 3
REPLAYED = 5_000
ANSWERED_SECONDS = 120


@dataclass
class Outage:
    """What happened while the broker was away, and how fast the backlog left afterwards.

    ``backlog`` is of the moment of its first answer; ``drained_in`` runs from there, as does
    ``limit``: when a bare relay that waited beside had sent ``limit_events`` of its own.
    """

    seconds: float
    writes: int
    backlog: int
    drained_in: float
    limit_events: int
    limit: float

    @property
    def times(self) -> float:
        return self.drained_in / max(self.limit, 0.001)


@dataclass
class Faults:
    """Does what a step says, and counts."""

    town: Town
    load: Load
    plan: Plan
    chance: random.Random
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    outages: list[Outage] = field(default_factory=list)
    kills: int = 0

    async def do(self, step: Step) -> None:
        targets = [await self.town.resolve(one) for one in step.targets]
        await getattr(self, f"_{step.fault}")(*dict.fromkeys(targets))
        self.done[step.kind] += 1

    async def _kill(self, *names: str) -> None:
        await self._kill_9(*names)
        await self.town.bring_back(*names)

    async def _kill_9(self, *names: str) -> None:
        await self.town.kill(names)
        self.kills += len(names)

    async def _pause(self, name: str) -> None:
        await self.town.pause(name, self.plan.pause_seconds)

    async def _restart(self, name: str) -> None:
        await self.town.stop(name)
        await self.town.bring_back(name)

    async def _jump(self) -> None:
        await self.town.move_clock(JUMP_DAYS)

    async def _away(self, name: str) -> None:
        """HTTP writes must go on without it, and what they leave must be sent afterwards."""
        assert name == BROKER
        await self.town.recovered()  # or nobody could answer
        stack = self.town.system.stack
        async with bare_relay(stack.kafka_url, stack.kafka_kind) as bare:
            await self._kill_9(name)
            before, began = self.load.client.answered.total(), time.monotonic()
            await asyncio.sleep(self.plan.away_seconds)
            await self._answered_since(before)
            beside, _ = await self._backlog()
            bare.send(max(1, beside))
            await self.town.bring_back(name)
            backlog, ends = await self._backlog()
            while not await answers(stack.kafka_url):
                backlog, ends = await self._backlog()
            writes, back = self.load.client.answered.total() - before, time.monotonic()
            async with asyncio.timeout(300):
                await asyncio.gather(*(self._sent(service, end) for service, end in ends.items()))
                drained = time.monotonic()
                first, last = await bare.acked()
        taken = min(first, back)
        self.outages.append(
            Outage(back - began, writes, backlog, drained - taken, beside, last - taken)
        )

    async def _answered_since(self, before: int) -> None:
        """Stuck if no HTTP write is answered while the broker is away, however slow all is."""
        try:
            async with asyncio.timeout(ANSWERED_SECONDS):
                while self.load.client.answered.total() == before:  # noqa: ASYNC110  the load works
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise Stuck("no HTTP write was answered while the broker was away") from None

    async def _backlog(self) -> tuple[int, dict[str, int]]:
        """Rows that wait in all outboxes, and the last id of each."""
        rows, ends = 0, {}
        for service in SERVICES:
            if (state := await self.town.outbox(service)) is not None:
                rows += state["last"] - state["top"]
                ends[service] = state["last"]
        return rows, ends

    async def _sent(self, service: str, end: int) -> None:
        """By the cursor itself: a service that catches up answers HTTP late."""
        url = self.town.system.stack.database_url(service).replace("+asyncpg", "")
        connection = await asyncpg.connect(url)
        try:
            while await connection.fetchval("select top from outbox_cursor") < end:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        finally:
            await connection.close()

    async def _replay(self, service: str) -> None:
        """The newest part of a service's log once more to its topics."""
        state = None
        while state is None:
            state = await self.town.outbox(service)
        first = max(1, state["top"] - REPLAYED)
        if state["top"] > 0:
            body = {"first": first, "last": state["top"]}
            await self.load.client.send(
                service, UserRole.OPERATOR, "POST", "/operator/outbox/replay", body
            )

    async def _rewind(self, service: str) -> None:
        """Its group reads everything from offset 0 again."""
        replicas = {service: "1", **({SECOND: "2"} if service == "assignment" else {})}
        await self.town.stop(*replicas)
        for replica in replicas.values():
            await rewind(self.town.system.stack, service, replica)
        for name in replicas:
            await self.town.start(name)
