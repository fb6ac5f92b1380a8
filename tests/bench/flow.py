"""B1: events a second through one service, Kafka → inbox → effect → outbox → Kafka.

python -m tests.bench.flow [--events N] [--pairs N]     (make bench LINE=B1: rows of the table)

The reporting service (validation, metrics and logs on, as it is deployed) beside its limit
program, in turn, each on a fresh database and a fresh broker that holds N ``task_assigned`` events
of about 1.2 kB. Counted is what has been *published*: from the first to the last
``obligation_opened`` on the output topic. Each run is void unless every event had exactly one
effect and one output.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.local.errors import LocalError
from deploy.local.stack import LocalStack, local_stack, temporary_folder
from deploy.migrate import upgrade
from deploy.topics import provision
from shared.arguments import Arguments
from shared.codec import encode
from shared.events.assignment import TaskAssigned
from shared.events.catalogue import TOPICS
from shared.ids import uuid7
from shared.lanes import Lanes, create_producer, drop
from shared.settings import Settings
from shared.testing import START, record_of
from shared.types import Role
from tests.bench.line import Line, Options, Pair, Void, at_least, at_most
from tests.bench.programs import cpu_seconds, environment, process

OUTPUT = "reporting.reports"
EVENTS = 60_000
CHUNK = 10_000
SUMMARY = "Chủ trì tổ chức thực hiện Chương trình khuyến công thành phố Hà Nội. " * 7
MODULES = {"product": "services.reporting", "limit": "tests.bench.limit_flow"}


@dataclass(frozen=True)
class Run:
    """Rate in events a second; CPU in microseconds of the program's process per event."""

    rate: float
    cpu: float


def some(told: str) -> int:
    if not (told.isascii() and told.isdecimal() and 0 < len(told) < 10 and int(told) > 0):
        raise argparse.ArgumentTypeError(f"{told!r} is no number of events or pairs")
    return int(told)


async def main() -> int:
    parser = Arguments("bench-flow", __doc__)
    parser.add_argument("--events", type=some, default=EVENTS)
    parser.add_argument("--pairs", type=some, default=5)
    given = parser.parse_args()
    pairs = await in_turn(given.events, given.pairs)
    rates = [product.rate / limit.rate for product, limit in pairs]
    cpu = statistics.median(product.cpu / limit.cpu for product, limit in pairs)
    print(f"B1 cpu={cpu:.2f}")
    print(f"B1 ratio={statistics.median(rates):.2f} worst={min(rates):.2f}")
    return 0


async def lines(options: Options) -> list[Line]:
    """B1 as rows of the table."""
    pairs = await in_turn(options.events or EVENTS, options.pairs or 5)
    rates = [Pair(product.rate, limit.rate) for product, limit in pairs]
    costs = [Pair(product.cpu, limit.cpu) for product, limit in pairs]
    return [
        at_least(0.80, "B1", "events through one service", rates, "/s"),
        at_most(1.30, "B1", "CPU of its process per event", costs, "µs"),
    ]


async def in_turn(events: int, count: int) -> list[tuple[Run, Run]]:
    """Product and limit program, one after the other, ``count`` times."""
    pairs = []
    for number in range(count):
        product = await measure("product", events)
        limit = await measure("limit", events)
        pairs.append((product, limit))
        print(
            f"pair {number + 1}: product {product.rate:,.0f}/s {product.cpu:.0f} us,"
            f" limit {limit.rate:,.0f}/s {limit.cpu:.0f} us,"
            f" ratio {product.rate / limit.rate:.2f}",
            flush=True,
        )
    return pairs


async def measure(program: str, events: int, *, poison: int = 0) -> Run:
    async with prepared() as (stack, folder):
        await fill(stack, events, poison=poison)
        variables = environment(stack, folder, "reporting")
        async with process(MODULES[program], variables, folder / "program.log") as running:
            run = await watch(stack.kafka_url, running, events)
        await check(stack.database_url("reporting"), events, poison=poison)
        return run


@asynccontextmanager
async def prepared() -> AsyncIterator[tuple[LocalStack, Path]]:
    """A fresh broker with its topics and a fresh database of reporting."""
    with temporary_folder() as folder:
        async with local_stack(folder) as stack:
            await provision(stack.kafka_url)
            await stack.create_database("reporting")
            await asyncio.to_thread(upgrade, "reporting", stack.database_url("reporting"))
            yield stack, folder


async def fill(stack: LocalStack, events: int, *, poison: int = 0) -> None:
    """Put the events on the input topic, as a relay would, with the poison evenly among them."""
    async with sender(stack) as lanes:
        for start in range(0, events, CHUNK):
            rows = []
            for number in range(start + 1, min(start + CHUNK, events) + 1):
                rows.append(row(number))
                if number * poison // events > (number - 1) * poison // events:
                    rows.append(poisoned(row(number)))
            await lanes.send(rows, 1)


@asynccontextmanager
async def sender(stack: LocalStack) -> AsyncIterator[Lanes]:
    settings = Settings(
        database_url="postgresql+asyncpg://unused",
        kafka_url=stack.kafka_url,
        kafka_kind=stack.kafka_kind,
    )
    producer: AIOKafkaProducer = create_producer(settings, "bench")
    await producer.start()
    try:
        yield Lanes(producer)
    finally:
        await drop(producer)


def assigned() -> TaskAssigned:
    """A new task's event of about 1.2 kB."""
    return TaskAssigned(
        task_id=uuid7(),
        directive_id=UUID(int=6050),
        agency="HN-SCT",
        role=Role.LEAD,
        number_symbol="6050/UBND-KT",
        issuer="HN-UBND",
        item_id=UUID(int=1),
        item_path="1",
        summary=SUMMARY,
        assigned_on=START.date(),
        report_to=("HN-UBND",),
    )


def row(number: int) -> dict[str, Any]:
    """An outbox row of assignment, as its relay would read it."""
    event = assigned()
    told = [(name, value.decode()) for name, value in record_of(event).headers]
    return {
        "id": number,
        "topic": event.topic,
        "key": event.key,
        "headers": orjson.dumps(told).decode(),
        "value": encode(event),
        "recorded_at": datetime.now(UTC),
    }


def poisoned(good: dict[str, Any]) -> dict[str, Any]:
    """The same with a body that breaks off."""
    return {**good, "value": good["value"][:-20]}


async def watch(
    kafka_url: str, program: asyncio.subprocess.Process, events: int, *, before: int = 0
) -> Run:
    """From the first to the last output after ``before`` others; at most five minutes."""
    consumer = AIOKafkaConsumer(
        OUTPUT,
        bootstrap_servers=kafka_url,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=20,
        check_crcs=False,
    )
    await consumer.start()
    pid, seen = program.pid, set[bytes]()
    started = 0
    first = last = cpu_before = cpu_after = 0.0
    try:
        async with asyncio.timeout(300):
            while len(seen) < before + events:
                polled = await consumer.getmany(timeout_ms=100)
                found = [record for records in polled.values() for record in records]
                if program.returncode is not None:
                    raise Void(f"the program ended with {program.returncode}")
                seen.update(dict(record.headers)["ce_id"] for record in found)
                last, cpu_after = time.perf_counter(), cpu_seconds(pid)
                if not started and len(seen) > before:
                    first, cpu_before, started = last, cpu_after, len(seen)
    except TimeoutError:
        raise Void(f"{len(seen)} of {events} events came out within five minutes") from None
    finally:
        await consumer.stop()
    counted = before + events - started
    return Run(counted / (last - first), (cpu_after - cpu_before) / counted * 1e6)


async def check(url: str, events: int, *, poison: int = 0) -> None:
    """Exactly one inbox row, one effect and one output for each event; a row for each poison."""
    expected = {name: events for name in ("task_facts", "obligations", "outbox")}
    expected |= {"inbox": events + poison, "dead_letters": poison}
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        for table, number in expected.items():
            count = await connection.fetchval(f"select count(*) from {table}")
            if count != number:
                raise Void(f"{table} has {count} rows instead of {number}")
    finally:
        await connection.close()


if __name__ == "__main__":
    assert OUTPUT in TOPICS
    try:
        sys.exit(asyncio.run(main()))
    except (Void, LocalError) as error:
        sys.exit(f"bench: {error}")
