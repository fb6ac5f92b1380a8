"""Ctrl-C ends a run at any moment, and nothing of it runs on."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deploy.local.memory import alive, descendants

PROJECT = Path(__file__).parent.parent.parent
PATIENCE = 600

Moment = Callable[[asyncio.subprocess.Process], Awaitable[None]]


@asynccontextmanager
async def a_run() -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.chaos", "1", "1"),
        env={**os.environ, "DONDOC_LOCAL_KAFKA": "embedded", "PYTHONUNBUFFERED": "1"},
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def at_the_start(process: asyncio.subprocess.Process) -> None:
    """The database is just being made."""
    while len(descendants([process.pid])) < 2:  # noqa: ASYNC110  another process works
        await asyncio.sleep(0.02)


async def in_the_middle(process: asyncio.subprocess.Process) -> None:
    """At the second fault, while the first is still felt."""
    assert process.stdout is not None
    for _ in range(2):
        await process.stdout.readline()


@pytest.mark.parametrize("moment", [at_the_start, in_the_middle])
async def test_ctrl_c_leaves_no_process_behind(moment: Moment) -> None:
    async with asyncio.timeout(PATIENCE), a_run() as process:
        await moment(process)
        while len(family := descendants([process.pid])) < 2:  # noqa: ASYNC110  between two of its steps
            await asyncio.sleep(0.02)

        process.send_signal(signal.SIGINT)
        said, _ = await process.communicate()

    assert (process.returncode, said.splitlines()[-1:]) == (
        130,
        [b"stopped; nothing runs any more"],
    )
    assert not {pid for pid in family if alive(pid)}
