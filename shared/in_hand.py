"""protocol.md §4: one batch in its transaction, what is polled meanwhile is the next; offsets."""

import asyncio
from collections.abc import Sequence
from contextvars import Context

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from shared.batch import BatchHandler
from shared.error_words import words_of
from shared.records import Received

log = structlog.get_logger()

MAX_RECORDS = 500
COMMIT_SECONDS = 5.0
"""For so long a rebalance waits for a commit; without it the last batches come again."""

Offsets = dict[TopicPartition, tuple[int, str]]
"""What may be committed, with its metadata."""


class InHand:
    """Disposes of what one connection polls, in its order and without a hole.

    ``bug``: what no batch should raise, and ended one.
    """

    def __init__(self, batches: BatchHandler) -> None:
        self.bug: BaseException | None = None
        self._batches = batches
        self._waiting: list[Received] = []
        self._read_to: Offsets = {}
        self._closed = False
        self._running: asyncio.Task[None] | None = None
        self._ended = asyncio.Event()
        self._to_commit: Offsets = {}
        self._committing: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        return self._running is not None and not self._running.done()

    async def put(
        self, kafka: AIOKafkaConsumer, batch: Sequence[Received], offsets: Offsets
    ) -> None:
        """Return when it is in hand or waits for that, together with others, up to a full batch."""
        while self._open and self._overfull_with(batch):
            self._ended.clear()
            await self._ended.wait()
        if self._open:
            self._waiting += batch
            self._read_to |= offsets
            self._take(kafka)

    async def end(self) -> None:
        """Let all end that was put, and its commit; whoever waits may be cancelled, that not."""
        while self._running is not None and self.busy:
            await asyncio.shield(self._running)
        if self._committing is not None:
            await asyncio.wait([self._committing], timeout=COMMIT_SECONDS)

    def close(self) -> None:
        """Drop what waits, and refuse what is put from now on: its offsets would cover a hole."""
        self._closed = True
        self._waiting.clear()
        self._read_to.clear()
        self._ended.set()

    def drop_commits(self) -> None:
        """A commit through a consumer that was stopped is tried by aiokafka for ever."""
        self._to_commit.clear()
        if self._committing is not None:
            self._committing.cancel()
            self._committing = None

    @property
    def _open(self) -> bool:
        return self.bug is None and not self._closed

    def _overfull_with(self, batch: Sequence[Received]) -> bool:
        return bool(self._waiting) and len(self._waiting) + len(batch) > MAX_RECORDS

    def _take(self, kafka: AIOKafkaConsumer) -> None:
        """What waits becomes the batch in hand, unless one is."""
        if self.busy or not self._read_to:
            return
        disposing = self._dispose(kafka, self._waiting, self._read_to)
        self._waiting, self._read_to = [], {}
        # FastStream's context holds the message: a timer that a statement starts, and asyncpg
        # starts one for each it caches, would keep all its records for minutes
        self._running = asyncio.create_task(disposing, context=Context())
        self._running.add_done_callback(lambda ended: self._take_next(kafka, ended))

    def _take_next(self, kafka: AIOKafkaConsumer, ended: asyncio.Task[None]) -> None:
        if not ended.cancelled():
            self.bug = self.bug or ended.exception()
        if self.bug is None:
            self._take(kafka)
        self._ended.set()

    async def _dispose(
        self, kafka: AIOKafkaConsumer, batch: Sequence[Received], offsets: Offsets
    ) -> None:
        """Handle the batch; only then may its offsets be committed."""
        await self._batches.handle(batch)
        self._to_commit.update(offsets)
        if self._committing is None or self._committing.done():
            self._committing = asyncio.create_task(self._commit(kafka))

    async def _commit(self, kafka: AIOKafkaConsumer) -> None:
        """Beside the next batch; a refused commit only means that batches come again."""
        while self._to_commit:
            offsets, self._to_commit = self._to_commit, {}
            try:
                await kafka.commit(offsets)
            except (KafkaError, ValueError) as error:
                log.warning("offset_commit_failed", error=words_of(error))
