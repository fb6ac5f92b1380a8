"""A steady load through the public APIs that repeats what got no answer, as clients do."""

import asyncio
from datetime import UTC, datetime
from typing import Any, Protocol

import httpx

from shared.auth import UserRole
from shared.clock import local_date
from shared.ids import uuid7

AGENCIES = ("HN-SCT", "HN-STC", "HN-SNV", "HN-SYT")


class Offices(Protocol):
    """Where clients of the services come from: a ``System``, or a site in containers."""

    def client(
        self, service: str, role: UserRole, *, agency: str | None = None
    ) -> httpx.AsyncClient: ...


class Load:
    """Directives issued and tasks acknowledged, until it is told to stop."""

    def __init__(self, system: Offices) -> None:
        self._system = system
        self.directives = 0
        self.acknowledged = 0
        self.stopping = False

    async def run(self) -> None:
        async with self._system.client("assignment", UserRole.COORDINATOR) as office:
            while not self.stopping:
                tasks = await self._issue(office)
                self.directives += 1
                for task in tasks:
                    await self._acknowledge(task)
                    self.acknowledged += 1

    async def _issue(self, office: httpx.AsyncClient) -> list[dict[str, Any]]:
        id = uuid7()
        item = {
            "id": str(uuid7()),
            "path": "1",
            "start": 0,
            "end": 9,
            "text": "Tổ chức thực hiện",
            "lead": list(AGENCIES),
            "money_aspect": True,
            "recurrence": "quarterly",
        }
        body = {
            "number_symbol": f"{id.hex[-12:]}/UBND",
            "kind": "công văn",
            "issued_on": local_date(datetime.now(UTC)).isoformat(),
            "issuer": "HN-UBND",
            "subject": "thử tải",
            "items": [item],
        }
        await repeat(office, "PUT", f"/directives/{id}", body)
        await repeat(office, "POST", f"/directives/{id}/issue")
        answer = await repeat(office, "GET", f"/tasks?directive={id}")
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    async def _acknowledge(self, task: dict[str, Any]) -> None:
        async with self._system.client(
            "assignment", UserRole.AGENCY, agency=task["agency"]
        ) as agency:
            await repeat(agency, "POST", f"/tasks/{task['id']}/acknowledge")


async def repeat(
    client: httpx.AsyncClient, method: str, path: str, body: Any = None
) -> httpx.Response:
    """The same request, with the same key, until somebody answers; at most two minutes."""
    headers = {"Idempotency-Key": str(uuid7())}
    async with asyncio.timeout(120):
        while True:
            try:
                answer = await client.request(method, path, json=body, headers=headers)
            except httpx.TransportError:
                await asyncio.sleep(0.05)
                continue
            if answer.status_code == 503:
                await asyncio.sleep(0.1)
                continue
            assert answer.status_code in (200, 201), answer.text
            return answer


async def drained(system: Offices, services: tuple[str, ...], seconds: float = 400) -> None:
    """Wait until every outbox has been sent and read, and nothing new has come for two seconds."""
    before: list[Any] = []
    quiet = 0
    async with asyncio.timeout(seconds):
        while quiet < 5:
            now = [await _state(system, service) for service in services]
            done = all(
                (state["top"], state["gaps"], state["unread"]) == (state["last"], [], 0)
                for state in now
            )
            quiet = quiet + 1 if done and now == before else 0
            before = now
            await asyncio.sleep(0.4)


async def _state(system: Offices, service: str) -> dict[str, Any]:
    async with system.client(service, UserRole.OPERATOR) as client:
        body: dict[str, Any] = (await repeat(client, "GET", "/operator/outbox")).json()
        told = (await repeat(client, "GET", "/metrics")).text
    lags = [line for line in told.splitlines() if line.startswith("dondoc_consumer_lag{")]
    unread = sum(float(line.rpartition(" ")[2]) for line in lags) if lags else None
    return {"unread": unread, **{name: body[name] for name in ("top", "last", "gaps")}}
