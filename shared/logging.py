"""One JSON line an entry, with the ids that lead from one service to the next."""

import logging
import sys
from typing import Any

import structlog

from shared.trace import trace_id

_TRACEBACKS = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
"""Without the local variables: among them are tokens and what people wrote."""
_QUIET = ("aiokafka", "kafka", "uvicorn.access", "httpx", "asyncio", "alembic", "mail.log")


def configure_logging(service: str, *, level: str, json: bool) -> None:
    """Send structlog and the libraries' loggers the same way, to standard output."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named(service),
        _with_trace_id,
    ]
    renderer: list[Any] = (
        [structlog.processors.ExceptionRenderer(_TRACEBACKS), structlog.processors.JSONRenderer()]
        if json
        else [structlog.dev.ConsoleRenderer(colors=False)]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


def _with_trace_id(_logger: Any, _method: str, entry: dict[str, Any]) -> dict[str, Any]:
    traceparent = entry.pop("traceparent", None)
    return entry if traceparent is None else {**entry, "trace_id": trace_id(traceparent)}


def _named(service: str) -> Any:
    def add(_logger: Any, _method: str, entry: dict[str, Any]) -> dict[str, Any]:
        return {"service": service, **entry}

    return add
