"""When everything has arrived: outboxes sent, topics read, nothing set aside, and quiet."""

import asyncio
import time
from collections.abc import Awaitable
from typing import Any

import httpx

from deploy.migrate import SERVICES
from tests.chaos.operators import Operators
from tests.chaos.town import Stuck, Town

QUIET_SECONDS = 3.0
SETTLE_SECONDS = 600


async def settled(town: Town, operators: Operators) -> float:
    """Wait for it; the seconds it took. Stuck says what does not end."""
    began = time.monotonic()
    before: Any = None
    since = time.monotonic()
    while time.monotonic() - since < QUIET_SECONDS:
        await asyncio.sleep(0.4)
        now = await _state(town, operators)
        if now != before or any(now["waits"].values()):
            before, since = now, time.monotonic()
        if time.monotonic() - began > SETTLE_SECONDS:
            raise Stuck(f"not settled after {SETTLE_SECONDS} s: {now}")
    return time.monotonic() - began


async def _state(town: Town, operators: Operators) -> dict[str, Any]:
    waits: dict[str, Any] = {}
    ends: dict[str, int] = {}
    for name in town.names:
        waits[f"lag of {name}"] = await _asked(_lag(town.url(name)))
    for service in SERVICES:
        state = await town.outbox(service)
        waits[f"outbox of {service}"] = (
            "no answer" if state is None else state["last"] - state["top"] or state["gaps"]
        )
        ends[service] = state["last"] if state else 0
        waits[f"letters of {service}"] = await _asked(operators.look(service))
    return {"waits": {what: rest for what, rest in waits.items() if rest}, "ends": ends}


async def _asked(asking: Awaitable[int]) -> int | str:
    try:
        return await asking
    except httpx.HTTPError as error:
        return type(error).__name__


async def _lag(url: str) -> int:
    """Records that the process has not read, by its own metrics."""
    async with httpx.AsyncClient(timeout=30) as client:
        text = (await client.get(f"{url}/metrics")).raise_for_status().text
    lines = [line for line in text.splitlines() if line.startswith("dondoc_consumer_lag{")]
    return round(sum(float(line.rpartition(" ")[2]) for line in lines))
