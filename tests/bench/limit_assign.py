"""The limit of B3: assign → notice in three stages without a framework.

``python -m tests.bench.limit_assign assign`` takes the requests and relays; ``tell`` hears the
events, stores facts and notice, and relays in turn; the stage beside it, reporting's, is B1's limit
program. The same rows in the same tables, the same payloads. It checks no token, no key and no
rule.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

import asyncpg
import orjson
import uvloop

from shared.ids import uuid7
from tests.bench.limit_consumer import Row, row, run
from tests.bench.limit_fanout import ISSUE
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
TYPE, TOPIC = "notification.notice_delivered.v1", "notification.notices"
SOURCE = "/dondoc/notification"
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


async def assign() -> None:
    url = os.environ["DONDOC_DATABASE_URL"].replace("+asyncpg", "")
    pool = await asyncpg.create_pool(url, min_size=10, max_size=10)
    wake = asyncio.Event()

    async def issue(directive: UUID) -> None:
        await pool.execute(ONE, directive)
        wake.set()

    port = int(os.environ["DONDOC_PORT"])
    await asyncio.get_running_loop().create_server(lambda: Requests(issue), "127.0.0.1", port)
    await relay(await asyncpg.connect(url), os.environ["DONDOC_KAFKA_URL"], wake)


async def tell(connection: asyncpg.Connection, values: Sequence[bytes]) -> list[Row]:
    """Facts and a notice of each task."""
    events = [orjson.loads(value) for value in values]
    await connection.execute(FACTS, (b"[" + b",".join(values) + b"]").decode())
    made, recipients = [uuid7() for _ in events], [event["agency"] for event in events]
    tasks = [UUID(event["task_id"]) for event in events]
    now = datetime.now(UTC)
    await connection.execute(NOTICES, made, tasks, recipients, now, SUBJECT, BODY, BODY)
    return [_delivered(id, event) for id, event in zip(made, events, strict=True)]


def _delivered(notice: UUID, event: dict[str, str]) -> Row:
    body = {
        "notice_id": str(notice),
        "recipient": event["agency"],
        "task_id": event["task_id"],
        "milestone": "task_assigned",
        "channel": "in_app",
        "accepted_by": "inbox",
    }
    return row(TYPE, TOPIC, SOURCE, event["agency"], body)


if __name__ == "__main__":
    uvloop.run(assign() if sys.argv[1] == "assign" else run("limit-tell", tell))
