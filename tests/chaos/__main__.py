"""Load and faults on the whole system, then the judge: make chaos MINUTES=2 SEED=1

Ends with ``kills=<n> events=<n> lost=<n> doubled=<n> reordered=<n>``, counted by ``make verify``
from databases and topics; exit code 1 if anything is broken, 2 for what cannot be run.
"""

import asyncio
import random
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

from rich.console import Console

from deploy.system import System, SystemSettings
from deploy.verify.results import Result
from shared.clock import Clock
from tests.chaos.faults import Faults
from tests.chaos.foreign import Foreign
from tests.chaos.load import Load
from tests.chaos.operators import Operators
from tests.chaos.plan import Plan
from tests.chaos.report import show, undone
from tests.chaos.running import exit_code_of, judge, on_a_system, until_over
from tests.chaos.settle import settled
from tests.chaos.town import SECOND, Town

START = datetime(2017, 2, 6, 2, 0, tzinfo=UTC)


class BadArgument(Exception):
    """It cannot be run like this; the text says what to say instead."""


def plan_of(arguments: list[str]) -> Plan:
    """MINUTES SEED [KILLS]; a KILLS that is empty is none."""
    minutes, seed, kills, *_ = [*arguments, "", "", ""]
    return Plan(
        _number("MINUTES", minutes, 0.1, 24 * 60),
        _whole("SEED", seed, 0, 2**31),
        _whole("KILLS", kills, 1, 100_000) if kills else None,
    )


def _whole(name: str, told: str, least: int, most: int) -> int:
    number = _number(name, told, least, most)
    if number != int(number):
        raise BadArgument(f"{name} must be a whole number, not {told!r}")
    return int(number)


def _number(name: str, told: str, least: float, most: float) -> float:
    with suppress(ValueError):
        if least <= float(told) <= most:
            return float(told)
    raise BadArgument(f"{name} must be a number from {least} to {most}, not {told!r}")


async def chaos(console: Console, plan: Plan) -> int:
    settings = SystemSettings(
        clock=Clock(START, 1.0, time.time()), job_seconds=0.3, sweep_grace_seconds=1.0, ports={}
    )
    return await on_a_system(settings, partial(_run, console, plan))


async def _run(console: Console, plan: Plan, system: System) -> int:
    """Faults under load, then quiet, then the verdict."""
    chance = random.Random(plan.seed)
    town = Town(system)
    await town.start(SECOND)
    load, foreign = Load(town, chance), Foreign(system.stack.kafka_url, chance)
    operators = Operators(town)
    faults = Faults(town, load, plan, random.Random(plan.seed))
    runs = {"foreign": foreign.run(), "operators": operators.run(), "town": town.supervise()}
    beside = [asyncio.create_task(run, name=name) for name, run in runs.items()]
    working = asyncio.create_task(load.run(), name="load")
    try:
        await until_over(_storm(console, plan, faults), [working, *beside])
        load.stopping = True
        await working
        beside[0].cancel()
        console.print("waiting until everything has arrived …")
        await town.recovered()
        seconds = await settled(town, operators)
        console.print(f"everything arrived {seconds:.0f} s after the load ended", highlight=False)
    finally:
        for task in (working, *beside):
            task.cancel()
        await asyncio.gather(working, *beside, return_exceptions=True)
    show(console, faults, foreign, operators, town)
    clean = not (town.ended or operators.unexpected or undone(faults, foreign))
    return await _judge(console, system, faults, clean=clean)


async def _storm(console: Console, plan: Plan, faults: Faults) -> None:
    """Decks of faults until the time is over, or the kills are done; the first one whole."""
    chance, began = random.Random(plan.seed), time.monotonic()
    for number, deck in enumerate(plan.steps()):
        for step in deck:
            enough = plan.kills is not None and faults.kills >= plan.kills
            if number and (enough or time.monotonic() - began > plan.minutes * 60):
                return
            at = time.monotonic() - began
            console.print(f"{at:6.0f} s  {faults.kills:4} kills  {step}", highlight=False)
            await faults.do(step)
            if chance.random() < 0.7:
                await faults.town.recovered()
            await asyncio.sleep(chance.uniform(0.2, 2))
    raise AssertionError("decks never end")


async def _judge(console: Console, system: System, faults: Faults, *, clean: bool) -> int:
    """``clean``: no finding beside the verdict, and all was done."""
    counts, results = await judge(console, system)
    console.print(f"kills={faults.kills} {counts}", highlight=False)
    return 0 if clean and not _violations(results) else 1


def _violations(results: list[Result]) -> int:
    return sum(len(result.violations) for result in results)


def main() -> int:
    console = Console(width=None if sys.stdout.isatty() else 140)
    try:
        plan = plan_of(sys.argv[1:])
    except BadArgument as error:
        print(f"chaos: {error}", file=sys.stderr)
        return 2
    return exit_code_of("chaos", console, chaos(console, plan))


if __name__ == "__main__":
    sys.exit(main())
