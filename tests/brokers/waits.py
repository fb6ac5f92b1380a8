"""How long events waited, from the commit of their cause to the transaction of who heard of them.

By the database's clock at both ends: on the way are the relay, the brokers and the consumer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from deploy.local.stack import LocalStack
from deploy.migrate import SERVICES
from deploy.verify.sources import open_databases


@dataclass(frozen=True)
class Heard:
    """One event, and when a service other than its own or its own took it."""

    recorded_at: datetime
    received_at: datetime

    @property
    def seconds(self) -> float:
        return (self.received_at - self.recorded_at).total_seconds()


async def all_heard(stack: LocalStack) -> list[Heard]:
    """Every event that a service received, once for each of them."""
    databases = await open_databases({name: stack.database_url(name) for name in SERVICES})
    try:
        recorded, received = dict[object, datetime](), list[tuple[object, datetime]]()
        for database in databases.values():
            recorded.update(await database.fetch("select event_id, recorded_at from outbox"))
            received += await database.fetch("select event_id, received_at from inbox")
    finally:
        for database in databases.values():
            await database.close()
    return [Heard(recorded[id], at) for id, at in received if id in recorded]


def longest(heard: Sequence[Heard], since: datetime, until: datetime) -> float:
    """In seconds, of the events recorded in that time; 0 if there were none."""
    return max((one.seconds for one in heard if since <= one.recorded_at <= until), default=0.0)


def usual(heard: Sequence[Heard], since: datetime, until: datetime) -> tuple[float, float]:
    """Median and 99th percentile in seconds of the events recorded in that time."""
    waits = sorted(one.seconds for one in heard if since <= one.recorded_at < until)
    return (waits[len(waits) // 2], waits[len(waits) * 99 // 100]) if waits else (0.0, 0.0)


def heard_between(heard: Sequence[Heard], since: datetime, until: datetime) -> int:
    """Events recorded after ``since`` that somebody received before ``until``."""
    return sum(since < one.recorded_at and one.received_at < until for one in heard)
