"""Migrations beside running services, and what a release says of a newer one's database."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest
from alembic.util import CommandError

from deploy.local.stack import LocalStack
from deploy.migrate import SERVICES, newest_revision, upgrade
from shared.outbox_partitions import LOCK as PARTITIONS_LOCK
from shared.relay import LOCK as RELAY_LOCK


@pytest.fixture
async def connection(stack: LocalStack) -> asyncpg.Connection:
    url = stack.database_url("budget")
    await asyncio.to_thread(upgrade, "budget", url)
    return await asyncpg.connect(url.replace("+asyncpg", ""))


async def upgraded(stack: LocalStack) -> str | None:
    async with asyncio.timeout(180):
        return await asyncio.to_thread(upgrade, "budget", stack.database_url("budget"))


async def test_a_migration_does_not_wait_for_what_a_running_service_holds(
    stack: LocalStack, connection: asyncpg.Connection
) -> None:
    for lock in (RELAY_LOCK, PARTITIONS_LOCK):
        await connection.execute("select pg_advisory_lock($1)", lock)
    try:
        assert await upgraded(stack) is None
    finally:
        await connection.close()


@pytest.fixture
async def revision(
    connection: asyncpg.Connection,
) -> AsyncIterator[Callable[[str], Awaitable[None]]]:
    """Says that the database is at another revision; in the end it is at its own again."""
    before = await connection.fetchval("select version_num from alembic_version")

    async def say(number: str) -> None:
        await connection.execute("update alembic_version set version_num = $1", number)

    yield say
    await say(before)
    await connection.close()


@pytest.mark.parametrize("name", ["9001", "9001_with_words"])
async def test_the_database_of_a_newer_release_is_left_as_it_is(
    stack: LocalStack, revision: Callable[[str], Awaitable[None]], name: str
) -> None:
    await revision(name)

    told = await upgraded(stack)

    assert (told or "").startswith("its database is newer than this release (9001, not ")


@pytest.mark.parametrize("service", SERVICES)
def test_the_newest_revision_is_a_number_that_earlier_releases_read(service: str) -> None:
    """The first ones take no other name for a newer release's: migrate would refuse to go back."""
    assert re.fullmatch(r"\d{4}", newest_revision(service) or "")


@pytest.mark.parametrize("number", ["0000", "0001_of_nobody", "else"])
async def test_a_revision_that_nobody_made_is_an_error(
    stack: LocalStack, revision: Callable[[str], Awaitable[None]], number: str
) -> None:
    await revision(number)

    with pytest.raises(CommandError, match=f"identified by '{number}'"):
        await upgraded(stack)
