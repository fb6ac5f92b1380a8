"""A service starts only where its database has the migrations that its code needs."""

import asyncpg
import pytest

from deploy.backup.swap import BEING
from deploy.containers.migrated import lacking, wait
from deploy.local.stack import LocalStack
from shared.settings import Settings
from shared.testing import ServiceUnderTest
from tests.commands import run_module


def test_an_older_database_is_waited_for_and_a_newer_one_is_not() -> None:
    assert lacking("assignment", None) == "no migration was run"
    assert "end at 0001" in (lacking("assignment", "0001") or "")
    assert lacking("assignment", "9999") is None


async def test_a_migrated_database_is_found_at_once(assignment: ServiceUnderTest) -> None:
    assert await wait("assignment", assignment.app.state.settings, 0) is None


async def test_an_empty_database_lacks_a_migration(stack: LocalStack) -> None:
    await stack.create_database("empty")

    settings = Settings(database_url=stack.database_url("empty"))

    assert await wait("budget", settings, 0) == "no migration was run"


async def test_a_half_restored_database_is_named_as_such(stack: LocalStack) -> None:
    await stack.create_database("half")
    url = stack.database_url("half")
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute("create schema before_20261128T000000Z")
    await connection.execute(f"comment on schema before_20261128t000000z is '{BEING}/x'")
    await connection.close()

    lacks = await wait("budget", Settings(database_url=url), 0)

    assert "is being restored from /x, which has not ended: " in (lacks or "")


async def test_a_database_that_does_not_answer_is_waited_for() -> None:
    settings = Settings(database_url="postgresql+asyncpg://nobody@127.0.0.1:1/nothing")

    assert "does not answer" in (await wait("budget", settings, 0) or "")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [((), "name one of"), (("portal",), "name one of"), (("budget",), "database_url")],
)
def test_bad_input_is_refused_in_one_line(arguments: tuple[str, ...], told: str) -> None:
    done = run_module("deploy.containers.migrated", *arguments, DONDOC_DATABASE_URL="")

    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
