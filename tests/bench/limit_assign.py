"""The limit of B3: assign → notice in three stages without a framework.

``python -m tests.bench.limit_assign assign`` takes the requests and relays; ``tell`` hears the
events, stores facts and notice, and relays in turn; the stage between, reporting's, is B1's limit
program. The same rows in the same tables, the same payloads, the inbox a statement of its own and
first. It checks no token, no key and no rule.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from hashlib import blake2b
from typing import cast
from uuid import UUID

import asyncpg
import orjson
import uvloop
from aiokafka import AIOKafkaConsumer

from shared.ids import uuid7
from tests.bench.limit_fanout import ISSUE
from tests.bench.limit_flow import INBOX
from tests.bench.limit_relay import relay

ONE = ISSUE.replace("join memberships m on m.\"group\" = 'XA'", "").replace("m.agency", "i.lead[1]")
"""The same statement for the item's one agency."""
FACTS = """
insert into task_facts (task_id, directive_id, agency, role, number_symbol, issuer, item_path,
  summary, due_on, deadline_version, progress, urges) select (e->>'task_id')::uuid,
  (e->>'directive_id')::uuid, e->>'agency', 'lead', e->>'number_symbol', e->>'issuer',
  e->>'item_path', e->>'summary', (e->>'due_on')::date, 0, 'open', 0
from jsonb_array_elements($1::text::jsonb) e"""
NOTICES = """
insert into notices (id, about, task_id, recipient, milestone, deadline_version, channel, state,
  subject, body, html, correlation_id, created_at, attempts) select id, task::text, task, recipient,
  'task_assigned', 0, 'in_app', 'delivered', $5, $6, $7, 'bench', $4, 0
from unnest($1::uuid[], $2::uuid[], $3::text[]) u(id, task, recipient)"""
OUTBOX = """
insert into outbox (event_id, type, topic, key, headers, value)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[])"""
TYPE, TOPIC = "notification.notice_delivered.v1", "notification.notices"
SUBJECT = "Nhiệm vụ mới theo văn bản 6050/UBND-KT"
BODY = "Kính gửi quý cơ quan, nhiệm vụ sau đây được giao. " * 16
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"


class Requests(asyncio.Protocol):
    """One request after the other on each connection."""

    def __init__(self, work: Callable[[UUID], Awaitable[None]]) -> None:
        self._work = work

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        directive = UUID(data.split(b"/", 3)[2].decode())
        self._answering = asyncio.create_task(self._answer(directive))

    async def _answer(self, directive: UUID) -> None:
        try:
            await self._work(directive)
            self._transport.write(ANSWER)
        except Exception:
            self._transport.close()
            raise


async def assign(url: str, kafka: str) -> None:
    pool = await asyncpg.create_pool(url, min_size=10, max_size=10)
    wake = asyncio.Event()

    async def issue(directive: UUID) -> None:
        await pool.execute(ONE, directive)
        wake.set()

    port = int(os.environ["DONDOC_PORT"])
    await asyncio.get_running_loop().create_server(lambda: Requests(issue), "127.0.0.1", port)
    await relay(await asyncpg.connect(url), kafka, wake)


async def tell(url: str, kafka: str) -> None:
    wake = asyncio.Event()
    writing, sending = await asyncpg.connect(url), await asyncpg.connect(url)
    await asyncio.gather(_consume(writing, kafka, wake), relay(sending, kafka, wake))


async def _consume(connection: asyncpg.Connection, kafka: str, wake: asyncio.Event) -> None:
    consumer = AIOKafkaConsumer(
        "assignment.tasks",
        bootstrap_servers=kafka,
        group_id="limit-tell",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    while True:
        polled = await consumer.getmany(timeout_ms=10, max_records=500)
        records = [record for found in polled.values() for record in found]
        if records:
            async with connection.transaction():
                await _handle(connection, records)
            wake.set()
            await consumer.commit(
                {partition: found[-1].offset + 1 for partition, found in polled.items()}
            )


async def _handle(connection: asyncpg.Connection, records: list) -> None:  # type: ignore[type-arg]
    ids = [UUID(dict(record.headers)["ce_id"].decode()) for record in records]
    digests = [
        int.from_bytes(blake2b(record.value, digest_size=8).digest(), signed=True)
        for record in records
    ]
    fresh = {row[0] for row in await connection.fetch(INBOX, ids, digests)}
    values = [one.value for id, one in zip(ids, records, strict=True) if id in fresh]
    events = [orjson.loads(value) for value in values]
    await connection.execute(FACTS, (b"[" + b",".join(values) + b"]").decode())
    made, recipients = [uuid7() for _ in events], [event["agency"] for event in events]
    tasks = [UUID(event["task_id"]) for event in events]
    now = datetime.now(UTC)
    await connection.execute(NOTICES, made, tasks, recipients, now, SUBJECT, BODY, BODY)
    rows = [_out(id, event) for id, event in zip(made, events, strict=True)]
    await connection.execute(OUTBOX, *(list(column) for column in zip(*rows, strict=True)))


def _out(notice: UUID, event: dict[str, str]) -> tuple[object, ...]:
    id, key = uuid7(), event["agency"]
    body = {
        "notice_id": str(notice),
        "recipient": key,
        "task_id": event["task_id"],
        "milestone": "task_assigned",
        "channel": "in_app",
        "accepted_by": "inbox",
    }
    headers = [
        ("ce_specversion", "1.0"),
        ("ce_id", str(id)),
        ("ce_type", TYPE),
        ("ce_source", "/dondoc/notification"),
        ("ce_time", "2026-11-20T01:00:00+00:00"),
        ("ce_subject", key),
        ("content-type", "application/json"),
        ("ce_correlationid", "bench"),
    ]
    return id, TYPE, TOPIC, key, orjson.dumps(headers).decode(), orjson.dumps(body)


async def main(stage: str) -> None:
    url = os.environ["DONDOC_DATABASE_URL"].replace("+asyncpg", "")
    work = {"assign": assign, "tell": tell}[stage]
    await work(url, os.environ["DONDOC_KAFKA_URL"])


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
