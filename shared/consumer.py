"""protocol.md §4 on FastStream: poll, hand the batch over, commit offsets; generations."""

import asyncio
import time
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any

import asyncpg
import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage
from faststream.kafka.message import KafkaAckableMessage

from shared.alive import kept_alive
from shared.batch import BatchHandler
from shared.brokers import TRAITS, security
from shared.closing import close_consumer
from shared.commits import commits_of, deleted_unread, generations, metadata_of
from shared.connections import refuse_dead
from shared.error_words import words_of
from shared.handlers import Handlers
from shared.in_hand import MAX_RECORDS, InHand, Offsets
from shared.lag import Lag
from shared.metrics import EVENTS_SKIPPED
from shared.records import Received, generation_of, read
from shared.replica import NameLost, ReplicaName, beat
from shared.settings import Settings

log = structlog.get_logger()

POLL_MS = 500
FETCH_BYTES, PARTITION_BYTES = 4_000_000, 512 * 1024
"""What waits beyond the batch in hand. With the client's defaults, 1 MB of each of up to 60
partitions, a service that catches up takes 25 to 45 MB more; with half of this 13 MB less, but an
event costs a twelfth more, since each fetch brings less."""


class Consumer(ConsumerRebalanceListener):  # type: ignore[misc]
    """Reads the topics of a service's handlers, in batches, for as long as the process lives."""

    def __init__(
        self, service: str, settings: Settings, handlers: Handlers, batches: BatchHandler
    ) -> None:
        self._service = service
        self._settings = settings
        self._handlers = handlers
        self._batches = batches
        self._in_hand = InHand(batches)
        self.name = ReplicaName(settings)
        self._traits = TRAITS[settings.kafka_kind]
        self._broker: KafkaBroker | None = None
        self._generations: dict[tuple[str, int], int] = {}
        self.deleted_unread: dict[str, str] = {}
        self._lag = Lag()

    @property
    def reading(self) -> bool:
        """Whether partitions are assigned, so that events arrive."""
        consumer = self._kafka()
        return consumer is not None and bool(consumer.assignment())

    def caught_up(self) -> bool:
        """Whether everything that was in the topics a moment ago has been handled."""
        return not self._handlers.topics or self._lag.caught_up

    async def run(self) -> None:
        """Connect, and again after every failure; a broker that is away only delays."""
        if not self._handlers.topics:
            return
        failures = 0
        while True:
            started = time.monotonic()
            try:
                async with self.name.hold() as connection:
                    await self._consume(connection)
            except (KafkaError, OSError) as error:
                log.warning("kafka_unreachable", error=words_of(error))
            except (asyncpg.PostgresError, asyncpg.InterfaceError, NameLost) as error:
                log.warning("replica_name_not_held", error=words_of(error))
            failures = 0 if time.monotonic() - started > 10 else failures + 1
            await asyncio.sleep(min(0.2 * 2 ** min(failures, 5), 5))

    async def _consume(self, connection: asyncpg.Connection) -> None:
        """Until Kafka fails or the name is lost."""
        if self._in_hand.bug is not None:
            raise self._in_hand.bug
        self._in_hand = in_hand = InHand(self._batches)
        self._broker = broker = self._create_broker()
        try:
            await kept_alive(connection, broker.start())
            _poll_patiently(self._kafka())
            await _first_to_end(self._watch(), beat(connection))
        finally:
            self._lag.forget()
            in_hand.close()
            await in_hand.end()
            await _stop(broker, self._kafka())
            in_hand.drop_commits()

    def _create_broker(self) -> KafkaBroker:
        broker = KafkaBroker(
            self._settings.kafka_url.split(","),  # FastStream takes a string as one address
            client_id=f"{self._service}-{self._settings.replica}",
            security=security(self._settings),
            consumer_only=True,
            logger=None,
        )
        options: dict[str, Any] = {}
        if self._traits.static_membership:
            options["group_instance_id"] = f"{self._service}-{self._settings.replica}"
        self._subscriber = broker.subscriber(
            *self._handlers.topics,
            group_id=self._service,
            batch=True,
            max_records=MAX_RECORDS,
            batch_timeout_ms=1,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            fetch_max_wait_ms=self._traits.fetch_wait,
            fetch_max_bytes=FETCH_BYTES,
            max_partition_fetch_bytes=PARTITION_BYTES,
            session_timeout_ms=self._session_ms(),
            heartbeat_interval_ms=self._traits.heartbeat_interval,
            listener=self,
            parser=self._untouched,
            decoder=_undecoded,
            **options,
        )
        self._subscriber(self._batch)
        return broker

    def _session_ms(self) -> int:
        given = self._settings.session_seconds
        return self._traits.session_timeout if given is None else int(given * 1000)

    async def _untouched(self, records: Any, original: Any) -> KafkaAckableMessage:
        """Raw records, since FastStream's parser drops a batch with one odd header (traps.md 7)."""
        return KafkaAckableMessage(
            body=b"",
            headers={},
            batch_headers=[],
            raw_message=records,
            consumer=self._subscriber.consumer,
            message_id="",
            correlation_id="",
            reply_to="",
            content_type=None,
        )

    async def _batch(self, message: KafkaMessage) -> None:
        """Decode while a batch is in its transaction.

        What FastStream would log and forget ends the process instead: see ``_watch``.
        """
        records: Sequence[ConsumerRecord] = message.raw_message
        kafka = self._kafka()
        if not records or kafka is None or self._in_hand.bug is not None:
            return
        try:
            kept = self._of_known_generation(kafka, records)
            batch = self._readable(kept)
        except Exception as error:
            self._in_hand.bug = error
            raise
        await self._in_hand.put(kafka, batch, _offsets(kept))

    def _readable(self, records: Iterable[ConsumerRecord]) -> list[Received]:
        batch = []
        for record in records:
            received = read(record, self._handlers)
            if received is None:
                EVENTS_SKIPPED.labels(record.topic).inc()
            else:
                batch.append(received)
        return batch

    def _of_known_generation(
        self, kafka: AIOKafkaConsumer, records: Sequence[ConsumerRecord]
    ) -> list[ConsumerRecord]:
        """Drop what follows the first record of a new log, and go back to that log's start."""
        kept, restarted = [], set()
        for record in records:
            partition = (record.topic, record.partition)
            if partition in restarted:
                continue
            generation = generation_of(record)
            known = self._generations.setdefault(partition, generation)
            if generation > known:
                log.warning("log_written_anew", topic=record.topic, partition=record.partition)
                self._generations[partition] = generation
                if record.offset > 0:
                    kafka.seek(TopicPartition(*partition), 0)
                    restarted.add(partition)
                    continue
            kept.append(record)
        return kept

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Let the batch in hand and what waits end, so that the next owner starts behind them."""
        await self._in_hand.end()
        for partition in revoked:
            self._generations.pop(partition, None)
        self._lag.forget()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        kafka = self._kafka()
        if not self._traits.keeps_commit_metadata or kafka is None:
            return
        try:
            async with asyncio.timeout(10):
                found = await commits_of(self._settings, self._service)
                commits = {one: found[one] for one in assigned if one in found}
                self._generations.update(generations(commits))
                self.deleted_unread |= await deleted_unread(kafka, commits)
        except (KafkaError, OSError, TimeoutError) as error:
            log.warning("generations_unknown", error=words_of(error))

    async def _watch(self) -> None:
        """Measure the lag twice a second; a KafkaError here makes ``run`` connect anew."""
        while True:
            if self._in_hand.bug is not None:
                raise self._in_hand.bug
            kafka = self._kafka()
            if kafka is not None:
                refuse_dead(kafka)
                await self._lag.measure(kafka, idle=not self._in_hand.busy)
            await asyncio.sleep(0.5)

    def _kafka(self) -> AIOKafkaConsumer | None:
        return self._subscriber.consumer if self._broker is not None else None


def _offsets(records: Iterable[ConsumerRecord]) -> Offsets:
    """What to commit once these are disposed of, with the generation of the log they are of."""
    last = {(one.topic, one.partition): one for one in records}
    return {
        TopicPartition(*partition): (record.offset + 1, metadata_of(generation_of(record)))
        for partition, record in last.items()
    }


async def _first_to_end(*loops: Coroutine[Any, Any, None]) -> None:
    """Run them side by side until one fails, and raise that."""
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _poll_patiently(kafka: AIOKafkaConsumer) -> None:
    """An idle poll waits, up to ``POLL_MS``, until a record comes.

    FastStream waits ``batch_timeout_ms`` and, where nothing came, sleeps for as long: records come
    late by up to that, and with a short one a service is busy with polling.
    """
    getmany = kafka.getmany

    async def patient(*, timeout_ms: int, max_records: int) -> Any:
        return await getmany(timeout_ms=POLL_MS, max_records=max_records)

    kafka.getmany = patient


async def _undecoded(message: Any, original: Any) -> list[Any]:
    return []


async def _stop(broker: KafkaBroker, kafka: AIOKafkaConsumer | None) -> None:
    try:
        await asyncio.wait_for(broker.stop(), 10)
    except Exception as error:
        log.warning("kafka_not_closed", error=words_of(error))
    if kafka is not None:
        await close_consumer(kafka)
