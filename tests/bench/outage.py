"""B12: the broker is killed under 1,000 events a second, stays away, and comes back.

The assignment service takes fifty directives a second, each for twenty agencies (21 events), in an
open loop. HTTP's p99 while the broker is away is compared with the p99 of the same load before.
The drain, from the broker's first answer on, is compared with the limit: the bare relay's time for
as many rows of the same outbox, to the same broker. Void unless every event of the outbox stands
on the topics and each key's first copies are in the order of the log.
"""

import asyncio
import time
from pathlib import Path

import asyncpg

from deploy.local.broker import answers
from deploy.local.ports import free_port
from deploy.local.stack import LocalStack, local_stack, temporary_folder
from deploy.migrate import upgrade
from deploy.topics import provision
from deploy.verify.sources import read_topics
from shared.auth import UserRole
from shared.tokens import ensure_key, sign
from tests.bench.fanout import listening
from tests.bench.http import Client, quantile, send
from tests.bench.line import Line, Options, Pair, Void, at_most
from tests.bench.office import register, store_drafts
from tests.bench.programs import environment, process

NAME = "B12"
AGENCIES = 20
DIRECTIVES = 50
SECONDS = 60
CURSOR = "select top, (select max(id) from outbox) from outbox_cursor"


async def measure(options: Options) -> list[Line]:
    seconds, waits, drains, backlogs = options.seconds or SECONDS, [], [], []
    for _ in range(options.pairs or 1):
        with temporary_folder() as folder:
            async with local_stack(folder) as stack:
                wait, drain, backlog = await _once(stack, folder, seconds)
        waits.append(wait)
        drains.append(drain)
        backlogs.append(backlog)
    drained = f"drain of {min(backlogs):,} events, none lost"
    return [
        at_most(1.2, NAME, f"HTTP p99, broker away {seconds} s, beside before", waits, "ms"),
        at_most(2.0, NAME, drained, drains, "s"),
    ]


async def _once(stack: LocalStack, folder: Path, seconds: int) -> tuple[Pair, Pair, int]:
    url = stack.database_url("assignment")
    await provision(stack.kafka_url)
    await asyncio.to_thread(upgrade, "assignment", url)
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await register(connection, AGENCIES)
    ensure_key(folder / "keys")
    port, log = free_port(), folder / "program.log"
    variables = {**environment(stack, folder, "assignment"), "DONDOC_PORT": str(port)}
    try:
        async with process("services.assignment", variables, log):
            await listening(port)
            client = Client(port, sign(folder / "keys", (UserRole.COORDINATOR,)))
            await _load(connection, client, 5)
            before = await _load(connection, client, max(10, seconds // 2))
            await stack.processes.kill("broker")
            away = await _load(connection, client, seconds)
            await _returned(stack)
            seconds_drained, backlog = await drained(connection)
            await client.close()
        await check_topics(stack, connection)
        rate = await _limit_rate(stack, folder, connection)
    finally:
        await connection.close()
    return Pair(1000 * away, 1000 * before), Pair(seconds_drained, backlog / rate), backlog


async def _load(connection: asyncpg.Connection, client: Client, seconds: int) -> float:
    """HTTP's p99 in seconds, from the intended instants."""
    directives = await store_drafts(connection, ["XA"] * (DIRECTIVES * seconds))
    sent = await send(client, [f"/directives/{one}/issue" for one in directives], DIRECTIVES)
    return quantile(sent.answered, 0.99)


async def _returned(stack: LocalStack) -> None:
    await stack.processes.restart("broker")
    async with asyncio.timeout(60):
        while not await answers(stack.kafka_url):
            await asyncio.sleep(0.05)


async def drained(connection: asyncpg.Connection) -> tuple[float, int]:
    """Seconds until the cursor stands at the end, and how many rows were behind it."""
    started = time.perf_counter()
    top, last = await connection.fetchrow(CURSOR)
    backlog: int = last - top
    async with asyncio.timeout(600):
        while top < last:
            await asyncio.sleep(0.02)
            top, last = await connection.fetchrow(CURSOR)
    return time.perf_counter() - started, backlog


async def check_topics(stack: LocalStack, connection: asyncpg.Connection) -> None:
    """Void unless every event of the outbox is on the topics, each key's in the log's order."""
    rows = await connection.fetch("select event_id::text, key, id from outbox order by id")
    seen: set[str] = set()
    newest: dict[bytes | None, int] = {}
    for message in await read_topics({"bootstrap_servers": stack.kafka_url}):
        if message.id in seen:
            continue
        seen.add(message.id)
        if message.sequence <= newest.get(message.key, 0):
            raise Void(f"key {message.key!r} is out of order at {message.sequence}")
        newest[message.key] = message.sequence
    if lost := {row[0] for row in rows} - seen:
        raise Void(f"{len(lost)} of {len(rows)} events are not on the topics")


async def _limit_rate(stack: LocalStack, folder: Path, connection: asyncpg.Connection) -> float:
    """Rows a second of the bare relay over the whole outbox."""
    await connection.execute("update outbox_cursor set top = 0")
    variables = environment(stack, folder, "assignment")
    async with (
        process("tests.bench.limit_relay", variables, folder / "limit.log"),
        asyncio.timeout(300),
    ):
        while (await connection.fetchrow(CURSOR))[0] == 0:
            await asyncio.sleep(0.005)
        started, (first, last) = time.perf_counter(), await connection.fetchrow(CURSOR)
        while (await connection.fetchrow(CURSOR))[0] < last:
            await asyncio.sleep(0.005)
    return float(last - first) / (time.perf_counter() - started)
