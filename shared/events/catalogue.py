"""Every event type and topic there is: the source of topics, schemas, AsyncAPI and rights."""

from collections.abc import Iterable
from dataclasses import dataclass
from inspect import isclass
from types import ModuleType

from shared.events import assignment, budget, notification, reporting
from shared.events.base import Event

_MODULES: tuple[ModuleType, ...] = (assignment, reporting, notification, budget)


@dataclass(frozen=True)
class TopicSpec:
    """How a topic is provisioned. Retention in days; a compacted topic keeps each key's last."""

    name: str
    title: str
    partitions: int = 12
    retention_days: int = 30
    compacted: bool = False

    @property
    def config(self) -> dict[str, str]:
        retention = self.retention_days * 86_400_000
        kept = (
            {"cleanup.policy": "compact"}
            if self.compacted
            else {"cleanup.policy": "delete", "retention.ms": str(retention)}
        )
        return {**kept, "message.timestamp.type": "LogAppendTime"}


TOPICS: dict[str, TopicSpec] = {
    spec.name: spec
    for spec in (
        TopicSpec("assignment.directives", "Directives, keyed by directive"),
        TopicSpec("assignment.tasks", "Tasks, keyed by task"),
        TopicSpec("assignment.agencies", "The register, keyed by agency code", compacted=True),
        TopicSpec("reporting.reports", "Obligations and reports, keyed by task"),
        TopicSpec("notification.notices", "Notices, keyed by recipient agency"),
        TopicSpec("budget.lines", "Budget lines and movements, keyed by line"),
    )
}


def _declared(module: ModuleType) -> dict[str, type[Event]]:
    classes = (value for value in vars(module).values() if isclass(value))
    return {cls.type: cls for cls in classes if issubclass(cls, Event) and "type" in vars(cls)}


EVENTS: dict[str, type[Event]] = {
    type: cls for module in _MODULES for type, cls in _declared(module).items()
}


def publisher_of(type: str) -> str:
    """The service that publishes the type: its first word."""
    return type.partition(".")[0]


def events_of(service: str) -> dict[str, type[Event]]:
    return {type: cls for type, cls in EVENTS.items() if publisher_of(type) == service}


def compacted_among(topics: Iterable[str]) -> list[str]:
    """Those that keep each key's last record for ever, and nothing else."""
    return [topic for topic in topics if TOPICS[topic].compacted]
