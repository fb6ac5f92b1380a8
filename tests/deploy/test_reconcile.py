"""What a restored publisher counts on with (the model: ``tests/model/restore.py``)."""

from time import monotonic
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from deploy.backup import reconcile as module
from deploy.backup.reconcile import reconcile
from deploy.local.stack import LocalStack
from deploy.topics import provision
from shared.outbox import publish
from shared.settings import Settings
from shared.testing import ServiceUnderTest
from tests.bench.flow import assigned

NOW = 1_790_000_000.0


async def numbers(assignment: ServiceUnderTest) -> tuple[int, int]:
    """The generation, and the id of what is published now."""
    async with assignment.sessions.begin() as session:
        publish(session, assigned())
    async with assignment.sessions() as session:
        found = await session.execute(
            text("select generation, (select max(id) from outbox) from outbox_cursor")
        )
        generation, id = found.one()
    return generation, id


async def test_numbers_that_were_given_out_since_the_dump_never_come_again(
    stack: LocalStack, assignment: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    await provision(stack.kafka_url)
    settings = Settings(
        database_url=stack.database_url("assignment"),
        kafka_url=stack.kafka_url,
        kafka_kind=stack.kafka_kind,
    )
    at = [await numbers(assignment)]
    for later in (0.0, 1.0):
        await assignment.empty()  # the dump, both times; and Kafka has lost all that was sent
        clock = SimpleNamespace(time=lambda now=NOW + later: now, monotonic=monotonic)
        monkeypatch.setattr(module, "time", clock)

        await reconcile(settings, "assignment", [])

        at.append(await numbers(assignment))

    generations, ids = zip(*at, strict=True)
    assert list(generations) == sorted(set(generations))
    assert list(ids) == sorted(set(ids))
