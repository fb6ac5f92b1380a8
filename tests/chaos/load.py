"""A steady load through the public APIs, by clients that repeat until somebody answers."""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx

from shared.auth import UserRole
from shared.ids import uuid7
from tests.chaos.town import SECOND, Town

AGENCIES = ("HN-SCT", "HN-STC", "HN-SNV", "HN-SYT", "HN-STP", "HN-SXD", "HN-SGTVT", "HN-STNMT")
ANSWER_SECONDS = 240
WAITING = 300
"""Tasks that wait for a report or for money; what comes on top is left to be missed."""


class Unexpected(Exception):
    """An API answered what nobody planned."""


class Client:
    """Requests with real tokens, each sent again with the same key until it is answered."""

    def __init__(self, town: Town, chance: random.Random) -> None:
        self._town = town
        self._chance = chance
        self._clients: dict[tuple[str, str], httpx.AsyncClient] = {}
        self.answered: Counter[str] = Counter()
        self.repeated = 0

    async def send(
        self,
        service: str,
        who: UserRole | str,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: str | None = None,
        codes: tuple[int, ...] = (200, 201),
    ) -> httpx.Response:
        """The answer. ``who``: an office's role, or the code of an agency."""
        headers = {"Idempotency-Key": str(uuid7())}
        if version is not None:
            headers["If-Match"] = version
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                client, url = self._client(service, who), self._url(service) + path
                try:
                    answer = await client.request(method, url, json=body, headers=headers)
                except httpx.TransportError:
                    answer = None
                if answer is not None and answer.status_code != 503:
                    break
                self.repeated += 1
                await asyncio.sleep(0.1)
        if answer.status_code not in codes:
            raise Unexpected(f"{method} {service} {path}: {answer.status_code} {answer.text}"[:400])
        if method != "GET":
            self.answered[service] += 1
        return answer

    def _url(self, service: str) -> str:
        second = service == "assignment" and self._chance.random() < 0.5
        return self._town.url(SECOND if second else service)

    def _client(self, service: str, who: UserRole | str) -> httpx.AsyncClient:
        found = self._clients.get((service, str(who)))
        if found is None:
            office = isinstance(who, UserRole)
            role = UserRole(who) if office else UserRole.AGENCY
            agency = None if office else str(who)
            found = self._town.system.client(service, role, agency=agency)
            self._clients[service, str(who)] = found
        return found

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()


class Load:
    """Letters issued, tasks acknowledged, reported, accepted, paid for, extended, cancelled."""

    def __init__(self, town: Town, chance: random.Random) -> None:
        self._town = town
        self._chance = chance
        self.client = Client(town, chance)
        self.done: Counter[str] = Counter()
        self.stopping = False
        self._reports: deque[dict[str, Any]] = deque(maxlen=WAITING)
        self._money: deque[dict[str, Any]] = deque(maxlen=WAITING)

    async def run(self) -> None:
        """Until ``stopping``; what was begun is finished."""
        try:
            async with asyncio.TaskGroup() as workers:
                for _ in range(2):
                    workers.create_task(self._issue_on())
                    workers.create_task(self._follow(self._reports, self._report))
                    workers.create_task(self._follow(self._money, self._spend))
        finally:
            await self.client.close()

    async def _issue_on(self) -> None:
        while not self.stopping:
            for task in await self._issue():
                path = f"/tasks/{task['id']}/acknowledge"
                await self.client.send("assignment", task["agency"], "POST", path)
                self.done["tasks acknowledged"] += 1
                await self._decide(task)
            await asyncio.sleep(0.3)

    async def _issue(self) -> list[dict[str, Any]]:
        id = uuid7()
        office = UserRole.COORDINATOR
        await self.client.send("assignment", office, "PUT", f"/directives/{id}", self._letter(id))
        await self.client.send("assignment", office, "POST", f"/directives/{id}/issue")
        answer = await self.client.send("assignment", office, "GET", f"/tasks?directive={id}")
        self.done["directives issued"] += 1
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def _letter(self, id: Any) -> dict[str, Any]:
        today = self._town.system.settings.clock.today()
        days = self._chance.choice((None, 1, 2, 4, 30))
        due = None if days is None else (today + timedelta(days=days)).isoformat()
        item = {
            "id": str(uuid7()),
            "path": "1",
            "start": 0,
            "end": 9,
            "text": "Tổ chức thực hiện",
            "lead": self._chance.sample(AGENCIES, 3),
            "coordinate": [],
            "deadline": due and {"kind": "date", "on": due},
            "money_aspect": self._chance.random() < 0.5,
            "recurrence": self._chance.choice((None, None, "quarterly")),
        }
        return {
            "number_symbol": f"{id.hex[-12:]}/UBND",
            "kind": "công văn",
            "issued_on": today.isoformat(),
            "issuer": "HN-UBND",
            "subject": "thử tải",
            "items": [item],
        }

    async def _decide(self, task: dict[str, Any]) -> None:
        """What becomes of it: a report, nothing at all, more time, or it is withdrawn."""
        fate = self._chance.random()
        if fate < 0.6:
            self._reports.append(task)
        elif fate < 0.7 and task["due_on"]:
            await self._extend(task)
        elif fate < 0.75:
            reason = {"reason": "Không còn phù hợp."}
            path = f"/tasks/{task['id']}/cancel"
            await self.client.send("assignment", UserRole.COORDINATOR, "POST", path, reason)
            self.done["tasks cancelled"] += 1
            return
        self._money.append(task)

    async def _extend(self, task: dict[str, Any]) -> None:
        path, office = f"/tasks/{task['id']}", UserRole.COORDINATOR
        for days in (35, 40):
            version = (await self.client.send("assignment", office, "GET", path)).headers["etag"]
            today = self._town.system.settings.clock.today()
            body = {"due_on": (today + timedelta(days=days)).isoformat(), "reason": "Chấp thuận."}
            await self.client.send(
                "assignment", office, "POST", f"{path}/extend", body, version=version
            )
            self.done["deadlines extended"] += 1

    async def _follow(
        self,
        waiting: deque[dict[str, Any]],
        act: Callable[[dict[str, Any]], Awaitable[bool]],
    ) -> None:
        """Take up what other services have to hear of first; later again if they have not yet."""
        while not self.stopping:
            if not waiting:
                await asyncio.sleep(0.1)
                continue
            task = waiting.popleft()
            if not await act(task):
                waiting.append(task)
                await asyncio.sleep(0.2)

    async def _report(self, task: dict[str, Any]) -> bool:
        """Report, and have it accepted; one in eight is sent back first."""
        agency, office = task["agency"], UserRole.COORDINATOR
        path = f"/obligations?task={task['id']}&kind=completion"
        owed = (await self.client.send("reporting", agency, "GET", path)).json()["items"]
        if not owed:
            return False
        body = {"obligation_id": owed[0]["id"], "narrative": "Đã thực hiện."}
        report = f"/reports/{uuid7()}"
        await self.client.send("reporting", agency, "PUT", report, body)
        self.done["reports submitted"] += 1
        if self._chance.random() < 0.125:
            remarks = {"remarks": "Bổ sung số liệu."}
            await self.client.send("reporting", office, "POST", f"{report}/send-back", remarks)
            report = f"/reports/{uuid7()}"
            await self.client.send("reporting", agency, "PUT", report, body)
            self.done["reports submitted"] += 1
        await self.client.send("reporting", office, "POST", f"{report}/accept")
        self.done["reports accepted"] += 1
        return True

    async def _spend(self, task: dict[str, Any]) -> bool:
        agency, office = task["agency"], UserRole.BUDGET
        path = f"/lines?task={task['id']}"
        lines = (await self.client.send("budget", office, "GET", path)).json()["items"]
        if not lines:
            task["looked"] = task.get("looked", 0) + 1
            return bool(task["looked"] > 50)  # most letters cost nothing
        line, amount = f"/lines/{lines[0]['id']}", self._chance.randint(1, 900) * 1_000_000
        for who, verb, sum in (
            (agency, "propose", amount),
            (office, "approve", amount),
            (office, "assign", amount),
            (agency, "commit", amount // 2),
            (office, "disburse", amount // 2),
        ):
            await self.client.send("budget", who, "POST", f"{line}/{verb}", {"amount": sum})
            self.done["movements of money"] += 1
        if self._chance.random() < 0.15:
            over = {"amount": amount}
            await self.client.send("budget", agency, "POST", f"{line}/commit", over, codes=(409,))
            self.done["overspends refused"] += 1
        return True
