"""A whole system to be broken, for as long as somebody breaks it, and the judge at its end."""

import asyncio
import os
import shutil
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import timedelta
from pathlib import Path

from rich.console import Console

from deploy.local.errors import LocalError
from deploy.local.stack import temporary_folder
from deploy.local.stopping import run_until_stopped
from deploy.system import System, SystemSettings, running_system
from deploy.verify.__main__ import check
from deploy.verify.__main__ import show as show_results
from deploy.verify.invariants import summary
from deploy.verify.results import Result
from deploy.verify.sources import CannotVerify, described
from tests.chaos.town import Stuck

LOGS = Path(".local/chaos-log")
"""Where the services' logs of a run that failed are kept."""


async def on_a_system(settings: SystemSettings, run: Callable[[System], Awaitable[int]]) -> int:
    """What ``run`` returns, an exit code; unless that is 0 the logs are kept."""
    for name in ("KAFKA_URL", "DATABASE_URL"):
        if os.environ.get(name):
            raise LocalError(f"what is killed must be ours: run it without {name}")
    with temporary_folder() as folder:
        try:
            async with running_system(folder, settings) as system:
                code = await run(system)
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


async def until_over(storm: Awaitable[None], others: Sequence["asyncio.Task[None]"]) -> None:
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


async def judge(console: Console, system: System) -> tuple[str, list[Result]]:
    """``make verify`` on what was left: its counts in one line, and what it found."""
    system.describe(stopped=system.settings.clock.now() - timedelta(seconds=30))
    events, results = await check(described(system.folder / "system.json"))
    show_results(results, console)
    return summary(events, results), results


def exit_code_of(name: str, console: Console, run: Coroutine[None, None, int]) -> int:
    """Of the program ``name``: 1 if what it broke stayed broken, 2 if it cannot be run."""
    try:
        return run_until_stopped(run)
    except asyncio.CancelledError:
        console.print("stopped; nothing runs any more")
        return 130
    except LocalError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 2
    except (Stuck, CannotVerify, TimeoutError) as error:
        print(f"{name}: {error!r}; the logs are in {LOGS}", file=sys.stderr)
        return 1
    except ExceptionGroup as group:
        first = group.exceptions[0]
        print(f"{name}: the load failed: {first!r}; the logs are in {LOGS}", file=sys.stderr)
        return 1
