"""The running system as the chaos sees it: four services, a second replica, who is up."""

import asyncio
import os
import signal
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx

from deploy.migrate import SERVICES
from deploy.system import System
from shared.auth import UserRole
from shared.clock import Clock
from tests.chaos.plan import HOLDER

SECOND = "assignment-2"
RECOVERY_SECONDS = 400


class Stuck(Exception):
    """The system did not come back by itself; the text says what is missing."""


class Town:
    """Everything that runs, with a second replica of assignment, and a supervisor."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.processes = system.stack.processes
        self.second_port = self.processes.port()
        self.down: set[str] = set()
        """What somebody has taken down on purpose; the rest is started again when it ends."""
        self.ended: list[str] = []

    @property
    def names(self) -> tuple[str, ...]:
        return (*SERVICES, SECOND)

    def url(self, name: str) -> str:
        if name == SECOND:
            return f"http://127.0.0.1:{self.second_port}"
        return self.system.url(name)

    async def start(self, name: str) -> None:
        """With the settings of now, so that a clock that was moved is the one it gets."""
        if name != SECOND:
            await self.system.start(name)
        else:
            first = self.processes["assignment"].command
            own = {"DONDOC_REPLICA": "2", "DONDOC_PORT": str(self.second_port)}
            environment = {**self.system.environment("assignment"), **own}
            await self.processes.start(SECOND, first.argv, environment)
        self.down.discard(name)

    async def kill(self, names: Iterable[str]) -> None:
        """kill -9 of all at once."""
        names = list(names)
        self.down.update(names)
        await asyncio.gather(*(self.processes.kill(name) for name in names))

    async def bring_back(self, *names: str) -> None:
        for name in names:
            if not self.processes[name].running:
                await self.processes.restart(name)
            self.down.discard(name)

    async def stop(self, *names: str) -> None:
        """As an operator stops them."""
        self.down.update(names)
        await asyncio.gather(*(self.processes.stop(name) for name in names))

    async def pause(self, name: str, seconds: float) -> None:
        pid = self.processes[name].pid
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            os.kill(pid, signal.SIGCONT)

    async def move_clock(self, days: int) -> None:
        """All services end, and come back some days later on one clock."""
        await self.stop(*self.names)
        settings = self.system.settings
        start = settings.clock.now() + timedelta(days=days)
        clock = Clock(start, settings.clock.rate, time.time())
        self.system.settings = replace(settings, clock=clock)
        for name in self.names:
            await self.start(name)
        self.system.describe()

    async def resolve(self, target: str) -> str:
        """The process behind a name: the relay's holder is whoever of the two relays now."""
        if target != HOLDER:
            return target
        for name in (SECOND, "assignment"):
            state = await self.outbox(name)
            if state is not None and state["active"]:
                return name
        return "assignment"

    async def outbox(self, name: str) -> dict[str, Any] | None:
        """What an operator sees of its log; None if it does not answer now."""
        service = "assignment" if name == SECOND else name
        try:
            async with self.system.client(service, UserRole.OPERATOR) as client:
                client.timeout = httpx.Timeout(30)
                answer = await client.get(f"{self.url(name)}/operator/outbox")
                answer.raise_for_status()
        except httpx.HTTPError:
            return None
        found: dict[str, Any] = answer.json()
        return found

    async def supervise(self) -> None:
        """Start again what ended by itself, and remember it: it should not have."""
        while True:
            for name in (*self.names, *self.system.stack.brokers, "postgres"):
                started = self.processes[name]
                if name not in self.down and not started.running:
                    code = started.process.returncode
                    self.ended.append(f"{name} ended with {code}: {started.last_lines(1)}"[:300])
                    await self.processes.restart(name)
            await asyncio.sleep(0.5)

    async def recovered(self) -> None:
        """Return when every process says that it is ready."""
        last = "nothing answered"
        try:
            async with asyncio.timeout(RECOVERY_SECONDS), httpx.AsyncClient(timeout=30) as client:
                for name in self.names:
                    while missing := await _missing(client, self.url(name)):
                        last = f"{name}: {missing}"
                        await asyncio.sleep(0.2)
        except TimeoutError:
            raise Stuck(f"not ready after {RECOVERY_SECONDS} s: {last[:300]}") from None


async def _missing(client: httpx.AsyncClient, url: str) -> str:
    """What it lacks, in words; empty if it is ready."""
    try:
        answer = await client.get(f"{url}/health/ready")
    except httpx.HTTPError as error:
        return type(error).__name__
    return "" if answer.status_code == 200 else answer.text
