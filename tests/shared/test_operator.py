"""HTTP for operators: what was set aside is listed and shown, what was sent is sent again."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import Connection, event

from shared.auth import UserRole
from shared.cursor import take
from shared.database import engine_of
from shared.lanes import Lanes, create_producer, drop
from shared.messaging import OutboxRow
from shared.relay import Round
from shared.settings import Settings
from shared.testing import ServiceUnderTest, record_of
from tests.shared import probe as probe_service
from tests.shared.plumbing import Log, connect_relay
from tests.shared.probe import Effect, returned

KEY, OTHER = UUID(int=7), UUID(int=8)
LETTERS = "/operator/dead-letters"


async def test_dead_letters_are_listed_filtered_and_paged(probe: ServiceUnderTest) -> None:
    await probe.deliver(returned(KEY, "poison"), returned(KEY, "b"), returned(OTHER, "poison"))

    async with probe.client(UserRole.OPERATOR) as client:
        page = (await client.get(f"{LETTERS}?limit=2&count=true")).json()
        rest = (await client.get(f"{LETTERS}?limit=2&cursor={page['next']}")).json()
        parked = (await client.get(f"{LETTERS}?state=parked")).json()["items"]
        elsewhere = (await client.get(f"{LETTERS}?topic=budget.lines")).json()["items"]

    assert [one["state"] for one in page["items"]] == ["dead", "parked"]
    assert page["count"] == 3
    assert ([one["state"] for one in rest["items"]], rest["next"]) == (["dead"], None)
    assert [one["id"] for one in parked] == [page["items"][1]["id"]]
    assert elsewhere == []


async def test_a_dead_letter_shows_all_that_its_record_held(probe: ServiceUnderTest) -> None:
    record = record_of(returned(KEY, "poison"), headers={"ce_correlationid": "abc.1"})
    await probe.deliver_records(record)
    (letter,) = await probe.dead_letters()

    async with probe.client(UserRole.OPERATOR) as client:
        shown = (await client.get(f"{LETTERS}/{letter.id}")).json()

    assert (shown["topic"], shown["offset"], shown["key"]) == (
        record.topic,
        record.offset,
        str(KEY),
    )
    assert shown["value"] == (record.value or b"").decode()
    assert ["ce_correlationid", "abc.1"] in shown["headers"]
    assert (shown["error"], shown["attempts"]) == ("ValueError: poison", 1)


@pytest.mark.parametrize(
    ("letter_id", "status"), [("1", 404), ("0", 422), ("x", 422), (str(2**70), 422)]
)
@pytest.mark.parametrize("verb", ["", "/replay", "/discard"])
async def test_a_letter_that_is_not_there(
    probe: ServiceUnderTest, letter_id: str, status: int, verb: str
) -> None:
    async with probe.client(UserRole.OPERATOR) as client:
        path = f"{LETTERS}/{letter_id}{verb}"
        body = {"reason": "x"} if verb == "/discard" else None
        answer = await client.request("POST" if verb else "GET", path, json=body)

    assert answer.status_code == status


async def test_a_replay_sent_again_with_its_key_is_the_same_answer(
    probe: ServiceUnderTest,
) -> None:
    await probe.deliver(returned(KEY, "poison"))
    (letter,) = await probe.dead_letters()
    probe_service.mended.add("poison")

    async with probe.client(UserRole.OPERATOR, headers={"Idempotency-Key": "k1"}) as client:
        first = await client.post(f"{LETTERS}/{letter.id}/replay")
        again = await client.post(f"{LETTERS}/{letter.id}/replay")

    assert (first.status_code, first.json()["replayed"]) == (200, 1)
    assert again.json() == first.json()


async def test_an_answer_is_kept_however_long_a_drain_takes(probe: ServiceUnderTest) -> None:
    """The request's own transaction is idle meanwhile, longer than a session may be."""
    await probe.deliver(returned(KEY, "poison"), returned(KEY, "1 slower"))
    head, _ = await probe.dead_letters()
    probe_service.mended.add("poison")
    engine = engine_of(probe.sessions)

    def impatient(connection: Connection) -> None:
        connection.exec_driver_sql("set local idle_in_transaction_session_timeout = '8s'")

    event.listen(engine.sync_engine, "begin", impatient)
    try:
        async with probe.client(UserRole.OPERATOR) as client:
            answer = await client.post(f"{LETTERS}/{head.id}/replay")
    finally:
        event.remove(engine.sync_engine, "begin", impatient)

    assert (answer.status_code, answer.json()["replayed"]) == (200, 2)


async def test_two_operators_at_once_have_one_effect(probe: ServiceUnderTest) -> None:
    await probe.deliver(returned(KEY, "poison"), returned(KEY, "b"))
    head, _ = await probe.dead_letters()
    probe_service.mended.add("poison")

    async with probe.client(UserRole.OPERATOR) as client:
        answers = await asyncio.gather(
            *(client.post(f"{LETTERS}/{head.id}/replay") for _ in range(6))
        )

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
    assert await probe.count(Effect) == 2
    assert await probe.dead_letters() == []


async def relayed(settings: Settings, probe: ServiceUnderTest, *events: str) -> None:
    """Say these, one a transaction, and let the relay send them."""
    async with probe.client(UserRole.COORDINATOR) as client:
        for what in events:
            await client.post("/probe/say", json={"key": str(KEY), "what": what})
    connection = await connect_relay(settings)
    producer = create_producer(settings, "test")
    await producer.start()
    try:
        round = Round(connection, Lanes(producer), await take(connection))
        while await round.run():
            pass
        await round.run()
    finally:
        await drop(producer)
        connection.terminate()


async def test_a_range_of_the_log_is_sent_again_with_the_same_ids(
    probe: ServiceUnderTest, probe_settings: Settings, log: Log
) -> None:
    await relayed(probe_settings, probe, "a", "b", "c")
    before = await log.headers(KEY)

    async with probe.client(UserRole.OPERATOR) as client:
        answer = await client.post("/operator/outbox/replay", json={"first": 2, "last": 3})
        outbox = (await client.get("/operator/outbox")).json()

    assert answer.json() == {"sent": 2}
    assert (outbox["top"], outbox["last"], outbox["gaps"]) == (3, 3, [])
    sent = await log.headers(KEY)
    assert [one["ce_sequence"] for one in sent] == ["1", "2", "3", "2", "3"]
    assert [one["ce_id"] for one in sent[3:]] == [one["ce_id"] for one in before[1:]]


async def test_a_range_can_be_sent_to_a_topic_of_its_own(
    probe: ServiceUnderTest, probe_settings: Settings
) -> None:
    elsewhere = Log(probe_settings.kafka_url, "budget.lines")
    await elsewhere.begin()
    await relayed(probe_settings, probe, "a", "b")

    async with probe.client(UserRole.OPERATOR) as client:
        body = {"first": 1, "last": 2, "topic": "budget.lines"}
        answer = await client.post("/operator/outbox/replay", json=body)

    assert answer.json() == {"sent": 2}
    assert await elsewhere.sequences(KEY) == [1, 2]


@pytest.mark.parametrize("body", [{"first": 1, "last": 4}, {"first": 3, "last": 2}])
async def test_what_the_relay_has_not_sent_is_not_sent_again(
    probe: ServiceUnderTest, probe_settings: Settings, body: dict[str, int]
) -> None:
    await relayed(probe_settings, probe, "a", "b", "c")

    async with probe.client(UserRole.OPERATOR) as client:
        answer = await client.post("/operator/outbox/replay", json=body)

    assert (answer.status_code, answer.json()["top"]) == (422, 3)
    assert await probe.count(OutboxRow) == 3


async def test_a_topic_that_is_not_there_or_a_broker_that_is_away_is_said(
    probe: ServiceUnderTest, probe_settings: Settings
) -> None:
    await relayed(probe_settings, probe, "a")
    known = probe.app.state.settings
    away = probe_settings.model_copy(update={"kafka_url": "127.0.0.1:1"})

    async with probe.client(UserRole.OPERATOR) as client:
        body = {"first": 1, "last": 1}
        unknown = await client.post("/operator/outbox/replay", json={**body, "topic": "nowhere"})
        probe.app.state.settings = away
        try:
            unreachable = await client.post("/operator/outbox/replay", json=body)
        finally:  # monkeypatch would take it away: a State keeps its attributes elsewhere
            probe.app.state.settings = known

    assert (unknown.status_code, unknown.json()["type"]) == (422, "urn:dondoc:topic-unknown")
    assert unreachable.status_code == 503
    assert unreachable.headers["retry-after"]
