"""B3: a task assigned over HTTP, until notification's notice about it has committed.

An open loop at 20, 200 and 1,000 requests a second; each clock starts at the instant at which the
request was meant to leave, and ends with PostgreSQL's own time of the commit that holds the notice.
The product is its four services, the limit three processes without a framework (``limit_assign``
and B1's for reporting's part). Every run has a stack of its own, and is void unless each request
was answered 200 and led to exactly one notice. Before the first clock starts, events of a few tasks
have come through all of them.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import UUID

import asyncpg

from deploy.local.ports import free_port
from deploy.local.postgres import Postgres
from deploy.local.stack import LocalStack, local_stack, temporary_folder
from deploy.migrate import SERVICES, upgrade
from deploy.topics import provision
from shared.auth import UserRole
from shared.tokens import ensure_key, sign
from tests.bench.fanout import listening
from tests.bench.http import Client, quantile, send
from tests.bench.line import Line, Options, Pair, Void, at_most
from tests.bench.office import register, store_drafts
from tests.bench.programs import environment, process

NAME = "B3"
RATES = (20, 200, 1000)
SECONDS = 4
WARM_SECONDS = 2
AGENCIES = 83
WAIT_SECONDS = 120
NOTICED = """
select f.directive_id, extract(epoch from pg_xact_commit_timestamp(n.xmin))::float8
from notices n join task_facts f using (task_id) where f.directive_id = any($1)"""
Programs = list[tuple[str, str, tuple[str, ...]]]
"""Of each the service whose part it does, its module, its arguments."""
PRODUCT: Programs = [(service, f"services.{service}", ()) for service in SERVICES]
LIMIT: Programs = [
    ("assignment", "tests.bench.limit_assign", ("assign",)),
    ("reporting", "tests.bench.limit_flow", ()),
    ("notification", "tests.bench.limit_assign", ("tell",)),
]

Latencies = dict[int, list[float]]


async def measure(options: Options) -> list[Line]:
    seconds, runs = options.seconds or SECONDS, []
    for number in range(options.pairs or 5):
        product = await run(PRODUCT, seconds)
        limit = await run(LIMIT, seconds)
        runs.append((product, limit))
        print(f"pair {number + 1}: product {_told(product)}; limit {_told(limit)}", flush=True)
    lines = []
    for rate in RATES:
        for part, target in ((0.5, 1.5), (0.99, 2.0)):
            pairs = [
                Pair(1000 * quantile(product[rate], part), 1000 * quantile(limit[rate], part))
                for product, limit in runs
            ]
            measured = f"assign → notice at {rate:,}/s, p{part * 100:.0f}"
            lines.append(at_most(target, NAME, measured, pairs, "ms"))
    return lines


def _told(latencies: Latencies) -> str:
    """p50 and p99 in milliseconds at each rate."""
    return ", ".join(
        f"{rate}/s {1000 * quantile(found, 0.5):.0f} {1000 * quantile(found, 0.99):.0f} ms"
        for rate, found in latencies.items()
    )


async def run(programs: Programs, seconds: int) -> Latencies:
    with temporary_folder() as folder:
        async with local_stack(folder) as stack, started(stack, folder, programs) as port:
            token = sign(folder / "keys", (UserRole.COORDINATOR,))
            client = Client(port, token)
            try:
                await _at(stack, client, 20, WARM_SECONDS)
                await _heard(stack, "reporting", 20 * WARM_SECONDS)
                return {rate: await _at(stack, client, rate, seconds) for rate in RATES}
            finally:
                await client.close()


@asynccontextmanager
async def started(stack: LocalStack, folder: Path, programs: Programs) -> AsyncIterator[int]:
    """The programs, one a service; yields the port that takes the requests."""
    ensure_key(folder / "keys")
    await timestamped(stack)
    await provision(stack.kafka_url)
    for service in SERVICES:
        await asyncio.to_thread(upgrade, service, stack.database_url(service))
    async with AsyncExitStack() as running:
        port = free_port()
        for service, module, arguments in programs:
            variables = environment(stack, folder, service)
            if service == "assignment":
                variables["DONDOC_PORT"] = str(port)
            log = folder / f"{service}.log"
            await running.enter_async_context(process(module, variables, log, *arguments))
        connection = await _connect(stack, "assignment")
        await register(connection, AGENCIES)
        await connection.close()
        await listening(port)
        yield port


async def timestamped(stack: LocalStack) -> None:
    """Let the server remember when each transaction committed."""
    assert isinstance(stack.databases, Postgres), "B3 needs a server of ours"
    url = stack.databases.url("postgres")
    connection = await asyncpg.connect(url)
    await connection.execute("alter system set track_commit_timestamp = on")
    await connection.close()
    await stack.processes.restart("postgres")
    async with asyncio.timeout(60):
        while True:
            try:
                await (await asyncpg.connect(url)).close()
                return
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.1)


async def _at(stack: LocalStack, client: Client, rate: int, seconds: int) -> list[float]:
    """Seconds from each intended start to the commit of its notice."""
    office = await _connect(stack, "assignment")
    leads = [f"XA-{1 + number % AGENCIES}" for number in range(rate * seconds)]
    directives = await store_drafts(office, leads)
    await office.close()
    sent = await send(client, [f"/directives/{one}/issue" for one in directives], rate)
    noticed = await _noticed(stack, directives)
    return [
        noticed[directive] - intended
        for directive, intended in zip(directives, sent.intended, strict=True)
    ]


async def _noticed(stack: LocalStack, directives: list[UUID]) -> dict[UUID, float]:
    """When the notice of each directive committed; Void unless each has exactly one."""
    connection = await _connect(stack, "notification")
    try:
        for _ in range(WAIT_SECONDS):
            rows = await connection.fetch(NOTICED, directives)
            if len(rows) >= len(directives):
                break
            await asyncio.sleep(1)
        found = {row[0]: row[1] for row in rows}
        if len(found) != len(directives) or len(rows) != len(directives):
            raise Void(f"{len(rows)} notices of {len(found)} tasks for {len(directives)} requests")
        return found
    finally:
        await connection.close()


async def _heard(stack: LocalStack, service: str, events: int) -> None:
    """Until a service beside the path has joined its group too and read so many events."""
    connection = await _connect(stack, service)
    try:
        for _ in range(WAIT_SECONDS * 10):
            if await connection.fetchval("select count(*) from inbox") >= events:
                return
            await asyncio.sleep(0.1)
    finally:
        await connection.close()
    raise Void(f"{service} did not hear {events} events within {WAIT_SECONDS} s")


async def _connect(stack: LocalStack, service: str) -> asyncpg.Connection:
    return await asyncpg.connect(stack.database_url(service).replace("+asyncpg", ""))
