"""How far the log has been sent (protocol.md §3), saved under the epoch of the active relay."""

from dataclasses import dataclass, field

import asyncpg
import orjson

from shared.gaps import Ranges

_TAKE = "update outbox_cursor set epoch = epoch + 1 returning *"
_SAVE = """
update outbox_cursor set top = $2, gap_lo = $3, gap_hi = $4, marks = $5::text::jsonb
where epoch = $1"""
_RENEW = """
update outbox_cursor set generation = generation + 1, top = $2, gap_lo = $3, gap_hi = $4,
marks = '{}' where epoch = $1 returning generation"""


class Fenced(Exception):
    """Another relay has taken over."""


@dataclass(slots=True)
class Position:
    """How far the log has been sent, and which ids below may still come."""

    epoch: int
    generation: int
    top: int
    gaps: Ranges = ()
    marks: dict[str, int] = field(default_factory=dict)


async def take(connection: asyncpg.Connection) -> Position:
    """Raise the epoch: whoever saved under the old one is fenced."""
    row = await connection.fetchrow(_TAKE)
    gaps = tuple(zip(row["gap_lo"], row["gap_hi"], strict=True))
    marks = orjson.loads(row["marks"])
    return Position(row["epoch"], row["generation"], row["top"], gaps, marks)


async def save(connection: asyncpg.Connection, position: Position) -> None:
    """Only what is acked; Fenced if another relay has raised the epoch."""
    marks = orjson.dumps(position.marks).decode()
    lows, highs = bounds(position.gaps)
    done = await connection.execute(_SAVE, position.epoch, position.top, lows, highs, marks)
    if done != "UPDATE 1":
        raise Fenced


async def renew(connection: asyncpg.Connection, position: Position, top: int, gaps: Ranges) -> None:
    """Go back to ``top`` and ``gaps``, as a new generation; Fenced as in ``save``."""
    row = await connection.fetchrow(_RENEW, position.epoch, top, *bounds(gaps))
    if row is None:
        raise Fenced
    position.generation, position.top, position.gaps = row["generation"], top, gaps
    position.marks.clear()


def bounds(gaps: Ranges) -> tuple[list[int], list[int]]:
    """Their first ids and their last ones."""
    return [low for low, _ in gaps], [high for _, high in gaps]
