"""The path of a request through the services, from their logs: make trace ID=…

python -m deploy.trace ID [LOG …]

ID is a correlation id (X-Correlation-Id, the instance of a problem), or the id of an event or of
what events are about (a task, a directive, a line). LOG: files, by default what `make run` leaves
in .local/log; - is standard input (docker compose logs | …). Exit code 1 if no line has it.
"""

import argparse
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

FOLDER = Path(".local/log")
Entry = dict[str, Any]


class CannotTrace(Exception):
    """Why, and what to do."""


@dataclass
class Step:
    """Something that one service did, and when it began."""

    at: datetime
    service: str
    words: str


@dataclass
class Trail:
    """What the logs say of some correlation ids."""

    correlations: set[str]
    types: dict[str, str] = field(default_factory=dict)
    """Type by event id, of all that was recorded under them."""
    steps: list[Step] = field(default_factory=list)

    def take(self, entry: Entry) -> None:
        match entry.get("event"):
            case "events_recorded":
                self._recorded(entry)
            case "events_handled":
                ids = [id for told in self._of(entry) for id in told]
                self._add(entry, entry["outcome"], ids)
            case "events_sent":
                self._add(entry, "sent", [id for id in entry["ids"] if id in self.types])
            case "request" if entry.get("correlation_id") in self.correlations:
                words = f"{entry['method']} {entry['route']} → {entry['status']}"
                took = timedelta(milliseconds=entry["ms"])
                self._step(entry, f"{words} in {entry['ms']} ms", before=took)
            case str(fact) if entry.get("correlation_id") in self.correlations:
                self._step(entry, f"{fact} {_facts(entry)}")

    def _of(self, entry: Entry) -> Iterator[list[Any]]:
        for correlation, told in entry["events"].items():
            if correlation in self.correlations:
                yield told

    def _recorded(self, entry: Entry) -> None:
        causes: dict[str | None, list[str]] = defaultdict(list)
        for id, type, _, cause in (event for told in self._of(entry) for event in told):
            self.types[id] = type
            causes[self.types.get(cause)].append(id)
        for cause, ids in causes.items():
            self._add(entry, "recorded", ids, because=cause)

    def _add(
        self, entry: Entry, verb: str, ids: Iterable[str], *, because: str | None = None
    ) -> None:
        since = f", because of {because}" if because else ""
        for type, count in Counter(self.types.get(id, f"event {id}") for id in ids).items():
            many = "" if count == 1 else f"{count} × "
            self._step(entry, f"{verb} {many}{type}{since}")

    def _step(self, entry: Entry, words: str, *, before: timedelta = timedelta()) -> None:
        at = datetime.fromisoformat(entry["timestamp"]) - before
        self.steps.append(Step(at, entry.get("service", "?"), words))


_TOLD_ALREADY = ("event", "timestamp", "service", "correlation_id", "causation_id", "exception")


def _facts(entry: Entry) -> str:
    facts = [f"{name}={told}" for name, told in entry.items() if name not in _TOLD_ALREADY]
    if stacks := entry.get("exception"):
        facts.append(f"exception={stacks[0]['exc_type']}")
    return " ".join(facts)


def trail_of(id: str, logs: Iterable[Path]) -> Trail:
    """Everything under that id, in order of time; CannotTrace if there is nothing."""
    logs = list(logs)
    correlations = {found for entry in _entries(logs, {id}) for found in _correlations(entry, id)}
    if not correlations:
        raise CannotTrace(f"nothing in {len(logs)} logs has {id!r}: name also those of before")
    trail = Trail(correlations)
    told = list(_entries(logs, correlations))
    told.sort(key=lambda entry: (entry["event"] != "events_recorded", entry["timestamp"]))
    for entry in (*told, *_entries(logs, {"events_sent"})):
        trail.take(entry)
    trail.steps.sort(key=lambda step: step.at)
    return trail


def _entries(logs: Iterable[Path], needles: set[str]) -> Iterator[Entry]:
    """The lines of ours that hold one of these texts; docker compose puts a name before each."""
    sought = [needle.encode() for needle in needles]
    for path in logs:
        try:
            with path.open("rb") as lines:
                for line in lines:
                    if any(needle in line for needle in sought):
                        yield from _parsed(line)
        except OSError as error:
            raise CannotTrace(f"{path} cannot be read: {error.strerror}") from error


def _parsed(line: bytes) -> Iterator[Entry]:
    try:
        entry = orjson.loads(line[line.index(b"{") :])
    except ValueError:
        return
    if isinstance(entry, dict) and {"event", "timestamp"} <= entry.keys():
        yield entry


def _correlations(entry: Entry, id: str) -> Iterator[str]:
    if entry.get("correlation_id") == id:
        yield id
    match entry["event"]:
        case "events_recorded":
            for correlation, events in entry["events"].items():
                if id == correlation or any(id in (event[0], event[2]) for event in events):
                    yield correlation
        case "events_handled":
            for correlation, ids in entry["events"].items():
                if id == correlation or id in ids:
                    yield correlation


def show(trail: Trail) -> None:
    steps = trail.steps
    services = {step.service for step in steps}
    began, lasted = steps[0].at, steps[-1].at - steps[0].at
    print(
        f"{', '.join(sorted(trail.correlations))}: {len(steps)} steps in {len(services)} services,"
        f" {lasted.total_seconds():.3f} s from {began.isoformat()}"
    )
    for step in steps:
        print(f"  +{(step.at - began).total_seconds():<8.3f} {step.service:<13} {step.words}")


def main() -> int:
    parser = argparse.ArgumentParser(description="The path of a request, from the logs.")
    parser.add_argument("id")
    parser.add_argument("logs", nargs="*", help="files, or - for standard input")
    given = parser.parse_args()
    try:
        with _given(given.logs) as logs:
            show(trail_of(given.id, logs))
    except CannotTrace as error:
        print(f"trace: {error}", file=sys.stderr)
        return 1
    return 0


@contextmanager
def _given(logs: list[str]) -> Iterator[list[Path]]:
    """Those files; standard input is kept in one, since it is read more than once."""
    if not logs and not (logs := [str(path) for path in FOLDER.glob("*.log*")]):
        raise CannotTrace(f"there are no logs in {FOLDER}: name files, or - for standard input")
    if logs != ["-"]:
        yield [Path(log) for log in logs]
        return
    with tempfile.NamedTemporaryFile() as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.flush()
        yield [Path(copy.name)]


if __name__ == "__main__":
    sys.exit(main())
