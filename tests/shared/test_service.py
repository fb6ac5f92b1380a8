"""What create_service() makes of a process, seen from outside: outages, metrics, logs, its end."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
from aiokafka.errors import KafkaError

from deploy.local.stack import LocalStack
from deploy.topics import TopicsError, provision
from shared.lanes import create_producer, drop
from shared.settings import Settings
from shared.testing import record_of
from tests.shared import probe
from tests.shared.plumbing import TOPIC
from tests.shared.probe_process import ProbeProcess, probe_process, ready, start, until

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture(scope="module")
async def process(keys: Path) -> AsyncIterator[ProbeProcess]:
    async with probe_process(keys) as process:
        yield process


async def bring_the_broker_back(stack: LocalStack) -> None:
    """The embedded one has forgotten its topics meanwhile."""
    await stack.processes.restart("broker")
    async with asyncio.timeout(180):
        while True:
            try:
                await provision(stack.kafka_url)
                return
            except (TopicsError, KafkaError):
                await asyncio.sleep(0.2)


async def test_it_starts_and_serves_while_kafka_is_away_and_recovers(
    process: ProbeProcess,
) -> None:
    stack, key = process.stack, uuid4()
    await stack.processes.stop(probe.NAME)
    await stack.processes.kill("broker")
    process.started = await start(stack, process.port, process.keys)

    async def serves() -> bool:
        try:
            return (await process.request("GET", "/health/live")).status_code == 200
        except httpx.TransportError:
            return False

    await until(serves)
    said = await process.say(key)
    missing = await process.missing()
    await bring_the_broker_back(stack)

    async def arrived() -> bool:
        return await process.effects(key) == ["1 said"]

    await until(arrived)
    await until(lambda: ready(process))
    assert said.status_code == 200
    assert missing == {"relay", "consumer"}
    assert process.started.running


async def test_kafka_that_goes_away_later_only_delays(process: ProbeProcess) -> None:
    key = uuid4()
    await until(lambda: ready(process))
    await process.stack.processes.kill("broker")

    said = await process.say(key)
    await bring_the_broker_back(process.stack)

    async def arrived() -> bool:
        return await process.effects(key) == ["1 said"]

    await until(arrived)
    await until(lambda: ready(process))
    assert said.status_code == 200
    assert process.started.running


async def test_a_database_that_goes_away_is_a_503_until_it_is_back(
    process: ProbeProcess,
) -> None:
    key = uuid4()
    await until(lambda: ready(process))
    await process.stack.processes.stop("postgres", signal.SIGINT)

    refused = await process.say(key)
    missing = await process.missing()
    live = await process.request("GET", "/health/live")
    metrics = await process.request("GET", "/metrics")
    await process.stack.processes.restart("postgres")

    async def takes_it() -> bool:
        return (await process.say(key)).status_code == 200

    async def arrived() -> bool:
        return await process.effects(key) == ["1 said"]

    await until(takes_it)
    await until(arrived)
    await until(lambda: ready(process))
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    assert refused.headers["content-type"] == "application/problem+json"
    assert "database" in missing
    assert (live.status_code, metrics.status_code) == (200, 200)
    assert process.started.running


async def test_metrics_tell_what_came_what_went_and_what_was_set_aside(
    process: ProbeProcess,
) -> None:
    key, returned = uuid4(), "assignment.task_returned.v1"
    await until(lambda: ready(process))
    producer = create_producer(
        Settings(
            database_url=process.stack.database_url(probe.NAME),
            kafka_url=process.stack.kafka_url,
            kafka_kind=process.stack.kafka_kind,
        ),
        "test",
    )
    await producer.start()
    for what in ("poison", "behind"):
        record = record_of(probe.returned(key, what))
        await producer.send_and_wait(
            TOPIC, record.value, key=record.key, headers=list(record.headers)
        )
    await drop(producer)
    await process.say(uuid4())

    async def counted() -> bool:
        parked = await process.metric("dondoc_dead_letters", state="parked")
        sent = await process.metric("dondoc_events_published_total", type=returned)
        # what is said is answered: nothing waits any more when the age is told too
        waits = [await process.metric(f"dondoc_outbox_{one}") for one in ("backlog", "age_seconds")]
        return parked == 1 and bool(sent) and waits == [0, 0]

    await until(counted)
    dead = await process.metric("dondoc_events_set_aside_total", type=returned, state="dead")
    parked = await process.metric("dondoc_events_set_aside_total", type=returned, state="parked")
    assert (dead, parked) == (1, 1)
    assert await process.metric("dondoc_dead_letters", state="dead") == 1
    assert await process.metric("dondoc_consumer_lag", topic=TOPIC) is not None
    assert await process.metric("dondoc_sweep_age_seconds", job="forget_old_answers") is not None
    said = {"method": "POST", "route": "/probe/say", "status": "200"}
    assert (await process.metric("dondoc_http_seconds_count", **said) or 0) >= 1

    async def heard() -> bool:
        return bool(await process.metric("dondoc_events_consumed_total", type=returned))

    await until(heard)


async def test_log_lines_lead_from_the_request_to_the_effect(process: ProbeProcess) -> None:
    key = uuid4()
    headers = {"X-Correlation-Id": "abc.1", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    await until(lambda: ready(process))

    await process.say(key, "logged", **headers)

    async def logged() -> bool:
        return bool(process.log_lines("effect_recorded"))

    await until(logged)
    (line,) = process.log_lines("effect_recorded")
    assert (line["correlation_id"], line["trace_id"]) == ("abc.1", TRACE)
    connection = await asyncpg.connect(
        process.stack.database_url(probe.NAME).replace("+asyncpg", "")
    )
    sent = await connection.fetchval("select event_id from outbox where key = $1", str(key))
    await connection.close()
    assert line["causation_id"] == str(sent)
    assert (line["service"], line["level"]) == ("probe", "info")


async def test_two_lengths_of_one_body_are_a_400(process: ProbeProcess) -> None:
    await until(lambda: ready(process))
    reader, writer = await asyncio.open_connection("127.0.0.1", process.port)
    writer.write(
        b"POST /probe/say HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    await writer.drain()

    status = await reader.readline()
    writer.close()

    assert b" 400 " in status


async def test_sigterm_lets_the_batch_in_hand_end(process: ProbeProcess) -> None:
    key = uuid4()
    await until(lambda: ready(process))
    await process.say(key, "slow")
    connection = await asyncpg.connect(
        process.stack.database_url(probe.NAME).replace("+asyncpg", "")
    )

    async def in_hand() -> bool:
        asleep = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'"
        return bool(await connection.fetchval(asleep))

    try:
        await until(in_hand)
        process.started.process.terminate()
        ended = await asyncio.wait_for(process.started.process.wait(), 120)
    finally:
        await connection.close()

    assert ended in (0, -signal.SIGTERM)
    assert await process.effects(key) == ["1 slow"]
    assert process.log_lines("service_stopping")
