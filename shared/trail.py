"""The trail that events leave in the logs, from which ``deploy.trace`` draws a request's path.

Three facts: recorded by a transaction, sent by the relay, handled by a consumer. A line tells of
many events, under the id of the request that began it all: a line for each would cost a tenth of
what handling it takes, this a fiftieth.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import structlog

log = structlog.get_logger()

MOST_RECORDED, MOST_HANDLED, MOST_SENT = 65, 140, 350
"""Events in a line, so that it stays below the 16 kB at which Docker cuts it in two."""
T = TypeVar("T")
Recorded = tuple[str, str, str, str, str | None]
"""Correlation id, event id, type, key, and the id of what caused it."""


def tell_recorded(events: Sequence[Recorded]) -> None:
    """These are in the outbox now: ``{correlation id: [[id, type, key, causation id], …]}``."""
    for some in _split(events, MOST_RECORDED):
        told: dict[str, list[Any]] = defaultdict(list)
        for correlation, *event in some:
            told[correlation].append(event)
        log.info("events_recorded", events=told)


def tell_sent(ids: Sequence[str], top: int) -> None:
    """Kafka has these, of ids up to ``top`` in the outbox."""
    for some in _split(ids, MOST_SENT):
        log.info("events_sent", top=top, ids=some)


def tell_handled(outcome: str, events: Sequence[tuple[str, str]]) -> None:
    """What a consumer did with these: ``{correlation id: [id, …]}``; "" where nothing is known."""
    for some in _split(events, MOST_HANDLED):
        told: dict[str, list[str]] = defaultdict(list)
        for correlation, id in some:
            told[correlation].append(id)
        log.info("events_handled", outcome=outcome, events=told)


def _split(items: Iterable[T], most: int) -> Iterator[list[T]]:
    left = iter(items)
    while some := list(islice(left, most)):
        yield some
