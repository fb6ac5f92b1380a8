"""B8: what each of the four services takes while and after it has read its events.

All four run beside each other, as they are deployed; shown is the greatest PSS seen, once a second
from the first event to the last (what processes share counts to each in part). The limit is Python
with the same libraries and nothing else, read beside them. The services that hear ``task_assigned``
must have each event in their inbox exactly once.
"""

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path

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


async def measure(options: Options) -> list[Line]:
    events = options.events or EVENTS
    with temporary_folder() as folder:
        async with local_stack(folder) as stack:
            await provision(stack.kafka_url)
            for service in SERVICES:
                await asyncio.to_thread(upgrade, service, stack.database_url(service))
            await fill(stack, events)
            greatest, limit = await _watched(stack, folder, events)
    shown = f"imports {limit:.0f} MB"
    return [
        bounded(90, NAME, f"PSS of {service} over {events:,} events", [most], shown, "MB")
        for service, most in greatest.items()
    ]


async def _watched(stack: LocalStack, folder: Path, events: int) -> tuple[dict[str, float], float]:
    """The greatest PSS of each service, and that of the bare imports, in MB."""
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


async def _until_read(stack: LocalStack, pids: dict[str, int], events: int) -> dict[str, float]:
    greatest = dict.fromkeys(pids, 0.0)
    for _ in range(SECONDS):
        for service, pid in pids.items():
            greatest[service] = max(greatest[service], bytes_of(pid) / MEGABYTE)
        read = [await _inbox(stack, service) for service in HEARS]
        if max(read) > events:
            raise Void(f"{max(read)} rows in an inbox for {events} events")
        if min(read) == events:
            return greatest
        await asyncio.sleep(1)
    raise Void(f"{read} of {events} events were read within {SECONDS} s")


async def _inbox(stack: LocalStack, service: str) -> int:
    connection = await asyncpg.connect(stack.database_url(service).replace("+asyncpg", ""))
    try:
        count: int = await connection.fetchval("select count(*) from inbox")
    finally:
        await connection.close()
    return count
