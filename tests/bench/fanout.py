"""B5: one directive becomes 3,321 tasks; from the POST until the last event stands on the topic.

The product is the assignment service over HTTP, the limit one statement and a relay. Both run all
the time, each on a database of its own, and issue in turn. A run is void unless every agency has
its one task, its first deadline and its one event.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer

from deploy.local.ports import free_port
from deploy.local.stack import LocalStack, local_stack, temporary_folder
from deploy.migrate import upgrade
from deploy.topics import provision
from tests.bench.line import Line, Options, Pair, Void, at_most, show
from tests.bench.office import client, issue, register, store_drafts
from tests.bench.programs import environment, process

NAME = "B5"
AGENCIES = 3321
LIMIT = "limit"
MODULES = {"assignment": "services.assignment", LIMIT: "tests.bench.limit_fanout"}
CHECK = """
select (select count(*) from tasks where directive_id = $1),
  (select count(distinct agency) from tasks where directive_id = $1),
  (select count(*) from deadlines d join tasks t on t.id = d.task_id where directive_id = $1),
  (select count(*) from outbox where key in
    (select id::text from tasks where directive_id = $1))"""


@dataclass(frozen=True)
class Side:
    """One of the two programs: where it listens, and its database."""

    name: str
    port: int
    connection: asyncpg.Connection


async def measure(options: Options) -> list[Line]:
    pairs = []
    with temporary_folder() as folder:
        async with (
            local_stack(folder) as stack,
            running(stack, folder) as (product, limit),
            watching(stack.kafka_url) as consumer,
        ):
            url = f"http://127.0.0.1:{product.port}"
            async with client(url, folder / "keys") as office:
                await once(product, consumer, office)
                await once(limit, consumer, office)
                for number in range(options.pairs or 9):
                    made = await once(product, consumer, office)
                    pair = Pair(made * 1000, 1000 * await once(limit, consumer, office))
                    pairs.append(show(number, pair, "ms"))
    return [at_most(1.5, NAME, f"one directive → {AGENCIES:,} tasks, to the last ack", pairs, "ms")]


@asynccontextmanager
async def running(stack: LocalStack, folder: Path) -> AsyncIterator[tuple[Side, Side]]:
    await provision(stack.kafka_url)
    await stack.create_database(LIMIT)
    sides = [await prepared(stack, name) for name in MODULES]
    variables = [
        {**environment(stack, folder, side.name), "DONDOC_PORT": str(side.port)} for side in sides
    ]
    async with (
        process(MODULES[sides[0].name], variables[0], folder / "product.log"),
        process(MODULES[sides[1].name], variables[1], folder / "limit.log"),
    ):
        for side in sides:
            await listening(side.port)
        yield sides[0], sides[1]
    for side in sides:
        await side.connection.close()


async def prepared(stack: LocalStack, name: str) -> Side:
    url = stack.database_url(name)
    await asyncio.to_thread(upgrade, "assignment", url)
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await register(connection, AGENCIES)
    return Side(name, free_port(), connection)


async def listening(port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            except OSError:
                await asyncio.sleep(0.1)


@asynccontextmanager
async def watching(kafka_url: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        "assignment.tasks",
        bootstrap_servers=kafka_url,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=20,
        check_crcs=False,
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def once(side: Side, consumer: AIOKafkaConsumer, office: httpx.AsyncClient) -> float:
    """Seconds from the request until the last of the directive's events has been read."""
    [directive] = await store_drafts(side.connection, ["XA"])
    sending = _issue_limit if side.name == LIMIT else _issue_product
    started = time.perf_counter()
    _, seen = await asyncio.gather(
        sending(side, directive, office), _events_of(directive, consumer)
    )
    seconds = time.perf_counter() - started
    await complete(side, directive)
    if len(seen) != AGENCIES:
        raise Void(f"{side.name}: {len(seen)} events for {AGENCIES} agencies")
    return seconds


async def complete(side: Side, directive: UUID) -> None:
    """Void unless every agency has its one task, its first deadline and its one event."""
    counts = tuple(await side.connection.fetchrow(CHECK, directive))
    if set(counts) != {AGENCIES}:
        raise Void(f"{side.name}: {counts} rows for {AGENCIES} agencies")


async def _events_of(directive: UUID, consumer: AIOKafkaConsumer) -> set[bytes]:
    mark, keys = str(directive).encode(), set[bytes]()
    try:
        async with asyncio.timeout(60):
            while len(keys) < AGENCIES:
                polled = await consumer.getmany(timeout_ms=100)
                keys.update(
                    record.key
                    for records in polled.values()
                    for record in records
                    if mark in record.value
                )
    except TimeoutError:
        raise Void(f"{len(keys)} of {AGENCIES} events came within a minute") from None
    return keys


async def _issue_product(_side: Side, directive: UUID, office: httpx.AsyncClient) -> None:
    await issue(office, directive)


async def _issue_limit(side: Side, directive: UUID, _office: httpx.AsyncClient) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", side.port)
    writer.write(f"{directive}\n".encode())
    if await reader.readline() != b"issued\n":
        raise Void("the limit program did not issue")
    writer.close()
