"""What is done to the system, in an order that the seed decides."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from deploy.migrate import SERVICES

HOLDER = "the relay's holder"
BROKER = "broker"
DATABASE = "postgres"
LONG_MINUTES = 10


@dataclass(frozen=True)
class Step:
    """A fault, and the processes it is done to."""

    fault: str
    targets: tuple[str, ...] = ()

    @property
    def kind(self) -> tuple[str, str]:
        """Fault and target, as they are counted: a pair is one, whichever two."""
        return self.fault, "two at once" if len(self.targets) > 1 else "".join(self.targets)

    def __str__(self) -> str:
        return " ".join((self.fault, " and ".join(self.targets))).strip()


@dataclass(frozen=True)
class Plan:
    """How long and how hard; from ``LONG_MINUTES`` on with the full pauses and outages."""

    minutes: float
    seed: int
    kills: int | None = None

    @property
    def long(self) -> bool:
        return self.minutes >= LONG_MINUTES

    @property
    def pause_seconds(self) -> float:
        """Longer than the 5 s after which a paused relay and a paused name lose their lock."""
        return 15 if self.long else 7

    @property
    def away_seconds(self) -> float:
        return 60 if self.long else 10

    def steps(self) -> Iterator[list[Step]]:
        """Decks without end: each has every fault, shuffled by the seed."""
        chance = random.Random(self.seed)
        while True:
            steps = _deck(chance, 2 if self.long else 1)
            chance.shuffle(steps)
            yield steps


def _deck(chance: random.Random, times: int) -> list[Step]:
    killed = (*SERVICES, HOLDER, BROKER, DATABASE)
    pairs = [tuple(chance.sample(killed, 2)) for _ in range(3 * times)]
    return [
        *(Step("kill", (name,)) for name in killed * times),
        *(Step("kill", pair) for pair in pairs),
        Step("pause", (chance.choice(SERVICES),)),
        Step("pause", (BROKER,)),
        Step("away", (BROKER,)),
        *(Step("restart", (name,)) for name in (DATABASE, *SERVICES)),
        Step("rewind", (chance.choice(SERVICES),)),
        Step("replay", (chance.choice(SERVICES),)),
        Step("jump"),
    ]
