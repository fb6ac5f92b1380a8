"""A Kafka of one broker that knows no topics, and has no group coordinator for the first times."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import IntEnum

from aiokafka.protocol.admin import ApiVersionResponse_v0
from aiokafka.protocol.commit import OffsetFetchResponse_v2
from aiokafka.protocol.coordination import FindCoordinatorResponse_v0
from aiokafka.protocol.metadata import MetadataResponse_v1


class Question(IntEnum):
    METADATA, OFFSETS, COORDINATOR, VERSIONS = 3, 9, 10, 18


_SPOKEN = [
    (Question.METADATA, 1, 1),
    (Question.OFFSETS, 2, 2),
    (Question.COORDINATOR, 0, 0),
    (Question.VERSIONS, 0, 0),
]


@dataclass
class FakeKafka:
    """``refusals``: error codes with which the first questions for a coordinator are answered."""

    refusals: list[int]
    port: int = 0
    asked: list[int] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                size = int.from_bytes(await reader.readexactly(4))
                request = await reader.readexactly(size)
                body = request[4:8] + self.answer(int.from_bytes(request[:2]))
                writer.write(len(body).to_bytes(4) + body)
        except asyncio.IncompleteReadError:
            writer.close()

    def answer(self, kind: int) -> bytes:
        self.asked.append(kind)
        found: bytes
        match kind:
            case Question.VERSIONS:
                found = ApiVersionResponse_v0(0, _SPOKEN).encode()
            case Question.METADATA:
                found = MetadataResponse_v1([(1, "127.0.0.1", self.port, None)], 1, []).encode()
            case Question.COORDINATOR if self.refusals:
                found = FindCoordinatorResponse_v0(self.refusals.pop(0), -1, "", -1).encode()
            case Question.COORDINATOR:
                found = FindCoordinatorResponse_v0(0, 1, "127.0.0.1", self.port).encode()
            case Question.OFFSETS:
                found = OffsetFetchResponse_v2([], 0).encode()
            case _:
                raise AssertionError(f"nobody should ask for {kind}")
        return found


@asynccontextmanager
async def fake_kafka(*refusals: int) -> AsyncIterator[FakeKafka]:
    kafka = FakeKafka(list(refusals))
    server = await asyncio.start_server(kafka.serve, "127.0.0.1", 0)
    kafka.port = server.sockets[0].getsockname()[1]
    yield kafka
    server.close()
