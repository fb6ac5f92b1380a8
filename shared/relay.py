"""protocol.md §3: the log in id order, one batch in flight per partition, fenced by an epoch."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer

from shared.alive import kept_alive
from shared.cursor import Position, bounds, save, take
from shared.database import connect_alone
from shared.error_words import words_of
from shared.gaps import Ranges, missing, subtract, without
from shared.lanes import Lanes, Row, create_producer, drop
from shared.lost_log import LogLost, log_lost, send_again
from shared.metrics import EVENTS_PUBLISHED
from shared.restored import published_topics, refuse_repeated_ids
from shared.settings import Settings
from shared.tracing import Tracing
from shared.trail import tell_sent

log = structlog.get_logger()

READ_ROWS = 2000
SAVE_SECONDS = 0.25
IDLE_SECONDS = 0.025
MARKS_SECONDS = 5.0
"""How often an idle relay looks whether Kafka still has what it acknowledged."""
RETRY_SECONDS = 0.5
"""For so long at most a backlog waits after Kafka has come back."""
LOCK = 6050

HOLD_SQL = """
select array_agg(virtualtransaction) as holders, coalesce(bool_or(pid is null), false) as prepared
from pg_locks where locktype = 'relation' and relation = 'outbox'::regclass
and database = (select oid from pg_database where datname = current_database())
and mode = 'RowExclusiveLock' and granted"""
READ_SQL = """
select * from (
  (select o.* from unnest($2::bigint[], $3::bigint[]) g(lo, hi)
   join outbox o on o.id between g.lo and g.hi)
  union all (select * from outbox where id > $1 order by id limit $4)
) x order by id limit $4"""


class Relay:
    """Sends what the service has committed. Of all replicas' relays one is active at a time."""

    def __init__(self, service: str, settings: Settings, tracing: Tracing | None = None) -> None:
        self._service = service
        self._tracing = tracing
        self._settings = settings
        self._wake = asyncio.Event()
        self.active = False
        self.problem: str | None = "not started"

    def wake(self) -> None:
        """Something was committed in this process: look at once."""
        self._wake.set()

    async def run(self) -> None:
        """Drop everything after any failure and start over from the saved cursor."""
        failures = 0
        while True:
            started = time.monotonic()
            try:
                await self._connected()
            except Exception as error:
                self.problem = f"{type(error).__name__}: {error}"
                log.warning("relay_restarts", error=words_of(error))
            self.active = False
            failures = 0 if time.monotonic() - started > 10 else failures + 1
            await asyncio.sleep(min(0.1 * 2 ** min(failures, 6), RETRY_SECONDS))

    async def _connected(self) -> None:
        """Connect to Kafka first, then become the active relay, then send until a failure."""
        producer = create_producer(self._settings, f"{self._service}-relay")
        try:
            await producer.start()
            connection = await connect_alone(self._settings, "relay")
            try:
                await _take_lock(connection, self._standing_by)
                await self._relay(connection, producer)
            finally:
                connection.terminate()
        finally:
            await drop(producer)

    def _standing_by(self) -> None:
        self.problem = None

    async def _relay(self, connection: asyncpg.Connection, producer: AIOKafkaProducer) -> None:
        await refuse_repeated_ids(
            self._settings, self._service, published_topics(self._service), connection
        )
        position = await take(connection)
        if await kept_alive(connection, log_lost(self._settings, position)):
            await send_again(self._settings, connection, position)
            log.error("log_lost", generation=position.generation)
        self.active, self.problem = True, None
        log.info("relay_active", top=position.top, generation=position.generation)
        round = Round(connection, Lanes(producer, self._tracing), position)
        looked = time.monotonic()
        while True:
            self._wake.clear()
            if await round.run():
                looked = time.monotonic()
                continue
            if time.monotonic() - looked > MARKS_SECONDS:
                if await kept_alive(connection, log_lost(self._settings, position)):
                    raise LogLost("a partition ends at or before its mark")
                looked = time.monotonic()
            await self._rest()

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)
        except TimeoutError:
            return


class Round:
    """READ, send, SAVE; with the gaps and their suspects from one round to the next."""

    def __init__(self, connection: asyncpg.Connection, lanes: Lanes, position: Position) -> None:
        self._connection = connection
        self._lanes = lanes
        self._position = position
        self._suspects: tuple[Ranges, frozenset[str]] | None = None
        self._saved_at = time.monotonic()
        self._saved = (position.top, position.gaps)

    async def run(self, limit: int = READ_ROWS) -> int:
        """Send what has become visible; return how many rows that were."""
        position = self._position
        holders, prepared = frozenset[str](), False
        if position.gaps:
            holders, prepared = await hold(self._connection)
            self._suspects = self._suspects or (position.gaps, holders)
        rows = await read(self._connection, position, limit)
        ids = [row["id"] for row in rows]
        gaps = without(position.gaps, ids) + missing(position.top, ids)
        if self._suspects and len(rows) < limit and not prepared:
            given_up, held = self._suspects
            if held.isdisjoint(holders):
                gaps, self._suspects = subtract(gaps, given_up), None
        await self._send(rows)
        position.gaps = gaps
        position.top = max([position.top, *ids])
        await self._save(idle=not rows)
        return len(rows)

    async def _send(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        sending = self._lanes.send(rows, self._position.generation)
        marks = await kept_alive(self._connection, sending)
        for partition, base in marks.items():
            if base <= self._position.marks.get(partition, -1):
                raise LogLost(f"{partition} acked {base}, not above its mark")
            self._position.marks[partition] = base
        for type, number in Counter(row["type"] for row in rows).items():
            EVENTS_PUBLISHED.labels(type).inc(number)
        tell_sent([str(row["event_id"]) for row in rows], max(row["id"] for row in rows))

    async def _save(self, *, idle: bool) -> None:
        now, state = time.monotonic(), (self._position.top, self._position.gaps)
        if state != self._saved and (idle or now - self._saved_at >= SAVE_SECONDS):
            await save(self._connection, self._position)
            self._saved_at, self._saved = now, state


async def hold(connection: asyncpg.Connection) -> tuple[frozenset[str], bool]:
    """Who may still fill a gap: every INSERT locks the table before it takes its id."""
    row = await connection.fetchrow(HOLD_SQL)
    return frozenset(row["holders"] or ()), row["prepared"]


async def read(
    connection: asyncpg.Connection, position: Position, limit: int
) -> list[asyncpg.Record]:
    """Gaps and tail by one statement: with two, what fills a gap in between comes too late."""
    lows, highs = bounds(position.gaps)
    rows: list[asyncpg.Record] = await connection.fetch(READ_SQL, position.top, lows, highs, limit)
    return rows


async def _take_lock(connection: asyncpg.Connection, waiting: Callable[[], None]) -> None:
    while not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
        waiting()
        await asyncio.sleep(0.5)
