"""Load and faults on the whole system, then the judge: make chaos MINUTES=2 SEED=1

Ends with ``kills=<n> events=<n> lost=<n> doubled=<n> reordered=<n>``, counted by ``make verify``
from databases and topics; exit code 1 if anything is broken, 2 for what cannot be run.
"""

import asyncio
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Awaitable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console

from deploy.local.errors import LocalError
from deploy.local.stack import temporary_folder
from deploy.system import System, SystemSettings, running_system
from deploy.verify.__main__ import check
from deploy.verify.__main__ import show as show_results
from deploy.verify.invariants import summary
from deploy.verify.results import Result
from deploy.verify.sources import CannotVerify, described
from shared.clock import Clock
from tests.chaos.faults import Faults
from tests.chaos.foreign import Foreign
from tests.chaos.load import Load
from tests.chaos.operators import Operators
from tests.chaos.plan import Plan
from tests.chaos.report import show, undone
from tests.chaos.settle import settled
from tests.chaos.town import SECOND, Stuck, Town

START = datetime(2017, 2, 6, 2, 0, tzinfo=UTC)
LOGS = Path(".local/chaos-log")
"""Where the services' logs of a run that failed are kept."""


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
    for name in ("KAFKA_URL", "DATABASE_URL"):
        if os.environ.get(name):
            raise LocalError(f"what is killed must be ours: run it without {name}")
    with temporary_folder() as folder:
        try:
            async with running_system(folder, settings) as system:
                code = await _run(console, plan, system)
        except BaseException:
            _keep_logs(folder)
            raise
        if code:
            _keep_logs(folder)
        return code


def _keep_logs(folder: Path) -> None:
    shutil.rmtree(LOGS, ignore_errors=True)
    if (folder / "log").exists():
        shutil.copytree(folder / "log", LOGS)


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
        await _until_over(_storm(console, plan, faults), [working, *beside])
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


async def _until_over(storm: Awaitable[None], others: list["asyncio.Task[None]"]) -> None:
    """The storm to its end, unless the load or what runs beside it fails before."""
    blowing = asyncio.ensure_future(storm)
    try:
        await asyncio.wait([blowing, *others], return_when=asyncio.FIRST_COMPLETED)
        for task in others:
            if task.cancelled():
                raise Stuck(f"{task.get_name()} ended as if somebody had stopped it")
            if task.done():
                task.result()
        await blowing
    finally:
        blowing.cancel()
        await asyncio.gather(blowing, return_exceptions=True)


async def _judge(console: Console, system: System, faults: Faults, *, clean: bool) -> int:
    """``make verify`` on what was left; ``clean``: no finding beside it, and all was done."""
    system.describe(stopped=system.settings.clock.now() - timedelta(seconds=30))
    events, results = await check(described(system.folder / "system.json"))
    show_results(results, console)
    console.print(f"kills={faults.kills} {summary(events, results)}", highlight=False)
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
    loop = asyncio.new_event_loop()
    task = loop.create_task(chaos(console, plan))
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, task.cancel)
    try:
        return loop.run_until_complete(task)
    except asyncio.CancelledError:
        console.print("stopped; nothing runs any more")
        return 130
    except LocalError as error:
        print(f"chaos: {error}", file=sys.stderr)
        return 2
    except (Stuck, CannotVerify, TimeoutError) as error:
        print(f"chaos: {error!r}; the logs are in {LOGS}", file=sys.stderr)
        return 1
    except ExceptionGroup as group:
        first = group.exceptions[0]
        print(f"chaos: the load failed: {first!r}; the logs are in {LOGS}", file=sys.stderr)
        return 1
    finally:
        loop.close()


if __name__ == "__main__":
    sys.exit(main())
