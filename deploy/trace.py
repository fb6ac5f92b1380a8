"""The path of a request through the services, from their logs: make trace ID=…

python -m deploy.trace ID [LOG …]

ID is a correlation id (X-Correlation-Id, the instance of a problem), or the id of an event or of
what events are about (a task, a directive, a line). LOG: files, by default what `make run` leaves
in .local/log; - is standard input (docker compose logs | …). Exit code 1 if no line has it.
"""

import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from shared.arguments import Arguments

FOLDER = Path(".local/log")
Entry = dict[str, Any]
Fact = tuple[str, str, str]
"""What was done to an event: a verb, by which service, and the event's id."""


class CannotTrace(Exception):
    """Why, and what to do."""


@dataclass(eq=False)
class Step:
    """Something that one service did, and when it began."""

    at: datetime
    service: str
    words: str
    verb: str = ""
    ids: Sequence[str] = ()
    """Of the events that it was done to, all of one type."""


@dataclass
class Trail:
    """What the logs say of some correlation ids."""

    correlations: set[str]
    types: dict[str, str] = field(default_factory=dict)
    """Type by event id, of all that was recorded under them."""
    causes: dict[str, str | None] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def learn(self, entry: Entry) -> None:
        """First of all entries: what events there are, and which one each follows from."""
        if entry["event"] == "events_recorded":
            for id, type, _, cause in (event for told in self._of(entry) for event in told):
                self.types[id], self.causes[id] = type, cause

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
        for id, _, _, cause in (event for told in self._of(entry) for event in told):
            causes[self.types.get(cause)].append(id)
        for cause, ids in causes.items():
            self._add(entry, "recorded", ids, because=cause)

    def _add(
        self, entry: Entry, verb: str, ids: Iterable[str], *, because: str | None = None
    ) -> None:
        since = f", because of {because}" if because else ""
        by_type: dict[str, list[str]] = defaultdict(list)
        for id in ids:
            by_type[self.types.get(id, f"event {id}")].append(id)
        for type, some in by_type.items():
            many = "" if len(some) == 1 else f"{len(some)} × "
            step = self._step(entry, f"{verb} {many}{type}{since}")
            step.verb, step.ids = verb, some

    def _step(self, entry: Entry, words: str, *, before: timedelta = timedelta()) -> Step:
        at = datetime.fromisoformat(entry["timestamp"]) - before
        self.steps.append(Step(at, entry.get("service", "?"), words))
        return self.steps[-1]

    def in_order(self) -> list[Step]:
        """By time; but nothing before what it follows from.

        The clocks of two machines differ, and a consumer may have handled an event before the
        publisher wrote that it was sent.
        """
        by_time = sorted(self.steps, key=lambda step: step.at)
        first: dict[Fact, Step] = {}
        for step in by_time:
            for id in step.ids:
                first.setdefault((step.verb, step.service, id), step)
        placed: set[Step] = set()
        ordered: list[Step] = []

        def place(step: Step) -> None:
            if step in placed:
                return
            placed.add(step)
            for id in step.ids:
                if cause := first.get(self._follows(step, id)):
                    place(cause)
            ordered.append(step)

        for step in by_time:
            place(step)
        return ordered

    def _follows(self, step: Step, id: str) -> Fact:
        match step.verb:
            case "recorded":
                return "handled", step.service, self.causes.get(id) or ""
            case "sent":
                return "recorded", step.service, id
            case _:
                return "sent", self.types.get(id, "").partition(".")[0], id


_TOLD_ALREADY = ("event", "timestamp", "service", "correlation_id", "causation_id", "exception")


def _facts(entry: Entry) -> str:
    facts = [f"{name}={told}" for name, told in entry.items() if name not in _TOLD_ALREADY]
    if stacks := entry.get("exception"):
        facts.append(f"exception={stacks[0]['exc_type']}")
    return " ".join(facts)


def trail_of(id: str, logs: Iterable[Path]) -> Trail:
    """Everything under that id, in order; CannotTrace if there is nothing."""
    logs = list(logs)
    correlations = {found for entry in _entries(logs, {id}) for found in _correlations(entry, id)}
    if not correlations:
        raise CannotTrace(f"nothing in {len(logs)} logs has {id!r}: name also those of before")
    trail = Trail(correlations)
    told = list(_entries(logs, correlations))
    for entry in told:
        trail.learn(entry)
    for entry in (*told, *_entries(logs, {"events_sent"})):
        trail.take(entry)
    trail.steps = trail.in_order()
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
    began = min(step.at for step in steps)
    lasted = max(step.at for step in steps) - began
    print(
        f"{', '.join(sorted(trail.correlations))}: {len(steps)} steps in {len(services)} services,"
        f" {lasted.total_seconds():.3f} s from {began.isoformat()}"
    )
    for step in steps:
        print(f"  +{(step.at - began).total_seconds():<8.3f} {step.service:<13} {step.words}")


def main() -> int:
    parser = Arguments("trace", "The path of a request, from the logs.")
    parser.add_argument("id")
    parser.add_argument("logs", nargs="*", help="files, or - for standard input")
    given = parser.parse_args()
    try:
        if not given.id:
            raise CannotTrace("say ID=…: an X-Correlation-Id, or an event's or a task's id")
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
