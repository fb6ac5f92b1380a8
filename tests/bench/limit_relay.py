"""The limit of B2, and the relay of the other limit programs: the log in id order.

As correct as protocol.md asks of a log without gaps: one batch in flight per partition, headers and
partition as the product has them, the cursor behind the acks. It knows no epoch and no other relay.
"""

import asyncio
import os

import asyncpg
import orjson
import uvloop
from aiokafka import AIOKafkaProducer

from shared.partitions import partition_of


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
    top = 0
    while True:
        rows = await connection.fetch(
            "select * from outbox where id > $1 order by id limit 2000", top
        )
        if not rows:
            wake.clear()
            await asyncio.wait([asyncio.create_task(wake.wait())], timeout=0.025)
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
        top = rows[-1]["id"]
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
