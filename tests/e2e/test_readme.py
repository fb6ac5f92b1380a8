"""README's examples, run as they are printed against a running system."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local.stack import temporary_folder
from deploy.migrate import SERVICES
from deploy.system import USUAL_PORTS, System, SystemSettings, running_system
from shared.auth import UserRole
from shared.ids import uuid7

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 400


@pytest.fixture(scope="module")
async def system() -> AsyncIterator[System]:
    settings = SystemSettings(job_seconds=0.2, sweep_grace_seconds=0.5)
    with temporary_folder() as folder:
        async with running_system(folder, settings) as system:
            yield system


async def issue_what_is_late_already(system: System) -> None:
    id = uuid7()
    item = {
        "id": str(uuid7()),
        "path": "1",
        "start": 0,
        "end": 9,
        "text": "Tổ chức thực hiện",
        "lead": ["HN-SCT"],
        "deadline": {"kind": "date", "on": "2020-01-15"},
    }
    body = {
        "number_symbol": f"{id.hex[-12:]}/UBND",
        "kind": "công văn",
        "issued_on": "2020-01-02",
        "issuer": "HN-UBND",
        "subject": "thử",
        "items": [item],
    }
    async with system.client("assignment", UserRole.COORDINATOR) as client:
        (await client.put(f"/directives/{id}", json=body)).raise_for_status()
        (await client.post(f"/directives/{id}/issue")).raise_for_status()


async def test_the_subscriber_prints_a_missed_deadline_once(system: System) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "deploy/subscriber_example.py"),
        env={**os.environ, "KAFKA": system.stack.kafka_url},
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        printed = []
        for _ in range(2):
            await issue_what_is_late_already(system)
            async with asyncio.timeout(PATIENCE):
                printed.append(await process.stdout.readline())

        assert printed == [b"HN-SCT missed 2020-01-15\n"] * 2
    finally:
        process.terminate()
        rest, _ = await process.communicate()
    assert rest == b""


async def test_the_api_examples_run_as_printed(system: System) -> None:
    """Only the ports, and the place of the signing key, are this system's own."""
    section = (ROOT / "README.md").read_text().partition("## The APIs")[2].partition("\n## ")[0]
    examples = "\n".join(line for line in section.splitlines() if line.startswith("    "))
    for service in SERVICES:
        examples = examples.replace(f":{USUAL_PORTS[service]}/", f":{system.ports[service]}/")
    token = rf"{sys.executable} -m deploy.make_token --keys {system.keys} \1"
    examples = re.sub(r"make -s token ROLE=(\w+)", token, examples)
    examples = re.sub(r"AGENCY=", "--agency ", examples)
    script = f'curl() {{ command curl -sS --fail-with-body "$@" && echo; }}\n{examples}'

    process = await asyncio.create_subprocess_exec(
        *("bash", "-euo", "pipefail", "-c", script),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, errors = await asyncio.wait_for(process.communicate(), PATIENCE)

    assert process.returncode == 0, said.decode() + errors.decode()
    answers = said.decode().splitlines()
    assert len(answers) == len(re.findall(r"(?m)^ *curl", examples))
    assert "HN-SCT" in answers[0]
