"""The limit of B1: the least program that takes the same events to the same durable effect.

It writes the same rows into the same tables with the same indexes; what makes it correct is
``limit_consumer``'s.
"""

import os
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import asyncpg
import orjson
import uvloop

from tests.bench.limit_consumer import Row, row, run

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
TYPE, TOPIC, SOURCE = "reporting.obligation_opened.v1", "reporting.reports", "/dondoc/reporting"


async def open_obligations(connection: asyncpg.Connection, values: Sequence[bytes]) -> list[Row]:
    events = [orjson.loads(value) for value in values]
    made = [UUID(bytes=os.urandom(16)) for _ in events]
    tasks = [UUID(event["task_id"]) for event in events]
    directives = [UUID(event["directive_id"]) for event in events]
    texts = ("agency", "role", "number_symbol", "item_path", "summary")
    told = [[event[name] for event in events] for name in texts]
    days = [date.fromisoformat(event["assigned_on"]) for event in events]
    await connection.execute(FACTS, tasks, directives, *told, days)
    await connection.execute(EFFECT, made, tasks, directives, *told[:2])
    return [_opened(event, id) for event, id in zip(events, made, strict=True)]


def _opened(event: dict[str, str], obligation: UUID) -> Row:
    body = {
        "task_id": event["task_id"],
        "directive_id": event["directive_id"],
        "agency": event["agency"],
        "role": event["role"],
        "obligation_id": str(obligation),
        "kind": "completion",
    }
    return row(TYPE, TOPIC, SOURCE, event["task_id"], body)


if __name__ == "__main__":
    uvloop.run(run("limit", open_obligations))
