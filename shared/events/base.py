"""What every event on the bus has in common."""

from typing import ClassVar

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

    @property
    def key(self) -> str:
        """The aggregate the event is about; Kafka keeps one key's events in order."""
        raise NotImplementedError
