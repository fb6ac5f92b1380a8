"""The probe as a process of its own, and what is asked of it from outside."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import orjson

from deploy.local.processes import Started
from deploy.local.stack import LocalStack, local_stack, temporary_folder
from deploy.topics import provision
from shared.auth import UserRole
from shared.database import create_engine
from shared.ids import uuid7
from shared.tokens import sign
from tests.shared import probe


@dataclass
class ProbeProcess:
    """The probe as a process of its own, on a broker and a database that may be taken away."""

    stack: LocalStack
    started: Started
    port: int
    keys: Path

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        token = sign(self.keys, [UserRole.COORDINATOR])
        headers = {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": str(uuid7()),
            **options.pop("headers", {}),
        }
        async with httpx.AsyncClient(timeout=30) as client:
            url = f"http://127.0.0.1:{self.port}{path}"
            return await client.request(method, url, headers=headers, **options)

    async def say(self, key: UUID, what: str = "said", **headers: str) -> httpx.Response:
        body = {"key": str(key), "what": what}
        return await self.request("POST", "/probe/say", json=body, headers=headers)

    async def missing(self) -> set[str]:
        """What readiness says is not there."""
        return set((await self.request("GET", "/health/ready")).json()["missing"])

    async def effects(self, key: UUID) -> list[str]:
        connection = await asyncpg.connect(
            self.stack.database_url(probe.NAME).replace("+asyncpg", "")
        )
        try:
            rows = await connection.fetch("select what from effects where key = $1", key)
        finally:
            await connection.close()
        return [row["what"] for row in rows]

    async def metric(self, name: str, **labels: str) -> float | None:
        told = (await self.request("GET", "/metrics")).text
        for line in told.splitlines():
            named, _, value = line.rpartition(" ")
            if named.partition("{")[0] == name and all(
                f'{label}="{wanted}"' in named for label, wanted in labels.items()
            ):
                return float(value)
        return None

    def log_lines(self, event: str) -> list[dict[str, Any]]:
        whole, _, _ = self.started.log.read_bytes().rpartition(b"\n")  # the last is being written
        lines = (line for line in whole.splitlines() if line[:1] == b"{")
        return [told for line in lines if (told := orjson.loads(line)).get("event") == event]


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 180) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110  another process works on
            await asyncio.sleep(0.05)


@asynccontextmanager
async def probe_process(keys: Path, **variables: str) -> AsyncIterator[ProbeProcess]:
    """Started on a stack of its own; ``variables`` are more of its environment."""
    with temporary_folder() as folder:
        async with local_stack(folder) as stack:
            await stack.create_database(probe.NAME)
            engine = create_engine(stack.database_url(probe.NAME), name="setup")
            await probe.create_tables(engine)
            await engine.dispose()
            await provision(stack.kafka_url)
            port = stack.processes.port()  # kept while the probe is stopped
            yield ProbeProcess(stack, await start(stack, port, keys, **variables), port, keys)


async def start(stack: LocalStack, port: int, keys: Path, **variables: str) -> Started:
    environment = {
        **os.environ,
        "DONDOC_DATABASE_URL": stack.database_url(probe.NAME),
        "DONDOC_KAFKA_URL": stack.kafka_url,
        "DONDOC_KAFKA_KIND": stack.kafka_kind.value,
        "DONDOC_PORT": str(port),
        "DONDOC_JWKS": str(keys / "jwks.json"),
        "DONDOC_JOB_SECONDS": "0.2",
        **variables,
    }
    argv = [sys.executable, "-m", "tests.shared.probe"]
    return await stack.processes.start(probe.NAME, argv, environment)


async def ready(process: ProbeProcess) -> bool:
    try:
        return await process.missing() == set()
    except httpx.TransportError:
        return False
