"""protocol.md §4, set aside: what cannot be handled goes where an operator sees it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import arrays_of, raw_in_transaction
from shared.handlers import Refusal
from shared.messaging import DeadLetter
from shared.records import MOST_HEADERS, Received

RETRY_AFTER = timedelta(seconds=1)
"""First delay of an event that came too early; it doubles, up to a quarter of an hour."""


_STORE = """
with letters as (select * from unnest({arrays}) u({columns})),
blocked as (insert into blocked_keys (topic, key)
  select distinct topic, key from letters where state = 'dead' and key is not null order by 1, 2
  on conflict do nothing)
insert into dead_letters ({columns}) select * from letters
on conflict do nothing returning event_id"""


class SetAsideBefore(Exception):
    """These have a letter already, which the inbox has forgotten: all is said about them."""

    def __init__(self, ids: frozenset[UUID]) -> None:
        super().__init__(f"{len(ids)} events")
        self.ids = ids


async def set_aside(
    session: AsyncSession,
    dead: Sequence[tuple[Received, Refusal]],
    parked: Sequence[Received],
) -> None:
    """Statement 4: block the keys of the dead and store all, in order.

    SetAsideBefore if some have a letter: to be rolled back, since those must block no key a second
    time.
    """
    refusals = {id(one): refusal for one, refusal in dead}
    together = [*(one for one, _ in dead), *parked]
    together.sort(key=lambda one: (one.record.topic, one.record.partition, one.record.offset))
    rows = [_row(one, refusals.get(id(one))) for one in together]
    arrays, values = arrays_of(DeadLetter, rows)
    columns = ", ".join(f'"{name}"' for name in rows[0])
    raw = await raw_in_transaction(session)
    stored = await raw.fetch(_STORE.format(arrays=arrays, columns=columns), *values)
    if known := frozenset(one.id for one in together) - {row["event_id"] for row in stored}:
        raise SetAsideBefore(known)


def _row(one: Received, refusal: Refusal | None) -> dict[str, object]:
    record = one.record
    retry = datetime.now(UTC) + RETRY_AFTER if refusal and refusal.try_again else None
    return {
        "event_id": one.id,
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "key": record.key,
        "headers": orjson.dumps(
            [
                (_printable(name.encode()), _printable(value))
                for name, value in record.headers[:MOST_HEADERS]
            ]
        ).decode(),
        "value": record.value,
        "state": "dead" if refusal else "parked",
        "error": stored_reason(refusal) if refusal else None,
        "attempts": 1 if refusal else 0,
        "next_try_at": retry,
    }


def _printable(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "backslashreplace").replace("\x00", "\\0")


def stored_reason(refusal: Refusal) -> str:
    """As PostgreSQL takes it."""
    return refusal.reason[:2000].replace("\x00", "\\0")
