"""How far behind the topics' ends a connection is, and when it last had read all of them."""

import time
from collections import defaultdict
from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.metrics import CONSUMER_LAG

CAUGHT_UP_FOR = 5.0
"""Seconds for which a poll that left nothing unread counts."""


class Lag:
    """Of the partitions that are assigned now."""

    def __init__(self) -> None:
        self._caught_up_at: float | None = None

    @property
    def caught_up(self) -> bool:
        """Whether everything that was in the topics a moment ago has been handled."""
        at = self._caught_up_at
        return at is not None and time.monotonic() - at < CAUGHT_UP_FOR

    def forget(self) -> None:
        """Others are assigned, or none."""
        self._caught_up_at = None

    async def measure(self, kafka: AIOKafkaConsumer, *, idle: bool) -> None:
        """Tell the metric; ``idle``: nothing is in hand, so a fetch is under way."""
        assignment = kafka.assignment()
        if not assignment:
            self.forget()
            return
        lags: dict[str, int] = defaultdict(int)
        polled = True
        for partition, end in (await _ends(kafka, assignment, fetching=idle)).items():
            if end is None:
                polled = False
                continue
            lags[partition.topic] += max(0, end - await kafka.position(partition))
        for topic, lag in lags.items():
            CONSUMER_LAG.labels(topic).set(lag)
        fresh = all(_polled_lately(kafka, partition) for partition in assignment)
        if idle and polled and fresh and not any(lags.values()):
            self._caught_up_at = time.monotonic()


async def _ends(
    kafka: AIOKafkaConsumer, assignment: Iterable[TopicPartition], *, fetching: bool
) -> dict[TopicPartition, int | None]:
    """Where partitions end: as the last fetch said, and asked for while no fetch is under way."""
    ends = {partition: kafka.highwater(partition) for partition in assignment}
    asked = {} if fetching else await kafka.end_offsets(list(ends))
    return {one: max(end or 0, asked[one]) if one in asked else end for one, end in ends.items()}


def _polled_lately(kafka: AIOKafkaConsumer, partition: TopicPartition) -> bool:
    """Whether the broker answered a fetch of this partition within the last seconds."""
    polled = kafka.last_poll_timestamp(partition)
    return bool(polled) and time.time() * 1000 - polled < CAUGHT_UP_FOR * 1000
