"""A connection's session that may be idle for a few seconds only, while Kafka takes longer."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import asyncpg

ALIVE_SECONDS: float | None = 1.0
"""How often a connection that holds a lock is asked for while something else is waited for."""

T = TypeVar("T")


async def kept_alive(connection: asyncpg.Connection, work: Coroutine[Any, Any, T]) -> T:
    """The result of work that leaves this connection alone; it ends where the session does."""
    working = asyncio.create_task(work)
    try:
        while not (await asyncio.wait([working], timeout=ALIVE_SECONDS))[0]:
            await connection.execute("select 1")
        return await working
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
