"""How long an event takes through one service while events come at a steady pace."""

import asyncio
import statistics
import time
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer

from deploy.local.stack import LocalStack
from shared.lanes import Lanes
from tests.bench.flow import OUTPUT, poisoned, row, sender
from tests.bench.line import Void

TICK = 0.01
"""Seconds between two sends."""


@dataclass(frozen=True)
class Latency:
    """Seconds from the intended instant of sending to the arrival of what was published."""

    p50: float
    p99: float


async def latency(stack: LocalStack, *, rate: int, seconds: int, poison: int = 0) -> Latency:
    """Of the good events; after each ``poison`` of them one is unreadable (0: none).

    One event goes ahead alone, until it has come out: the service is up then.
    """
    sent: dict[bytes, float] = {}
    taken: list[float] = []
    async with sender(stack) as lanes:
        watching = asyncio.create_task(_watch(stack.kafka_url, sent, taken))
        try:
            await _send(lanes, [row(0)], sent, time.perf_counter())
            await _until(taken, 1)
            await _feed(lanes, sent, rate, seconds, poison)
            await _until(taken, 1 + rate * seconds)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
    cuts = statistics.quantiles(taken[1:], n=100)
    return Latency(cuts[49], cuts[98])


async def _until(taken: list[float], count: int) -> None:
    for _ in range(6_000):
        if len(taken) >= count:
            return
        await asyncio.sleep(0.01)
    raise Void(f"{len(taken)} of {count} events came out within a minute")


async def _feed(
    lanes: Lanes, sent: dict[bytes, float], rate: int, seconds: int, poison: int
) -> None:
    """Every tick its share, at its own instant, however long the tick before took."""
    started, number = time.perf_counter(), 0
    for tick in range(int(seconds / TICK)):
        intended = started + tick * TICK
        await asyncio.sleep(max(0.0, intended - time.perf_counter()))
        rows = []
        while number < rate * (tick + 1) * TICK:
            rows.append(row(number))
            number += 1
            if poison and number % poison == 0:
                rows.append(poisoned(row(0)))
        await _send(lanes, rows, sent, intended)


async def _send(
    lanes: Lanes, rows: list[dict[str, Any]], sent: dict[bytes, float], intended: float
) -> None:
    sent.update({one["key"].encode(): intended for one in rows})
    await lanes.send(rows, 1)


async def _watch(url: str, sent: dict[bytes, float], taken: list[float]) -> None:
    consumer = AIOKafkaConsumer(
        OUTPUT, bootstrap_servers=url, auto_offset_reset="earliest", fetch_max_wait_ms=20
    )
    await consumer.start()
    try:
        while True:
            polled = await consumer.getmany(timeout_ms=100)
            now = time.perf_counter()
            for records in polled.values():
                taken += [now - sent.pop(one.key) for one in records if one.key in sent]
    finally:
        await consumer.stop()
