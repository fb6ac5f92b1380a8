"""The limit of B1: the least program that takes the same events to the same durable effect.

It writes the same rows into the same tables with the same indexes, and is as correct as the
product (protocol.md): the inbox is a statement of its own and first, effect and outbox commit with
it, the relay keeps one batch in flight per partition and a cursor behind its acks. It validates
nothing, measures nothing and refuses nothing.
"""

import asyncio
import os
from datetime import date
from hashlib import blake2b
from uuid import UUID

import asyncpg
import orjson
import uvloop
from aiokafka import AIOKafkaConsumer

from tests.bench.limit_relay import relay

INBOX = (
    "insert into inbox (event_id, digest) select * from unnest($1::uuid[], $2::bigint[])"
    " order by 1 on conflict do nothing returning event_id"
)
FACTS = (
    "insert into task_facts (task_id, directive_id, agency, role, number_symbol, item_path,"
    " summary, assigned_on, deadline_version, report_to, cancelled)"
    " select t, d, a, r, n, p, s, o, 0, array['HN-UBND'], false from unnest($1::uuid[],"
    " $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[])"
    " u(t, d, a, r, n, p, s, o)"
)
EFFECT = (
    "insert into obligations (id, task_id, directive_id, agency, role, kind, due_version, state,"
    " missed_version, report_version) select i, t, d, a, r, 'completion', 0, 'open', -1, 0"
    " from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[]) u(i, t, d, a, r)"
)
OUTBOX = (
    "insert into outbox (event_id, type, topic, key, headers, value)"
    " select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[])"
)
TYPE, TOPIC = "reporting.obligation_opened.v1", "reporting.reports"


async def consume(connection: asyncpg.Connection, kafka: str, wake: asyncio.Event) -> None:
    consumer = AIOKafkaConsumer(
        "assignment.tasks",
        bootstrap_servers=kafka,
        group_id="limit",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_wait_ms=5,
    )
    await consumer.start()
    while True:
        polled = await consumer.getmany(timeout_ms=10, max_records=500)
        records = [record for found in polled.values() for record in found]
        if records:
            async with connection.transaction():
                await handle(connection, records)
            wake.set()
            await consumer.commit(
                {partition: found[-1].offset + 1 for partition, found in polled.items()}
            )


async def handle(connection: asyncpg.Connection, records: list) -> None:  # type: ignore[type-arg]
    ids = [UUID(dict(record.headers)["ce_id"].decode()) for record in records]
    digests = [
        int.from_bytes(blake2b(record.value, digest_size=8).digest(), signed=True)
        for record in records
    ]
    rows = await connection.fetch(INBOX, ids, digests)
    fresh = {row[0] for row in rows}
    events = [
        orjson.loads(record.value) for id, record in zip(ids, records, strict=True) if id in fresh
    ]
    made = [UUID(bytes=os.urandom(16)) for _ in events]
    tasks = [UUID(event["task_id"]) for event in events]
    directives = [UUID(event["directive_id"]) for event in events]
    texts = ("agency", "role", "number_symbol", "item_path", "summary")
    told = [[event[name] for event in events] for name in texts]
    days = [date.fromisoformat(event["assigned_on"]) for event in events]
    await connection.execute(FACTS, tasks, directives, *told, days)
    await connection.execute(EFFECT, made, tasks, directives, *told[:2])
    out = [_out(event, id) for event, id in zip(events, made, strict=True)]
    await connection.execute(OUTBOX, *(list(column) for column in zip(*out, strict=True)))


def _out(event: dict[str, str], obligation: UUID) -> tuple[object, ...]:
    id = UUID(bytes=os.urandom(16))
    body = {
        "task_id": event["task_id"],
        "directive_id": event["directive_id"],
        "agency": event["agency"],
        "role": event["role"],
        "obligation_id": str(obligation),
        "kind": "completion",
    }
    headers = [
        ("ce_specversion", "1.0"),
        ("ce_id", str(id)),
        ("ce_type", TYPE),
        ("ce_source", "/dondoc/reporting"),
        ("ce_time", "2016-10-20T01:00:00+00:00"),
        ("ce_subject", event["task_id"]),
        ("content-type", "application/json"),
        ("ce_correlationid", "bench"),
    ]
    key = event["task_id"]
    return id, TYPE, TOPIC, key, orjson.dumps(headers).decode(), orjson.dumps(body)


async def main() -> None:
    url = os.environ["DONDOC_DATABASE_URL"].replace("+asyncpg", "")
    kafka = os.environ["DONDOC_KAFKA_URL"]
    first, second = await asyncpg.connect(url), await asyncpg.connect(url)
    wake = asyncio.Event()
    await asyncio.gather(consume(first, kafka, wake), relay(second, kafka, wake))


if __name__ == "__main__":
    uvloop.run(main())
