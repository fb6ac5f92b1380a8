"""Migrations that change what a service had before them."""

import asyncio
from collections.abc import Sequence

import orjson
from alembic import command
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.local.stack import LocalStack
from deploy.migrate import config_for, upgrade
from services.assignment.models.tasks import Task
from shared.events import assignment as events
from shared.events import reporting
from shared.handlers import Handlers
from shared.messaging import OutboxRow
from shared.records import Received, StoredRecord, read
from shared.testing import ServiceUnderTest
from tests.assignment.steps import DUE, a_directive, facts, issue

BEFORE = (
    "delete from outbox where type = 'assignment.task_completed.v1' and key in"
    " (select id::text from tasks where role = 'coordinate')",
    "delete from task_changes where task_id in (select id from tasks where role = 'coordinate')",
    "update tasks set state = 'acknowledged', completed_on = null where role = 'coordinate'",
)
"""As releases before 0005 left it."""


async def test_whoever_supported_a_lead_that_was_done_before_is_done_by_the_upgrade(
    assignment: ServiceUnderTest, stack: LocalStack
) -> None:
    await one_letter_done_and_one_open(assignment)
    await run(assignment, *BEFORE)
    url = stack.database_url("assignment")

    for _ in range(3):
        await asyncio.to_thread(command.downgrade, config_for("assignment", url), "0004")
        await asyncio.to_thread(upgrade, "assignment", url)

    async with assignment.sessions() as session:
        found = (await session.scalars(select(Task).where(Task.role == "coordinate"))).all()
        told = [await told_of(session, task) for task in found]
        changes = (await session.execute(text("select what, by from task_changes"))).all()
    open_one, done = sorted(zip(found, told, strict=True), key=lambda one: one[0].state)
    assert (open_one[0].state, open_one[1]) == ("acknowledged", [])
    assert (done[0].state, done[0].completed_on) == ("completed", DUE)
    (said,) = done[1]
    assert said.error is None
    assert said.event == events.TaskCompleted(
        completed_on=DUE, due_on=done[0].due_on, **facts(done[0])
    )
    assert [tuple(one) for one in changes].count(("task_completed", "upgrade")) == 1


async def one_letter_done_and_one_open(service: ServiceUnderTest) -> None:
    for number in ("1/UBND", "2/UBND"):
        body = a_directive(number=number)
        body["items"][0] |= {"lead": ["HN-SCT"], "coordinate": ["HN-STC"]}
        tasks = {task.role: task for task in await issue(service, body)}
    done = reporting.ReportAccepted(submitted_on=DUE, accepted_on=DUE, **facts(tasks["lead"]))
    await service.deliver(done)


async def run(service: ServiceUnderTest, *statements: str) -> None:
    async with service.sessions.begin() as session:
        for statement in statements:
            await session.execute(text(statement))


async def told_of(session: AsyncSession, task: Task) -> Sequence[Received]:
    """The completions of a task, as a service reads what the relay sends."""
    handlers = Handlers()

    @handlers.on(events.TaskCompleted)
    async def nothing(_events: object, _session: object) -> None: ...

    rows = await session.scalars(
        select(OutboxRow).where(
            OutboxRow.key == str(task.id), OutboxRow.type == events.TaskCompleted.type
        )
    )
    found = []
    for row in rows:
        headers = [(name, value.encode()) for name, value in orjson.loads(row.headers)]
        record = StoredRecord(row.topic, 0, row.id, row.key.encode(), row.value, headers)
        received = read(record, handlers)
        assert received is not None
        assert received.id == row.event_id
        found.append(received)
    return found
