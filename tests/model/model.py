"""A randomized model of the plumbing's protocol: interleavings, crashes, pauses, zombies.

python -m tests.model.model --seeds 300                    every seed must hold
python -m tests.model.model --seeds 300 --without guard    must find seeds that break

Writers, relays, consumers and operators are generators; a `yield` is a place where another may go
on, a process may die, or be paused until the database has ended its session and then go on as a
zombie. At the end all faults stop, what is left is drained, and three things must hold for every
key: nothing lost, every effect once, effects in the order in which the publisher committed. And
of a lost log nothing is sent again that was applied and that the inbox has forgotten.
"""

import random
import sys
from collections import defaultdict
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

from tests.model.explore import Broken, explore

GUARDS = {
    "guard": "a missing id is forgotten at once instead of when its possible writers have ended",
    "rowxid": "the cursor passes a row when the row's own xid is older than every running one",
    "snapshot": "missing ids and new ids are read by two statements instead of one",
    "lane": "a send that fails is repeated after the later ones of its partition",
    "acks": "the cursor is saved before the acks",
    "inbox": "no inbox",
    "parking": "later events of a dead letter's key are handled",
    "share": "the check for blocked keys takes no lock",
    "floor": "what is older than the inbox remembers is handled",
    "old": "what is older than the inbox remembers is parked behind a dead letter of its key",
    "letters": "a dead letter that the inbox has forgotten is stored once more",
    "generation": "a log that was lost and written anew is not recognised",
    "window": "a lost log is sent again from its beginning, which inboxes have forgotten",
}
KEYS = [f"k{n}" for n in range(4)]
PARTITIONS = 2
KEPT = 400
"""Steps for which the inbox remembers; far less than a full replay goes back."""
WINDOW = 300
"""Steps for which the broker keeps a record: so much of a lost log is sent again."""

Process = Generator[None, None, None]


class Lost(Exception):
    """The database ended this session: the process was paused for too long."""


class Transient(Exception):
    """Heals by itself: deadlock, lock timeout, connection."""


class Refused(Exception):
    """Does not heal by itself."""


@dataclass(frozen=True)
class Event:
    key: str
    number: int  # place among the key's committed events
    poison: bool = False
    flaky: bool = False


@dataclass(frozen=True)
class Record:
    event: Event
    generation: int


@dataclass(frozen=True)
class Batch:
    """What a consumer has read, and the positions (generation, offset) behind it."""

    events: list[Event]
    reached: dict[int, tuple[int, int]]


@dataclass(eq=False)
class Session:
    """A database connection with at most one transaction; the server may end it."""

    world: "World"
    alive: bool = True
    xid: int = 0
    writes: list[tuple[Callable[..., object], tuple[object, ...]]] = field(default_factory=list)

    def check(self) -> None:
        if not self.alive:
            raise Lost

    def lock(self, name: object, *, shared: bool = False) -> Process:
        for _ in range(60):
            self.check()
            held = self.world.locks[name]
            others = [mode for holder, mode in held.items() if holder is not self]
            if not others or (shared and all(mode == "shared" for mode in others)):
                held[self] = "shared" if shared else "exclusive"
                return
            yield
        raise Transient("deadlock or lock timeout")

    def write(self, action: Callable[..., object], *arguments: object) -> None:
        """Do it at commit; until then nobody sees it."""
        self.writes.append((action, arguments))

    def commit(self) -> None:
        self.check()
        for action, arguments in self.writes:
            action(*arguments)
        self.rollback()

    def rollback(self) -> None:
        self.writes = []
        self.world.running.discard(self.xid)
        self.world.outbox_writers.discard(self)
        for held in self.world.locks.values():
            held.pop(self, None)


@dataclass(eq=False)
class Actor:
    """A process: it may be killed, or paused and go on later."""

    name: str
    start: Callable[["Actor"], Process]
    steps: Process | None = None
    session: Session | None = None
    paused: int = 0


class World:
    def __init__(self, seed: int, without: str | None) -> None:
        self.random = random.Random(seed)
        self.without = without
        # the publisher's database
        self.locks: dict[object, dict[Session, str]] = defaultdict(dict)
        self.outbox: dict[int, tuple[Event, int]] = {}
        self.next_id, self.next_xid = 1, 1
        self.running: set[int] = set()
        self.outbox_writers: set[Session] = set()
        self.truth: dict[str, list[Event]] = defaultdict(list)
        self.epoch, self.top, self.generation = 0, 0, 1
        self.gaps: frozenset[int] = frozenset()
        self.lost = 0  # how far the log went that was lost last
        # the broker
        self.log: dict[int, list[Record]] = {p: [] for p in range(PARTITIONS)}
        self.offsets = dict.fromkeys(range(PARTITIONS), (1, 0))  # generation, offset
        self.owner: dict[int, str] = {}
        # the consumer's database
        self.now, self.floor = 0, 0
        self.recorded: dict[Event, int] = {}
        self.inbox: dict[Event, int] = {}
        self.effects: list[Event] = []
        self.dead: dict[str, list[Event]] = defaultdict(list)  # what waits, oldest first
        self.letters: set[Event] = set()  # whatever was set aside, also when it is settled
        self.old: set[Event] = set()  # dead because the inbox may have forgotten it
        self.blocked: set[str] = set()
        self.forgotten: set[Event] = set()  # applied, and not in the inbox when the log was lost
        self.discarded: set[Event] = set()
        self.mended: set[Event] = set()
        self.tries: dict[Event, int] = defaultdict(int)
        self.draining = False

    def session(self, me: Actor) -> Session:
        """A new session; what the old one had not committed is undone."""
        if me.session:
            me.session.rollback()
        me.session = Session(self)
        return me.session

    def begin(self, me: Actor) -> Session:
        session = self.session(me)
        session.xid, self.next_xid = self.next_xid, self.next_xid + 1
        self.running.add(session.xid)
        return session

    def forget(self) -> None:
        """Move the floor, and delete from the inbox below it."""
        self.floor = max(self.floor, self.now - KEPT)
        for event in [event for event, at in self.inbox.items() if at < self.floor]:
            del self.inbox[event]

    def renew(self) -> None:
        """A new log, with what the lost one had: no reader lags by more than a broker keeps."""
        since = self.now - WINDOW
        recent = [id for id, (event, _) in self.outbox.items() if self.recorded[event] >= since]
        below = 0 if self.without == "window" else min(recent, default=self.next_id) - 1
        self.lost = self.top
        self.top = min(self.top, below)
        unread = (
            id
            for id, (event, _) in self.outbox.items()
            if not (event in self.effects or event in self.letters)
        )
        self.gaps = frozenset(id for id in (*self.gaps, *unread) if id <= self.top)
        self.generation += 1
        self.forgotten = {event for event in self.effects if event not in self.inbox}

    def maybe(self, chance: float) -> bool:
        return not self.draining and self.random.random() < chance


def partition_of(key: str) -> int:
    return KEYS.index(key) % PARTITIONS


# The publisher


def writer(world: World, me: Actor) -> Process:
    """Lock the key's row, then take the outbox id, then commit; or roll back."""
    while not world.draining:
        session, rows, began = world.begin(me), dict[int, Event](), world.now
        counts: dict[str, int] = defaultdict(int)
        try:
            for key in sorted(world.random.choices(KEYS, k=world.random.randint(1, 3))):
                yield from session.lock(("row", key))
                yield
                session.check()
                session.world.outbox_writers.add(session)  # the table lock that INSERT takes
                number = len(world.truth[key]) + counts[key]
                counts[key] += 1
                rows[world.next_id] = Event(key, number, world.maybe(0.08), world.maybe(0.08))
                world.next_id += 1
                yield
            if world.maybe(0.2):
                session.rollback()
                continue
            for id, event in rows.items():
                session.write(world.outbox.__setitem__, id, (event, session.xid))
                session.write(world.truth[event.key].append, event)
                session.write(world.recorded.__setitem__, event, began)
            session.commit()
        except Transient:
            session.rollback()
        yield


def relay(world: World, me: Actor) -> Process:
    """Send the log in id order; remember missing ids until nobody can hold them any more."""
    session = world.session(me)
    yield from _relay_lock(session)
    world.epoch += 1
    epoch, top, gaps = world.epoch, world.top, set(world.gaps)
    generation = world.generation
    suspects: tuple[set[int], set[Session]] | None = None
    while True:
        yield
        session.check()
        holders = set(world.outbox_writers)
        if suspects is None and gaps:
            suspects = (set(gaps), holders)
        yield
        session.check()
        limit, was = world.random.randint(1, 8), top
        missing = {id for id in gaps if id in world.outbox}
        if world.without == "snapshot":
            yield
        ids = sorted(missing | {id for id in world.outbox if id > top})[:limit]
        if world.without == "rowxid":
            oldest = min(world.running, default=world.next_xid)
            ids = [id for id in ids if world.outbox[id][1] < oldest]
        top = max([top, *ids])
        gaps = (gaps | set(range(was + 1, top + 1))) - set(ids)
        if world.without in ("guard", "rowxid"):
            gaps = set()
        if suspects and not (suspects[1] & holders) and len(ids) < limit:
            gaps -= suspects[0]
            suspects = None
        if world.without == "acks" and epoch == world.epoch:
            world.top, world.gaps = top, frozenset(gaps)
        yield from _send(world, [world.outbox[id][0] for id in ids], generation)
        session.check()
        if epoch == world.epoch and world.random.random() < 0.6:
            world.top, world.gaps = top, frozenset(gaps)


def _relay_lock(session: Session) -> Process:
    while True:
        try:
            yield from session.lock("relay")
            return
        except Transient:
            yield


def _send(world: World, events: list[Event], generation: int) -> Process:
    """One lane per partition, where nothing is sent before what stands in front is acked."""
    lanes = defaultdict(list)
    for event in events:
        lanes[partition_of(event.key)].append(event)
    while lanes:
        yield
        partition = world.random.choice(sorted(lanes))
        lane = lanes[partition]
        if lane[0] in world.forgotten:
            raise Broken(f"{lane[0].key}: {lane[0].number} is sent again, and the inbox forgot it")
        if world.maybe(0.15):  # no ack: the record may be in the log all the same
            if world.random.random() < 0.5:
                world.log[partition].append(Record(lane[0], generation))
            if world.without == "lane":
                lane.append(lane.pop(0))
            continue
        world.log[partition].append(Record(lane.pop(0), generation))
        if not lane:
            del lanes[partition]


# The subscriber


def consumer(world: World, me: Actor) -> Process:
    """Read ahead by one batch while the one before is handled, and commit later than that."""
    position: dict[int, tuple[int, int]] = {}  # generation of the log, offset in it
    mine: list[int] = []
    ahead: Batch | None = None
    done: list[dict[int, tuple[int, int]]] = []  # positions behind handled batches
    while True:
        yield
        assigned = [p for p, owner in world.owner.items() if owner == me.name]
        if assigned != mine:  # positions come from the commits; what was read ahead is dropped
            position, ahead, mine = {}, None, assigned
        position = {p: position.get(p, world.offsets[p]) for p in mine}
        batch = _poll(world, position)
        yield
        if ahead:
            if ahead.events:
                yield from _handle(world, me, ahead.events)
            done.append(ahead.reached)
        ahead = Batch(batch, dict(position))
        yield
        while done and (world.draining or world.maybe(0.6)):
            for partition, reached in done.pop(0).items():  # a zombie's may move the offset back
                world.offsets[partition] = reached


def _poll(world: World, position: dict[int, tuple[int, int]]) -> list[Event]:
    events: list[Event] = []
    for partition, (generation, offset) in position.items():
        if offset > len(world.log[partition]):
            offset = 0  # out of range: from the beginning
        for record in world.log[partition][offset:][: world.random.randint(0, 5)]:
            if record.generation > generation and world.without != "generation":
                generation, offset = record.generation, 0
                break
            events.append(record.event)
            offset += 1
        position[partition] = (generation, offset)
    return events


def _handle(world: World, me: Actor, batch: list[Event]) -> Process:
    """All in one transaction; what fails is halved until one event stands alone, and set aside."""
    while True:
        try:
            yield from _attempt(world, me, batch)
            return
        except Transient:
            world.session(me)
            yield
        except Refused:
            break
    if len(batch) > 1:
        half = len(batch) // 2
        yield from _handle(world, me, batch[:half])
        yield from _handle(world, me, batch[half:])
        return
    while True:
        try:
            yield from _attempt(world, me, batch, set_aside=True)
            return
        except Transient:
            world.session(me)
            yield


def _attempt(world: World, me: Actor, batch: list[Event], *, set_aside: bool = False) -> Process:
    session = world.begin(me)
    fresh: list[Event] = []
    for event in batch:
        if world.without == "inbox":
            fresh.append(event)
            continue
        yield from session.lock(("inbox", event))
        if event not in world.inbox and event not in fresh:
            fresh.append(event)
    yield
    if world.without != "letters":
        heard = [event for event in fresh if event in world.letters]
        fresh = [event for event in fresh if event not in world.letters]
        for event in heard:
            session.write(world.inbox.__setitem__, event, world.now)
    parked: set[str] = set()
    for key in sorted({event.key for event in fresh} & world.blocked):
        if world.without != "share":
            yield from session.lock(("blocked", key), shared=True)
            if key not in world.blocked:
                continue
        parked.add(key)
    yield
    if world.without == "parking":
        parked = set()
    for event in fresh:
        old = world.recorded[event] < world.floor and world.without != "floor"
        if event.key in parked and (not old or world.without == "old"):
            _store(world, session, event)
        elif old or set_aside:
            if world.without != "share":
                yield from session.lock(("blocked", event.key), shared=True)
            _store(world, session, event)
            session.write(world.blocked.add, event.key)
            parked.add(event.key)
            if old:
                session.write(world.old.add, event)
        else:
            _effect(world, session, event)
        session.write(world.inbox.__setitem__, event, world.now)
    yield
    session.commit()


def _store(world: World, session: Session, event: Event) -> None:
    """Its id is unique: a second letter would fail for ever, and its partition with it."""
    session.check()
    if event in world.letters:
        raise Broken(f"{event.key}: a second letter for {event.number}")
    session.write(world.dead[event.key].append, event)
    session.write(world.letters.add, event)


def _effect(world: World, session: Session, event: Event) -> None:
    world.tries[event] += 1
    if event.flaky and world.tries[event] < 4:
        raise Transient
    if event.poison and event not in world.mended:
        raise Refused
    session.write(world.effects.append, event)


def operator(world: World, me: Actor) -> Process:
    """Mend or discard the oldest dead letter of a key, then replay what waits, a few at a time."""
    while True:
        yield
        if not world.blocked or not (world.draining or world.maybe(0.3)):
            continue
        key = world.random.choice(sorted(world.blocked))
        session = world.begin(me)
        try:
            yield from session.lock(("blocked", key))
            if key not in world.blocked:
                session.rollback()
                continue
            rows = world.dead[key][: world.random.randint(1, 3)]
            yield
            if rows and rows[0] in world.old and rows[0] in world.effects:
                taken = rows[:1]  # it was applied, and whoever looks sees that
            elif rows and world.maybe(0.2):
                taken = rows[:1]
                session.write(world.discarded.add, rows[0])
            else:
                taken = []
                world.mended.update(rows[:1])
                for place, event in enumerate(rows):
                    if place and event in world.old:
                        break
                    if event.poison and event not in world.mended:
                        break
                    _effect(world, session, event)
                    taken.append(event)
            free = len(taken) == len(world.dead[key])
            yield
            session.write(world.dead[key].__delitem__, slice(len(taken)))
            if free:
                session.write(world.blocked.discard, key)
            session.commit()
        except Transient:
            session.rollback()


# Faults and the verdict


def run(seed: int, without: str | None) -> dict[str, int]:
    world = World(seed, without)
    actors = [Actor(f"writer{n}", lambda me: writer(world, me)) for n in range(3)]
    actors += [Actor(f"relay{n}", lambda me: relay(world, me)) for n in range(2)]
    actors += [Actor(f"consumer{n}", lambda me: consumer(world, me)) for n in range(2)]
    actors += [Actor(f"operator{n}", lambda me: operator(world, me)) for n in range(2)]
    counts: dict[str, int] = defaultdict(int)
    world.owner = {p: "consumer0" for p in range(PARTITIONS)}
    for _ in range(world.random.randint(500, 3000)):
        _step(world, world.random.choice(actors))
        if world.maybe(0.03):
            _fault(world, actors, counts)
    for actor in actors:
        actor.paused = 0
    world.draining = True
    for _ in range(40_000):
        _step(world, world.random.choice(actors))
        if _drained(world):
            break
    _verify(world)
    counts["events"] = sum(map(len, world.truth.values()))
    counts["repeats"] = sum(map(len, world.log.values())) - counts["events"]
    return counts


def _step(world: World, actor: Actor) -> None:
    world.now += 1
    if actor.paused > 0:
        actor.paused -= 1
        return
    if actor.steps is None:
        actor.steps = actor.start(actor)
    try:
        next(actor.steps)
    except (Lost, StopIteration, Transient):
        _kill(actor)


def _kill(actor: Actor) -> None:
    if actor.session:
        actor.session.alive = False
        actor.session.rollback()
    actor.steps = None


def _fault(world: World, actors: list[Actor], counts: dict[str, int]) -> None:
    actor = world.random.choice(actors)
    faults = ["kill", "pause", "pause", "stall", "rebalance", "wipe", "forget", "again"]
    match world.random.choice(faults):
        case "kill":
            _kill(actor)
            counts["kills"] += 1
        case "pause":  # the database has ended its session; it goes on as a zombie
            actor.paused = world.random.randint(5, 60)
            if actor.session:
                actor.session.alive = False
                actor.session.rollback()
            counts["zombies"] += 1
        case "stall":  # shorter than that: its locks stay held
            actor.paused = world.random.randint(5, 40)
        case "rebalance":
            world.owner[world.random.randrange(PARTITIONS)] = f"consumer{world.random.randrange(2)}"
        case "forget":
            world.forget()
        case "again" if world.random.random() < 0.3:  # offsets expired: everything once more
            for each in actors:
                if each.name.startswith("consumer"):
                    _kill(each)
                    each.paused = 0
            world.offsets = {p: (reached[0], 0) for p, reached in world.offsets.items()}
            counts["replays"] += 1
        case "wipe" if world.random.random() < 0.2 and world.top >= world.lost:
            # the broker lost its log, but not the offsets; never while it gets an earlier one back
            for each in actors:
                if each.name.startswith("relay") or each.paused:
                    _kill(each)
                    each.paused = 0
            world.log = {p: [] for p in range(PARTITIONS)}
            world.renew()
            counts["wipes"] += 1


def _drained(world: World) -> bool:
    return (
        not world.blocked
        and world.top == max(world.outbox, default=0)
        and not world.gaps
        and not world.running
        and all(
            not log or world.offsets[p] >= (world.generation, len(log))
            for p, log in world.log.items()
        )
    )


def _verify(world: World) -> None:
    for key, committed in world.truth.items():
        due = [event for event in committed if event not in world.discarded]
        done = [event for event in world.effects if event.key == key]
        if lost := [event.number for event in due if event not in done]:
            raise Broken(f"{key}: lost {lost}")
        if len(done) != len(set(done)):
            raise Broken(f"{key}: an effect twice")
        if [event for event in done if event not in world.discarded] != due:
            raise Broken(f"{key}: order {[event.number for event in done]}")


if __name__ == "__main__":
    sys.exit(explore("the protocol", run, GUARDS))
