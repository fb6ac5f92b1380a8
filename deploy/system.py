"""The whole of Dondoc on this machine: databases, broker, topics, register, four services."""

import asyncio
import json
import os
import ssl
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx

from deploy.local.errors import LocalError
from deploy.local.ports import listens
from deploy.local.processes import Started
from deploy.local.stack import USUAL_PORTS as STACK_PORTS
from deploy.local.stack import LocalStack, local_stack
from deploy.migrate import SERVICES
from deploy.topics import TopicsError, provision
from shared.auth import UserRole
from shared.clock import Clock
from shared.ids import uuid7
from shared.tokens import ensure_key, sign

USUAL_PORTS = {
    **STACK_PORTS,
    **{"assignment": 8101, "reporting": 8102, "notification": 8103, "budget": 8104},
}
READY_SECONDS = 180
TLS = ssl.create_default_context()
"""One for all clients: httpx would make one for each, which takes 25 ms, for plain HTTP too."""


@dataclass(frozen=True)
class SystemSettings:
    """How the services are to run; ``extra`` are further DONDOC_ variables for each.

    ``ports``: what is not named there, or is taken, gets any free port.
    """

    clock: Clock = field(default_factory=Clock)
    job_seconds: float = 5.0
    sweep_grace_seconds: float = 30.0
    extra: dict[str, str] = field(default_factory=dict)
    three_brokers: bool = False
    ports: Mapping[str, int] = field(default_factory=lambda: USUAL_PORTS)


@dataclass
class System:
    """Running services and the ways to them."""

    stack: LocalStack
    folder: Path
    settings: SystemSettings
    ports: dict[str, int]

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.ports[service]}"

    def client(
        self, service: str, *roles: UserRole, agency: str | None = None, subject: str | None = None
    ) -> httpx.AsyncClient:
        """HTTP with a real token; a POST gets an Idempotency-Key."""
        token = sign(self.keys, roles, agency=agency, subject=subject)
        return httpx.AsyncClient(
            base_url=self.url(service),
            verify=TLS,
            timeout=30,
            headers={"Authorization": f"Bearer {token}"},
            event_hooks={"request": [_with_key]},
        )

    def environment(self, service: str) -> dict[str, str]:
        """The variables a service process is started with."""
        clock = self.settings.clock
        timed = (
            {
                "DONDOC_CLOCK_START": clock.start.isoformat(),
                "DONDOC_CLOCK_RATE": str(clock.rate),
                "DONDOC_CLOCK_EPOCH": str(clock.epoch),
            }
            if clock.start is not None
            else {}
        )
        return {
            **{name: value for name, value in os.environ.items() if name[:7] != "DONDOC_"},
            "DONDOC_DATABASE_URL": self.stack.database_url(service),
            "DONDOC_KAFKA_URL": self.stack.kafka_url,
            "DONDOC_KAFKA_KIND": self.stack.kafka_kind.value,
            "DONDOC_PORT": str(self.ports[service]),
            "DONDOC_JWKS": str(self.keys / "jwks.json"),
            "DONDOC_JOB_SECONDS": str(self.settings.job_seconds),
            "DONDOC_SWEEP_GRACE_SECONDS": str(self.settings.sweep_grace_seconds),
            **timed,
            **self.settings.extra,
        }

    async def start(self, service: str) -> Started:
        argv = [sys.executable, "-m", f"services.{service}"]
        return await self.stack.processes.start(service, argv, self.environment(service))

    async def start_services(self) -> None:
        """All four, ready; ``make verify`` finds them."""
        for service in SERVICES:
            await self.start(service)
        await self.wait_ready()
        self.describe()

    async def run_once(self, module: str, service: str, *arguments: str) -> None:
        """A command of the project on that service's database; LocalError if it fails."""
        name = module.rpartition(".")[2]
        argv = [sys.executable, "-m", module, *arguments]
        started = await self.stack.processes.start(name, argv, self.environment(service))
        if await started.process.wait() != 0:
            raise LocalError(f"{name} failed: {started.last_lines(1)}")

    async def wait_ready(self) -> None:
        """Return when all four say so; LocalError with the reason of the first that does not."""
        async with httpx.AsyncClient(timeout=5) as client:
            for service in SERVICES:
                await self._wait_ready(client, service)

    async def _wait_ready(self, client: httpx.AsyncClient, service: str) -> None:
        started = self.stack.processes[service]
        last = "no answer"
        for _ in range(READY_SECONDS * 10):
            if not started.running and "address already in use" in started.last_lines(20):
                self.ports[service] = self.stack.processes.port()
                started = await self.start(service)
            if not started.running:
                raise LocalError(f"{service} ended at its start: {started.last_lines(2)}")
            try:
                answer = await client.get(f"{self.url(service)}/health/ready")
                last = answer.text
                # else it is somebody who was quicker to the port, and ours will end
                ours = listens(started.pid, self.ports[service])
                if ours and answer.status_code == 200:
                    return
            except httpx.HTTPError as error:
                last = type(error).__name__
            await asyncio.sleep(0.1)
        raise LocalError(f"{service} is not ready after {READY_SECONDS} s: {last[:300]}")

    def describe(self, *, stopped: datetime | None = None) -> None:
        """Leave for ``make verify`` where everything is (owner only).

        ``stopped``: the sweeps have run at least up to this instant, and run no more.
        """
        clock = self.settings.clock
        document = {
            "kafka_url": self.stack.kafka_url,
            "kafka_kind": self.stack.kafka_kind.value,
            "databases": {name: self.stack.database_url(name) for name in SERVICES},
            "urls": {name: self.url(name) for name in SERVICES},
            "clock": {
                "start": clock.start.isoformat() if clock.start else None,
                "rate": clock.rate,
                "epoch": clock.epoch,
                "stopped": stopped.isoformat() if stopped else None,
            },
        }
        path = self.folder / "system.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(document, indent=1))


@asynccontextmanager
async def running_system(folder: Path, settings: SystemSettings) -> AsyncIterator[System]:
    """Everything up and ready; at the end, however it comes, nothing of it runs any more."""
    async with prepared_system(folder, settings) as system:
        await system.start_services()
        yield system


@asynccontextmanager
async def prepared_system(folder: Path, settings: SystemSettings) -> AsyncIterator[System]:
    """All but the services: until they are started, ``settings`` may be replaced."""
    async with local_stack(
        folder, three_brokers=settings.three_brokers, ports=settings.ports
    ) as stack:
        ports = {one: stack.processes.port(settings.ports.get(one, 0)) for one in SERVICES}
        system = System(stack, folder, settings, ports)
        ensure_key(system.keys)
        await _migrate(system)
        try:
            await provision(stack.kafka_url)
        except TopicsError as error:
            raise LocalError(str(error)) from error
        await system.run_once("services.assignment.register", "assignment")
        yield system


async def _migrate(system: System) -> None:
    pattern = {service: system.stack.database_url(service) for service in SERVICES}
    await asyncio.gather(*(_migrate_one(system, service) for service in pattern))


async def _migrate_one(system: System, service: str) -> None:
    argv = [sys.executable, "-m", "deploy.migrate", "upgrade", service]
    started = await system.stack.processes.start(
        f"migrate-{service}", argv, system.environment(service)
    )
    if await started.process.wait() != 0:
        raise LocalError(f"migrations of {service} failed: {started.last_lines(1)}")


async def _with_key(request: httpx.Request) -> None:
    if request.method == "POST":
        request.headers.setdefault("Idempotency-Key", str(uuid7()))
