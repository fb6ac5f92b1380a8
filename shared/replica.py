"""protocol.md §4, "Names": at most one live process consumes under a replica's name.

Two under one name take the consumer group from each other at every heartbeat, without end and
without an error (seen with aiokafka 0.14 on Apache Kafka).
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import structlog

from shared.database import connect_alone
from shared.settings import Settings

log = structlog.get_logger()

LOCK = 6051
"""First key of the advisory lock; the second is the name's hash."""
BEAT_SECONDS = 1.0
LOST = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
"""What asyncpg raises where the session is gone; the third between the server's farewell and its
hanging up, as when a process that was stopped goes on."""


class NameLost(Exception):
    """The connection that should hold the name is not there: somebody else may have it."""


class ReplicaName:
    """The advisory lock of this replica's name, in the service's database."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.held = False
        self.taken_by_another = False

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[asyncpg.Connection]:
        """Wait for the name; the connection it hangs on. A paused process loses it after 5 s."""
        try:
            connection = await connect_alone(self._settings, "replica-name")
        except LOST as error:
            raise NameLost(f"the database cannot be asked: {error!r}") from error
        try:
            await self._take(connection)
            self.held = True
            yield connection
        finally:
            self.held = self.taken_by_another = False
            connection.terminate()

    async def _take(self, connection: asyncpg.Connection) -> None:
        sql = "select pg_try_advisory_lock($1, hashtext($2))"
        while not await _asked(connection.fetchval(sql, LOCK, self._settings.replica)):
            if not self.taken_by_another:
                log.warning("replica_name_taken", replica=self._settings.replica)
            self.taken_by_another = True
            await asyncio.sleep(0.1)
        self.taken_by_another = False


async def beat(connection: asyncpg.Connection) -> None:
    """Keep the lock's session alive; NameLost when it is gone."""
    while True:
        await _asked(connection.execute("select 1", timeout=5))
        await asyncio.sleep(BEAT_SECONDS)


async def _asked(asking: Awaitable[Any]) -> Any:
    try:
        return await asking
    except LOST as error:
        raise NameLost(repr(error)) from error
