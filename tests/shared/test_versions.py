"""A new version of an event beside the old one: whoever knows either acts once, in any order."""

from collections.abc import Sequence
from typing import ClassVar, Self
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.testing import capture_logs

from shared.batch import BatchHandler
from shared.codec import decode
from shared.events import assignment
from shared.events.base import brought_to
from shared.handlers import Handlers
from shared.ids import uuid7
from shared.messaging import InboxRow, OutboxRow
from shared.outbox import publish
from shared.records import StoredRecord, read
from shared.testing import ServiceUnderTest, record_of
from shared.types import Line
from tests.shared.probe import Effect, returned

KEY = UUID(int=7)
V1 = "assignment.task_returned.v1"
Returned = assignment.TaskReturned


class ReturnedV2(assignment.TaskEvent):
    """Says who returned it, and the reason in other words."""

    type: ClassVar[str] = "assignment.task_returned.v2"
    earlier = Returned

    why: Line
    by: Line | None = None

    def as_earlier(self) -> Returned:
        facts = self.model_dump(exclude={"why", "by"})
        return Returned(reason=self.why, **facts)

    @classmethod
    def from_earlier(cls, event: Returned) -> Self:
        return cls(why=event.reason, **event.model_dump(exclude={"reason"}))


class ReturnedV3(assignment.TaskEvent):
    """The reason is gone."""

    type: ClassVar[str] = "assignment.task_returned.v3"
    earlier = ReturnedV2

    by: Line

    def as_earlier(self) -> ReturnedV2:
        return ReturnedV2(why="unknown", **self.model_dump())

    @classmethod
    def from_earlier(cls, event: ReturnedV2) -> Self:
        return cls(**{**event.model_dump(exclude={"why"}), "by": event.by or "somebody"})


def returned_v2(why: str, by: str | None = "Lan") -> ReturnedV2:
    return ReturnedV2(why=why, by=by, **returned(KEY, why).model_dump(exclude={"reason"}))


class Reader:
    """The probe's consumer as a release has it that hears one version."""

    def __init__(self, probe: ServiceUnderTest, version: type[assignment.TaskEvent]) -> None:
        self.probe, self.handlers = probe, Handlers()

        @self.handlers.on(version)
        async def note(events: Sequence[assignment.TaskEvent], session: AsyncSession) -> None:
            for event in events:
                what = event.model_dump(include={"reason", "why", "by"}, exclude_none=True)
                session.add(Effect(key=event.task_id, what=" ".join(map(str, what.values()))))

    async def deliver(self, *records: StoredRecord) -> None:
        found = (read(record, self.handlers) for record in records)
        batch = [received for received in found if received is not None]
        await BatchHandler(self.probe.sessions, self.handlers).handle(batch)


async def told(probe: ServiceUnderTest, event: assignment.TaskEvent) -> list[StoredRecord]:
    """The records of an event that was published, in the order in which the relay sends them."""
    async with probe.sessions.begin() as session:
        publish(session, event)
    async with probe.sessions() as session:
        rows = list(await session.scalars(select(OutboxRow).order_by(OutboxRow.id)))
        await session.execute(text("truncate outbox"))
        await session.commit()
    types: dict[str, type[assignment.TaskEvent]] = {
        version.type: version for version in (Returned, ReturnedV2, ReturnedV3)
    }
    return [record_of(decode(types[row.type], row.value), event_id=row.event_id) for row in rows]


async def effects(probe: ServiceUnderTest) -> list[str]:
    async with probe.sessions() as session:
        return list(await session.scalars(text("select what from effects order by place")))


async def test_an_event_is_told_in_each_version_under_one_id_the_newest_first(
    probe: ServiceUnderTest,
) -> None:
    records = await told(
        probe, ReturnedV3(by="Lan", **returned(KEY, "").model_dump(exclude={"reason"}))
    )

    headers = [dict(record.headers) for record in records]
    assert [one["ce_type"] for one in headers] == [
        b"assignment.task_returned.v3",
        b"assignment.task_returned.v2",
        b"assignment.task_returned.v1",
    ]
    assert len({one["ce_id"] for one in headers}) == 1


@pytest.mark.parametrize(("version", "effect"), [(Returned, "late"), (ReturnedV2, "late Lan")])
async def test_each_reader_acts_once_on_what_is_told_in_two_versions(
    probe: ServiceUnderTest, version: type[assignment.TaskEvent], effect: str
) -> None:
    records = await told(probe, returned_v2("late"))

    with capture_logs() as logs:
        await Reader(probe, version).deliver(*records)
        await Reader(probe, version).deliver(*records)

    assert await effects(probe) == [effect]
    assert await probe.dead_letters() == []
    assert [one for one in logs if one.get("security")] == []


@pytest.mark.parametrize("cut", [0, 1, 2])
@pytest.mark.parametrize("versions", [(Returned, ReturnedV2), (ReturnedV2, Returned)])
async def test_a_reader_that_is_replaced_between_two_versions_loses_and_doubles_nothing(
    probe: ServiceUnderTest, versions: tuple[type[assignment.TaskEvent], ...], cut: int
) -> None:
    """Upgraded or rolled back, wherever the old one stopped reading."""
    first, then = versions
    records = await told(probe, returned_v2("late"))

    with capture_logs() as logs:
        await Reader(probe, first).deliver(*records[:cut])
        await Reader(probe, then).deliver(*records[cut:])

    assert [what.partition(" ")[0] for what in await effects(probe)] == ["late"]
    assert await probe.count(InboxRow) == 1
    assert [one for one in logs if one.get("security")] == []


async def test_what_was_told_before_there_was_a_new_version_is_read_as_one(
    probe: ServiceUnderTest,
) -> None:
    old = record_of(returned(KEY, "late"), event_id=uuid7())

    await Reader(probe, ReturnedV2).deliver(old)
    assert brought_to(ReturnedV3, returned(KEY, "late")).model_dump()["by"] == "somebody"

    assert await effects(probe) == ["late"]


async def test_a_fact_that_is_another_in_its_second_version_is_a_security_alert(
    probe: ServiceUnderTest,
) -> None:
    new, old = await told(probe, returned_v2("late"))
    forged = record_of(returned(KEY, "forged"), event_id=UUID(dict(old.headers)["ce_id"].decode()))

    with capture_logs() as logs:
        await Reader(probe, ReturnedV2).deliver(new, forged)

    assert await effects(probe) == ["late Lan"]
    assert [one["event"] for one in logs if one.get("security")] == [
        "event_id_reused_with_other_content"
    ]


def test_two_handlers_of_one_event_are_refused() -> None:
    handlers = Handlers()

    async def handle(_events: Sequence[assignment.TaskEvent], _session: AsyncSession) -> None: ...

    handlers.on(ReturnedV2)(handle)
    with pytest.raises(ValueError, match=f"{V1} has a handler already"):
        handlers.on(Returned)(handle)
