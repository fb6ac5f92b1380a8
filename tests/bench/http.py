"""An open-loop client: requests leave at their instants, whatever became of those before."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.line import Void

CONNECTIONS = 200
PATIENCE = 120


@dataclass
class Client:
    """HTTP/1.1 on kept connections: as little work as possible, since it shares the machine."""

    port: int
    token: str
    _idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=list)
    _free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONNECTIONS))

    async def post(self, path: str, key: str) -> None:
        """As a client should: where it is busy (429, 503) or hangs up, it asks again.

        Void for any other answer but 200; TimeoutError after two minutes.
        """
        head = (
            f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Length: 0\r\n"
            f"Idempotency-Key: {key}\r\nAuthorization: Bearer {self.token}\r\n\r\n"
        ).encode()
        async with self._free, asyncio.timeout(PATIENCE):
            while True:
                try:
                    answer = await self._once(head)
                except (ConnectionError, asyncio.IncompleteReadError):
                    await asyncio.sleep(0.05)
                    continue
                if not answer.startswith((b"http/1.1 429", b"http/1.1 503")):
                    break
                await asyncio.sleep(0.1)
        if not answer.startswith(b"http/1.1 200"):
            raise Void(f"answered {answer[:40]!r}")

    async def _once(self, head: bytes) -> bytes:
        reader, writer = await self._connection()
        writer.write(head)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answer.partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
        await reader.readexactly(length)
        self._idle.append((reader, writer))
        return answer

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def close(self) -> None:
        for _, writer in self._idle:
            writer.close()


@dataclass(frozen=True)
class Sent:
    """When each request was meant to leave (Unix time), and the seconds until its answer."""

    intended: list[float]
    answered: list[float]


async def send(client: Client, paths: Sequence[str], rate: float) -> Sent:
    """One request for each path, ``rate`` a second; each clock starts at the intended instant."""
    start = time.time() + 0.2
    intended = [start + number / rate for number in range(len(paths))]
    answered = [0.0] * len(paths)

    async def one(number: int) -> None:
        await client.post(paths[number], paths[number].replace("/", ""))
        answered[number] = time.time() - intended[number]

    running = []
    for number, instant in enumerate(intended):
        if (wait := instant - time.time()) > 0:
            await asyncio.sleep(wait)
        running.append(asyncio.create_task(one(number)))
    await asyncio.gather(*running)
    return Sent(intended, answered)


def quantile(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
