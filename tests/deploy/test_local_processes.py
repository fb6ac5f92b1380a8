"""What we start ends with us, and nothing of it is left."""

import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local.errors import LocalError
from deploy.local.memory import alive
from deploy.local.processes import Processes
from tests.deploy.waiting import until

STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up'); time.sleep(1000)"
FAMILY = "sleep 1000 & echo $!; wait"


@pytest.fixture
async def processes(tmp_path: Path) -> AsyncIterator[Processes]:
    async with Processes(tmp_path, patience=0.3) as processes:
        yield processes


async def said(log: Path) -> str:
    """Its first line, as soon as it is there."""
    await until(lambda: "\n" in log.read_text())
    return log.read_text().splitlines()[0]  # noqa: ASYNC240  a file of a few bytes


async def test_all_have_ended_after_the_block(tmp_path: Path) -> None:
    async with Processes(tmp_path) as processes:
        one = await processes.start("one", ["sleep", "1000"])
        two = await processes.start("two", ["sleep", "1000"])

    assert not one.running
    assert not two.running


async def test_they_stop_in_reverse_order(tmp_path: Path) -> None:
    order = tmp_path / "order"
    script = 'trap "echo $0 >>{}; exit" TERM; echo up; while :; do sleep 0.01; done'
    async with Processes(tmp_path) as processes:
        for name in ("database", "service"):
            started = await processes.start(name, ["sh", "-c", script.format(order), name])
            await said(started.log)

    assert order.read_text().split() == ["service", "database"]


async def test_one_that_does_not_heed_sigterm_is_killed(processes: Processes) -> None:
    stubborn = await processes.start("stubborn", [sys.executable, "-uc", STUBBORN])
    await said(stubborn.log)

    await processes.stop("stubborn")

    assert stubborn.process.returncode == -signal.SIGKILL


async def test_kill_takes_the_children_along(processes: Processes) -> None:
    parent = await processes.start("parent", ["sh", "-c", FAMILY])
    child = int(await said(parent.log))

    await processes.kill("parent")

    assert parent.process.returncode == -signal.SIGKILL
    assert not alive(child)


async def test_stop_takes_along_what_it_left_behind(processes: Processes) -> None:
    parent = await processes.start("parent", ["sh", "-c", FAMILY])
    child = int(await said(parent.log))

    await processes.stop("parent")

    await until(lambda: not alive(child))


@pytest.mark.parametrize("end", ["kill", "stop", "run"])
async def test_restart_uses_what_it_was_started_with(processes: Processes, end: str) -> None:
    command = ["sh", "-c", "echo $WORD; exec sleep 1000"]
    first = await processes.start("one", command, {"WORD": "xin-chao"})
    await said(first.log)
    if end != "run":
        await getattr(processes, end)("one")

    second = await processes.restart("one")

    assert second.running
    assert second.pid != first.pid
    assert not alive(first.pid)
    await until(lambda: second.last_lines() == "xin-chao")


async def test_a_name_belongs_to_one_process_at_a_time(processes: Processes) -> None:
    first = await processes.start("one", ["sleep", "1000"])

    with pytest.raises(ValueError, match="one runs already"):
        await processes.start("one", ["sleep", "1000"])

    assert processes["one"] is first


async def test_an_earlier_log_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    for word in ("before", "after"):
        async with Processes(tmp_path) as processes:
            started = await processes.start("one", ["echo", word])
            await started.process.wait()

    assert (tmp_path / "one.log").read_text() == "after\n"
    assert (tmp_path / "one.log.1").read_text() == "before\n"


async def test_a_program_that_is_not_there_is_named(processes: Processes) -> None:
    with pytest.raises(LocalError, match="no-such-program could not be started: No such file"):
        await processes.start("one", ["/no-such-program"])


async def test_memory_counts_children_too(processes: Processes) -> None:
    child = "x = b'x' * (64 << 20); print('up'); import time; time.sleep(1000)"
    started = await processes.start("parent", ["sh", "-c", f'{sys.executable} -uc "{child}"; true'])
    await said(started.log)

    assert processes.memory_bytes() > 64 << 20


async def test_a_background_job_s_deafness_to_sigint_is_not_handed_on(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        async with Processes(tmp_path, patience=5) as processes:
            one = await processes.start("one", ["sleep", "1000"], stop_signal=signal.SIGINT)
            await processes.stop("one")
    finally:
        signal.signal(signal.SIGINT, before)

    assert one.process.returncode == -signal.SIGINT
