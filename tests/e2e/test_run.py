"""``make run`` as a site runs it: started, used, interrupted, started again on the same data."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from deploy.local.memory import alive, descendants
from shared.auth import UserRole
from shared.ids import uuid7
from shared.tokens import sign

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 400


@asynccontextmanager
async def running(folder: Path, **settings: str) -> AsyncIterator[str]:
    """What it printed when it was up; then Ctrl-C, after which nothing of it may be left."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.run"),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield await printed(process)
        family = descendants([process.pid])
        assert len(family) > 5
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == 0
        assert not any(alive(pid) for pid in family)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def printed(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    lines = []
    async with asyncio.timeout(PATIENCE):
        while line := (await process.stdout.readline()).decode():
            lines.append(line)
            if "make verify" in line:
                break
    return "".join(lines)


def client(told: str, folder: Path, service: str) -> httpx.AsyncClient:
    found = re.search(rf"{service}\s+(http://127\.0\.0\.1:\d+)/docs", told)
    assert found is not None, told
    token = sign(folder / ".local" / "keys", [UserRole.COORDINATOR])
    return httpx.AsyncClient(
        base_url=found[1],
        timeout=30,
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid7())},
    )


async def issue(told: str, folder: Path) -> str:
    """A directive with one task, made over HTTP; its id."""
    id = str(uuid7())
    item = {
        "id": str(uuid7()),
        "path": "1",
        "start": 0,
        "end": 9,
        "text": "Tổ chức thực hiện",
        "lead": ["HN-SCT"],
    }
    body = {
        "number_symbol": f"{id[-12:]}/UBND",
        "kind": "công văn",
        "issued_on": "2016-10-20",
        "issuer": "HN-UBND",
        "subject": "thử",
        "items": [item],
    }
    async with client(told, folder, "assignment") as office:
        (await office.put(f"/directives/{id}", json=body)).raise_for_status()
        (await office.post(f"/directives/{id}/issue")).raise_for_status()
    return id


async def counted(told: str, folder: Path, directive: str) -> tuple[int, int]:
    """Tasks that assignment has of the directive, and those that reporting counts."""
    async with client(told, folder, "assignment") as office:
        tasks = (await office.get(f"/tasks?directive={directive}")).json()["items"]
    async with client(told, folder, "reporting") as office:
        total = (await office.get(f"/statistics?directive={directive}")).json()["total"]
    return len(tasks), total


async def test_data_survive_a_restart_though_the_broker_forgets(tmp_path: Path) -> None:
    """What was issued before is there afterwards; what is issued then reaches the others."""
    async with running(tmp_path) as told:
        first = await issue(told, tmp_path)

    async with running(tmp_path, DONDOC_LOG_LEVEL="error") as told:
        second = await issue(told, tmp_path)
        async with asyncio.timeout(PATIENCE):
            for directive in (first, second):
                while await counted(told, tmp_path, directive) != (1, 1):  # noqa: ASYNC110
                    await asyncio.sleep(0.2)

    log = tmp_path / ".local" / "log"
    assert "service_started" in (log / "assignment.log.1").read_text()
    assert "service_started" not in (log / "assignment.log").read_text()
    for said in ("Kafka at", "make -s token ROLE=budget", "curl", "/intake"):
        assert said in told
