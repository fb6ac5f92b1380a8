"""B9: from a process's start until it is ready, and from kill -9 until the first event is applied.

Beside it Python and the imports of the same libraries. While events come all the time, the service
is killed -9 at random moments and started again at once, as a supervisor would; measured is from
the kill until the first inbox row of the new process has committed. At the end every event that
was sent has exactly one inbox row, effect and output.
"""

import asyncio
import random
import statistics
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Mapping
from pathlib import Path

import asyncpg
import httpx

from deploy.local.ports import free_port
from deploy.local.stack import LocalStack
from tests.bench.flow import check, prepared, row, sender
from tests.bench.line import Line, Options, Pair, Void, bounded
from tests.bench.programs import environment, process

NAME = "B9"
SERVICE = "services.reporting"
STARTS = 10
KILLS = 20
PAUSE = 0.02
"""Seconds between two events."""


async def measure(options: Options) -> list[Line]:
    async with prepared() as (stack, folder):
        port = free_port()
        variables = {**environment(stack, folder, "reporting"), "DONDOC_PORT": str(port)}
        log = folder / "program.log"
        pairs = []
        for _ in range(options.pairs or STARTS):
            ready = await _ready(variables, log, port)
            pairs.append(Pair(ready, await _imports(variables)))
        recovered = await _killed(stack, variables, log, options.kills or KILLS)
    imports = statistics.median(pair.limit for pair in pairs)
    starts = statistics.median(pair.product for pair in pairs)
    worst = sorted(recovered)[max(0, int(len(recovered) * 0.99) - 1) :][0]
    shown = f"imports {imports:.2f} s"
    times = f"kill -9 → first event applied, p99 of {len(recovered)}"
    return [
        bounded(1.0, NAME, "cold start → ready", [starts], shown, "s"),
        bounded(1.0, NAME, times, [worst], shown, "s"),
        bounded(
            1.0, NAME, "kill -9 → first event, median", [statistics.median(recovered)], shown, "s"
        ),
    ]


async def _ready(variables: Mapping[str, str], log: Path, port: int) -> float:
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
    url = stack.database_url("reporting")
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    feeding = asyncio.create_task(_feed(stack, stop := asyncio.Event()))
    found = []
    try:
        for _ in range(kills):
            async with process(SERVICE, variables, log) as running:
                await _more_than(connection, await _applied(connection), running)
                await asyncio.sleep(random.uniform(0.1, 0.8))
                running.kill()
                killed = time.perf_counter()
                await running.wait()
            before = await _applied(connection)
            async with process(SERVICE, variables, log) as running:
                await _more_than(connection, before, running)
                found.append(time.perf_counter() - killed)
        stop.set()
        sent = await feeding
        async with process(SERVICE, variables, log) as running:
            await _more_than(connection, sent - 1, running)
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


async def _applied(connection: asyncpg.Connection) -> int:
    count: int = await connection.fetchval("select count(*) from inbox")
    return count


async def _more_than(connection: asyncpg.Connection, before: int, running: Process) -> None:
    """Return when there are more; Void after a minute, or if the process ends."""
    async with asyncio.timeout(60):
        while await _applied(connection) <= before:
            if running.returncode is not None:
                raise Void(f"the service ended with {running.returncode}")
            await asyncio.sleep(0.005)
