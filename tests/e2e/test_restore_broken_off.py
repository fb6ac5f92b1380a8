"""A restore that is killed at each of its steps: nobody works on halves, and there is a way out."""

import asyncio
from pathlib import Path

import pytest

from deploy.system import System
from tests.commands import run_module
from tests.e2e.restoring import (
    DUMPED,
    FINISHED,
    SINCE,
    UNDONE,
    connected,
    everywhere,
    held,
    killed,
    named_in,
    ran,
    rows,
    until,
)

STEPS = {
    "one set aside": ("transaction", 1, UNDONE),
    "all set aside": ("transaction", 4, UNDONE),
    "one filled": pytest.param("pg_restore", 1, UNDONE, marks=pytest.mark.long),
    "all filled": pytest.param("pg_restore", 4, UNDONE, marks=pytest.mark.long),
    "one reconciled": pytest.param("commit", 1, UNDONE, marks=pytest.mark.long),
    "all reconciled": ("commit", 4, UNDONE),
    "one known as restored": ("transaction", 5, FINISHED),
    "all known as restored": pytest.param("transaction", 8, FINISHED, marks=pytest.mark.long),
    "one finished": ("transaction", 9, FINISHED),
    "three finished": ("transaction", 11, FINISHED),
}


@pytest.mark.parametrize(("kind", "number", "way"), STEPS.values(), ids=STEPS)
async def test_killed_at_any_step_it_is_finished_or_undone(
    changed: System, backup: Path, kind: str, number: int, way: str
) -> None:
    await killed(changed, kind, number, backup)

    told = ran(changed, "deploy.backup.restore")

    assert (told.returncode, told.stderr) == (0, "")
    assert way in told.stdout
    assert await rows(changed) == everywhere(DUMPED if way == FINISHED else SINCE)
    assert [str(one) in told.stdout for one in named_in(backup)] == [True] * (way == FINISHED)
    again = ran(changed, "deploy.backup.restore")
    assert again.stderr == "restore: no restore is unfinished: FROM=folder names the back-up\n"


@pytest.mark.parametrize("number", [4, 10])
async def test_restored_again_the_back_up_is_in_place(
    changed: System, backup: Path, number: int
) -> None:
    await killed(changed, "transaction", number, backup)

    told = ran(changed, "deploy.backup.restore", str(backup))

    assert (told.returncode, told.stderr) == (0, "")
    assert await rows(changed) == everywhere(DUMPED)
    assert len(named_in(backup)) == 1


async def test_what_a_killed_restore_had_begun_is_waited_for(changed: System, backup: Path) -> None:
    restoring = await held(changed, "transaction", 4, backup)
    in_the_way = await connected(changed, "assignment")
    await in_the_way.execute("begin; create schema public")
    assert restoring.stdin is not None
    restoring.stdin.write(b"\n")
    await until(changed, "application_name = 'pg_restore' and wait_event_type = 'Lock'")
    restoring.kill()
    await restoring.wait()

    ending = asyncio.create_task(asyncio.to_thread(ran, changed, "deploy.backup.restore"))
    await until(changed, "application_name = 'restore lock'")
    await in_the_way.execute("rollback")

    assert UNDONE in (await ending).stdout
    assert await rows(changed) == everywhere(SINCE)
    await in_the_way.close()


async def test_meanwhile_nobody_works_on_a_half(changed: System, backup: Path) -> None:
    await killed(changed, "pg_restore", 4, backup)

    environment = changed.environment("budget")
    service = run_module("services.budget", **environment)
    migrated = run_module("deploy.migrate", "upgrade", "budget", **environment)
    dumped = ran(changed, "deploy.backup", "--to", str(changed.folder / "more"))
    verified = ran(changed, "deploy.verify")

    why = (
        f"the database is being restored from {backup}, which has not ended: with the services"
        " stopped run restore without a folder; it is finished or put back\n"
    )
    assert (service.returncode, service.stderr) == (2, f"budget: {why}")
    assert (migrated.returncode, migrated.stderr) == (1, f"migrate: budget: {why}")
    assert (dumped.returncode, dumped.stderr) == (1, f"backup: assignment: {why}")
    assert (verified.returncode, verified.stderr) == (2, f"verify: assignment: {why}")
    assert ran(changed, "deploy.backup.restore").returncode == 0
    assert await rows(changed) == everywhere(SINCE)


async def test_a_second_restore_waits_its_turn(changed: System, backup: Path) -> None:
    first = await held(changed, "transaction", 2, backup)

    second = ran(changed, "deploy.backup.restore", str(backup))

    assert second.stderr == "restore: another restore is under way: wait until it has ended\n"
    _, said = await first.communicate(b"\n")
    assert (first.returncode, said) == (0, b"")
    assert await rows(changed) == everywhere(DUMPED)
