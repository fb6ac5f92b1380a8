"""The least that sends a backlog after an outage: what the relays' drain is set beside.

``python -m tests.chaos.bare KAFKA_URL KIND`` connects and says so. Then it reads a number of events
from its standard input, sends them when the broker takes them, as durably as the relay does (acks
of all, one batch in flight per partition, the same rounds), and writes the instants of the first
and the last ack, on the clock that all processes of a machine share.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import uvloop
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from deploy.local.broker import aiokafka_silent
from shared.connections import correct_aiokafka
from shared.lanes import create_producer, drop
from shared.relay import READ_ROWS
from shared.settings import KafkaKind, Settings

TOPIC = "chaos.bare"
PARTITIONS = 12
VALUE = b"x" * 1_000


class Bare:
    """The program, as the chaos speaks to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    def send(self, events: int) -> None:
        """Let it send so many as soon as it can."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{events}\n".encode())

    async def acked(self) -> tuple[float, float]:
        """The monotonic instants of its first and its last ack."""
        first, last = (await self.line()).split()
        return float(first), float(last)

    async def line(self) -> str:
        assert self._process.stdout is not None
        return (await self._process.stdout.readline()).decode()


@asynccontextmanager
async def bare_relay(kafka_url: str, kind: KafkaKind) -> AsyncIterator[Bare]:
    """The program, connected."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.chaos.bare", kafka_url, kind.value),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    bare = Bare(process)
    try:
        await bare.line()
        yield bare
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def main(kafka_url: str, kind: KafkaKind) -> None:
    settings = Settings(database_url="postgresql+asyncpg://", kafka_url=kafka_url, kafka_kind=kind)
    async with asyncio.timeout(120):
        while not await _provisioned(kafka_url):  # noqa: ASYNC110  the broker may be just starting
            await asyncio.sleep(0.1)
    producer = await _connected(settings)
    print("connected", flush=True)
    events, acks = int(await asyncio.to_thread(sys.stdin.readline)), list[float]()
    while events > 0:
        size = min(events, READ_ROWS)
        try:
            acks += await _round(producer, size)
        except KafkaError:
            await drop(producer)
            producer = await _connected(settings)
            continue
        events -= size
    print(min(acks), max(acks), flush=True)
    await drop(producer)


async def _provisioned(kafka_url: str) -> bool:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_url)
    try:
        await admin.start()
        await admin.create_topics([NewTopic(TOPIC, PARTITIONS, 1)])
    except KafkaError:
        return False
    finally:
        await admin.close()
    return True


async def _connected(settings: Settings) -> AIOKafkaProducer:
    """A producer that has sent to every partition, as a relay has that was at work."""
    while True:
        producer = create_producer(settings, "bare")
        try:
            await producer.start()
            await _round(producer, PARTITIONS)
        except KafkaError:
            await drop(producer)
            await asyncio.sleep(0.1)
        else:
            return producer


async def _round(producer: AIOKafkaProducer, events: int) -> list[float]:
    """Send so many over all partitions; when each partition's were acked."""
    shares = [len(range(place, events, PARTITIONS)) for place in range(PARTITIONS)]
    lanes = [lane for lane in enumerate(shares) if lane[1]]
    return await asyncio.gather(*(_lane(producer, *lane) for lane in lanes))


async def _lane(producer: AIOKafkaProducer, partition: int, events: int) -> float:
    batch = producer.create_batch()
    for number in range(events):
        batch.append(key=b"%d" % number, value=VALUE, timestamp=None)
    batch.close()
    await (await producer.send_batch(batch, TOPIC, partition=partition))
    return time.monotonic()


if __name__ == "__main__":
    correct_aiokafka()
    with aiokafka_silent():
        uvloop.run(main(sys.argv[1], KafkaKind(sys.argv[2])))
