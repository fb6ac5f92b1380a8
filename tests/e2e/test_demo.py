"""``make demo`` interrupted: whenever Ctrl-C comes, no process and no folder of it is left."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from deploy.local.memory import alive, descendants

ROOT = Path(__file__).parent.parent.parent
MOMENTS = {
    "the first process": "starting PostgreSQL",
    "the clerk": "Read:",
    "the first events": "task_assigned",
    "the first reports": "report_submitted",
}
PATIENCE = 600


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
async def test_ctrl_c_leaves_nothing_behind(tmp_path: Path, moment: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-u", "-m", "deploy.demo"),
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        await said(process, moment)
        family = descendants([process.pid])
        process.send_signal(signal.SIGINT)
        rest, complaints = await asyncio.wait_for(process.communicate(), PATIENCE)

        assert complaints.decode() == ""
        assert process.returncode == 130
        assert rest.decode().endswith("stopped; nothing runs any more\n")
        assert not any(alive(pid) for pid in family)
        assert os.listdir(tmp_path) == []
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def said(process: asyncio.subprocess.Process, words: str) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        while words not in (await process.stdout.readline()).decode():
            assert not process.stdout.at_eof()
