"""Processes of the probe on one database and one broker, to be killed, stopped and started."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from deploy.local.stack import LocalStack
from shared.auth import UserRole
from shared.settings import KafkaKind
from shared.tokens import sign
from tests.shared import probe
from tests.shared.plumbing import insert_event

SESSION_SECONDS = {KafkaKind.APACHE: 6.0, KafkaKind.EMBEDDED: 1.0}
"""The shortest that a broker lets a group have, or that it is usable with."""


@dataclass
class Replicas:
    """Named processes of the probe."""

    stack: LocalStack
    keys: Path
    group: str = probe.NAME
    ports: dict[str, int] = field(default_factory=dict)

    @property
    def session_seconds(self) -> float:
        return SESSION_SECONDS[self.stack.kafka_kind]

    async def start(self, name: str) -> None:
        """Start it, or start it again after it was killed; does not wait."""
        process = f"replica-{name}"
        if name in self.ports:
            await self.stack.processes.restart(process)
            return
        self.ports[name] = self.stack.processes.port()
        environment = {
            **os.environ,
            "DONDOC_DATABASE_URL": self.stack.database_url(probe.NAME),
            "DONDOC_KAFKA_URL": self.stack.kafka_url,
            "DONDOC_KAFKA_KIND": self.stack.kafka_kind.value,
            "PROBE_NAME": self.group,
            "DONDOC_SESSION_SECONDS": str(self.session_seconds),
            "DONDOC_REPLICA": name,
            "DONDOC_PORT": str(self.ports[name]),
            "DONDOC_JWKS": str(self.keys / "jwks.json"),
        }
        argv = [sys.executable, "-m", "tests.shared.probe"]
        await self.stack.processes.start(process, argv, environment)

    async def kill(self, name: str) -> None:
        await self.stack.processes.kill(f"replica-{name}")

    def signal(self, name: str, sign: signal.Signals) -> None:
        os.kill(self.stack.processes[f"replica-{name}"].pid, sign)

    async def ready(self, *names: str) -> None:
        for name in names:
            await until(lambda name=name: self._is_ready(name))  # type: ignore[misc]

    async def _is_ready(self, name: str) -> bool:
        try:
            return (await self.get(name, "/health/ready")).status_code == 200
        except httpx.TransportError:
            return False

    async def get(self, name: str, path: str) -> httpx.Response:
        token = sign(self.keys, [UserRole.OPERATOR])
        async with httpx.AsyncClient(timeout=30) as client:
            return await client.get(
                f"http://127.0.0.1:{self.ports[name]}{path}",
                headers={"Authorization": f"Bearer {token}"},
            )

    async def relays(self, name: str) -> bool:
        """Whether it is the one of all replicas that sends."""
        return bool((await self.get(name, "/operator/outbox")).json()["active"])

    async def handled(self, name: str) -> float:
        """How many events this process has handled since its start."""
        return await self.metric(name, "dondoc_events_consumed_total")

    async def metric(self, name: str, metric: str) -> float:
        """The sum over its labels."""
        lines = (await self.get(name, "/metrics")).text.splitlines()
        told = [line for line in lines if line.startswith(f"{metric}{{")]
        return sum(float(line.rpartition(" ")[2]) for line in told)


async def until(condition: Callable[[], Awaitable[Any]], seconds: float = 180) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110  another process works on
            await asyncio.sleep(0.05)


@dataclass
class Feed:
    """Events of some keys, committed one after the other, and what has become of them."""

    connection: asyncpg.Connection
    keys: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(24)])
    told: dict[UUID, list[str]] = field(default_factory=dict)

    async def tell(self, number: int, suffix: str = "") -> None:
        """So many more events, one key after the other."""
        for _ in range(number):
            key = self.keys[sum(map(len, self.told.values())) % len(self.keys)]
            what = f"{len(self.told.get(key, ()))}{suffix}"
            await insert_event(self.connection, key, what)
            self.told.setdefault(key, []).append(what)

    async def tell_until(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self.tell(10)
            await asyncio.sleep(0.05)

    async def effects(self) -> dict[UUID, list[str]]:
        rows = await self.connection.fetch(
            "select key, what from effects where key = any($1) order by place", self.keys
        )
        found: dict[UUID, list[str]] = {}
        for row in rows:
            found.setdefault(row["key"], []).append(row["what"])
        return found

    async def arrived(self) -> bool:
        done = await self.effects()
        return sum(map(len, done.values())) >= sum(map(len, self.told.values()))

    async def answers(self) -> int:
        """The events that the handlers published in turn, one for each they heard."""
        number: int = await self.connection.fetchval(
            "select count(*) from outbox where topic = 'reporting.reports' and key = any($1)",
            [str(key) for key in self.keys],
        )
        return number
