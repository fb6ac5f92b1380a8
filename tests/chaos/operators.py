"""Operators at work over HTTP: they give poison up, and replay what else was set aside."""

import asyncio
from collections import Counter
from typing import Any

import httpx

from deploy.migrate import SERVICES
from shared.auth import UserRole
from tests.chaos.foreign import MARK
from tests.chaos.town import Town

PAUSE_SECONDS = 3.0


class Operators:
    """One look at every service's dead letters, again and again."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.settled: Counter[str] = Counter()
        self.early: set[tuple[str, int]] = set()
        """Dead letters that wait for an event of another topic, which was read later."""
        self.unexpected: dict[tuple[str, int], str] = {}
        """Dead letters that are neither poison nor early, with their error: a finding."""

    async def run(self) -> None:
        while True:
            for service in SERVICES:
                try:
                    await self.look(service)
                except httpx.HTTPError:
                    continue
            await asyncio.sleep(PAUSE_SECONDS)

    async def look(self, service: str) -> int:
        """Settle the heads; how many letters still wait there."""
        async with self._town.system.client(service, UserRole.OPERATOR) as client:
            dead = await _letters(client, "dead")
            for letter in dead:
                await self._settle(client, service, letter["id"])
            return len(dead) + len(await _letters(client, "parked"))

    async def _settle(self, client: httpx.AsyncClient, service: str, id: int) -> None:
        letter = (await client.get(f"/operator/dead-letters/{id}")).raise_for_status().json()
        if any(name == MARK for name, _ in letter["headers"]):
            verb, body = "discard", {"reason": "độc"}
        else:
            self._note(service, letter)
            verb, body = "replay", None
        answer = await client.post(f"/operator/dead-letters/{id}/{verb}", json=body)
        if answer.status_code == 200:
            for what in ("discarded", "replayed"):
                self.settled[what] += answer.json()[what]
        elif answer.status_code not in (404, 409, 503):
            answer.raise_for_status()

    def _note(self, service: str, letter: dict[str, Any]) -> None:
        """What was settled between two looks shows no more whether it was early."""
        if letter["next_try_at"] is not None:
            self.early.add((service, letter["id"]))
        elif letter["state"] == "dead":
            self.unexpected[service, letter["id"]] = letter["error"]


async def _letters(client: httpx.AsyncClient, state: str) -> list[dict[str, Any]]:
    answer = await client.get(f"/operator/dead-letters?state={state}&limit=200")
    found: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
    return found
