"""The limit of B5: a directive's tasks, deadlines and events by one statement, then the relay.

It listens on the port of DONDOC_PORT; a line with a directive's id issues that directive, and is
answered once the transaction has committed. The same rows in the same tables, the same payload.
"""

import asyncio
import os
from uuid import UUID

import asyncpg
import uvloop

from tests.bench.limit_relay import relay

ISSUE = """
with issued as (
  update directives set state = 'issued', issued_at = now() where id = $1 returning *),
given as (
  insert into tasks (id, directive_id, item_id, agency, role, state, assigned_on, due_on,
    original_due_on, deadline_version, next_check_at, next_milestone, missed_version, version)
  select uuidv7(), d.id, i.id, m.agency, 'lead', 'assigned', d.issued_on, '2026-12-15',
    '2026-12-15', 0, '2026-12-07 17:00+00', 7, -1, 1
  from issued d join items i on i.directive_id = d.id join memberships m on m."group" = 'XA'
  returning *),
dated as (
  insert into deadlines (task_id, version, due_on, rule, set_by, set_at)
  select id, 0, due_on, '{"kind": "date", "on": "2026-12-15"}', 'bench', now() from given),
told as (
  select given.id, 'assignment.task_assigned.v1' as type, 'assignment.tasks' as topic,
    json_build_object('task_id', given.id, 'directive_id', d.id, 'agency', agency, 'role',
      role, 'number_symbol', d.number_symbol, 'issuer', d.issuer, 'item_id', item_id, 'item_path',
      i.path, 'summary', left(i.text, 500), 'assigned_on', assigned_on, 'due_on', due_on,
      'deadline_version', 0, 'report_to', '{}'::text[], 'money_aspect', false) as body
  from given join issued d on d.id = given.directive_id join items i on i.id = item_id
  union all
  select d.id, 'assignment.directive_issued.v1', 'assignment.directives',
    json_build_object('directive_id', d.id, 'number_symbol', d.number_symbol, 'issued_on',
      d.issued_on, 'issuer', d.issuer, 'subject', d.subject, 'items', json_build_array(
        json_build_object('item_id', i.id, 'path', i.path, 'text', i.text)))
  from issued d join items i on i.directive_id = d.id)
insert into outbox (event_id, type, topic, key, headers, value)
select event_id, type, topic, id::text, json_build_array(
    json_build_array('ce_specversion', '1.0'), json_build_array('ce_id', event_id),
    json_build_array('ce_type', type), json_build_array('ce_source', '/dondoc/assignment'),
    json_build_array('ce_time', now()), json_build_array('ce_subject', id),
    json_build_array('content-type', 'application/json'),
    json_build_array('ce_correlationid', 'bench'))::text, convert_to(body::text, 'UTF8')
from (select uuidv7() as event_id, * from told) made"""


async def main() -> None:
    url = os.environ["DONDOC_DATABASE_URL"].replace("+asyncpg", "")
    writing, sending = await asyncpg.connect(url), await asyncpg.connect(url)
    wake = asyncio.Event()

    async def issue(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await writing.execute(ISSUE, UUID((await reader.readline()).decode().strip()))
        wake.set()
        writer.write(b"issued\n")
        writer.close()

    await asyncio.start_server(issue, "127.0.0.1", int(os.environ["DONDOC_PORT"]))
    await relay(sending, os.environ["DONDOC_KAFKA_URL"], wake)


if __name__ == "__main__":
    uvloop.run(main())
