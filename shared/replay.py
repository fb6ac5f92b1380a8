"""protocol.md §3, replay: a range of the log once more, to its own topics or to another one."""

from typing import Any

from aiokafka.errors import KafkaError
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.errors import Malformed, Refused
from shared.gaps import contains
from shared.lanes import Lanes, create_producer, drop
from shared.messaging import InboxFloor, OutboxCursor, OutboxRow
from shared.settings import Settings

MOST = 100_000
"""Rows sent by one call."""
_PAGE = 2_000


class RangeNotSent(Malformed):
    """Only ids that the relay has sent, and not too many at once, can be sent again."""


class TopicUnknown(Malformed):
    """Make the topic first, with as many partitions as the events' own has."""


class KafkaUnreachable(Refused):
    """Kafka does not answer; nothing was sent, or only a part, which may be sent again."""

    status = 503


class Resent(BaseModel):
    """How many rows were sent again."""

    sent: int


async def resend(
    settings: Settings, session: AsyncSession, first: int, last: int, topic: str | None
) -> Resent:
    """Send ids first..last again, in order; never what the relay has not sent yet."""
    cursor = (await session.scalars(select(OutboxCursor))).one()
    if last < first or last > cursor.top or last - first >= MOST:
        raise RangeNotSent(
            f"Give a range of at most {MOST} ids up to {cursor.top}.", top=cursor.top
        )
    gaps = tuple(zip(cursor.gap_lo, cursor.gap_hi, strict=True))
    producer = create_producer(settings, "replay")
    sent = 0
    try:
        await producer.start()
        there = (await producer.client.fetch_all_metadata()).topics()
        if topic is not None and topic not in there:
            raise TopicUnknown(f"There is no topic {topic!r}: make it first.")
        lanes = Lanes(producer)
        for start in range(first, last + 1, _PAGE):
            end = min(start + _PAGE - 1, last)
            rows = await _rows(session, start, end)
            rows = [row for row in rows if not contains(gaps, row["id"])]
            if topic is not None:
                rows = [{**row, "topic": topic} for row in rows]
            await lanes.send(rows, cursor.generation)
            sent += len(rows)
    except (KafkaError, OSError) as error:
        raise KafkaUnreachable(f"{type(error).__name__} after {sent} rows", sent=sent) from error
    finally:
        await drop(producer)
    return Resent(sent=sent)


async def _rows(session: AsyncSession, first: int, last: int) -> list[dict[str, Any]]:
    """Rows of the range that consumers still remember (not older than the inbox's floor)."""
    floor = select(InboxFloor.floor).scalar_subquery()
    found = await session.execute(
        select(OutboxRow.__table__)
        .where(OutboxRow.id.between(first, last), OutboxRow.recorded_at >= floor)
        .order_by(OutboxRow.id)
    )
    return [dict(row._mapping) for row in found]
