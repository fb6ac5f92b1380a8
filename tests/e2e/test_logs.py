"""What the services write down: a request's path is in it, nobody's words and no secrets are."""

import asyncio
import json
import shutil
import subprocess
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from deploy.local.stack import temporary_folder
from deploy.migrate import SERVICES
from deploy.system import System, SystemSettings, running_system
from shared.auth import UserRole
from shared.ids import uuid7
from tests.commands import run_module
from tests.e2e.load import drained

SECRET = "Nguyễn Văn Bí Mật"
ADDRESS = "bi.mat@example.org"
CORRELATION = "van-thu.6050"
ENDS = (
    ("reporting", "sent reporting.obligation_opened.v1"),
    ("notification", "sent notification.notice_delivered.v1"),
    ("budget", "sent budget.line_opened.v1"),
)
"""What the others do last for a task."""
POISON = 3


@pytest.fixture(scope="module")
async def system() -> AsyncIterator[System]:
    unreachable = {"DONDOC_SMTP_HOST": "127.0.0.1", "DONDOC_SMTP_PORT": "1"}
    settings = SystemSettings(job_seconds=0.2, sweep_grace_seconds=1.0, ports={}, extra=unreachable)
    with temporary_folder() as folder:
        async with running_system(folder, settings) as system:
            yield system


async def issue(system: System) -> str:
    """A directive with one task that asks for money, full of personal text; the task's id."""
    id, item = str(uuid7()), str(uuid7())
    body = {
        "number_symbol": f"{id[-12:]}/UBND",
        "kind": "công văn",
        "issued_on": "2016-10-20",
        "issuer": "HN-UBND",
        "subject": SECRET,
        "items": [
            {
                "id": item,
                "path": "1",
                "start": 0,
                "end": len(SECRET),
                "text": SECRET,
                "lead": ["HN-SCT"],
                "money_aspect": True,
            }
        ],
    }
    async with system.client("assignment", UserRole.COORDINATOR, subject=SECRET) as office:
        (await office.put(f"/directives/{id}", json=body)).raise_for_status()
        headers = {"X-Correlation-Id": CORRELATION}
        (await office.post(f"/directives/{id}/issue", headers=headers)).raise_for_status()
        tasks = (await office.get(f"/tasks?directive={id}")).json()["items"]
    return str(tasks[0]["id"])


def logs(system: System) -> dict[str, Path]:
    return {service: system.folder / "log" / f"{service}.log" for service in SERVICES}


def trace(system: System, id: str) -> subprocess.CompletedProcess[str]:
    return run_module("deploy.trace", id, *map(str, logs(system).values()))


def steps_of(told: str) -> list[tuple[str, ...]]:
    """Service and words of each."""
    return [tuple(line.split(maxsplit=2)[1:]) for line in told.splitlines()[1:]]


@pytest.fixture(scope="module")
async def task(system: System) -> str:
    """Of a request whose effects have reached everybody."""
    await tell_addresses(system)
    task = await issue(system)
    async with asyncio.timeout(120):
        while not {*ENDS} <= {*steps_of(trace(system, CORRELATION).stdout)}:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    await drained(system, SERVICES)
    return task


async def tell_addresses(system: System) -> None:
    body = {"addresses": [{"name": SECRET, "email": ADDRESS}]}
    async with system.client("notification", UserRole.AGENCY, agency="HN-SCT") as agency:
        path = "/contacts/HN-SCT"
        async with asyncio.timeout(120):  # notification hears of the register meanwhile
            while (await agency.put(path, json=body)).status_code == 404:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        (await agency.put(path, json=body)).raise_for_status()


async def test_a_request_is_followed_through_all_four_services(system: System, task: str) -> None:
    told = trace(system, CORRELATION)

    assert told.returncode == 0, told.stderr
    steps = steps_of(told.stdout)
    assert steps[0][0] == "assignment"
    assert steps[0][1].startswith("POST /directives/{directive_id}/issue → 200 in ")
    assigned, opened = "assignment.task_assigned.v1", "reporting.obligation_opened.v1"
    path = [
        ("assignment", f"recorded {assigned}"),
        ("assignment", f"sent {assigned}"),
        ("reporting", f"handled {assigned}"),
        ("reporting", f"sent {opened}"),
    ]
    places = [steps.index(step) for step in path]
    assert places == sorted(places)
    assert ("reporting", f"recorded {opened}, because of {assigned}") in steps
    assert ("notification", f"handled {assigned}") in steps
    assert ("budget", f"handled {assigned}") in steps
    assert {*ENDS} <= {*steps}


async def test_the_path_is_found_by_what_it_is_about_and_from_standard_input(
    system: System, task: str, tmp_path: Path
) -> None:
    now = [str(shutil.copy(one, tmp_path)) for one in logs(system).values()]  # they write on
    by_files = run_module("deploy.trace", task, *now)
    assert by_files.stdout.startswith(f"{CORRELATION}: ")

    prefixed = "".join(
        f"{service}-1  | {line}\n"
        for service in SERVICES
        for line in (tmp_path / f"{service}.log").read_text().splitlines()
    )
    by_input = run_module("deploy.trace", task, "-", said=prefixed)

    assert by_input.stdout.splitlines()[1:] == by_files.stdout.splitlines()[1:]


async def test_what_is_nowhere_and_logs_that_are_not_there_are_said_in_a_line(
    system: System,
) -> None:
    unknown = trace(system, "nobody")
    missing = run_module("deploy.trace", "nobody", "nowhere.log")

    assert (unknown.returncode, missing.returncode) == (1, 1)
    assert unknown.stderr.startswith("trace: nothing in 4 logs has 'nobody'")
    assert missing.stderr == "trace: nowhere.log cannot be read: No such file or directory\n"


async def test_no_line_holds_what_people_wrote_or_a_secret(system: System, task: str) -> None:
    await send_what_is_refused(system)
    await poison(system)
    async with asyncio.timeout(400):
        while not all_is_written(system):  # noqa: ASYNC110  other processes write
            await asyncio.sleep(0.2)

    secrets = {
        *(SECRET, ADDRESS, "Bí Mật", "bi.mat", "\\u1ead", "eyJ"),
        *(system.stack.database_url(service).split(":")[2].split("@")[0] for service in SERVICES),
    }
    for service in SERVICES:
        for line in lines(system, service):
            assert {"service", "level", "timestamp"} <= json.loads(line).keys()
            assert not any(one in line for one in secrets), line


def lines(system: System, service: str) -> list[str]:
    """Whole ones: the last may be half written."""
    whole, _, _ = logs(system)[service].read_bytes().rpartition(b"\n")
    return whole.decode().splitlines()


def all_is_written(system: System) -> bool:
    """What was refused, by its service; the poison, by all who read it; and the rest."""
    told = {
        service: Counter(json.loads(line)["event"] for line in lines(system, service))
        for service in SERVICES
    }
    set_aside = [told[one]["event_set_aside"] for one in ("reporting", "notification", "budget")]
    wanted = {"request", "events_handled", "token_refused", "smtp_unreachable"}
    return min(set_aside) >= POISON and wanted <= set().union(*told.values())


async def send_what_is_refused(system: System) -> None:
    """Wrong bodies, paths, queries and tokens that are full of it."""
    async with system.client("assignment", UserRole.COORDINATOR) as office:
        wrong: dict[str, Any] = {"number_symbol": SECRET, SECRET: ADDRESS, "issued_on": SECRET}
        assert (await office.put(f"/directives/{uuid7()}", json=wrong)).status_code == 422
        assert (await office.get(f"/{SECRET}")).status_code == 404
        assert (await office.get(f"/agencies/{SECRET}")).status_code in (404, 422)
        assert (await office.get("/tasks", params={SECRET: ADDRESS})).status_code == 422
        headers = {"X-Correlation-Id": ADDRESS}
        assert (await office.get("/tasks", headers=headers)).status_code == 422
        forged = {"Authorization": office.headers["authorization"][:-9]}
        path = f"/agencies/{SECRET}"
        assert (await office.get(path, headers=forged)).status_code == 401


async def poison(system: System) -> None:
    """Foreign records: no JSON, a wrong shape, a key and headers that are personal."""
    producer = AIOKafkaProducer(bootstrap_servers=system.stack.kafka_url)
    await producer.start()
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid7()),
        "ce_type": "assignment.task_assigned.v1",
        "ce_time": SECRET,
        "ce_correlationid": "x",
    }
    wrong_only_in_its_body = {"ce_id": str(uuid7()), "ce_time": "2016-10-20T00:00:00Z"}
    bodies: list[tuple[bytes, dict[str, str]]] = [
        (SECRET.encode(), headers),
        (json.dumps({"agency": SECRET}).encode(), headers | wrong_only_in_its_body),
        (b"{}", {"ce_type": "assignment.task_assigned.v1", "ce_id": SECRET}),
    ]
    for value, said in bodies:
        await producer.send_and_wait(
            "assignment.tasks",
            value,
            key=SECRET.encode(),
            headers=[(name, text.encode()) for name, text in said.items()],
        )
    await producer.stop()
