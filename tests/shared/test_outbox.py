"""protocol.md §1 on a real PostgreSQL: what publish() collects and what gets into the log."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import orjson
import pytest
from sqlalchemy import select, text

from shared import outbox
from shared.auth import UserRole
from shared.events import assignment, reporting
from shared.handlers import Envelope
from shared.ids import uuid7
from shared.messaging import OutboxRow
from shared.outbox import Unsendable, publish
from shared.testing import ServiceUnderTest, record_of
from tests.shared.probe import Root, missed, returned

KEY = UUID(int=7)
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


async def headers_of(probe: ServiceUnderTest, type: str) -> list[dict[str, str]]:
    async with probe.sessions() as session:
        found = select(OutboxRow.headers).where(OutboxRow.type == type).order_by(OutboxRow.id)
        return [dict(orjson.loads(headers)) for headers in await session.scalars(found)]


async def test_all_events_are_written_in_order_by_the_last_statement(
    probe: ServiceUnderTest,
) -> None:
    """``cmin`` is the place of a row's statement in its transaction."""
    async with probe.sessions.begin() as session:
        await session.execute(text("select 1"))
        publish(session, returned(KEY, "1"), returned(KEY, "2"))
        session.add(Root(id=KEY, number=1))
        publish(session, returned(KEY, "3"))

    async with probe.sessions() as session:
        written = list(await session.scalars(text("select cmin::text::int from outbox")))
        changed = await session.scalar(text("select cmin::text::int from roots"))
    assert len(written) == 3
    assert len(set(written)) == 1
    assert written[0] > changed
    told = [event.reason for event in await probe.published(assignment.TaskReturned)]
    assert told == ["1", "2", "3"]


async def test_what_is_rolled_back_is_never_told(probe: ServiceUnderTest) -> None:
    async with probe.sessions() as session:
        await session.execute(text("select 1"))
        publish(session, returned(KEY, "undone"))
        await session.rollback()
        await session.execute(text("select 1"))
        publish(session, returned(KEY, "kept"))
        async with session.begin_nested() as savepoint:
            publish(session, returned(KEY, "undone too"))
            await savepoint.rollback()
        async with session.begin_nested():
            publish(session, returned(KEY, "kept too"))
        await session.commit()

    told = [event.reason for event in await probe.published(assignment.TaskReturned)]
    assert told == ["kept", "kept too"]


async def test_an_event_that_kafka_would_refuse_is_a_422_and_leaves_nothing(
    probe: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MAX_BYTES", 1000)
    async with probe.client(UserRole.COORDINATOR) as client:
        answer = await client.post("/probe/say", json={"key": str(KEY), "what": "x" * 1000})

    assert (answer.status_code, answer.json()["type"]) == (422, "urn:dondoc:event-too-large")
    assert answer.json()["most"] == 1000
    assert await probe.count(Root) == 0
    assert await probe.count(OutboxRow) == 0


async def test_an_event_for_a_topic_nobody_declared_is_refused(
    probe: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assignment.TaskReturned, "topic", "nowhere")
    with pytest.raises(Unsendable, match="nowhere"):
        async with probe.sessions.begin() as session:
            publish(session, returned(KEY, "a"))

    assert await probe.count(OutboxRow) == 0


async def test_a_request_and_its_events_lead_to_each_other(probe: ServiceUnderTest) -> None:
    headers = {"X-Correlation-Id": "abc.1", "traceparent": TRACEPARENT}
    async with probe.client(UserRole.COORDINATOR, headers=headers) as client:
        await client.post("/probe/say", json={"key": str(KEY)})

    (told,) = await headers_of(probe, assignment.TaskReturned.type)
    assert told["ce_correlationid"] == "abc.1"
    assert told["traceparent"] == TRACEPARENT
    assert UUID(told["ce_causationid"])


async def test_an_event_and_what_follows_from_it_lead_to_each_other(
    probe: ServiceUnderTest,
) -> None:
    event_id = uuid7()
    ids = {"ce_correlationid": "abc.1", "traceparent": TRACEPARENT}

    await probe.deliver_records(
        record_of(returned(KEY, "a"), event_id=event_id, headers=ids),
        record_of(returned(uuid4(), "b"), headers={"ce_correlationid": "other"}),
    )

    told, other = await headers_of(probe, reporting.ReportMissed.type)
    assert told["ce_correlationid"] == "abc.1"
    assert told["ce_causationid"] == str(event_id)
    assert told["traceparent"] == TRACEPARENT
    assert other["ce_correlationid"] == "other"
    assert "traceparent" not in other


async def test_a_trace_that_is_none_is_not_passed_on(probe: ServiceUnderTest) -> None:
    """Else a stranger's megabyte in a header would make a row that the relay cannot send."""
    headers = {"traceparent": "0" * 900_000}

    await probe.deliver_records(record_of(returned(KEY, "a"), headers=headers))

    (told,) = await headers_of(probe, reporting.ReportMissed.type)
    assert "traceparent" not in told


async def test_events_have_the_source_and_the_time_of_the_services_clock(
    probe: ServiceUnderTest,
) -> None:
    async with probe.sessions.begin() as session:
        await session.execute(text("select 1"))
        publish(session, returned(KEY, "a"))

    (told,) = await headers_of(probe, assignment.TaskReturned.type)
    assert told["ce_source"] == "/dondoc/probe"
    assert told["ce_time"] == probe.clock.at.isoformat()
    assert (told["ce_subject"], told["content-type"]) == (str(KEY), "application/json")


async def test_what_a_handler_says_of_an_event_has_the_same_id_when_that_is_handled_again(
    probe: ServiceUnderTest,
) -> None:
    """And another for another body or another cause."""
    first, second = uuid4(), uuid4()
    said = [
        (first, missed(KEY)),
        (first, missed(UUID(int=9))),
        (second, missed(KEY)),
        (first, missed(KEY)),
    ]
    ids = []
    for cause, event in said:
        async with probe.sessions.begin() as session:
            publish(session, event, cause=Envelope(cause, "x", datetime.now(UTC), "c"))
        async with probe.sessions() as session:
            ids.append(
                await session.scalar(text("select event_id from outbox order by id desc limit 1"))
            )

    assert ids[3] == ids[0]
    assert len(set(ids)) == 3
    assert {id.version for id in ids} == {8}
