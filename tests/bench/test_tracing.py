"""Ctrl-C ends the measure of traces in one line, and nothing of it runs on."""

import asyncio
import os
import signal
import sys

from deploy.local.memory import alive, descendants
from tests.commands import PROJECT

PATIENCE = 600


async def test_ctrl_c_is_one_line_and_leaves_no_process() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.tracing", "--events", "1000"),
        env={**os.environ, "DONDOC_LOCAL_KAFKA": "embedded"},
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            while len(family := descendants([process.pid])) < 2:
                await asyncio.sleep(0.02)
            process.send_signal(signal.SIGINT)
            _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()

    assert (process.returncode, said) == (
        130,
        b"tracing: stopped; what is not told above was not measured\n",
    )
    assert not {pid for pid in family if alive(pid)}
