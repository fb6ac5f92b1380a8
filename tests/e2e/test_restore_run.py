"""``make backup`` beside ``make run``, and ``make restore`` when that has been stopped."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from tests.e2e.test_run import PATIENCE, ROOT, counted, issue, running


def ran(folder: Path, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


async def reached(told: str, folder: Path, directive: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while await counted(told, folder, directive) != (1, 1):  # noqa: ASYNC110
            await asyncio.sleep(0.2)


async def test_what_was_issued_before_the_back_up_is_back_and_work_goes_on(tmp_path: Path) -> None:
    async with running(tmp_path) as told:
        kept = await issue(told, tmp_path)
        await reached(told, tmp_path, kept)
        dumped = await asyncio.to_thread(ran, tmp_path, "deploy.backup")
        lost = await issue(told, tmp_path)
        early = await asyncio.to_thread(ran, tmp_path, "deploy.backup.restore", "backups")
    (backup,) = (tmp_path / "backups").iterdir()

    restored = await asyncio.to_thread(ran, tmp_path, "deploy.backup.restore", str(backup))

    assert dumped.returncode == 0, dumped.stderr
    assert early.returncode == 1
    assert "stop that one first" in early.stderr
    assert restored.returncode == 0, restored.stderr
    async with running(tmp_path) as told:
        await reached(told, tmp_path, kept)
        assert await counted(told, tmp_path, lost) == (0, 0)
        await reached(told, tmp_path, await issue(told, tmp_path))
