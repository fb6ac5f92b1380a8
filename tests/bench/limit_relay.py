"""The limit of B2, and the relay of the other limit programs: the log in id order.

As correct as protocol.md asks: ids that are missing are asked for again, one batch in flight per
partition, headers and partition as the product has them, the cursor behind the acks. It knows no
epoch and no other relay, and gives no id up, since its writers roll nothing back.
"""

import asyncio
import os
from contextlib import suppress

import asyncpg
import orjson
import uvloop
from aiokafka import AIOKafkaProducer

from shared.partitions import partition_of

READ = """
select * from (
  (select o.* from unnest($2::bigint[]) missing join outbox o on o.id = missing)
  union all (select * from outbox where id > $1 order by id limit 2000)
) x order by id"""


def create_producer(kafka: str) -> AIOKafkaProducer:
    return AIOKafkaProducer(
        bootstrap_servers=kafka,
        acks="all",
        enable_idempotence=os.environ["DONDOC_KAFKA_KIND"] == "apache",
        max_batch_size=1_000_000,
    )


async def relay(connection: asyncpg.Connection, kafka: str, wake: asyncio.Event) -> None:
    """Send the outbox for ever."""
    producer = create_producer(kafka)
    await producer.start()
    partitions: dict[str, int] = {}
    top, missing = 0, set[int]()
    while True:
        wake.clear()
        rows = await connection.fetch(READ, top, list(missing))
        if not rows:
            with suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), 0.025)
            continue
        lanes: dict[tuple[str, int], list] = {}  # type: ignore[type-arg]
        for row in rows:
            topic = row["topic"]
            if topic not in partitions:
                partitions[topic] = len(await producer.partitions_for(topic))
            place = partition_of(row["key"].encode(), partitions[topic])
            lanes.setdefault((topic, place), []).append(row)
        await asyncio.gather(
            *(_lane(producer, topic, place, lane) for (topic, place), lane in lanes.items())
        )
        ids = {row["id"] for row in rows}
        missing = (missing | set(range(top + 1, max(ids)))) - ids
        top = max(top, *ids)
        await connection.execute("update outbox_cursor set top = $1", top)


async def _lane(
    producer: AIOKafkaProducer,
    topic: str,
    partition: int,
    rows: list,  # type: ignore[type-arg]
) -> None:
    batch = producer.create_batch()
    for row in rows:
        headers = [(name, value.encode()) for name, value in orjson.loads(row["headers"])]
        headers.append(("ce_sequence", str(row["id"]).encode()))
        headers.append(("ce_recordedtime", row["recorded_at"].isoformat().encode()))
        headers.append(("ce_loggeneration", b"1"))
        batch.append(key=row["key"].encode(), value=row["value"], timestamp=None, headers=headers)
    batch.close()
    await (await producer.send_batch(batch, topic, partition=partition))


async def main() -> None:
    url = os.environ["DONDOC_DATABASE_URL"].replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    await relay(connection, os.environ["DONDOC_KAFKA_URL"], asyncio.Event())


if __name__ == "__main__":
    uvloop.run(main())
