"""The ids that lead from one service to the next: of the request, what caused this, the trace."""

import re

from shared.handlers import Envelope

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def traceparent_of(told: str | None) -> str | None:
    """The W3C trace context if it is one; anything else is not passed on."""
    return told if told is not None and _TRACEPARENT.fullmatch(told) else None


def trace_id(traceparent: str) -> str:
    return traceparent.split("-")[1]


def ids_of(cause: Envelope | None) -> dict[str, str]:
    """What log lines about the effect of this event carry: the same as the events it leads to."""
    if cause is None:
        return {}
    ids = {"correlation_id": cause.correlation_id, "causation_id": str(cause.id)}
    return ids if cause.traceparent is None else {**ids, "traceparent": cause.traceparent}
