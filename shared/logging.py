"""One JSON line an entry, with the ids that lead from one service to the next."""

import json
import logging
import sys
from collections.abc import Callable
from typing import Any

import orjson
import structlog

from shared.error_words import without_values
from shared.trace import trace_id

_TRACEBACKS = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
"""Without the local variables: among them are tokens and what people wrote."""
_QUIET = ("aiokafka", "kafka", "uvicorn.access", "httpx", "asyncio", "alembic", "mail.log")


def configure_logging(service: str, *, level: str, as_json: bool) -> None:
    """Send structlog and the libraries' loggers to standard output, in the same form.

    structlog writes by itself: through the standard library's loggers a line takes five times
    as long.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named(service),
        _with_trace_id,
    ]
    structlog.configure(
        processors=[*shared, *_renderer(as_json, _serialized)],
        logger_factory=structlog.BytesLoggerFactory()
        if as_json
        else structlog.PrintLoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_renderer(as_json, _text),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


def configure_command(service: str, *, level: str = "info", as_json: bool = True) -> None:
    """The same for a program that a person runs, or a job of compose.

    What keeps it from its work it says itself, in one line; Kafka's clients would say it beside.
    """
    configure_logging(service, level=level, as_json=as_json)
    for name in ("aiokafka", "kafka"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _renderer(as_json: bool, serialized: Callable[..., bytes | str]) -> list[Any]:
    if not as_json:
        return [structlog.dev.ConsoleRenderer(colors=False)]
    return [
        structlog.processors.ExceptionRenderer(traceback_of),
        structlog.processors.JSONRenderer(serialized),
    ]


def traceback_of(exc_info: Any) -> list[dict[str, Any]]:
    """Of each error in the chain its words and where it came through."""
    stacks = _TRACEBACKS(exc_info)
    without_values(stacks, exc_info[1])
    return stacks


def _serialized(entry: dict[str, Any], *, default: Any) -> bytes:
    try:
        return orjson.dumps(entry, default=default)
    except TypeError:  # a lone surrogate, a number without end
        return json.dumps(entry, default=default).encode()


def _text(entry: dict[str, Any], *, default: Any) -> str:
    return _serialized(entry, default=default).decode()


def _with_trace_id(_logger: Any, _method: str, entry: dict[str, Any]) -> dict[str, Any]:
    traceparent = entry.pop("traceparent", None)
    return entry if traceparent is None else {**entry, "trace_id": trace_id(traceparent)}


def _named(service: str) -> Any:
    def add(_logger: Any, _method: str, entry: dict[str, Any]) -> dict[str, Any]:
        return {"service": service, **entry}

    return add
