"""What work costs in figures that do not move with the machine: round trips, WAL, buffers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import asyncpg
from sqlalchemy.engine import make_url

COST = """
select (pg_stat_get_backend_wal(pid)).wal_records, (pg_stat_get_backend_wal(pid)).wal_bytes::bigint,
  (pg_stat_get_backend_wal(pid)).wal_fpi,
  (select sum(hits + reads)::bigint from pg_stat_get_backend_io(pid) where object = 'relation')
from pg_stat_activity where application_name = $1"""


@dataclass(frozen=True)
class Cost:
    """Of one piece of work. ``wal_bytes`` are without the images of whole pages."""

    round_trips: int
    wal_records: int
    wal_bytes: int
    buffers: int


class Turns:
    """Counts how often a client speaks after the server has: its round trips."""

    def __init__(self) -> None:
        self.count = 0
        self.heard = True

    async def client_to_server(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(1 << 20):
            self.count += self.heard
            self.heard = False
            writer.write(data)
            await writer.drain()
        writer.close()

    async def server_to_client(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(1 << 20):
            self.heard = True
            writer.write(data)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def counted(url: str) -> AsyncIterator[tuple[str, Turns]]:
    """The same database behind a port that counts the round trips of its one client."""
    there, turns = make_url(url), Turns()
    running: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection(there.host, there.port)
        for work in (
            turns.client_to_server(reader, server_writer),
            turns.server_to_client(server_reader, writer),
        ):
            running.add(asyncio.create_task(work))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield there.set(port=port).render_as_string(hide_password=False), turns
    finally:
        server.close()
        for task in running:
            task.cancel()
        with suppress(Exception):
            await asyncio.gather(*running, return_exceptions=True)


async def cost_of(
    work: Callable[[], Awaitable[object]],
    flush: Callable[[], Awaitable[object]],
    turns: Turns,
    watcher: asyncpg.Connection,
    name: str,
) -> Cost:
    """What the one connection called ``name`` spends on the work; ``flush`` reports its counters.

    ``watcher`` looks from outside, as the superuser: one's own look would count too.
    """
    await flush()
    before = await watcher.fetchrow(COST, name)
    started = turns.count
    await work()
    trips = turns.count - started
    await flush()
    after = await watcher.fetchrow(COST, name)
    records, volume, images, buffers = (
        int(new or 0) - int(old or 0) for new, old in zip(after, before, strict=True)
    )
    return Cost(trips, records, volume - images * 8192, buffers)
