"""A restore that is interrupted, or that loses PostgreSQL or its machine on the way."""

import json
import signal
from pathlib import Path
from uuid import UUID

import pytest

from deploy.system import System
from tests.e2e.restoring import (
    DUMPED,
    FINISHED,
    SINCE,
    UNDONE,
    answering,
    connected,
    everywhere,
    held,
    killed,
    named_in,
    ran,
    rows,
    until,
)


async def test_who_interrupts_it_has_everything_as_it_was(changed: System, backup: Path) -> None:
    restoring = await held(changed, "transaction", 3, backup)
    restoring.send_signal(signal.SIGINT)

    _, said = await restoring.communicate(b"\n")

    assert restoring.returncode == 1
    assert said == b"restore: stopped; make restore without FROM ends what it has left\n"
    assert await rows(changed) == everywhere(SINCE)
    assert "no restore is unfinished" in ran(changed, "deploy.backup.restore").stderr


async def test_what_could_not_be_put_back_is_not_said_to_be_as_it_was(
    changed: System, backup: Path
) -> None:
    restoring = await held(changed, "pg_restore", 2, backup)
    await changed.stack.processes.kill("postgres")

    _, said = await restoring.communicate(b"\n")

    await changed.stack.processes.restart("postgres")
    await answering(changed)
    assert restoring.returncode == 1
    assert "everything is as it was" not in said.decode()
    assert "not known to be as before: assignment (the database assignment" in said.decode()
    assert said.count(b"\n") == 1
    assert UNDONE in ran(changed, "deploy.backup.restore").stdout
    assert await rows(changed) == everywhere(SINCE)


async def test_interrupted_while_a_dump_is_read_it_waits_for_that_and_undoes(
    changed: System, backup: Path
) -> None:
    restoring = await held(changed, "transaction", 4, backup)
    in_the_way = await connected(changed, "assignment")
    await in_the_way.execute("begin; create schema public")
    assert restoring.stdin is not None
    restoring.stdin.write(b"\n")
    await until(changed, "application_name = 'pg_restore' and wait_event_type = 'Lock'")

    restoring.send_signal(signal.SIGINT)
    await in_the_way.execute("rollback")
    _, said = await restoring.communicate()

    assert said == b"restore: stopped; make restore without FROM ends what it has left\n"
    assert await rows(changed) == everywhere(SINCE)
    assert "no restore is unfinished" in ran(changed, "deploy.backup.restore").stderr
    await in_the_way.close()


async def test_interrupted_again_while_it_undoes_the_next_one_ends_it(
    changed: System, backup: Path
) -> None:
    restoring = await held(changed, "pg_restore", 2, backup)
    in_the_way = await connected(changed, "reporting")
    await in_the_way.execute("begin; lock table public.inbox")
    restoring.send_signal(signal.SIGINT)
    assert restoring.stdin is not None
    restoring.stdin.write(b"\n")
    await until(
        changed, "application_name = 'restore' and wait_event_type = 'Lock'", in_="reporting"
    )

    restoring.send_signal(signal.SIGINT)
    _, said = await restoring.communicate()

    assert restoring.returncode == 1
    assert said == b"restore: stopped; make restore without FROM ends what it has left\n"
    await in_the_way.execute("rollback")
    await in_the_way.close()
    assert UNDONE in ran(changed, "deploy.backup.restore").stdout
    assert await rows(changed) == everywhere(SINCE)


@pytest.mark.parametrize(
    ("kind", "number", "way", "there"),
    [("synced", 2, UNDONE, SINCE), ("transaction", 5, FINISHED, DUMPED)],
    ids=["nobody says so", "one says so"],
)
async def test_postgresql_away_while_it_finishes(
    changed: System, backup: Path, kind: str, number: int, way: str, there: UUID
) -> None:
    restoring = await held(changed, kind, number, backup)
    await changed.stack.processes.kill("postgres")

    _, said = await restoring.communicate(b"\n")

    await changed.stack.processes.restart("postgres")
    await answering(changed)
    assert restoring.returncode == 1
    assert said.count(b"\n") == 1
    assert said.startswith(b"restore: the database assignment does not answer: ") or (
        said.startswith(b"restore: the database reporting does not answer: ")
    )
    assert "make restore without FROM finishes it or puts all back" in said.decode()
    assert way in ran(changed, "deploy.backup.restore").stdout
    assert await rows(changed) == everywhere(there)


async def test_what_could_not_be_known_is_on_disk_before_anybody_says_restored(
    changed: System, backup: Path
) -> None:
    await killed(changed, "power", 5, backup)

    told = ran(changed, "deploy.backup.restore")

    (named,) = named_in(backup)
    assert f"{FINISHED}{named} names" in told.stdout
    assert set(json.loads(named.read_text())) >= {"forgotten", "heard_only"}
