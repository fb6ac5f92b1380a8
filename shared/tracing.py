"""OpenTelemetry: spans of requests, jobs, what is sent and what is handled, by OTLP over HTTP.

OpenTelemetry's SDK is not imported, and nothing is recorded, unless ``otlp_endpoint`` is set.
Names and attributes are those of its semantic conventions for HTTP and for messaging with Kafka.
The context travels as ``traceparent``; the trace of an event that no request caused is its
correlation id.
"""

import asyncio
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from shared.handlers import Envelope
from shared.records import Received
from shared.settings import Settings

CLOSE_SECONDS = 3.0
"""For so long the end of a process waits for a collector to take the last spans."""
EXPORT_SECONDS = 2
_UNTRACED = ("/health/", "/metrics")
"""Paths that somebody asks for every few seconds."""


@dataclass(frozen=True, slots=True)
class RequestSpan:
    """A request under way. ``traceparent``: what its events and log lines carry."""

    span: Any
    traceparent: str

    def end(self, method: str, route: str, status: int) -> None:
        """A status from 500 on is an error of ours; below that it is the client's."""
        self.span.update_name(f"{method} {route}")
        self.span.set_attribute("http.route", route)
        self.span.set_attribute("http.response.status_code", status)
        if status >= 500:
            _fail(self.span, str(status))
        self.span.end()


@dataclass(slots=True)
class JobSpan:
    """A transaction of a job. ``traceparent``: what its events carry; ``done``: how much it did."""

    traceparent: str | None = None
    done: int | None = None


class Tracing:
    """Of one process. ``Tracing()`` is off: every call returns at once."""

    def __init__(self, provider: Any = None) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("dondoc") if provider is not None else None

    def request(self, method: str, path: str, traceparent: str | None) -> RequestSpan | None:
        """The span of a request that begins now; None if tracing is off, or not worth it.

        The path itself is not told, only its route at the end: anything may stand in it.
        """
        if self._tracer is None or path.startswith(_UNTRACED):
            return None
        told = {"http.request.method": method, "url.scheme": "http"}
        span = self._begin(method, "SERVER", traceparent, told)
        return RequestSpan(span, _traceparent(span))

    def sent(self, rows: Sequence[Any], place: str) -> None:
        """Events that Kafka has just acknowledged in the partition ``place`` (topic/number).

        A span begins with the commit of its cause: it is as long as the event waited.
        """
        if self._tracer is None:
            return
        topic, _, partition = place.rpartition("/")
        for row in rows:
            told = dict(orjson.loads(row["headers"]))
            parent = parent_of(told.get("traceparent"), told.get("ce_correlationid", ""))
            span = self._begin(
                f"send {topic}",
                "PRODUCER",
                parent,
                {
                    **_messaging("send", topic, str(row["event_id"])),
                    "messaging.destination.partition.id": partition,
                    "dondoc.event.type": row["type"],
                },
                _nanoseconds(row["recorded_at"]),
            )
            span.end()

    @contextmanager
    def handling(self, run: Sequence[Received]) -> Iterator[dict[int, Envelope]]:
        """The spans of a run of events, while its handler works; empty if tracing is off.

        Yields the envelopes by the event object's id, as the session holds them: what a handler
        publishes in answer goes on from the span.
        """
        if self._tracer is None:
            yield {}
            return
        spans = {id(one.event): (one, self._handled(one)) for one in run if one.envelope}
        try:
            yield {
                event: one.envelope._replace(traceparent=_traceparent(span))
                for event, (one, span) in spans.items()
                if one.envelope
            }
        except BaseException as error:
            for _, span in spans.values():
                _fail(span, type(error).__name__)
            raise
        finally:
            for _, span in spans.values():
                span.end()

    @contextmanager
    def working(self, job: str, correlation_id: str) -> Iterator[JobSpan]:
        """The span of a job while it works; one that finds nothing to do leaves none."""
        if self._tracer is None:
            yield JobSpan()
            return
        parent = parent_of(None, correlation_id)
        span = self._begin(f"job {job}", "INTERNAL", parent, {"dondoc.job.name": job})
        told = JobSpan(_traceparent(span))
        try:
            yield told
        except Exception as error:
            _fail(span, type(error).__name__)
            span.end()
            raise
        if told.done:
            span.set_attribute("dondoc.job.done", told.done)
            span.end()

    def _handled(self, one: Received) -> Any:
        envelope = one.envelope
        assert envelope is not None
        topic = one.record.topic
        return self._begin(
            f"process {topic}",
            "CONSUMER",
            parent_of(envelope.traceparent, envelope.correlation_id),
            {**_messaging("process", topic, str(one.id)), "dondoc.event.type": one.type},
        )

    def _begin(
        self,
        name: str,
        kind: str,
        traceparent: str | None,
        attributes: dict[str, Any],
        start: int | None = None,
    ) -> Any:
        from opentelemetry.trace import SpanKind

        assert self._tracer is not None
        return self._tracer.start_span(
            name,
            context=_context(traceparent),
            kind=SpanKind[kind],
            attributes=attributes,
            start_time=start or time.time_ns(),
        )

    async def close(self) -> None:
        """Send what is left, for as long as that may take; a collector that is away loses it."""
        if self._provider is None:
            return
        ending = threading.Thread(target=self._provider.shutdown, daemon=True)
        ending.start()
        deadline = time.monotonic() + CLOSE_SECONDS
        while ending.is_alive() and time.monotonic() < deadline:  # noqa: ASYNC110  a thread works
            await asyncio.sleep(0.02)  # a thread of a pool would be waited for at the exit


def create_tracing(service: str, settings: Settings) -> Tracing:
    """On if the settings name a collector. A full queue drops spans; it never makes anyone wait."""
    if not settings.otlp_endpoint:
        return Tracing()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named = {"service.name": f"dondoc-{service}", "service.instance.id": settings.replica}
    provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
    exporter = OTLPSpanExporter(
        endpoint=f"{settings.otlp_endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_SECONDS
    )
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return Tracing(provider)


def parent_of(traceparent: str | None, correlation_id: str) -> str | None:
    """What an event's spans hang on: its trace context, else its correlation id if that is a UUID.

    So the spans of sender and receivers meet in one trace, though no request began it.
    """
    if traceparent:
        return traceparent
    try:
        trace = UUID(correlation_id).hex
    except ValueError:
        return None
    return f"00-{trace}-{trace[16:]}-01"


def _context(traceparent: str | None) -> Any:
    from opentelemetry.context import Context
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

    if not traceparent:
        return Context()
    _, trace, span, flags = traceparent.split("-")
    parent = SpanContext(int(trace, 16), int(span, 16), True, TraceFlags(int(flags, 16)))
    return set_span_in_context(NonRecordingSpan(parent), Context())


def _traceparent(span: Any) -> str:
    found = span.get_span_context()
    return f"00-{found.trace_id:032x}-{found.span_id:016x}-{found.trace_flags:02x}"


def _messaging(operation: str, topic: str, id: str) -> dict[str, str]:
    return {
        "messaging.system": "kafka",
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.destination.name": topic,
        "messaging.message.id": id,
    }


def _fail(span: Any, kind: str) -> None:
    from opentelemetry.trace import StatusCode

    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR)


def _nanoseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1_000_000) * 1_000
