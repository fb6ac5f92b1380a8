"""B2: rows a second that the relay sends from a backlog, in order per key.

The product is a whole service whose outbox is full; the limit reads the same log and sends it with
one batch in flight per partition (``limit_relay.py``). Both begin with an empty topic; measured is
from the first record there to the last. Then the topic is read: every row once, each key's in the
order of the log.
"""

import asyncio
import time
from asyncio.subprocess import Process
from collections.abc import Mapping

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.local.stack import LocalStack
from tests.bench.flow import OUTPUT, prepared
from tests.bench.line import Line, Options, Pair, Void, at_least, show
from tests.bench.programs import environment, process

ROWS = 200_000
KEYS = 20_000
MODULES = {"product": "services.reporting", "limit": "tests.bench.limit_relay"}
SEED = """
insert into outbox (event_id, type, topic, key, headers, value)
select md5('id' || n)::uuid, 'reporting.obligation_opened.v1', $1, md5('key' || n % $2)::uuid,
  '[["ce_specversion","1.0"],["ce_id","' || md5('id' || n)::uuid || '"],["ce_type",'
  || '"reporting.obligation_opened.v1"],["ce_source","/dondoc/reporting"],["ce_time",'
  || '"2016-10-20T01:00:00+00:00"],["ce_subject","' || md5('key' || n % $2)::uuid
  || '"],["content-type","application/json"],["ce_correlationid","bench"]]',
  convert_to('{"task_id":"' || md5('key' || n % $2)::uuid || '","text":"'
  || repeat('Chủ trì tổ chức thực hiện. ', 30) || '"}', 'UTF8')
from generate_series(1, $3::int) n order by n"""


async def measure(options: Options) -> list[Line]:
    rows = options.events or ROWS
    pairs = []
    for number in range(options.pairs or 5):
        pair = Pair(await rate("product", rows), await rate("limit", rows))
        pairs.append(show(number, pair, "/s"))
    return [at_least(0.85, "B2", f"relay from a backlog of {rows:,}", pairs, "/s")]


async def rate(program: str, rows: int) -> float:
    async with prepared() as (stack, folder):
        connection = await asyncpg.connect(stack.database_url("reporting").replace("+asyncpg", ""))
        await connection.execute(SEED, OUTPUT, KEYS, rows)
        await connection.execute("vacuum analyze outbox")
        await connection.close()
        variables = environment(stack, folder, "reporting")
        async with process(MODULES[program], variables, folder / "program.log") as running:
            found = await watch(stack, running, rows)
        await check(stack, rows)
        return found


async def watch(stack: LocalStack, program: Process, rows: int) -> float:
    """Rows a second, from the topic's end offsets; at most five minutes."""
    consumer = AIOKafkaConsumer(bootstrap_servers=stack.kafka_url)
    await consumer.start()
    first = sent = 0
    started = time.perf_counter()
    try:
        partitions = await _partitions(consumer)
        async with asyncio.timeout(300):
            while sent < rows:
                sent = sum((await consumer.end_offsets(partitions)).values())
                if program.returncode is not None:
                    raise Void(f"the program ended with {program.returncode}")
                if not first:
                    first, started = sent, time.perf_counter()
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise Void(f"{sent} of {rows} rows were sent within five minutes") from None
    finally:
        await consumer.stop()
    return (sent - first) / (time.perf_counter() - started)


async def check(stack: LocalStack, rows: int) -> None:
    """Void unless every row is there and no key's first copies are out of order."""
    consumer = AIOKafkaConsumer(bootstrap_servers=stack.kafka_url, auto_offset_reset="earliest")
    await consumer.start()
    last: dict[bytes | None, int] = {}
    seen: set[int] = set()
    try:
        partitions = await _partitions(consumer)
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        while not await _at(consumer, ends):
            polled = await consumer.getmany(timeout_ms=250)
            for record in (one for records in polled.values() for one in records):
                sequence = int(dict(record.headers)["ce_sequence"])
                if sequence not in seen and sequence < last.get(record.key, 0):
                    raise Void(f"row {sequence} came after {last[record.key]}")
                last[record.key] = max(sequence, last.get(record.key, 0))
                seen.add(sequence)
    finally:
        await consumer.stop()
    if len(seen) != rows:
        raise Void(f"{len(seen)} of {rows} rows are on the topic")


async def _partitions(consumer: AIOKafkaConsumer) -> list[TopicPartition]:
    consumer._client.add_topic(OUTPUT)
    await consumer._client.force_metadata_update()
    return [TopicPartition(OUTPUT, one) for one in consumer.partitions_for_topic(OUTPUT) or ()]


async def _at(consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> bool:
    return all([await consumer.position(one) >= end for one, end in ends.items()])
