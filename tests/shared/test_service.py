"""What create_service() makes of a process, seen from outside: outages, metrics, logs, its end."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import orjson
import pytest
from aiokafka.errors import KafkaError

from deploy.local.ports import free_port
from deploy.local.processes import Started
from deploy.local.stack import LocalStack, local_stack, temporary_folder
from deploy.topics import TopicsError, provision
from shared.auth import UserRole
from shared.database import create_engine
from shared.ids import uuid7
from shared.relay import create_producer, drop
from shared.settings import Settings
from shared.testing import record_of
from shared.tokens import sign
from tests.shared import probe
from tests.shared.plumbing import TOPIC

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@dataclass
class ProbeProcess:
    """The probe as a process of its own, on a broker and a database that may be taken away."""

    stack: LocalStack
    started: Started
    port: int
    keys: Path

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        token = sign(self.keys, [UserRole.COORDINATOR])
        headers = {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": str(uuid7()),
            **options.pop("headers", {}),
        }
        async with httpx.AsyncClient(timeout=30) as client:
            url = f"http://127.0.0.1:{self.port}{path}"
            return await client.request(method, url, headers=headers, **options)

    async def say(self, key: UUID, what: str = "said", **headers: str) -> httpx.Response:
        body = {"key": str(key), "what": what}
        return await self.request("POST", "/probe/say", json=body, headers=headers)

    async def missing(self) -> set[str]:
        """What readiness says is not there."""
        return set((await self.request("GET", "/health/ready")).json()["missing"])

    async def effects(self, key: UUID) -> list[str]:
        connection = await asyncpg.connect(
            self.stack.database_url(probe.NAME).replace("+asyncpg", "")
        )
        try:
            rows = await connection.fetch("select what from effects where key = $1", key)
        finally:
            await connection.close()
        return [row["what"] for row in rows]

    async def metric(self, name: str, **labels: str) -> float | None:
        told = (await self.request("GET", "/metrics")).text
        for line in told.splitlines():
            named, _, value = line.rpartition(" ")
            if named.partition("{")[0] == name and all(
                f'{label}="{wanted}"' in named for label, wanted in labels.items()
            ):
                return float(value)
        return None

    def log_lines(self, event: str) -> list[dict[str, Any]]:
        lines = (line for line in self.started.log.read_text().splitlines() if line[:1] == "{")
        return [told for line in lines if (told := orjson.loads(line)).get("event") == event]


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110  another process works on
            await asyncio.sleep(0.05)


@pytest.fixture(scope="module")
async def process(keys: Path) -> AsyncIterator[ProbeProcess]:
    with temporary_folder() as folder:
        async with local_stack(folder) as stack:
            await stack.create_database(probe.NAME)
            engine = create_engine(stack.database_url(probe.NAME), name="setup")
            await probe.create_tables(engine)
            await engine.dispose()
            await provision(stack.kafka_url)
            port = free_port()
            yield ProbeProcess(stack, await start(stack, port, keys), port, keys)


async def start(stack: LocalStack, port: int, keys: Path) -> Started:
    environment = {
        **os.environ,
        "DONDOC_DATABASE_URL": stack.database_url(probe.NAME),
        "DONDOC_KAFKA_URL": stack.kafka_url,
        "DONDOC_KAFKA_KIND": stack.kafka_kind.value,
        "DONDOC_PORT": str(port),
        "DONDOC_JWKS": str(keys / "jwks.json"),
        "DONDOC_JOB_SECONDS": "0.2",
    }
    argv = [sys.executable, "-m", "tests.shared.probe"]
    return await stack.processes.start(probe.NAME, argv, environment)


async def ready(process: ProbeProcess) -> bool:
    try:
        return await process.missing() == set()
    except httpx.TransportError:
        return False


async def bring_the_broker_back(stack: LocalStack) -> None:
    """The embedded one has forgotten its topics meanwhile."""
    await stack.processes.restart("broker")
    async with asyncio.timeout(60):
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
        return parked == 1 and bool(sent) and await process.metric("dondoc_outbox_backlog") == 0

    await until(counted)
    dead = await process.metric("dondoc_events_set_aside_total", type=returned, state="dead")
    parked = await process.metric("dondoc_events_set_aside_total", type=returned, state="parked")
    assert (dead, parked) == (1, 1)
    assert await process.metric("dondoc_dead_letters", state="dead") == 1
    assert await process.metric("dondoc_outbox_age_seconds") == 0
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
        ended = await asyncio.wait_for(process.started.process.wait(), 30)
    finally:
        await connection.close()

    assert ended in (0, -signal.SIGTERM)
    assert await process.effects(key) == ["1 slow"]
    assert process.log_lines("service_stopping")
