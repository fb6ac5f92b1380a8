"""B1: events a second through one service, Kafka → inbox → effect → outbox → Kafka.

python -m tests.bench.flow [--events N] [--pairs N]

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
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.local.stack import LocalStack, local_stack, temporary_folder
from deploy.migrate import upgrade
from deploy.topics import provision
from shared.codec import encode
from shared.events.assignment import TaskAssigned
from shared.events.catalogue import TOPICS
from shared.ids import uuid7
from shared.relay import Lanes, create_producer, drop
from shared.settings import Settings
from shared.testing import START, record_of
from shared.types import Role
from tests.bench.line import Void
from tests.bench.programs import cpu_seconds, environment, process

OUTPUT = "reporting.reports"
SUMMARY = "Chủ trì tổ chức thực hiện Chương trình khuyến công thành phố Hà Nội. " * 7
MODULES = {"product": "services.reporting", "limit": "tests.bench.limit_flow"}


@dataclass(frozen=True)
class Run:
    """Rate in events a second; CPU in microseconds of the program's process per event."""

    rate: float
    cpu: float


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=30_000)
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    pairs = []
    for number in range(options.pairs):
        product = await measure("product", options.events)
        limit = await measure("limit", options.events)
        pairs.append((product, limit))
        print(
            f"pair {number + 1}: product {product.rate:,.0f}/s {product.cpu:.0f} us,"
            f" limit {limit.rate:,.0f}/s {limit.cpu:.0f} us,"
            f" ratio {product.rate / limit.rate:.2f}",
            flush=True,
        )
    ratios = [product.rate / limit.rate for product, limit in pairs]
    cpu = statistics.median(product.cpu / limit.cpu for product, limit in pairs)
    print(f"B1 cpu={cpu:.2f}")
    print(f"B1 ratio={statistics.median(ratios):.2f} worst={min(ratios):.2f}")
    return 0


async def measure(program: str, events: int) -> Run:
    with temporary_folder() as folder:
        async with local_stack(folder) as stack:
            await provision(stack.kafka_url)
            await stack.create_database("reporting")
            await asyncio.to_thread(upgrade, "reporting", stack.database_url("reporting"))
            await fill(stack, events)
            variables = environment(stack, folder, "reporting")
            async with process(MODULES[program], variables, folder / "program.log") as running:
                run = await watch(stack.kafka_url, running, events)
            await check(stack.database_url("reporting"), events)
            return run


async def fill(stack: LocalStack, events: int) -> None:
    """Put the events on the input topic, as a relay would."""
    settings = Settings(
        database_url="postgresql+asyncpg://unused",
        kafka_url=stack.kafka_url,
        kafka_kind=stack.kafka_kind,
    )
    producer: AIOKafkaProducer = create_producer(settings, "bench")
    await producer.start()
    try:
        await Lanes(producer).send([_row(number) for number in range(1, events + 1)], 1)
    finally:
        await drop(producer)


def _row(number: int) -> dict[str, object]:
    event = TaskAssigned(
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
    told = [(name, value.decode()) for name, value in record_of(event).headers]
    return {
        "id": number,
        "topic": event.topic,
        "key": event.key,
        "headers": orjson.dumps(told).decode(),
        "value": encode(event),
        "recorded_at": START,
    }


async def watch(kafka_url: str, program: asyncio.subprocess.Process, events: int) -> Run:
    """From the first to the last output; at most five minutes."""
    consumer = AIOKafkaConsumer(
        OUTPUT,
        bootstrap_servers=kafka_url,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=20,
        check_crcs=False,
    )
    await consumer.start()
    pid, seen = program.pid, set[bytes]()
    started = first = last = 0.0
    before = after = 0.0
    try:
        async with asyncio.timeout(300):
            while len(seen) < events:
                polled = await consumer.getmany(timeout_ms=100)
                found = [record for records in polled.values() for record in records]
                if program.returncode is not None:
                    raise Void(f"the program ended with {program.returncode}")
                if not found:
                    continue
                if not seen:
                    first, before, started = (
                        time.perf_counter(),
                        cpu_seconds(pid),
                        float(len(found)),
                    )
                seen.update(dict(record.headers)["ce_id"] for record in found)
                last, after = time.perf_counter(), cpu_seconds(pid)
    except TimeoutError:
        raise Void(f"{len(seen)} of {events} events came out within five minutes") from None
    finally:
        await consumer.stop()
    counted = events - started
    return Run(counted / (last - first), (after - before) / counted * 1e6)


async def check(url: str, events: int) -> None:
    """Exactly one inbox row, one effect and one output for each event."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        for table in ("inbox", "task_facts", "obligations", "outbox"):
            count = await connection.fetchval(f"select count(*) from {table}")
            if count != events:
                raise Void(f"{table} has {count} rows for {events} events")
    finally:
        await connection.close()


if __name__ == "__main__":
    assert OUTPUT in TOPICS
    sys.exit(asyncio.run(main()))
