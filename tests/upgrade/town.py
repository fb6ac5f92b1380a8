"""Work for a system while its releases change: through its APIs, repeated until it is answered."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx

from shared.auth import UserRole
from shared.ids import uuid7
from tests.e2e.load import AGENCIES, Load, Offices, repeat


class Town(Load):
    """Letters are issued, tasks acknowledged, and their reports submitted, half of them accepted.

    Some tasks are kept in hand, so that there is something to report while assignment is away.
    """

    def __init__(self, system: Offices) -> None:
        super().__init__(system)
        self.in_hand: list[dict[str, Any]] = []
        self.kept = 8
        self.reported = 0

    async def report(self) -> None:
        async with AsyncExitStack() as stack:
            clients = {
                agency: await stack.enter_async_context(
                    self._system.client("reporting", UserRole.AGENCY, agency=agency)
                )
                for agency in AGENCIES
            }
            office = await stack.enter_async_context(
                self._system.client("reporting", UserRole.COORDINATOR)
            )
            while not self.stopping:
                if len(self.in_hand) > self.kept:
                    task = self.in_hand.pop(0)
                    await self._report(clients[task["agency"]], office, task["id"])
                    self.reported += 1
                else:
                    await asyncio.sleep(0.02)

    def has_reported(self, count: int) -> Callable[[], bool]:
        wanted = self.reported + count
        return lambda: self.reported >= wanted

    def has_gone_on(self) -> Callable[[], bool]:
        issued, reported = self.acknowledged, self.reported
        return lambda: self.acknowledged > issued and self.reported > reported

    async def _acknowledge(self, task: dict[str, Any]) -> None:
        await super()._acknowledge(task)
        if task["role"] == "lead":
            self.in_hand.append(task)

    async def _report(
        self, agency: httpx.AsyncClient, office: httpx.AsyncClient, task: str
    ) -> None:
        path = f"/obligations?task={task}&kind=completion"
        while not (owed := (await repeat(agency, "GET", path)).json()["items"]):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        report = f"/reports/{uuid7()}"
        body = {"obligation_id": owed[0]["id"], "narrative": "Đã xong."}
        await repeat(agency, "PUT", report, body)
        if self.reported % 2:
            await repeat(office, "POST", f"{report}/accept")

    @asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        """Anything but an answer, or silence for two minutes, ends the test."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.run())
            group.create_task(self.report())
            try:
                yield
            finally:
                self.stopping = True
