"""B8: what each of the four services takes while and after it has read its events.

All four run beside each other, as they are deployed; shown is the greatest PSS seen, once a second
from the start to the last event (what processes share counts to each in part), and what it grows by
in the second half. The limit is Python with the same libraries and nothing else, read beside them.
The services that hear ``task_assigned`` must have each event in their inbox exactly once.
"""

import asyncio
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression

import asyncpg

from deploy.local.memory import bytes_of
from deploy.local.stack import LocalStack, local_stack, temporary_folder
from deploy.migrate import SERVICES, upgrade
from deploy.topics import provision
from tests.bench.flow import fill
from tests.bench.line import Line, Options, Void, bounded
from tests.bench.programs import environment, process

NAME = "B8"
EVENTS = 50_000
HEARS = ("reporting", "notification", "budget")
MEGABYTE = 2**20
SECONDS = 1800
LEAST = 5
"""Readings without which no growth is told."""
READ = "select n_tup_ins from pg_stat_user_tables where relname = 'inbox'"
"""A second late, but what has been inserted need not be counted each time."""


async def measure(options: Options) -> list[Line]:
    events = options.events or EVENTS
    with temporary_folder() as folder:
        async with local_stack(folder) as stack:
            await provision(stack.kafka_url)
            for service in SERVICES:
                await asyncio.to_thread(upgrade, service, stack.database_url(service))
            await fill(stack, events)
            seen, limit = await _watched(stack, folder, events)
    shown = f"imports {limit:.0f} MB"
    return [
        bounded(90, NAME, f"PSS of {service} over {events:,} events", [most], shown, "MB")
        for service, most in seen.greatest().items()
    ] + [
        bounded(1, NAME, f"growth of {service} per 100,000 events", [growth], "–", "MB")
        for service, growth in seen.growth().items()
    ]


@dataclass
class Seen:
    """How many events the slowest had read, and the PSS of each service then, in MB."""

    events: list[int] = field(default_factory=list)
    memory: dict[str, list[float]] = field(default_factory=lambda: {one: [] for one in SERVICES})

    def greatest(self) -> dict[str, float]:
        return {service: max(values) for service, values in self.memory.items()}

    def growth(self) -> dict[str, float]:
        """MB for each 100,000 events in the second half, when caches and buffers are full."""
        half = [place for place, read in enumerate(self.events) if read > self.events[-1] / 2]
        if len(half) < LEAST:
            return {}
        read = [self.events[place] for place in half]
        return {
            service: linear_regression(read, [values[place] for place in half]).slope * 100_000
            for service, values in self.memory.items()
        }


async def _watched(stack: LocalStack, folder: Path, events: int) -> tuple[Seen, float]:
    """What the services took, and the PSS of the bare imports, in MB."""
    limit = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.limit_start", "stay", stdout=asyncio.subprocess.PIPE
    )
    assert limit.stdout is not None
    await limit.stdout.readline()
    try:
        async with AsyncExitStack() as running:
            pids = {}
            for service in SERVICES:
                variables = environment(stack, folder, service)
                log = folder / f"{service}.log"
                started = await running.enter_async_context(
                    process(f"services.{service}", variables, log)
                )
                pids[service] = started.pid
            return await _until_read(stack, pids, events), bytes_of(limit.pid) / MEGABYTE
    finally:
        limit.kill()
        await limit.wait()


async def _until_read(stack: LocalStack, pids: dict[str, int], events: int) -> Seen:
    seen = Seen()
    for _ in range(SECONDS):
        for service, pid in pids.items():
            seen.memory[service].append(bytes_of(pid) / MEGABYTE)
        seen.events.append(min([await _asked(stack, service, READ) or 0 for service in HEARS]))
        if seen.events[-1] >= events:
            break
        await asyncio.sleep(1)
    read = [await _asked(stack, service, "select count(*) from inbox") for service in HEARS]
    if set(read) != {events}:
        raise Void(f"{read} rows in the inboxes of {', '.join(HEARS)} for {events} events")
    return seen


async def _asked(stack: LocalStack, service: str, query: str) -> int | None:
    connection = await asyncpg.connect(stack.database_url(service).replace("+asyncpg", ""))
    try:
        count: int | None = await connection.fetchval(query)
    finally:
        await connection.close()
    return count
