"""protocol.md §4 on a real PostgreSQL; each guard's test fails without it."""

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from shared.auth import UserRole
from shared.batch import BatchHandler, GiveUp
from shared.codec import encode
from shared.dead_letters import retry_early
from shared.disposal import runs_of, unfit
from shared.errors import NotYet
from shared.events import assignment, reporting
from shared.ids import uuid7
from shared.inbox import digest
from shared.messaging import BlockedKey, InboxRow
from shared.records import StoredRecord, generation_of
from shared.testing import ServiceUnderTest, record_of
from shared.types import Role
from tests.shared import probe as probe_service
from tests.shared.probe import Effect, returned

KEY, OTHER = UUID(int=7), UUID(int=8)


async def effects(probe: ServiceUnderTest, key: UUID | None = None) -> list[str]:
    async with probe.sessions() as session:
        rows = await session.execute(text("select key, what from effects order by place"))
        return [row.what for row in rows if key is None or row.key == key]


def started(key: UUID) -> assignment.TaskStarted:
    return assignment.TaskStarted(
        task_id=key, directive_id=UUID(int=1), agency="HN-SCT", role=Role.LEAD
    )


async def test_inbox_a_redelivered_event_has_one_effect(probe: ServiceUnderTest) -> None:
    event_id = uuid7()

    await probe.deliver(returned(KEY, "a"), event_id=event_id)
    await probe.deliver(returned(KEY, "a"), event_id=event_id)
    await probe.deliver(returned(KEY, "a"), returned(KEY, "a"), ids=[event_id, event_id])

    assert await effects(probe) == ["a"]
    assert len(await probe.published(reporting.ReportMissed)) == 1


async def test_inbox_two_processes_with_the_same_batch_have_one_effect(
    probe: ServiceUnderTest,
) -> None:
    records = [record_of(returned(uuid4(), "a")) for _ in range(50)]

    await asyncio.gather(*(probe.deliver_records(*records) for _ in range(4)))

    assert len(await effects(probe)) == 50
    assert await probe.dead_letters() == []


async def test_the_same_id_with_other_content_is_the_first_ones(
    probe: ServiceUnderTest, capsys: pytest.CaptureFixture[str]
) -> None:
    event_id = uuid7()

    await probe.deliver(returned(KEY, "first"), event_id=event_id)
    await probe.deliver(returned(KEY, "forged"), event_id=event_id)

    assert await effects(probe) == ["first"]
    assert "event_id_reused_with_other_content" in capsys.readouterr().out


async def test_parking_what_follows_a_dead_event_waits_and_other_keys_go_on(
    probe: ServiceUnderTest,
) -> None:
    await probe.deliver(returned(KEY, "poison"), returned(KEY, "b"), returned(OTHER, "c"))
    await probe.deliver(returned(KEY, "d"), returned(OTHER, "e"))

    assert await effects(probe) == ["c", "e"]
    states = [(letter.state, letter.error) for letter in await probe.dead_letters()]
    assert states == [("dead", "ValueError: poison"), ("parked", None), ("parked", None)]


async def test_parking_what_stands_before_an_unreadable_event_of_its_key_is_handled(
    probe: ServiceUnderTest,
) -> None:
    """In one batch: it was parked, as the head of a key whose dead event came later (chaos)."""
    poison = altered(record_of(returned(KEY, "b")), value=b"{")

    await probe.deliver_records(
        record_of(returned(KEY, "a")), poison, record_of(returned(KEY, "c"))
    )

    assert await effects(probe) == ["a"]
    assert [letter.state for letter in await probe.dead_letters()] == ["dead", "parked"]


async def test_parking_replay_hands_over_what_waited_in_order(probe: ServiceUnderTest) -> None:
    await probe.deliver(returned(KEY, "poison"), returned(KEY, "b"), returned(KEY, "c"))
    head = (await probe.dead_letters())[0]
    probe_service.mended.add("poison")

    async with probe.client(UserRole.OPERATOR) as client:
        answer = await client.post(f"/operator/dead-letters/{head.id}/replay")

    assert answer.json() == {"replayed": 3, "discarded": 0, "failed_id": None, "error": None}
    assert await effects(probe) == ["poison", "b", "c"]
    assert await probe.dead_letters() == []
    assert await probe.count(BlockedKey) == 0
    assert len(await probe.published(reporting.ReportMissed)) == 3


async def test_share_an_event_that_meets_a_drain_waits_for_it(probe: ServiceUnderTest) -> None:
    """Without the lock it would be parked behind a key that nobody will free again."""
    await probe.deliver(returned(KEY, "poison"))
    async with probe.sessions() as drain:
        await drain.begin()
        await drain.execute(text("select 1 from blocked_keys for update"))
        await drain.execute(text("update dead_letters set state = 'replayed'"))
        await drain.execute(text("delete from blocked_keys"))

        handling = asyncio.create_task(probe.deliver(returned(KEY, "b")))
        await _until_somebody_waits(probe)
        await drain.commit()
        await handling

    assert await effects(probe) == ["b"]
    assert await probe.dead_letters() == []


async def _until_somebody_waits(probe: ServiceUnderTest) -> None:
    """Return once a session waits for a lock; a consumer that takes none never does."""
    async with asyncio.timeout(60), probe.sessions() as session:
        waiting = text("select count(*) from pg_locks where not granted")
        while not await session.scalar(waiting):
            await session.rollback()


async def test_replay_stops_at_the_first_that_fails_again(probe: ServiceUnderTest) -> None:
    await probe.deliver(returned(KEY, "poison"), returned(KEY, "b"), returned(KEY, "poison 2"))
    head = (await probe.dead_letters())[0]
    probe_service.mended.add("poison")

    async with probe.client(UserRole.OPERATOR) as client:
        answer = await client.post(f"/operator/dead-letters/{head.id}/replay")

    assert answer.json()["replayed"] == 2
    assert await effects(probe) == ["poison", "b"]
    (left,) = await probe.dead_letters()
    assert (left.state, left.attempts, left.error) == ("dead", 1, "ValueError: poison 2")
    assert answer.json()["failed_id"] == left.id


async def test_only_the_head_of_a_key_can_be_chosen(probe: ServiceUnderTest) -> None:
    await probe.deliver(returned(KEY, "poison"), returned(KEY, "b"))
    head, behind = await probe.dead_letters()

    async with probe.client(UserRole.OPERATOR) as client:
        answer = await client.post(f"/operator/dead-letters/{behind.id}/replay")

    assert answer.status_code == 409
    assert answer.json()["head"] == head.id


async def test_discarding_keeps_the_reason_and_frees_the_key(probe: ServiceUnderTest) -> None:
    await probe.deliver(returned(KEY, "poison"), returned(KEY, "b"))
    head = (await probe.dead_letters())[0]

    async with probe.client(UserRole.OPERATOR, subject="op") as client:
        path = f"/operator/dead-letters/{head.id}"
        refused = await client.post(f"{path}/discard", json={"reason": ""})
        done = await client.post(f"{path}/discard", json={"reason": "sent by mistake"})
        shown = (await client.get(path)).json()
        again = await client.post(f"{path}/discard", json={"reason": "once more"})

    assert refused.status_code == 422
    assert done.json() == {"replayed": 1, "discarded": 1, "failed_id": None, "error": None}
    assert (shown["state"], shown["reason"]) == ("discarded", "sent by mistake")
    assert shown["settled_by"] == "op"
    assert again.status_code == 409
    assert await effects(probe) == ["b"]


async def test_a_key_with_more_than_one_drain_of_letters_is_replayed_whole(
    probe: ServiceUnderTest,
) -> None:
    names = [f"{number:04}" for number in range(450)]
    await probe.deliver(returned(KEY, "poison"), *(returned(KEY, name) for name in names))
    probe_service.mended.add("poison")
    head = (await probe.dead_letters())[0]

    async with probe.client(UserRole.OPERATOR) as client:
        answer = await client.post(f"/operator/dead-letters/{head.id}/replay")

    assert answer.json()["replayed"] == 451
    assert await effects(probe) == ["poison", *names]


@pytest.mark.parametrize("role", [UserRole.COORDINATOR, UserRole.AUDITOR, UserRole.BUDGET])
async def test_dead_letters_are_the_operators_only(probe: ServiceUnderTest, role: UserRole) -> None:
    async with probe.client(role) as client:
        answer = await client.get("/operator/dead-letters")

    assert answer.status_code == 403


async def test_one_poison_event_among_a_thousand_is_the_only_one_set_aside(
    probe: ServiceUnderTest,
) -> None:
    keys = [uuid4() for _ in range(1000)]
    events = [returned(key, "poison" if place == 437 else "a") for place, key in enumerate(keys)]
    later = [returned(keys[437], "behind"), started(keys[437])]

    await probe.deliver(*events[:490], later[0])
    await probe.deliver(*events[490:], later[1])

    assert await effects(probe) == ["a"] * 999
    letters = await probe.dead_letters()
    assert [letter.state for letter in letters] == ["dead", "parked", "parked"]
    assert {letter.key for letter in letters} == {str(keys[437]).encode()}


async def test_a_refused_event_costs_no_rollback_and_the_rest_goes_on(
    probe: ServiceUnderTest,
) -> None:
    await probe.deliver(
        returned(KEY, "refuse"), returned(OTHER, "a"), returned(KEY, "b"), started(KEY)
    )

    assert await effects(probe) == ["a"]
    letters = [(letter.state, letter.error) for letter in await probe.dead_letters()]
    assert letters == [("dead", "refuse"), ("parked", None), ("parked", None)]


async def test_what_came_too_early_is_tried_again_by_itself(probe: ServiceUnderTest) -> None:
    await probe.deliver(returned(KEY, "early"), returned(KEY, "b"))
    (head, _) = await probe.dead_letters()
    assert head.next_try_at is not None
    probe_service.mended.add("early")

    async with probe.sessions.begin() as session:
        await session.execute(text("update dead_letters set next_try_at = now() - interval '1 s'"))
    assert await retry_early(probe.sessions, probe.app.state.handlers) == 1
    assert await effects(probe) == ["early", "b"]


async def test_what_came_too_early_is_counted_apart_from_what_an_operator_must_look_at(
    probe: ServiceUnderTest,
) -> None:
    await probe.deliver(returned(KEY, "early"), returned(OTHER, "poison"), returned(OTHER, "b"))

    async with probe.client(UserRole.OPERATOR) as client:
        told = (await client.get("/metrics")).text

    waiting = [line for line in told.splitlines() if line.startswith("dondoc_dead_letters{")]
    assert sorted(waiting) == [
        'dondoc_dead_letters{state="dead"} 1.0',
        'dondoc_dead_letters{state="early"} 1.0',
        'dondoc_dead_letters{state="parked"} 1.0',
    ]


async def test_what_heals_is_tried_again_and_nothing_is_set_aside(
    probe: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    healing = asyncio.create_task(probe.deliver(returned(KEY, "transient"), returned(OTHER, "a")))
    await asyncio.sleep(0)
    probe_service.mended.add("transient")
    await healing

    assert sorted(await effects(probe)) == ["a", "transient"]
    assert await probe.dead_letters() == []


@pytest.mark.parametrize("together", [1, 3])
async def test_what_never_heals_is_dead_after_enough_attempts_and_the_rest_handled(
    probe: ServiceUnderTest, together: int
) -> None:
    impatient = BatchHandler(
        probe.sessions, probe.app.state.handlers, give_up=GiveUp(attempts=2, seconds=0.0)
    )
    keys = [uuid4() for _ in range(together)]
    events = [returned(key, "fine") for key in keys[1:]]
    records = [record_of(event) for event in (returned(keys[0], "transient"), *events)]

    await impatient.handle(probe.read(*records))

    (letter,) = await probe.dead_letters()
    assert letter.key == str(keys[0]).encode()
    assert (letter.error or "").startswith("gave up: ")
    assert await effects(probe) == ["fine"] * (together - 1)


async def test_attempts_alone_are_not_enough_to_give_up(probe: ServiceUnderTest) -> None:
    """It must have been tried for two minutes as well: what is locked now may be free then."""
    patient = BatchHandler(
        probe.sessions, probe.app.state.handlers, give_up=GiveUp(attempts=1, seconds=3600.0)
    )
    record = record_of(returned(KEY, "transient"))
    handling = asyncio.create_task(patient.handle(probe.read(record)))
    await asyncio.wait([handling], timeout=1.5)
    assert not handling.done()
    probe_service.mended.add("transient")
    await handling

    assert await effects(probe) == ["transient"]
    assert await probe.dead_letters() == []
    assert GiveUp() == GiveUp(attempts=10, seconds=120.0)


async def test_what_is_early_is_retried_with_back_off_for_a_day_and_is_then_an_ordinary_letter(
    probe: ServiceUnderTest,
) -> None:
    await probe.deliver(returned(KEY, "early"))
    waits = []
    for _ in range(4):
        await due_again(probe)
        await retry_early(probe.sessions, probe.app.state.handlers)
        (letter,) = await probe.dead_letters()
        assert letter.next_try_at is not None
        waits.append(letter.next_try_at - datetime.now(UTC))

    await due_again(probe, created="now() - interval '25 hours'")
    await retry_early(probe.sessions, probe.app.state.handlers)

    assert waits == sorted(waits)
    assert waits[-1] > 4 * waits[0]
    (letter,) = await probe.dead_letters()
    assert (letter.state, letter.attempts, letter.next_try_at) == ("dead", 6, None)


async def due_again(probe: ServiceUnderTest, *, created: str = "created_at") -> None:
    async with probe.sessions.begin() as session:
        await session.execute(
            text(f"update dead_letters set next_try_at = now(), created_at = {created}")
        )


async def test_what_is_early_blocks_its_key_and_no_other(probe: ServiceUnderTest) -> None:
    await probe.deliver(returned(KEY, "early"), returned(KEY, "b"), returned(OTHER, "c"))

    assert await effects(probe) == ["c"]


async def test_an_old_event_of_a_compacted_topic_is_applied(probe: ServiceUnderTest) -> None:
    """Its handlers compare versions, and what compaction has kept is always old."""
    floor = datetime.now(UTC)
    old = {"ce_recordedtime": "2016-10-20T00:00:00+00:00"}
    (received,) = probe.read(record_of(returned(KEY, "old"), headers=old))
    record = received.record
    assert isinstance(record, StoredRecord)
    compacted = replace(received, record=altered(record, topic="assignment.agencies"))

    assert unfit(received, floor) is not None
    assert unfit(compacted, floor) is None


async def test_an_event_older_than_the_inbox_is_never_applied_silently(
    probe: ServiceUnderTest,
) -> None:
    async with probe.sessions.begin() as session:
        await session.execute(text("update inbox_floor set floor = now()"))

    old = record_of(returned(KEY, "old"), headers={"ce_recordedtime": "2016-10-20T00:00:00+00:00"})
    new = record_of(
        returned(OTHER, "new"), headers={"ce_recordedtime": "2999-10-20T00:00:00+00:00"}
    )
    await probe.deliver_records(old, new)

    assert await effects(probe) == ["new"]
    (letter,) = await probe.dead_letters()
    assert letter.error is not None
    assert "older than the inbox" in letter.error


@pytest.mark.parametrize("seed", range(10))
async def test_however_a_log_is_cut_and_repeated_each_event_has_one_effect_in_order(
    probe: ServiceUnderTest, seed: int
) -> None:
    """Two readers, each going back at random, as after kills and rebalances."""
    chance = random.Random(seed)
    keys = [uuid4() for _ in range(5)]
    log = [(chance.choice(keys), str(number)) for number in range(60)]
    records = [record_of(returned(key, what)) for key, what in log]

    async def read_on() -> None:
        place = 0
        while place < len(records):
            end = place + chance.randint(1, 20)
            await probe.deliver_records(*records[place:end])
            place = end - chance.choice([0, 0, 0, chance.randint(1, 20)])
            place = max(place, 0)

    await asyncio.gather(read_on(), read_on())

    for key in keys:
        assert await effects(probe, key) == [what for whose, what in log if whose == key]
    assert await probe.dead_letters() == []
    assert len(await probe.published(reporting.ReportMissed)) == len(log)


async def forgotten(probe: ServiceUnderTest) -> None:
    """As when the inbox has moved on, and the publisher's outbox goes further back."""
    async with probe.sessions.begin() as session:
        await session.execute(text("delete from inbox"))
        await session.execute(text("update inbox_floor set floor = '2020-01-01'"))


def old(what: str) -> StoredRecord:
    return record_of(returned(KEY, what), headers={"ce_recordedtime": "2019-01-01T00:00:00+00:00"})


async def test_a_dead_letter_that_comes_again_after_the_inbox_forgot_it_stands_once(
    probe: ServiceUnderTest,
) -> None:
    """Its letter is still open; what follows goes on, its key's events behind it."""
    poison = old("poison")
    await probe.deliver_records(poison)
    await forgotten(probe)

    async with asyncio.timeout(120):
        await probe.deliver_records(
            poison, record_of(returned(KEY, "b")), record_of(returned(OTHER, "c"))
        )

    assert await effects(probe) == ["c"]
    states = [letter.state for letter in await probe.dead_letters()]
    assert states == ["dead", "parked"]


async def test_a_settled_letter_that_comes_again_blocks_its_key_no_more(
    probe: ServiceUnderTest,
) -> None:
    poison = old("poison")
    await probe.deliver_records(poison)
    (letter,) = await probe.dead_letters()
    async with probe.client(UserRole.OPERATOR) as client:
        path = f"/operator/dead-letters/{letter.id}/discard"
        assert (await client.post(path, json={"reason": "old"})).status_code == 200
    await forgotten(probe)

    async with asyncio.timeout(120):
        await probe.deliver_records(poison, record_of(returned(KEY, "b")))

    assert await effects(probe) == ["b"]
    assert await probe.dead_letters() == []
    assert await probe.count(BlockedKey) == 0


async def test_what_the_inbox_has_forgotten_is_not_applied_again_behind_a_dead_letter(
    probe: ServiceUnderTest,
) -> None:
    """A log sent again from far back: each is the operator's to decide, none is parked."""
    log = [old("1"), old("2"), old("3")]
    await probe.deliver_records(*log)
    await forgotten(probe)

    await probe.deliver_records(*log, record_of(returned(KEY, "4")))
    waiting = [letter.state for letter in await probe.dead_letters()]
    async with probe.client(UserRole.OPERATOR, subject="op") as client:
        for _ in log:
            (head, *_) = await probe.dead_letters()
            path = f"/operator/dead-letters/{head.id}/discard"
            answer = (await client.post(path, json={"reason": "was applied"})).json()

    assert waiting == ["dead", "dead", "dead", "parked"]
    assert await effects(probe) == ["1", "2", "3", "4"]
    assert answer == {"replayed": 1, "discarded": 1, "failed_id": None, "error": None}
    assert await probe.dead_letters() == []
    assert await probe.count(BlockedKey) == 0


async def test_a_failed_batch_leaves_neither_inbox_rows_nor_events(probe: ServiceUnderTest) -> None:
    with pytest.raises(NotYet):
        await probe.batches._attempt(probe.read(record_of(returned(KEY, "early"))))

    assert await probe.count(InboxRow) == 0
    assert await probe.count(Effect) == 0


def test_runs_hold_a_key_once_and_swap_no_keys_events(probe: ServiceUnderTest) -> None:
    a, b = KEY, OTHER
    batch = probe.read(
        *(
            record_of(event)
            for event in (
                returned(a, "1"),
                returned(b, "2"),
                started(a),
                returned(a, "3"),
                returned(b, "4"),
                started(b),
            )
        )
    )

    runs = [[one.event for one in run] for run in runs_of(batch)]

    assert runs == [
        [returned(a, "1"), returned(b, "2")],
        [started(a)],
        [returned(a, "3"), returned(b, "4")],
        [started(b)],
    ]


def altered(record: StoredRecord, **changes: object) -> StoredRecord:
    return StoredRecord(**{**vars(record), **changes})


GOOD = record_of(returned(KEY, "good"))
BODY = (GOOD.value or b"").decode()


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (b"", "no valid JSON"),
        (b'{"task_id"', "no valid JSON"),
        (b"\xff\xfe", "no valid JSON"),
        (BODY.replace("good", "\\ud800").encode(), "no valid JSON"),
        (BODY.replace("good", "\\u0000").encode(), "U+0000"),
        (BODY.replace('"good"', "NaN").encode(), "no valid JSON"),
        (BODY.replace('"good"', "1e400").encode(), "no valid JSON"),
        (BODY.replace('"good"', "[" * 100_000).encode(), "no valid JSON"),
        (BODY.replace('"good"', "7").encode(), "reason: Input should be a valid string"),
        (BODY.replace("HN-SCT", "drop table").encode(), "agency: String should match"),
        (b"[]", "body: Input should be an object"),
        (b" " * 1_000_000, "1000000 bytes"),
        (None, "the value is null"),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_an_unreadable_body_is_set_aside_and_the_next_event_handled(
    probe: ServiceUnderTest, value: bytes | None, why: str
) -> None:
    await probe.deliver_records(altered(GOOD, value=value), record_of(returned(OTHER, "next")))

    assert await effects(probe) == ["next"]
    (letter,) = await probe.dead_letters()
    assert letter.error is not None
    assert why in letter.error
    assert (letter.topic, letter.partition, letter.offset) == (
        GOOD.topic,
        GOOD.partition,
        GOOD.offset,
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"ce_id": "no uuid"}, "invalid UUID"),
        ({"ce_specversion": "2.0"}, "ce_specversion"),
        ({"ce_time": "2016-10-20T08:00:00"}, "no offset"),
        ({"ce_time": "2016-02-30T08:00:00+07:00"}, "day is out of range"),
    ],
)
async def test_unreadable_headers_are_set_aside(
    probe: ServiceUnderTest, changes: dict[str, str], why: str
) -> None:
    await probe.deliver_records(record_of(returned(KEY, "a"), headers=changes))

    (letter,) = await probe.dead_letters()
    assert why in (letter.error or "")


async def test_a_header_that_is_no_text_counts_as_missing(probe: ServiceUnderTest) -> None:
    odd = altered(GOOD, headers=[*GOOD.headers, ("x-odd", b"\xff\x00")])
    typeless = altered(GOOD, headers=[("ce_type", b"\xff")], key=str(OTHER).encode())

    await probe.deliver_records(odd, typeless)

    assert await effects(probe) == ["good"]
    (letter,) = await probe.dead_letters()
    assert "ce_type" in (letter.error or "")


async def test_odd_headers_of_a_stranger_neither_stop_nor_swell_anything(
    probe: ServiceUnderTest,
) -> None:
    odd = [("ce_loggeneration", None), ("nul\x00", b"a\x00"), ("ce_sequence", b"9" * 10_000)]
    many = [(f"x-{number}", b"y" * 100) for number in range(100_000)]
    bad = altered(GOOD, headers=[*GOOD.headers, *odd, *many])

    assert generation_of(bad) == 1
    await probe.deliver_records(bad, record_of(returned(OTHER, "next")))

    assert await effects(probe) == ["next"]
    (letter,) = await probe.dead_letters()
    assert len(letter.headers) == 100
    assert ["nul\\0", "a\\0"] in letter.headers


def test_one_body_under_two_types_has_two_digests() -> None:
    """Types that begin alike: an event told again under another type is no repeat."""
    body = encode(started(KEY))

    assert digest("assignment.task_started.v1", body) != digest("assignment.task_ended.v1", body)


async def test_a_record_under_anothers_key_is_set_aside(probe: ServiceUnderTest) -> None:
    await probe.deliver_records(altered(GOOD, key=str(OTHER).encode()))

    (letter,) = await probe.dead_letters()
    assert "key" in (letter.error or "")


async def test_an_event_on_anothers_topic_is_set_aside(probe: ServiceUnderTest) -> None:
    """Who may write to no other topic forges nobody's event (bad-inputs 17)."""
    forged = altered(GOOD, topic="budget.lines")

    await probe.deliver_records(forged, record_of(returned(OTHER, "next")))

    assert await effects(probe) == ["next"]
    (letter,) = await probe.dead_letters()
    assert "belongs on assignment.tasks, not on budget.lines" in (letter.error or "")


async def test_an_empty_key_is_not_its_events_key(probe: ServiceUnderTest) -> None:
    await probe.deliver_records(altered(GOOD, key=b""), record_of(returned(OTHER, "next")))

    assert await effects(probe) == ["next"]
    (letter,) = await probe.dead_letters()
    assert (letter.key, letter.state) == (b"", "dead")


async def test_a_tombstone_of_a_compacted_topic_is_passed_over(
    reporting: ServiceUnderTest,
) -> None:
    topic = "assignment.agencies"
    for headers in ([], [("ce_type", b"assignment.agency_recorded.v1")]):
        tombstone = StoredRecord(topic, 0, 0, b"HN-SCT", None, headers)
        await reporting.deliver_records(tombstone)

    assert await reporting.dead_letters() == []
    assert await reporting.count(InboxRow) == 0


async def test_a_record_without_key_blocks_nothing(probe: ServiceUnderTest) -> None:
    await probe.deliver_records(altered(GOOD, key=None), record_of(returned(OTHER, "a")))

    assert await effects(probe) == ["a"]
    assert await probe.count(BlockedKey) == 0
    (letter,) = await probe.dead_letters()
    async with probe.client(UserRole.OPERATOR) as client:
        path = f"/operator/dead-letters/{letter.id}/discard"
        assert (await client.post(path, json={"reason": "no key"})).status_code == 200


async def test_types_nobody_handles_are_skipped_without_a_trace(probe: ServiceUnderTest) -> None:
    newer = record_of(returned(KEY, "a"), headers={"ce_type": "assignment.task_returned.v2"})
    other = record_of(returned(KEY, "a"), headers={"ce_type": "assignment.task_renamed.v1"})

    await probe.deliver_records(newer, other)

    assert await probe.count(InboxRow) == 0
    assert await probe.dead_letters() == []


async def test_fields_of_a_newer_publisher_are_ignored(probe: ServiceUnderTest) -> None:
    newer = altered(GOOD, value=BODY.replace("{", '{"mood":"good",', 1).encode())

    await probe.deliver_records(newer)

    assert await effects(probe) == ["good"]


async def test_a_duplicate_key_in_json_means_the_last_one(probe: ServiceUnderTest) -> None:
    twice = altered(GOOD, value=BODY.replace("{", '{"reason":"first",', 1).encode())

    await probe.deliver_records(twice)

    assert await effects(probe) == ["good"]
