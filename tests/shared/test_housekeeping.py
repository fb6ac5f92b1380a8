"""Jobs of the plumbing on a real PostgreSQL."""

from uuid import UUID

from sqlalchemy import text

from shared.auth import UserRole
from shared.messaging import PARTITION_IDS, IdempotencyKey
from shared.outbox import publish
from shared.outbox_partitions import create_outbox_partitions
from shared.retention import forget_old_answers
from shared.testing import START, ServiceUnderTest
from tests.shared.probe import returned

KEY = UUID(int=7)
KEYS = (str(KEY), str(UUID(int=8)))


async def test_an_answer_is_kept_for_thirty_days_and_no_longer(probe: ServiceUnderTest) -> None:
    for key, days in (("old", 30.1), ("kept", 29.9)):
        async with probe.client(UserRole.COORDINATOR, headers={"Idempotency-Key": key}) as client:
            assert (await client.post("/probe/say", json={"key": KEYS[0]})).status_code == 200
        async with probe.sessions.begin() as session:
            await session.execute(
                text(
                    "update idempotency_keys set created_at = now() - make_interval(secs => :s)"
                    " where key = :key"
                ),
                {"s": days * 86_400, "key": key},
            )

    assert await probe.run(forget_old_answers, now=START) == 1

    assert await probe.count(IdempotencyKey) == 1
    async with probe.client(UserRole.COORDINATOR, headers={"Idempotency-Key": "kept"}) as client:
        again = await client.post("/probe/say", json={"key": KEYS[0]})
        other = await client.post("/probe/say", json={"key": KEYS[1]})
    assert (again.json(), other.status_code) == ({"number": 2}, 409)


async def test_the_log_never_runs_out_of_partitions(probe: ServiceUnderTest) -> None:
    last = 3 * PARTITION_IDS
    async with probe.sessions.begin() as session:
        await session.execute(text(f"alter table outbox alter column id restart with {last}"))
    try:
        async with probe.client(UserRole.OPERATOR) as client:
            async with probe.sessions.begin() as session:
                publish(session, returned(KEY, "a"))
            short = (await client.get("/health/ready")).json()["warnings"]
            await probe.run(create_outbox_partitions, now=START)
            async with probe.sessions.begin() as session:
                publish(session, returned(KEY, "b"))
            ample = (await client.get("/health/ready")).json()["warnings"]
    finally:
        async with probe.sessions.begin() as session:
            for number in (3, 4):
                await session.execute(
                    text(f"drop table if exists outbox_{number * PARTITION_IDS + 1}")
                )

    assert "outbox_partitions" in short
    assert "outbox_partitions" not in ample
