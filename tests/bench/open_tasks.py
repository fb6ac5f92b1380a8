"""A database with as many open tasks as B4 wants, made by SQL, and copies of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from deploy.local.postgres import Postgres
from deploy.local.stack import LocalStack
from deploy.migrate import upgrade

SEED = """
insert into tasks (id, directive_id, item_id, agency, role, state, assigned_on, due_on,
  original_due_on, deadline_version, next_check_at, next_milestone, missed_version, version)
select uuidv7(), $1, $2, 'HN-' || n % 83, 'lead', 'acknowledged', '2025-01-02', due_on,
  due_on, 0, (due_on + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh', 0, -1, 1
from (select n, case when random() < $3 then '2025-06-30'::date
  else '2025-07-10'::date + (random() * 700)::int end as due_on
  from generate_series(1, $4::int) n) drawn"""


async def seed(stack: LocalStack, tasks: int, due: int) -> None:
    """A database to copy for each run; the due rows drawn by lot, everything vacuumed."""
    await asyncio.to_thread(upgrade, "assignment", stack.database_url("assignment"))
    connection = await asyncpg.connect(admin(stack).url("assignment"))
    try:
        directive, item = await _letter(connection)
        await connection.execute("set session_replication_role = replica")
        indexes = [
            row[0]
            for row in await connection.fetch(
                "select indexdef from pg_indexes where tablename = 'tasks' and indexname like 'ix%'"
            )
        ]
        for definition in indexes:
            await connection.execute(f"drop index {definition.split()[2]}")
        await connection.execute(SEED, directive, item, due / tasks, tasks)
        for definition in indexes:
            await connection.execute(definition)
        await connection.execute("alter table tasks set (autovacuum_enabled = off)")
        await connection.execute("vacuum analyze tasks")
        await connection.execute("checkpoint")
    finally:
        await connection.close()


async def _letter(connection: asyncpg.Connection) -> tuple[object, object]:
    directive = await connection.fetchval(
        "insert into directives (id, number_symbol, kind, issued_on, issuer, subject, citations,"
        " year, state, fingerprint) values (gen_random_uuid(), '6050/UBND-KT', 'công văn',"
        " '2025-01-02', 'HN-UBND', 'thử tải', '{}', 2025, 'issued', '') returning id"
    )
    item = await connection.fetchval(
        'insert into items (id, directive_id, place, path, start, "end", text, lead, coordinate,'
        " report_to, money_aspect, decided_by_clerk) values (gen_random_uuid(), $1, 0, '1', 0, 9,"
        " 'Tổ chức thực hiện', '{}', '{}', '{}', false, '{}') returning id",
        directive,
    )
    return directive, item


@asynccontextmanager
async def fresh(stack: LocalStack) -> AsyncIterator[str]:
    """A copy of the seeded database, file by file; dropped afterwards."""
    server = await asyncpg.connect(admin(stack).url("postgres"))
    try:
        await server.execute(
            "create database run template assignment strategy file_copy owner assignment"
        )
        await server.execute("checkpoint")
        yield stack.database_url("assignment").removesuffix("assignment") + "run"
        await server.execute("drop database run with (force)")
    finally:
        await server.close()


def admin(stack: LocalStack) -> Postgres:
    assert isinstance(stack.databases, Postgres), "B4 seeds as the superuser of a server of ours"
    return stack.databases
