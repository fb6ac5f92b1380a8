"""B5's other half: the service is killed -9 while it issues a directive to 3,321 agencies.

Each time the kill comes at a random instant before the answer; the database is asked what is left,
and the service, started anew, is asked the same again, as a client does that got no answer. Void
unless every retry completes: each agency with its one task, first deadline and event, and every
event of the outbox on the topics, in order.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx

from deploy.local.stack import local_stack, temporary_folder
from deploy.topics import provision
from tests.bench.fanout import AGENCIES, MODULES, NAME, Side, complete, listening, prepared
from tests.bench.line import Line, Options, Void
from tests.bench.office import client, issue, store_drafts
from tests.bench.outage import check_topics, drained
from tests.bench.programs import environment, process

KILLS = 20
OTHERS = """
select count(*) from pg_stat_activity where datname = current_database()
  and backend_type = 'client backend' and pid <> pg_backend_pid()"""
LEFT = "select count(*) from tasks where directive_id = $1"


@dataclass(frozen=True)
class Service:
    """The assignment service, to be started and killed; and a client of it."""

    side: Side
    variables: Mapping[str, str]
    log: Path
    office: httpx.AsyncClient

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.subprocess.Process]:
        async with process(MODULES["assignment"], self.variables, self.log) as started:
            await listening(self.side.port)
            yield started


async def measure(options: Options) -> list[Line]:
    kills = options.kills or KILLS
    with temporary_folder() as folder:
        async with local_stack(folder) as stack:
            await provision(stack.kafka_url)
            side = await prepared(stack, "assignment")
            variables = environment(stack, folder, "assignment") | {"DONDOC_PORT": str(side.port)}
            async with client(f"http://127.0.0.1:{side.port}", folder / "keys") as office:
                left = await _killed(Service(side, variables, folder / "log.txt", office), kills)
            await check_topics(stack, side.connection)
            await side.connection.close()
    told = ", ".join(f"{count:,} ({times}×)" for count, times in sorted(Counter(left).items()))
    wrong = [count for count in left if count not in (0, AGENCIES)]
    target, worst = f"0 or {AGENCIES:,}", f"{wrong[0]:,} tasks" if wrong else "–"
    measured = f"tasks left by {kills} kills -9 before the answer"
    return [Line(NAME, measured, told, "–", "–", worst, target, not wrong)]


async def _killed(service: Service, kills: int) -> list[int]:
    """How many tasks each kill left."""
    left: list[int] = []
    usual = await _undisturbed(service)
    for _ in range(3 * kills):
        directive = await _draft(service)
        async with service.running() as started:
            if await _answered(service, directive, started, random.uniform(0, usual)):
                continue
        await _alone(service)
        left.append(await service.side.connection.fetchval(LEFT, directive))
        async with service.running():
            await issue(service.office, directive)
            await complete(service.side, directive)
            await drained(service.side.connection)
        if len(left) == kills:
            return left
    raise Void(f"{len(left)} of {3 * kills} kills came before the answer")


async def _undisturbed(service: Service) -> float:
    """Seconds until the answer, of the second of two."""
    async with service.running():
        await issue(service.office, await _draft(service))
        directive = await _draft(service)
        started = time.perf_counter()
        await issue(service.office, directive)
        return time.perf_counter() - started


async def _draft(service: Service) -> UUID:
    [directive] = await store_drafts(service.side.connection, ["XA"])
    return directive


async def _answered(
    service: Service, directive: UUID, started: asyncio.subprocess.Process, seconds: float
) -> bool:
    """Kill it so many seconds after the request; whether the answer was there first."""
    asking = asyncio.create_task(issue(service.office, directive))
    done, _ = await asyncio.wait([asking], timeout=seconds)
    started.kill()
    await started.wait()
    [told] = await asyncio.gather(asking, return_exceptions=True)
    if told is not None and not isinstance(told, httpx.TransportError):
        raise told
    return bool(done)


async def _alone(service: Service) -> None:
    """Until the dead process's sessions have ended too: then nothing commits any more."""
    async with asyncio.timeout(60):
        while await service.side.connection.fetchval(OTHERS):
            await asyncio.sleep(0.01)
