"""However the parent ends, and whenever, no process of its stack is left."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local.memory import alive, descendants
from tests.deploy.waiting import until

ROOT = Path(__file__).parent.parent.parent
MARK = "DONDOC_TEST_MARK"


@asynccontextmanager
async def parent(folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The program of parent.py, and the mark in the environment of all that come from it."""
    mark = f"{MARK}={uuid4()}"
    name, value = mark.split("=")
    environment = {**os.environ, name: value, "PYTHONPATH": str(ROOT)}
    for url in ("KAFKA_URL", "DATABASE_URL"):
        environment.pop(url, None)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.deploy.parent", str(folder)),
        env=environment,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process, mark
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def marked(mark: str) -> list[str]:
    """Command lines of the living processes that carry it."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if mark.encode() in (entry / "environ").read_bytes().split(b"\0"):
                    found.append((entry / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
    return found


async def up(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(400):
        assert await process.stdout.readline() == b"up\n"


async def nothing_left(mark: str, family: set[int]) -> None:
    """Within a few seconds: PostgreSQL writes what it holds first."""
    await until(lambda: not marked(mark) and not any(alive(pid) for pid in family))


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_the_stack_before_its_parent(
    tmp_path: Path, sign: signal.Signals
) -> None:
    async with parent(tmp_path) as (process, mark):
        await up(process)
        family = descendants([process.pid])
        assert len(family) > 5

        process.send_signal(sign)
        await process.wait()

        assert marked(mark) == []
        assert not any(alive(pid) for pid in family)


async def test_a_kill_leaves_nothing_and_the_next_one_takes_over_at_once(tmp_path: Path) -> None:
    async with parent(tmp_path) as (process, mark):
        await up(process)
        family = descendants([process.pid])

        process.kill()
        await process.wait()

        async with parent(tmp_path) as (successor, _):
            await nothing_left(mark, family)
            await up(successor)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("moment", ["initdb", "postgres"])
async def test_a_start_that_is_interrupted_leaves_nothing(
    tmp_path: Path, sign: signal.Signals, moment: str
) -> None:
    log = tmp_path / "log" / f"{moment}.log"
    async with parent(tmp_path) as (process, mark):
        family: set[int] = set()

        def has_begun() -> bool:
            family.clear()
            family.update(descendants([process.pid]))  # itself alone between two steps
            return len(family) > 1 and log.exists() and log.stat().st_size > 0

        await until(has_begun)

        process.send_signal(sign)
        await process.wait()

        await nothing_left(mark, family)
