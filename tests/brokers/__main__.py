"""Three brokers, lost one after the other under load, then the judge: make brokers

A follower, then the active controller, then two at once are killed -9. Exit code 1 if an event is
lost, doubled or out of order, if one waited over 5 s after the loss of one broker, or if an event
was read anywhere while a single copy was left; 2 for what cannot be run.
"""

import asyncio
import os
import random
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from rich.console import Console

from deploy.local.brokers import NAMES
from deploy.system import System, SystemSettings
from shared.clock import Clock
from tests.brokers.quorum import active_controller, whole
from tests.brokers.waits import Heard, all_heard, heard_between, longest, usual
from tests.chaos.load import Load
from tests.chaos.operators import Operators
from tests.chaos.running import exit_code_of, judge, on_a_system, until_over
from tests.chaos.settle import settled
from tests.chaos.town import SECOND, Stuck, Town

START = datetime(2017, 2, 6, 2, 0, tzinfo=UTC)
BEFORE_SECONDS = 10
AWAY_SECONDS = 12
MOST_SECONDS = 5.0
"""How long an event may wait when one broker of three is lost."""


@dataclass(frozen=True)
class Loss:
    """Who was killed, when, when all came back, and the HTTP writes answered between."""

    what: str
    names: tuple[str, ...]
    at: datetime
    back: datetime
    writes: int


async def brokers(console: Console) -> int:
    settings = SystemSettings(
        clock=Clock(START, 1.0, time.time()),
        job_seconds=0.3,
        sweep_grace_seconds=1.0,
        three_brokers=True,
        ports={},
    )
    return await on_a_system(settings, partial(_run, console))


async def _run(console: Console, system: System) -> int:
    town = Town(system)
    await town.start(SECOND)
    load, operators = Load(town, random.Random(1)), Operators(town)
    losses: list[Loss] = []
    runs = {"operators": operators.run(), "town": town.supervise()}
    beside = [asyncio.create_task(run, name=name) for name, run in runs.items()]
    working = asyncio.create_task(load.run(), name="load")
    try:
        await until_over(_lose(town, load, losses), [working, *beside])
        load.stopping = True
        await working
        await town.recovered()
        await settled(town, operators)
    finally:
        for task in (working, *beside):
            task.cancel()
        await asyncio.gather(working, *beside, return_exceptions=True)
    heard = await all_heard(system.stack)
    faults = [*_told(console, losses, heard), *town.ended, *operators.unexpected.values()]
    counts, results = await judge(console, system)
    for fault in faults:
        console.print(f"[yellow]{fault}[/]", highlight=False)
    console.print(counts, highlight=False)
    return 1 if faults or any(result.violations for result in results) else 0


async def _lose(town: Town, load: Load, losses: list[Loss]) -> None:
    """A follower, the controller, and the controller with another."""
    await asyncio.sleep(BEFORE_SECONDS)
    for what in ("a follower", "the controller", "two of three"):
        await whole(town.system.stack.kafka_url)
        controller = active_controller(town.system.folder)
        follower = next(name for name in NAMES if name != controller)
        names = {
            "a follower": (follower,),
            "the controller": (controller,),
            "two of three": (controller, follower),
        }[what]
        losses.append(await _lost(town, load, what, names))
        await asyncio.sleep(2)
    await whole(town.system.stack.kafka_url)


async def _lost(town: Town, load: Load, what: str, names: tuple[str, ...]) -> Loss:
    before, at = load.client.answered.total(), datetime.now(UTC)
    await town.kill(names)
    await asyncio.sleep(AWAY_SECONDS)
    back, writes = datetime.now(UTC), load.client.answered.total() - before
    await town.bring_back(*names)
    if not writes:
        raise Stuck(f"no HTTP write was answered while {what} was away")
    return Loss(what, names, at, back, writes)


def _told(console: Console, losses: list[Loss], heard: list[Heard]) -> list[str]:
    """Say what was seen; what should not have been."""
    first = losses[0].at
    median, most = usual(heard, first - timedelta(seconds=BEFORE_SECONDS), first)
    busy = f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    console.print(f"before: an event waited {median:.3f} s, p99 {most:.3f} s; {busy}")
    faults = []
    for loss in losses:
        stall = longest(heard, loss.at, loss.back)
        console.print(
            f"{loss.what} ({' and '.join(loss.names)}) away {AWAY_SECONDS} s: {loss.writes} HTTP"
            f" writes answered, the longest wait of an event was {stall:.1f} s",
            highlight=False,
        )
        if len(loss.names) == 1 and stall > MOST_SECONDS:
            faults.append(f"{loss.what}: an event waited {stall:.1f} s, over {MOST_SECONDS:.0f} s")
        if len(loss.names) > 1 and (read := heard_between(heard, loss.at, loss.back)):
            faults.append(f"{loss.what}: {read} events were read that a single broker had")
    return faults


def main() -> int:
    if len(sys.argv) > 1:
        print("brokers: it takes no argument", file=sys.stderr)
        return 2
    console = Console(width=None if sys.stdout.isatty() else 140)
    return exit_code_of("brokers", console, brokers(console))


if __name__ == "__main__":
    sys.exit(main())
