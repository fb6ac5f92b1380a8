"""Back-pressure: what cannot be sent or read grows on disk and on the broker only, and is told."""

from sqlalchemy import event, text

from shared.auth import UserRole
from shared.backlog import _SQL
from shared.database import engine_of
from shared.relay import READ_ROWS
from shared.testing import ServiceUnderTest

WEEK = 7 * 86_400


async def wait_for_a_week(probe: ServiceUnderTest, rows: int) -> None:
    """So many rows of a week in which Kafka was away."""
    async with probe.sessions.begin() as session:
        await session.execute(
            text(
                "insert into outbox (event_id, type, topic, key, headers, value, recorded_at)"
                " select gen_random_uuid(), 't', 'assignment.tasks', 'k', '[]', '{}',"
                " now() - make_interval(secs => :week) + n * interval '1 second'"
                " from generate_series(0, :rows - 1) n"
            ),
            {"week": WEEK, "rows": rows},
        )


async def metric(probe: ServiceUnderTest, name: str) -> float:
    async with probe.client(UserRole.OPERATOR) as client:
        lines = (await client.get("/metrics")).text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


async def test_an_outbox_that_could_not_be_sent_for_a_week_is_told(
    probe: ServiceUnderTest,
) -> None:
    """By any replica and whatever the relay does, which is not running here."""
    await wait_for_a_week(probe, 3 * READ_ROWS)

    async with probe.client(UserRole.OPERATOR) as client:
        warnings = (await client.get("/health/ready")).json()["warnings"]

    assert f"{3 * READ_ROWS} events wait for Kafka, the oldest for 6048" in warnings["outbox"]
    assert await metric(probe, "dondoc_outbox_backlog") == 3 * READ_ROWS
    assert WEEK <= await metric(probe, "dondoc_outbox_age_seconds") < WEEK + 300


async def test_a_scrape_asks_the_database_over_one_connection(probe: ServiceUnderTest) -> None:
    engine, taken = engine_of(probe.sessions).sync_engine, []

    def take(*_: object) -> None:
        taken.append(1)

    event.listen(engine, "checkout", take)
    try:
        assert await metric(probe, "dondoc_ready") in (0, 1)
        assert await metric(probe, "dondoc_database_bytes") > 0
    finally:
        event.remove(engine, "checkout", take)

    assert len(taken) == 2


async def test_an_outbox_that_is_sent_is_not_worth_a_word(probe: ServiceUnderTest) -> None:
    await wait_for_a_week(probe, 10)
    async with probe.sessions.begin() as session:
        await session.execute(text("update outbox_cursor set top = 10"))

    async with probe.client(UserRole.OPERATOR) as client:
        warnings = (await client.get("/health/ready")).json()["warnings"]

    assert "outbox" not in warnings
    assert await metric(probe, "dondoc_outbox_backlog") == 0
    assert await metric(probe, "dondoc_outbox_age_seconds") == 0


async def test_to_tell_it_costs_a_few_buffers_however_long_it_is(probe: ServiceUnderTest) -> None:
    await wait_for_a_week(probe, 20_000)
    async with probe.sessions() as session:
        plan = await session.scalar(text(f"explain (analyze, buffers, format json) {_SQL.text}"))

    assert plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"] < 40
