"""What a restored publisher counts on with (the model: ``tests/model/restore.py``)."""

from time import monotonic
from types import SimpleNamespace

import pytest
from aiokafka.errors import GroupAuthorizationFailedError, GroupCoordinatorNotAvailableError
from sqlalchemy import text

from deploy.backup import reconcile as module
from deploy.backup.reconcile import _read_again, reconcile
from deploy.local.stack import LocalStack
from deploy.topics import provision
from shared.outbox import publish
from shared.settings import KafkaKind, Settings
from shared.testing import ServiceUnderTest
from tests.bench.flow import assigned
from tests.deploy.fake_kafka import FakeKafka, Question, fake_kafka

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


NOT_AVAILABLE, LOADING, NOT_ALLOWED = 15, 14, 30


def settings_of(kafka: FakeKafka) -> Settings:
    return Settings(
        database_url="postgresql+asyncpg://unused",
        kafka_url=kafka.url,
        kafka_kind=KafkaKind.APACHE,
    )


async def test_a_coordinator_that_is_not_there_yet_is_waited_for() -> None:
    async with fake_kafka(NOT_AVAILABLE, LOADING) as kafka:
        await _read_again(settings_of(kafka), "budget")

    assert kafka.refusals == []
    assert kafka.asked[-1] == Question.OFFSETS


async def test_a_coordinator_that_never_comes_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", -1.0)
    async with fake_kafka(NOT_AVAILABLE, NOT_AVAILABLE) as kafka:
        with pytest.raises(GroupCoordinatorNotAvailableError):
            await _read_again(settings_of(kafka), "budget")

    assert len(kafka.refusals) == 1


async def test_what_heals_not_by_itself_is_not_waited_for() -> None:
    async with fake_kafka(NOT_ALLOWED, NOT_ALLOWED) as kafka:
        with pytest.raises(GroupAuthorizationFailedError):
            await _read_again(settings_of(kafka), "budget")

    assert len(kafka.refusals) == 1
