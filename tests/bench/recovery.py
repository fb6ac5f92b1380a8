"""B9: from a process's start until it is ready, and from kill -9 until the first event is applied.

Beside it Python and the imports of the same libraries. While events come all the time, the service
is killed -9 at random moments and started again at once, as a supervisor would; measured is from
the kill until the new process, the next to be killed, has committed its first inbox row. At the end
every event that was sent has exactly one inbox row, effect and output.
"""

import asyncio
import random
import statistics
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import httpx

from deploy.local.ports import free_port
from deploy.local.stack import LocalStack
from tests.bench.flow import check, prepared, row, sender
from tests.bench.http import quantile
from tests.bench.line import Line, Options, Pair, Void, bounded, show
from tests.bench.programs import environment, process

NAME = "B9"
SERVICE = "services.reporting"
STARTS = 10
KILLS = 20
PAUSE = 0.02
"""Seconds between two events."""
NOTED = "select coalesce(max(received_at) > $1, false) from inbox"


async def measure(options: Options) -> list[Line]:
    async with prepared() as (stack, folder):
        port = free_port()
        variables = {**environment(stack, folder, "reporting"), "DONDOC_PORT": str(port)}
        log = folder / "program.log"
        pairs = []
        for number in range(options.pairs or STARTS):
            pair = Pair(await ready(variables, log, port), await _imports(variables))
            pairs.append(show(number, pair, "s"))
        recovered = await _killed(stack, variables, log, options.kills or KILLS)
    imports = statistics.median(pair.limit for pair in pairs)
    starts = statistics.median(pair.product for pair in pairs)
    shown = f"imports {imports:.2f} s"
    times = f"kill -9 → first event applied, p99 of {len(recovered)}"
    return [
        bounded(1.0, NAME, "cold start → ready", [starts], shown, "s"),
        bounded(1.0, NAME, times, [quantile(recovered, 0.99)], shown, "s"),
        bounded(1.0, NAME, "the same, median", [statistics.median(recovered)], shown, "s"),
    ]


async def ready(variables: Mapping[str, str], log: Path, port: int) -> float:
    """Seconds from the start until /health/ready answers 200."""
    async with httpx.AsyncClient(timeout=5) as client:
        started = time.perf_counter()
        async with process(SERVICE, variables, log) as running, asyncio.timeout(60):
            while not await _says_ready(client, port):
                if running.returncode is not None:
                    raise Void(f"the service ended with {running.returncode}")
                await asyncio.sleep(0.005)
            return time.perf_counter() - started


async def _says_ready(client: httpx.AsyncClient, port: int) -> bool:
    try:
        answer = await client.get(f"http://127.0.0.1:{port}/health/ready")
    except httpx.TransportError:
        return False
    return answer.status_code == 200


async def _imports(variables: Mapping[str, str]) -> float:
    started = time.perf_counter()
    argv = [sys.executable, "-m", "tests.bench.limit_start"]
    limit = await asyncio.create_subprocess_exec(*argv, env=variables)
    if await limit.wait() != 0:
        raise Void("the libraries could not be imported")
    return time.perf_counter() - started


async def _killed(
    stack: LocalStack, variables: Mapping[str, str], log: Path, kills: int
) -> list[float]:
    """Seconds from each kill until the process started after it has applied an event."""
    url = stack.database_url("reporting")
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    feeding = asyncio.create_task(_feed(stack, stop := asyncio.Event()))
    found = []
    try:
        async with AsyncExitStack() as started:
            running = await started.enter_async_context(process(SERVICE, variables, log))
            await _applies(connection, running)
            for _ in range(kills):
                await asyncio.sleep(random.uniform(0.1, 0.8))
                running.kill()
                killed = time.perf_counter()
                await running.wait()
                running = await started.enter_async_context(process(SERVICE, variables, log))
                await _applies(connection, running)
                found.append(time.perf_counter() - killed)
            stop.set()
            sent = await feeding
            await _applied(connection, sent)
    finally:
        feeding.cancel()
        await connection.close()
    await check(url, sent)
    return found


async def _feed(stack: LocalStack, stop: asyncio.Event) -> int:
    """An event every ``PAUSE`` until told to stop; how many there were."""
    sent = 0
    async with sender(stack) as lanes:
        while not stop.is_set():
            sent += 1
            await lanes.send([row(sent)], 1)
            await asyncio.sleep(PAUSE)
    return sent


async def _applies(connection: asyncpg.Connection, running: Process) -> None:
    """Until a transaction that began from now on, so none of a dead process, noted an event."""
    now = await connection.fetchval("select clock_timestamp()")
    async with asyncio.timeout(60):
        while not await connection.fetchval(NOTED, now):
            if running.returncode is not None:
                raise Void(f"the service ended with {running.returncode}")
            await asyncio.sleep(0.005)


async def _applied(connection: asyncpg.Connection, events: int) -> None:
    async with asyncio.timeout(60):
        while await connection.fetchval("select count(*) from inbox") < events:
            await asyncio.sleep(0.1)
