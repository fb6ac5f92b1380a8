"""Record today's event schemas and AsyncAPI documents: python -m tests.contracts.record

Refuses a change that would break subscribers, and says what to do instead.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shared.asyncapi import asyncapi
from shared.events.catalogue import EVENTS, publisher_of
from tests.contracts.compare import breaking_changes, moved_topics

SCHEMAS = Path(__file__).parent / "schemas"
ASYNCAPI = Path(__file__).parent / "asyncapi"
ADVICE = (
    "Subscribers rely on it: publish a new class with the next version (….v2) beside the old one,"
    " (Event.earlier), and leave this one as it was."
)


def services() -> list[str]:
    return sorted({publisher_of(type) for type in EVENTS})


def schema_of(type: str) -> dict[str, Any]:
    """The schema as a reader sees the event (also what it may ignore is described)."""
    return EVENTS[type].model_json_schema()


def main() -> int:
    if refused := [*_changed_schemas(), *_moved_topics()]:
        for change in refused:
            print(f"{change}. {ADVICE}", file=sys.stderr)
        return 1
    for type in EVENTS:
        _write(SCHEMAS / f"{type}.json", schema_of(type))
    for service in services():
        _write(ASYNCAPI / f"{service}.json", asyncapi(service))
    print(f"{len(EVENTS)} event types recorded")
    return 0


def _changed_schemas() -> Iterator[str]:
    for type in sorted(EVENTS):
        path = SCHEMAS / f"{type}.json"
        if path.exists():
            for change in breaking_changes(json.loads(path.read_text()), schema_of(type)):
                yield f"{type}: {change}"


def _moved_topics() -> Iterator[str]:
    for service in services():
        path = ASYNCAPI / f"{service}.json"
        if path.exists():
            yield from moved_topics(json.loads(path.read_text()), asyncapi(service))


def _write(path: Path, document: dict[str, Any]) -> None:
    text = json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
