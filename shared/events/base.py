"""What every event on the bus has in common."""

import builtins
from collections.abc import Iterator
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """A fact one service tells the others. The body carries only domain facts.

    Identity, time and correlation travel as Kafka headers (CloudEvents names), so two
    events with the same facts are equal and a domain test compares them with ``==``.
    """

    # built when first used: most services neither hear nor tell most of these
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, defer_build=True)

    topic: ClassVar[str]
    type: ClassVar[str]
    earlier: ClassVar["builtins.type[Event] | None"] = None
    """The version before this one, which is told too, for those who do not know this one yet."""

    @property
    def key(self) -> str:
        """The aggregate the event is about; Kafka keeps one key's events in order."""
        raise NotImplementedError

    def as_earlier(self) -> "Event":
        """The same fact as ``earlier`` has it."""
        raise NotImplementedError

    @classmethod
    def from_earlier(cls, event: Any) -> Self:
        """The same fact, as far as ``earlier`` tells it."""
        raise NotImplementedError


def versions(event: Event) -> Iterator[Event]:
    """The fact in every version it is told in, the newest first.

    All have one id: whoever reads several takes the first and knows the others for repeats.
    """
    yield event
    while event.earlier is not None:
        event = event.as_earlier()
        yield event


def brought_to(version: type[Event], event: Event) -> Event:
    """An event of an earlier version as this one."""
    if isinstance(event, version):
        return event
    assert version.earlier is not None, f"{event.type} is no version of {version.type}"
    return version.from_earlier(brought_to(version.earlier, event))
