"""Each kind of dead letter, made through Kafka; what docs/operations.md says to do mends it."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.structs import OffsetAndMetadata
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.auth import UserRole
from shared.batch import BatchHandler, GiveUp
from shared.consumer import Consumer
from shared.dead_letters import retry_early
from shared.events import assignment as events
from shared.events import reporting
from shared.events.base import Event
from shared.handlers import Handlers
from shared.messaging import DeadLetter
from shared.settings import Settings
from shared.testing import ServiceUnderTest, record_of
from shared.types import Role
from tests.budget.data import assigned
from tests.commands import PROJECT
from tests.shared import probe as probe_service
from tests.shared.plumbing import Log, commit
from tests.shared.probe import Effect, returned

EARLY, NO_TASK, UNREADABLE = "is not known yet", "there is no task", "Unreadable: "
OLD, GAVE_UP, BUG = "older than the inbox", "gave up: ", "anything else"
KINDS = (EARLY, NO_TASK, UNREADABLE, OLD, GAVE_UP, BUG)
LONG_AGO = {"ce_recordedtime": "2016-10-20T00:00:00+00:00"}
NOW = {"ce_recordedtime": "2999-10-20T00:00:00+00:00"}


def test_the_document_has_these_kinds() -> None:
    told = (PROJECT / "docs" / "operations.md").read_text()
    table = told.partition("| the reason |")[2].partition("\n\n")[0]

    rows = re.findall(r"^\| ([^-|].*?) \|", table, re.MULTILINE)

    assert [kind.strip() in row for kind, row in zip(KINDS, rows, strict=True)] == [True] * 6


@pytest.fixture
def key() -> UUID:
    return uuid4()


class Heard:
    """A service's consumer at work, and what it is sent."""

    def __init__(self, service: ServiceUnderTest, producer: AIOKafkaProducer) -> None:
        self.service = service
        self._producer = producer

    async def send(
        self,
        event: Event,
        *,
        value: bytes | None = None,
        id: UUID | None = None,
        headers: Mapping[str, str] = {},
    ) -> None:
        record = record_of(event, event_id=id, headers={**NOW, **headers})
        await self._producer.send_and_wait(
            record.topic,
            record.value if value is None else value,
            key=record.key,
            headers=list(record.headers),
        )

    async def waiting(self, *states: str) -> list[DeadLetter]:
        """The letters, when they are in these states."""

        async def there() -> bool:
            return [one.state for one in await self.service.dead_letters()] == list(states)

        await until(there)
        return await self.service.dead_letters()

    async def operate(self, letter: DeadLetter, action: str, **body: str) -> dict[str, Any]:
        async with self.service.client(UserRole.OPERATOR) as operator:
            path = f"/operator/dead-letters/{letter.id}"
            answer = await operator.post(f"{path}/{action}", json=body or None)
            assert answer.status_code == 200, answer.text
            shown: dict[str, Any] = (await operator.get(path)).json()
        assert await self.service.dead_letters() == []
        return shown

    async def effects(self, key: UUID) -> list[str]:
        async with self.service.sessions() as session:
            found = await session.scalars(
                text("select what from effects where key = :key order by place"), {"key": key}
            )
            return list(found)

    async def until_effects(self, key: UUID, *whats: str) -> None:
        async def there() -> bool:
            return await self.effects(key) == list(whats)

        await until(there)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(120):
        while not await condition():  # noqa: ASYNC110  the broker gives no signal to wait for
            await asyncio.sleep(0.05)


@asynccontextmanager
async def hearing(
    service: ServiceUnderTest, settings: Settings, producer: AIOKafkaProducer
) -> AsyncIterator[Heard]:
    """From where its topics end now; it gives up after two attempts."""
    group, handlers = f"g-{uuid4()}", service.app.state.handlers
    for topic in handlers.topics:
        log = Log(settings.kafka_url, topic)
        await log.begin()
        ends = {partition: OffsetAndMetadata(end, "") for partition, end in log.start.items()}
        await commit(settings, group, ends)
    batches = BatchHandler(service.sessions, handlers, give_up=GiveUp(attempts=2, seconds=0.0))
    own = settings.model_copy(update={"database_url": service.app.state.settings.database_url})
    consumer = Consumer(group, own, handlers, batches)
    task = asyncio.create_task(consumer.run())
    try:
        yield Heard(service, producer)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def heard(
    probe: ServiceUnderTest, probe_settings: Settings, producer: AIOKafkaProducer
) -> AsyncIterator[Heard]:
    async with hearing(probe, probe_settings, producer) as heard:
        yield heard


def submitted(task: UUID) -> reporting.ReportSubmitted:
    return reporting.ReportSubmitted(
        task_id=task,
        directive_id=UUID(int=1),
        agency="HN-UBND-001",
        role=Role.LEAD,
        obligation_id=UUID(int=4),
        kind=reporting.ObligationKind.COMPLETION,
        due_on=date(2016, 12, 15),
        report_id=UUID(int=5),
        report_version=1,
        final=True,
        nil=False,
        submitted_on=date(2016, 12, 1),
    )


async def test_early_one_has_nothing_to_do(
    notification: ServiceUnderTest, probe_settings: Settings, producer: AIOKafkaProducer, key: UUID
) -> None:
    async with hearing(notification, probe_settings, producer) as heard:
        await heard.send(submitted(key))
        (letter,) = await heard.waiting("dead")
        assert letter.error == f"the task {key} {EARLY}"
        assert letter.next_try_at is not None

        await heard.send(assigned(task_id=key))

        async def tried() -> bool:
            await retry_early(notification.sessions, notification.app.state.handlers)
            return await notification.dead_letters() == []

        await until(tried)
    async with notification.client(UserRole.AUDITOR) as auditor:
        notices = (await auditor.get(f"/notices?task={key}")).json()["items"]
    assert "report_submitted" in {one["milestone"] for one in notices}


async def test_of_an_unknown_task_is_discarded_with_the_reason(
    assignment: ServiceUnderTest, probe_settings: Settings, producer: AIOKafkaProducer, key: UUID
) -> None:
    async with hearing(assignment, probe_settings, producer) as heard:
        await heard.send(submitted(key))
        (letter,) = await heard.waiting("dead")
        assert (letter.error or "").startswith(NO_TASK)

        shown = await heard.operate(letter, "discard", reason="lost with the back-up")

    assert (shown["state"], shown["reason"]) == ("discarded", "lost with the back-up")


async def test_refused_is_replayed_when_its_cause_is_gone(heard: Heard, key: UUID) -> None:
    await heard.send(returned(key, "refuse"))
    (letter,) = await heard.waiting("dead")
    probe_service.mended.add("refuse")

    shown = await heard.operate(letter, "replay")

    assert shown["state"] == "replayed"
    assert await heard.effects(key) == ["refuse"]


@pytest.mark.parametrize(
    ("value", "headers"), [(b"\xff\x00 no JSON", {}), (None, {"ce_id": "no uuid"})]
)
async def test_foreign_record_is_discarded_and_what_waits_behind_it_is_handled(
    heard: Heard, key: UUID, value: bytes | None, headers: dict[str, str]
) -> None:
    await heard.send(returned(key, "foreign"), value=value, headers=headers)
    await heard.send(returned(key, "good"))
    letter, _ = await heard.waiting("dead", "parked")
    assert (letter.error or "").startswith(UNREADABLE)

    await heard.operate(letter, "discard", reason="not of our services")

    assert await heard.effects(key) == ["good"]


class Newer(events.TaskReturned):
    """As a later release has it: with a role that today's knows nothing of."""

    role: str  # type: ignore[assignment]


async def record_roles(received: Sequence[Newer], session: AsyncSession) -> None:
    session.add_all(Effect(key=event.task_id, what=event.role) for event in received)


async def test_what_a_newer_publisher_says_is_replayed_after_the_upgrade(
    heard: Heard, key: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = returned(key, "x").model_dump() | {"role": "observe"}
    await heard.send(Newer(**said))
    (letter,) = await heard.waiting("dead")
    assert (letter.error or "").startswith(f"{UNREADABLE}role: ")
    handlers: Handlers = heard.service.app.state.handlers
    monkeypatch.setitem(handlers.by_type, Newer.type, (Newer, record_roles))
    monkeypatch.setitem(handlers.newest, Newer.type, Newer)

    await heard.operate(letter, "replay")

    assert await heard.effects(key) == ["observe"]


async def test_older_than_the_inbox_is_discarded_where_its_effect_is_there_else_replayed(
    heard: Heard, key: UUID
) -> None:
    id, other = uuid4(), uuid4()
    await heard.send(returned(key, "once"), id=id, headers=LONG_AGO)
    await heard.until_effects(key, "once")
    async with heard.service.sessions.begin() as session:
        await session.execute(text("delete from inbox"))
        await session.execute(text("update inbox_floor set floor = now()"))
    await heard.send(returned(key, "once"), id=id, headers=LONG_AGO)
    (again,) = await heard.waiting("dead")
    assert (again.error or "").startswith(OLD)
    await heard.operate(again, "discard", reason="its effect is there")

    await heard.send(returned(other, "late"), headers=LONG_AGO)
    (late,) = await heard.waiting("dead")
    await heard.operate(late, "replay")

    assert await heard.effects(key) == ["once"]
    assert await heard.effects(other) == ["late"]


async def test_given_up_is_replayed_when_its_cause_is_gone(heard: Heard, key: UUID) -> None:
    await heard.send(returned(key, "transient"))
    (letter,) = await heard.waiting("dead")
    assert re.match(f"{GAVE_UP}.*40001", letter.error or "")
    probe_service.mended.add("transient")

    await heard.operate(letter, "replay")

    assert await heard.effects(key) == ["transient"]


async def test_a_bug_is_replayed_after_the_upgrade_and_nothing_behind_it_is_lost(
    heard: Heard, key: UUID
) -> None:
    for what in ("poison", "b", "c"):
        await heard.send(returned(key, what))
    letter, *_ = await heard.waiting("dead", "parked", "parked")
    assert not any(kind in (letter.error or "") for kind in KINDS)
    probe_service.mended.add("poison")

    await heard.operate(letter, "replay")

    assert await heard.effects(key) == ["poison", "b", "c"]
