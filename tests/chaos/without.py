"""The product with one guard taken out, for a proof that its absence is found.

python -m tests.chaos.without GUARD services.assignment     the service as a process, without it

The guards are those of ``tests.model.model``; each is taken out here by replacing a function of
``shared/`` in this process. No switch for it is in the product.
"""

import asyncio
import runpy
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import asyncpg
from aiokafka.errors import KafkaError
from sqlalchemy import text

from shared import consumer, disposal, inbox, relay
from shared.cursor import Position, save
from shared.gaps import Ranges
from shared.lanes import Lanes, Row, _pack

Patch = tuple[object, str, object]

TAIL_SQL = "select * from outbox where id > $1 order by id limit $2"
BY_XID_SQL = """
select * from outbox where id > $1
and xmin::text::bigint < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
order by id limit $2"""
GAPS_SQL = """
select o.* from unnest($1::bigint[], $2::bigint[]) g(lo, hi)
join outbox o on o.id between g.lo and g.hi order by o.id"""


async def a_moment() -> None:
    """What may happen between the two reads of a relay without ``snapshot``."""
    await asyncio.sleep(0.02)


between: list[Callable[[], Awaitable[None]]] = [a_moment]
"""The last one is called; a test puts its own race here."""


def _no_gaps(top: int, ids: Sequence[int]) -> Ranges:
    return ()


async def _by_xid(
    connection: asyncpg.Connection, position: Position, limit: int
) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await connection.fetch(BY_XID_SQL, position.top, limit)
    return rows


async def _by_two_statements(
    connection: asyncpg.Connection, position: Position, limit: int
) -> list[asyncpg.Record]:
    lows, highs = [low for low, _ in position.gaps], [high for _, high in position.gaps]
    filled = await connection.fetch(GAPS_SQL, lows, highs)
    await between[-1]()
    return [*filled, *await connection.fetch(TAIL_SQL, position.top, limit)]


async def _later_ones_first(
    lanes: Lanes, topic: str, partition: int, rows: Sequence[Row], generation: int
) -> tuple[str, int]:
    """What fails is put behind the others and sent again."""
    waiting, base, tries = list(rows), -1, 0
    while waiting:
        one = lanes._producer.create_batch()
        end = _pack(one, waiting, 0, generation)
        front, waiting = waiting[:end], waiting[end:]
        try:
            acked = await lanes._producer.send_batch(one, topic, partition=partition)
            base = max(base, (await acked).offset)
        except KafkaError:
            tries += 1
            if tries > 20:
                raise
            waiting += front
    return f"{topic}/{partition}", base


async def _saved_before_the_acks(self: relay.Round, rows: Sequence[Row]) -> None:
    if rows:
        position = self._position
        top = max([position.top, *(row["id"] for row in rows)])
        await save(self._connection, replace(position, top=top))
    await _send(self, rows)


async def _everything_is_fresh(session: Any, seen: Sequence[tuple[Any, int]]) -> set[Any]:
    await _record(session, seen)
    return {event_id for event_id, _ in seen}


def _never_parked(self: disposal.Disposed, received: Any) -> bool:
    return False


def _as_if_of_one_log(self: consumer.Consumer, kafka: Any, records: Sequence[Any]) -> list[Any]:
    return list(records)


_send = relay.Round._send
_record = inbox.record
_BLOCK_UNLOCKED = text(str(disposal._BLOCK).replace(" for share of b", ""))

PATCHES: dict[str, tuple[Patch, ...]] = {
    "guard": ((relay, "missing", _no_gaps),),
    "rowxid": ((relay, "missing", _no_gaps), (relay, "read", _by_xid)),
    "snapshot": ((relay, "read", _by_two_statements),),
    "lane": ((Lanes, "_lane", _later_ones_first),),
    "acks": ((relay.Round, "_send", _saved_before_the_acks),),
    "inbox": ((inbox, "record", _everything_is_fresh),),
    "parking": ((disposal.Disposed, "park_if_blocked", _never_parked),),
    "share": ((disposal, "_BLOCK", _BLOCK_UNLOCKED),),
    "generation": ((consumer.Consumer, "_of_known_generation", _as_if_of_one_log),),
}


@contextmanager
def without(guard: str) -> Iterator[None]:
    """Inside, this process runs the product without that guard."""
    patches = [(where, name, getattr(where, name), new) for where, name, new in PATCHES[guard]]
    for where, name, _, new in patches:
        setattr(where, name, new)
    try:
        yield
    finally:
        for where, name, old, _ in patches:
            setattr(where, name, old)


def main() -> int:
    if len(sys.argv) != 3 or sys.argv[1] not in PATCHES:
        guards = ", ".join(PATCHES)
        print(f"without: say a guard ({guards}) and a service's module", file=sys.stderr)
        return 2
    with without(sys.argv[1]):
        runpy.run_module(sys.argv[2], run_name="__main__", alter_sys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
