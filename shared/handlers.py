"""What a service does when others speak: its handlers, and what they can say of an event."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.base import Event

E = TypeVar("E", bound=Event)
Handler = Callable[[Sequence[Any], AsyncSession], Awaitable[None]]


class Envelope(NamedTuple):
    """What travels with an event in its headers. ``time`` is the business instant (``ce_time``)."""

    id: UUID
    type: str
    time: datetime
    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None
    sequence: int | None = None
    generation: int = 1
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a handler did not take an event; ``try_again``: what it needs may still come."""

    reason: str
    try_again: bool = False


class Handlers:
    """One function per event type, given a run: events in order, each Kafka key at most once.

    It is given the earlier versions of its type too, as that type.
    """

    def __init__(self) -> None:
        self.by_type: dict[str, tuple[type[Event], Handler]] = {}
        self.newest: dict[str, type[Event]] = {}

    def on(
        self, event: type[E]
    ) -> Callable[
        [Callable[[Sequence[E], AsyncSession], Awaitable[None]]],
        Callable[[Sequence[E], AsyncSession], Awaitable[None]],
    ]:
        def register(
            handler: Callable[[Sequence[E], AsyncSession], Awaitable[None]],
        ) -> Callable[[Sequence[E], AsyncSession], Awaitable[None]]:
            version: type[Event] | None = event
            while version is not None:
                if version.type in self.by_type:
                    raise ValueError(f"{version.type} has a handler already")
                self.by_type[version.type] = (version, handler)
                self.newest[version.type] = event
                version = version.earlier
            return handler

        return register

    @property
    def topics(self) -> list[str]:
        return sorted({event.topic for event, _ in self.by_type.values()})


def refuse(session: AsyncSession, event: Event, reason: str) -> None:
    """This event becomes a dead letter and blocks its key; the others of the run go on."""
    session.info.setdefault("refused", {})[id(event)] = Refusal(reason)


def not_yet(session: AsyncSession, event: Event, reason: str) -> None:
    """As ``refuse``, but it is replayed by itself, with back-off, for a day."""
    session.info.setdefault("refused", {})[id(event)] = Refusal(reason, try_again=True)


def envelope(session: AsyncSession, event: Event) -> Envelope:
    """What came with this very event object; KeyError if it was not received in this session."""
    found: Envelope = session.info["envelopes"][id(event)]
    return found
