"""B13 and B14: B1 beside itself, with an old snapshot held open, and with 1 % poison.

What grows old under a snapshot is the one row that B1's path updates: each save of the relay's
cursor leaves a version that nothing may remove. So the time that it is held is made of as many
saves as the relay would make in it, one after the other, on both sides; events go through before
them, to bring the service up, and then B1's load.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from shared.relay import SAVE_SECONDS
from tests.bench.flow import MODULES as PROGRAMS
from tests.bench.flow import Run, check, fill, measure, prepared, watch
from tests.bench.line import Line, Options, Pair, at_least, at_most, show
from tests.bench.programs import environment, process
from tests.bench.steady import Latency, latency

EVENTS = 30_000
FIRST = 1_000
HELD_SECONDS = 600
SAVES = int(1 / SAVE_SECONDS)
"""A second, of the relay's cursor."""
STEADY = 500
STEADY_SECONDS = 10


async def snapshot_lines(options: Options) -> list[Line]:
    """B13: the same history and backlog, with and without a snapshot from before it."""
    events, seconds = options.events or EVENTS, options.seconds or HELD_SECONDS
    pairs = []
    for number in range(options.pairs or 5):
        held = await after_a_while(events, seconds, snapshot=True)
        free = await after_a_while(events, seconds, snapshot=False)
        pairs.append(show(number, Pair(held.rate, free.rate), "/s"))
    measured = f"B1 beside a snapshot from {seconds * SAVES:,} saves ago ({seconds} s)"
    return [at_least(0.95, "B13", measured, pairs, "/s")]


async def after_a_while(events: int, seconds: int, *, snapshot: bool) -> Run:
    async with prepared() as (stack, folder):
        url = stack.database_url("reporting")
        variables = environment(stack, folder, "reporting")
        async with (
            old_snapshot(url, wanted=snapshot),
            process(PROGRAMS["product"], variables, folder / "program.log") as running,
        ):
            await fill(stack, FIRST)
            await watch(stack.kafka_url, running, FIRST)
            await save_again(url, seconds * SAVES)
            watching = asyncio.create_task(watch(stack.kafka_url, running, events, before=FIRST))
            await fill(stack, events)
            run = await watching
        await check(url, FIRST + events)
        return run


async def save_again(url: str, times: int) -> None:
    """What the relay does four times a second while there is something to send."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        for _ in range(times):
            await connection.execute("update outbox_cursor set epoch = epoch")
    finally:
        await connection.close()


@asynccontextmanager
async def old_snapshot(url: str, *, wanted: bool) -> AsyncIterator[None]:
    """A reader that began before everything and does not end: nothing dead can be removed."""
    if not wanted:
        yield
        return
    reader = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        async with reader.transaction(isolation="repeatable_read", readonly=True):
            await reader.fetchval("select count(*) from inbox")
            yield
    finally:
        await reader.close()


async def poison_lines(options: Options) -> list[Line]:
    """B14: one unreadable record after each hundred good ones, each on a key of its own."""
    events = options.events or EVENTS
    rates, latencies = [], []
    for number in range(options.pairs or 5):
        poisoned = await measure("product", events, poison=events // 100)
        clean = await measure("product", events)
        rates.append(show(number, Pair(poisoned.rate, clean.rate), "/s"))
        waits = Pair((await steady(poison=100)).p99 * 1e3, (await steady()).p99 * 1e3)
        latencies.append(show(number, waits, "ms"))
    return [
        at_least(0.90, "B14", "B1 with 1 % poison, beside none", rates, "/s"),
        at_most(1.20, "B14", f"p99 of good events at {STEADY}/s", latencies, "ms"),
    ]


async def steady(*, poison: int = 0) -> Latency:
    events = STEADY * STEADY_SECONDS
    async with prepared() as (stack, folder):
        variables = environment(stack, folder, "reporting")
        async with process(PROGRAMS["product"], variables, folder / "program.log"):
            found = await latency(stack, rate=STEADY, seconds=STEADY_SECONDS, poison=poison)
        bad = events // poison if poison else 0
        await check(stack.database_url("reporting"), events + 1, poison=bad)
        return found
