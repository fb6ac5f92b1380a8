"""A randomized model of a restore: dumps of several moments, and a broker that lost its newest.

python -m tests.model.restore --seeds 300                    every seed must hold
python -m tests.model.restore --seeds 300 --without derived  must find seeds that break

Three services in a row, as assignment, reporting and notification stand: ``a`` says what people do,
``b`` hears it and says something of each, ``c`` hears that. Each is dumped now and then; then all
are restored, the broker cuts some of its newest off, and they go on. In the end everything that is
known anywhere has had its effect once, in its publisher's order; no place in a log stands for two
events; and what a publisher knows no more and nobody says again is named.
"""

import random
import sys
from collections import defaultdict
from copy import deepcopy
from dataclasses import dataclass, field

from tests.model.explore import Broken, explore

GUARDS = {
    "derived": "what is said of an event has another id the second time",
    "again": "a restored group goes on where it stood instead of from the start",
    "jump": "new ids go on above those that are known, not above all that were given out till now",
    "resend": "what the restored publisher knows and the broker lost is not sent again",
    "generation": "what is sent from then on belongs to the log that was cut off",
}
KEYS = ["k0", "k1", "k2"]
HEARS = {"b": "a", "c": "b"}


@dataclass(frozen=True)
class Event:
    id: str
    key: str
    cause: str | None = None


@dataclass(frozen=True)
class Record:
    event: Event
    sequence: int
    generation: int


@dataclass
class Database:
    outbox: dict[int, Event] = field(default_factory=dict)
    last: int = 0
    top: int = 0
    generation: int = 1
    inbox: set[str] = field(default_factory=set)
    effects: list[Event] = field(default_factory=list)


@dataclass
class Subscriber:
    """Somebody outside: what has no greater ``ce_sequence`` than before is a repeat to it."""

    offset: int = 0
    generation: int = 1
    greatest: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    seen: set[str] = field(default_factory=set)

    def read(self, log: list[Record]) -> None:
        if self.offset > len(log):
            self.offset = 0  # out of range: from the beginning
        for record in log[self.offset :]:
            if record.generation > self.generation:
                self.generation, self.offset = record.generation, 0
                return self.read(log)
            if record.sequence > self.greatest[record.event.key]:
                self.greatest[record.event.key] = record.sequence
                self.seen.add(record.event.id)
            self.offset += 1


class World:
    def __init__(self, seed: int, without: str | None) -> None:
        self.random = random.Random(seed)
        self.without = without
        self.databases = {name: Database() for name in "abc"}
        self.dumps = deepcopy(self.databases)
        self.logs: dict[str, list[Record]] = {"a": [], "b": []}
        self.offsets = {"b": 0, "c": 0}
        self.subscribers = {name: Subscriber() for name in self.logs}
        self.told: set[tuple[str, Record]] = set()  # whatever a subscriber may have seen
        self.named: dict[str, Event] = {}
        self.people = self.now = 0

    def say(self, name: str, event: Event) -> None:
        one = self.databases[name]
        one.last += 1
        one.outbox[one.last] = event

    def act(self) -> None:
        """A person does something."""
        self.people += 1
        self.say("a", Event(f"a{self.people}", self.random.choice(KEYS)))

    def send(self, name: str) -> None:
        """Some of what stands behind the cursor; a crash may forget that it was sent."""
        one = self.databases[name]
        for sequence in sorted(s for s in one.outbox if s > one.top)[: self.random.randint(1, 4)]:
            record = Record(one.outbox[sequence], sequence, one.generation)
            self.logs[name].append(record)
            self.told.add((name, record))
            if self.random.random() < 0.9:
                one.top = max(one.top, sequence)
            else:
                return

    def hear(self, name: str) -> None:
        """One record: its effect, what is said of it, and the inbox, in one transaction."""
        log, one = self.logs[HEARS[name]], self.databases[name]
        if self.offsets[name] > len(log):
            self.offsets[name] = 0  # out of range: from the beginning
        if self.offsets[name] == len(log):
            return
        event = log[self.offsets[name]].event
        self.offsets[name] += 1
        if event.id in one.inbox:
            return
        one.inbox.add(event.id)
        one.effects.append(event)
        if name in self.logs:
            own = f"{name}({event.id})"
            if self.without == "derived":
                own += f" {self.random.random()}"
            self.say(name, Event(own, event.key, event.id))

    def dump(self, name: str) -> None:
        self.dumps[name] = deepcopy(self.databases[name])

    def restore(self) -> None:
        """All stand still; the tables are the dumps', the broker has lost its newest hour."""
        self.databases = deepcopy(self.dumps)
        for name, log in self.logs.items():
            self.logs[name] = log[: len(log) - self.random.choice([0, 0, 1, 2, 5])]
        for name in self.logs:
            self._reconcile(name)
        if self.without != "again":
            self.offsets = dict.fromkeys(self.offsets, 0)

    def _reconcile(self, name: str) -> None:
        """protocol.md §3: ids above all that were given out; what the broker lost is sent again."""
        log, one = self.logs[name], self.databases[name]
        known = {event.id for event in one.outbox.values()}
        on_topics = {record.event.id for each in self.logs.values() for record in each}
        for event in (record.event for record in log):
            if event.id not in known and not (event.cause and event.cause in on_topics):
                self.named[event.id] = event
        one.last = max([one.last, *(record.sequence for record in log)])
        one.generation = max([one.generation, *(record.generation for record in log)])
        if self.without != "jump":
            one.last = max(one.last, self.now)
        here = {record.event.id for record in log}
        missing = [s for s, event in one.outbox.items() if event.id not in here and s <= one.top]
        if missing and self.without != "resend":
            one.top = min(missing) - 1
        if self.without != "generation":
            one.generation = max(one.generation + 1, self.now)


def run(seed: int, without: str | None) -> dict[str, int]:
    world = World(seed, without)
    for _ in range(world.random.randint(1, 3)):
        for _ in range(world.random.randint(50, 300)):
            _step(world)
        world.restore()
    for _ in range(world.random.randint(0, 200)):
        _step(world)
    for _ in range(2):  # who stands where the log was cut off sees that by what comes then
        _drain(world)
        world.act()
    _drain(world)
    _verify(world)
    return {"events": world.people, "named": len(world.named)}


def _step(world: World) -> None:
    world.now += 1  # at most one id of a service is given out meanwhile
    match world.random.choice(["act", "send", "send", "hear", "hear", "hear", "dump", "read"]):
        case "act":
            world.act()
        case "send":
            world.send(world.random.choice("ab"))
        case "hear":
            world.hear(world.random.choice("bc"))
        case "read":
            name = world.random.choice("ab")
            world.subscribers[name].read(world.logs[name])
        case "dump" if world.random.random() < 0.2:
            world.dump(world.random.choice("abc"))


def _drain(world: World) -> None:
    """Everything is sent, and read by everybody."""
    for name in "abc":
        while name in HEARS and world.offsets[name] != len(world.logs[HEARS[name]]):
            world.hear(name)
        one = world.databases[name]
        while name in world.logs and max(one.outbox, default=0) > one.top:
            world.send(name)
    for name, subscriber in world.subscribers.items():
        subscriber.read(world.logs[name])


def _verify(world: World) -> None:
    for name, subscriber in world.subscribers.items():
        if unseen := {record.event.id for record in world.logs[name]} - subscriber.seen:
            raise Broken(f"a subscriber of {name} never saw {sorted(unseen)}")
    places: dict[tuple[str, int, int], str] = {}
    for name, record in world.told:
        place = (name, record.generation, record.sequence)
        if places.setdefault(place, record.event.id) != record.event.id:
            raise Broken(f"{place} is {places[place]} and {record.event.id}")
    for name, publisher in HEARS.items():
        _had_their_effect(world, name, publisher)
    lost = {record.event.id for record in world.logs["a"]} - {
        event.id for event in world.databases["a"].outbox.values()
    }
    if unnamed := lost - world.named.keys():
        raise Broken(f"a knows no more of {unnamed}, and they are not named")


def _had_their_effect(world: World, name: str, publisher: str) -> None:
    done = defaultdict(list)
    for event in world.databases[name].effects:
        done[event.key].append(event.id)
    for key, ids in done.items():
        if len(ids) != len(set(ids)):
            raise Broken(f"{name}, {key}: an effect twice")
        order = [e.id for e in world.databases[publisher].outbox.values() if e.key == key]
        if [id for id in order if id in ids] != [id for id in ids if id in order]:
            raise Broken(f"{name}, {key}: another order than its publisher's")
    known = {event.id for event in world.databases[publisher].outbox.values()}
    if lost := known - {event.id for event in world.databases[name].effects}:
        raise Broken(f"{name}: lost {sorted(lost)}")
    causes = [event.cause for event in world.databases[name].effects if event.cause]
    if len(causes) != len(set(causes)):
        raise Broken(f"{name}: one thing was said to it twice, under two ids")


if __name__ == "__main__":
    sys.exit(explore("restores", run, GUARDS))
