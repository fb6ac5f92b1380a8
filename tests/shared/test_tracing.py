"""Traces as a collector gets them, and that nobody waits for one that is away."""

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared import tracing as tracing_module
from shared.dead_letters import replay
from shared.jobs import Job, JobContext, run_once
from shared.messaging import OutboxRow
from shared.outbox import publish
from shared.records import read
from shared.testing import ServiceUnderTest, record_of
from shared.tracing import Tracing, parent_of
from tests.commands import run_module
from tests.shared import probe as probe_service
from tests.shared.collector import Collector, collector
from tests.shared.probe import handlers, returned
from tests.shared.probe_process import ProbeProcess, probe_process, ready, until

SERVER, PRODUCER, CONSUMER = 2, 4, 5
TOLD = "00f067aa0ba902b7"
HANDLED = "process assignment.tasks"


@pytest.fixture(scope="module")
async def traced(keys: Path) -> AsyncIterator[tuple[ProbeProcess, Collector]]:
    with collector() as found:
        variables = {"DONDOC_OTLP_ENDPOINT": found.url, "OTEL_BSP_SCHEDULE_DELAY": "200"}
        async with probe_process(keys, **variables) as process:
            await until(lambda: ready(process))
            yield process, found


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracing(spans: InMemorySpanExporter) -> Tracing:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    return Tracing(provider)


def context_of(probe: ServiceUnderTest, tracing: Tracing) -> JobContext:
    return JobContext(probe.sessions, probe.clock.clock(), 0.01, 30.0, lambda: True, tracing)


async def arrived(found: Collector, trace: str, *names: str) -> None:
    """Whichever ended first."""

    async def there() -> bool:
        return all(found.named(name, trace) for name in names)

    await until(there)


async def test_a_trace_leads_from_the_request_to_the_answer_of_who_heard(
    traced: tuple[ProbeProcess, Collector],
) -> None:
    process, found = traced
    trace = uuid4().hex

    await process.say(uuid4(), traceparent=f"00-{trace}-{TOLD}-01")
    names = "POST /probe/say", "send assignment.tasks", HANDLED, "send reporting.reports"
    await arrived(found, trace, *names)

    (request,), (sent,), (handled,), (answer,) = (found.named(name, trace) for name in names)
    assert [one.kind for one in (request, sent, handled, answer)] == [
        SERVER, PRODUCER, CONSUMER, PRODUCER,
    ]  # fmt: skip
    assert request.parent == TOLD
    assert sent.parent == handled.parent == request.id
    assert answer.parent == handled.id
    assert {one.service for one in found.spans} == {"dondoc-probe"}


async def test_a_dead_letter_that_is_tried_again_is_handled_in_its_trace_once_more(
    traced: tuple[ProbeProcess, Collector],
) -> None:
    """By the job that does so for what came early, which has a trace of its own."""
    process, found = traced
    trace = uuid4().hex
    record = record_of(returned(uuid4(), "early"), headers={"traceparent": f"00-{trace}-{TOLD}-01"})
    producer = AIOKafkaProducer(bootstrap_servers=process.stack.kafka_url)
    await producer.start()
    await producer.send_and_wait(
        record.topic, record.value, key=record.key, headers=list(record.headers)
    )
    await producer.stop()

    async def tried_again() -> bool:
        jobs = [one for one in found.spans if one.name == "job retry_early_events"]
        return len(found.named(HANDLED, trace)) > 1 and jobs != []

    await until(tried_again)

    first, second, *_ = found.named(HANDLED, trace)
    assert (first.parent, first.failed) == (second.parent, second.failed) == (TOLD, True)
    assert second.attributes["error.type"] == "NotYet"
    job = next(one for one in found.spans if one.name == "job retry_early_events")
    assert (job.attributes["dondoc.job.done"], job.failed) == ("1", False)


async def test_a_jobs_events_go_on_from_its_span(
    probe: ServiceUnderTest, spans: InMemorySpanExporter, tracing: Tracing
) -> None:
    async def speak(session: AsyncSession, *, now: datetime, limit: int) -> int:
        publish(session, returned(uuid4(), "a"), returned(uuid4(), "b"))
        return 2

    await run_once(Job("speak", speak), context_of(probe, tracing))

    (job,) = spans.get_finished_spans()
    async with probe.sessions() as session:
        told = [dict(orjson.loads(one)) for one in await session.scalars(select(OutboxRow.headers))]
    assert (job.name, (job.attributes or {})["dondoc.job.done"]) == ("job speak", 2)
    assert job.context is not None
    traceparent = f"00-{job.context.trace_id:032x}-{job.context.span_id:016x}-01"
    assert [one["traceparent"] for one in told] == [traceparent] * 2
    assert {UUID(one["ce_correlationid"]).int for one in told} == {job.context.trace_id}


async def test_a_job_that_finds_nothing_leaves_no_span_and_one_that_fails_an_error(
    probe: ServiceUnderTest, spans: InMemorySpanExporter, tracing: Tracing
) -> None:
    async def look(session: AsyncSession, *, now: datetime, limit: int) -> int:
        return 0

    async def fail(session: AsyncSession, *, now: datetime, limit: int) -> int:
        raise KeyError("bug")

    await run_once(Job("look", look), context_of(probe, tracing))
    with pytest.raises(KeyError):
        await run_once(Job("fail", fail), context_of(probe, tracing))

    (failed,) = spans.get_finished_spans()
    assert (failed.name, failed.status.status_code) == ("job fail", StatusCode.ERROR)


async def test_what_a_replayed_letter_leads_to_goes_on_from_its_span(
    probe: ServiceUnderTest,
    spans: InMemorySpanExporter,
    tracing: Tracing,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(probe.sessions.kw["info"], "tracing", tracing)
    await probe.deliver(returned(uuid4(), "poison"))
    (letter,) = await probe.dead_letters()
    probe_service.mended.add("poison")

    await replay(probe.sessions, probe.app.state.handlers, letter.id, by="operator")

    (handled,) = spans.get_finished_spans()
    async with probe.sessions() as session:
        (headers,) = await session.scalars(select(OutboxRow.headers))
    assert handled.name == HANDLED
    assert handled.context is not None
    assert f"{handled.context.span_id:016x}" in dict(orjson.loads(headers))["traceparent"]


async def test_spans_say_what_the_semantic_conventions_ask(
    traced: tuple[ProbeProcess, Collector],
) -> None:
    process, found = traced
    trace = uuid4().hex

    await process.say(uuid4(), traceparent=f"00-{trace}-{TOLD}-01")
    await arrived(found, trace, "POST /probe/say", HANDLED)

    (request,), (handled,) = found.named("POST /probe/say", trace), found.named(HANDLED, trace)
    assert request.attributes["http.request.method"] == "POST"
    assert request.attributes["http.route"] == "/probe/say"
    assert request.attributes["http.response.status_code"] == "200"
    assert handled.attributes["messaging.system"] == "kafka"
    assert handled.attributes["messaging.operation.type"] == "process"
    assert handled.attributes["messaging.destination.name"] == "assignment.tasks"


async def test_what_is_asked_every_few_seconds_is_not_traced(
    traced: tuple[ProbeProcess, Collector],
) -> None:
    process, found = traced
    trace = uuid4().hex

    assert (await process.request("GET", "/metrics")).status_code == 200
    await process.say(uuid4(), traceparent=f"00-{trace}-{TOLD}-01")
    await arrived(found, trace, HANDLED)

    assert [one.name for one in found.spans if "health" in one.name or "metrics" in one.name] == []


def test_a_handler_that_fails_is_an_error_of_its_span(
    spans: InMemorySpanExporter, tracing: Tracing
) -> None:
    received = read(record_of(returned(uuid4(), "said")), handlers)
    assert received is not None

    with pytest.raises(ValueError, match="bug"), tracing.handling([received]):
        raise ValueError("bug")

    (span,) = spans.get_finished_spans()
    assert span.name == HANDLED
    assert span.status.status_code is StatusCode.ERROR
    assert (span.attributes or {})["error.type"] == "ValueError"


async def test_a_collector_that_is_away_holds_up_neither_a_request_nor_the_end(keys: Path) -> None:
    """It takes connections and never answers: worse than one that refuses them."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        port = silent.getsockname()[1]
        async with probe_process(keys, DONDOC_OTLP_ENDPOINT=f"http://127.0.0.1:{port}") as process:
            await until(lambda: ready(process))

            answers = [await process.say(uuid4()) for _ in range(20)]
            process.started.process.terminate()
            ended = await asyncio.wait_for(process.started.process.wait(), 120)

    assert {answer.status_code for answer in answers} == {200}
    assert ended in (0, -15)


async def test_the_end_waits_for_the_last_spans_for_a_while_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tracing_module, "CLOSE_SECONDS", 0.1)
    provider, answered = TracerProvider(shutdown_on_exit=False), threading.Event()
    monkeypatch.setattr(provider, "shutdown", answered.wait)
    try:
        async with asyncio.timeout(120):
            await Tracing(provider).close()
    finally:
        answered.set()


def test_an_event_that_no_request_caused_has_its_correlation_id_as_trace() -> None:
    id = uuid4()

    assert parent_of(None, str(id)) == f"00-{id.hex}-{id.hex[16:]}-01"
    assert parent_of("00-1-2-01", str(id)) == "00-1-2-01"
    assert parent_of(None, "no uuid") is None


def test_without_an_endpoint_no_sdk_is_imported() -> None:
    program = (
        "import sys, services.budget.app as app; from shared.settings import Settings;"
        "app.create_app(Settings(database_url='postgresql+asyncpg://x'));"
        "print(*(name for name in sys.modules if name.startswith('opentelemetry.')))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    parts = {name.split(".")[1] for name in done.stdout.split()}
    assert parts & {"sdk", "exporter", "proto"} == set()


def test_an_endpoint_that_is_no_url_is_refused_in_one_line() -> None:
    done = run_module(
        "services.budget",
        DONDOC_DATABASE_URL="postgresql+asyncpg://x",
        DONDOC_OTLP_ENDPOINT="collector:4318",
    )

    assert done.returncode == 2
    assert "otlp_endpoint" in done.stderr
    assert len(done.stderr.splitlines()) == 1
