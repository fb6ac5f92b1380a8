"""What happens to every HTTP request before its route: ids, size, log context, metrics."""

import re
import time
from collections.abc import Mapping
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.metrics import HTTP_SECONDS
from shared.problems import problem, route_of
from shared.trace import traceparent_of
from shared.tracing import RequestSpan, Tracing

log = structlog.get_logger()

MAX_BODY = 2_000_000
"""Bytes of a request body that are read at most, where a path has no limit of its own (413)."""

_PROBES = ("/health/live", "/health/ready", "/metrics")
"""Asked every few seconds by whoever watches the service."""
_CORRELATION = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestContext:
    """ASGI middleware: X-Correlation-Id in and out, traceparent passed on, bounded bodies."""

    def __init__(self, app: ASGIApp, *, tracing: Tracing, max_body: Mapping[str, int] = {}) -> None:
        """``max_body``: paths that take files, with their limit in bytes."""
        self._app = app
        self._tracing = tracing
        self._max_body = dict(max_body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        told = headers.get("x-correlation-id")
        correlation_id = told if told and _CORRELATION.fullmatch(told) else str(uuid4())
        scope.setdefault("state", {})["correlation_id"] = correlation_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(
            correlation_id=correlation_id, causation_id=str(uuid4())
        )
        traceparent = traceparent_of(headers.get("traceparent"))
        span = self._tracing.request(scope["method"], scope["path"], traceparent)
        if traceparent := span.traceparent if span else traceparent:
            structlog.contextvars.bind_contextvars(traceparent=traceparent)
        await self._measured(scope, receive, send, told, span)

    async def _measured(
        self, scope: Scope, receive: Receive, send: Send, told: str | None, span: RequestSpan | None
    ) -> None:
        started, status = time.perf_counter(), 500
        correlation_id = scope["state"]["correlation_id"]

        async def tagged(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Correlation-Id"] = correlation_id
            await send(message)

        request = Request(scope)
        try:
            if told is not None and told != correlation_id:
                detail = "X-Correlation-Id must be 1 to 64 of A-Z a-z 0-9 . _ -"
                await problem(request, 422, detail)(scope, receive, tagged)
            elif "transfer-encoding" in request.headers and "content-length" in request.headers:
                detail = "A body has either a Content-Length or a Transfer-Encoding, never both."
                await problem(request, 400, detail)(scope, receive, tagged)
            elif _declared_length(scope) > (limit := self._max_body.get(scope["path"], MAX_BODY)):
                await _too_large(request, limit)(scope, receive, tagged)
            else:
                await self._bounded(scope, receive, tagged, limit)
        finally:
            method, route = scope["method"], route_of(scope)
            seconds = time.perf_counter() - started
            HTTP_SECONDS.labels(method, route, status).observe(seconds)
            tell = log.debug if route in _PROBES and status < 500 else log.info
            tell("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))
            if span is not None:
                span.end(method, route, status)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise HTTPException(413, f"The body may have at most {limit} bytes.")
            return message

        await self._app(scope, counted, send)


class HeadAsGet:
    """ASGI middleware: HEAD is answered as GET is, with the same headers and no body.

    RFC 9110, 9.1: a server of any general purpose supports both.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        as_get = {**scope, "method": "GET"}  # a copy: the server sends what it is told of a GET
        try:
            await self._app(as_get, receive, without_body)
        finally:
            if "route" in as_get:
                scope["route"] = as_get["route"]


def _declared_length(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "0")
    return int(length) if length.isdecimal() and len(length) < 19 else 0


def _too_large(request: Request, limit: int) -> ASGIApp:
    return problem(request, 413, f"The body may have at most {limit} bytes.")
