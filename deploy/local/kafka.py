"""Apache Kafka from jars that Maven fetches once: one KRaft node with its data in a folder."""

import asyncio
import base64
import hashlib
import os
import re
import shutil
import subprocess
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError

from deploy.local.broker import aiokafka_silent
from deploy.local.errors import LocalError
from deploy.local.ports import free_port, listens
from deploy.local.processes import Processes, Started
from shared.closing import close_consumer

PROJECT = Path(__file__).parent.parent / "kafka"
"""Where the pom, the logging and the common settings of a node are."""
CACHE = Path(".local/kafka/libs")
"""The jars, shared by all nodes of this checkout."""
USUAL_PORT = 9092
OLDEST_JAVA = 17
PROBE = "dondoc.probe"
_READY_SECONDS = 180
_FETCH_SECONDS = 900

PROPERTIES = """\
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
"""
ALONE = "controller.quorum.bootstrap.servers=127.0.0.1:{controller}\n"


@dataclass(frozen=True)
class Node:
    """How to start it, and where it will listen."""

    argv: list[str]
    port: int

    @property
    def url(self) -> str:
        return f"127.0.0.1:{self.port}"


async def start(folder: Path, processes: Processes, *, port: int = USUAL_PORT) -> str:
    """Start ``folder``/kafka as the process "broker"; host:port once it takes and gives records.

    The data survive a kill -9; a restart by ``Processes`` listens on the same port.
    """
    for wanted in (port, 0, 0):  # another process may be quicker between the look and the bind
        ports = processes.port(wanted), processes.port()
        node = await asyncio.to_thread(prepare, folder / "kafka", *ports)
        started = await processes.start("broker", node.argv)
        if await ready(started, node):
            return node.url
    raise LocalError(f"Kafka ended at its start: {started.last_lines(2)}")


def prepare(folder: Path, port: int, controller: int = 0) -> Node:
    """Jars, settings and formatted storage; what is there already stays as it is."""
    controller = controller or free_port()
    settings = write_settings(folder, port, controller, ALONE.format(controller=controller))
    if not (folder / "data" / "meta.properties").exists():
        format_storage(settings, random_id(), "--standalone")
    return node_of(settings, port, memory_mb=512)


def write_settings(folder: Path, port: int, controller: int, more: str) -> Path:
    """The node's server.properties; what ``more`` says comes last and is what holds."""
    folder.mkdir(parents=True, exist_ok=True)
    settings, data = folder / "server.properties", (folder / "data").absolute()
    own = PROPERTIES.format(port=port, controller=controller, data=data)
    settings.write_text((PROJECT / "node.properties").read_text() + own + more)
    return settings


def node_of(settings: Path, port: int, *, memory_mb: int) -> Node:
    """The node of these settings, whose heap may grow so large."""
    logging = f"-Dlog4j2.configurationFile={PROJECT / 'log4j2.properties'}"
    heap = [f"-Xms{memory_mb // 2}m", f"-Xmx{memory_mb}m", "-XX:+UseSerialGC"]
    java = [_java(), *heap, "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true", logging]
    return Node([*java, "-cp", f"{jars()}/*", "kafka.Kafka", str(settings.absolute())], port)


def random_id() -> str:
    """As Kafka names clusters and folders; an option would begin with the dash that it may not."""
    return "a" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")[1:]


def jars() -> Path:
    """The folder of the jars, fetched by Maven if the pom has changed since."""
    pom = PROJECT / "pom.xml"
    told = hashlib.sha256(pom.read_bytes()).hexdigest()
    stamp = CACHE.parent / "libs.stamp"
    if stamp.exists() and stamp.read_text() == told and any(CACHE.glob("kafka_*.jar")):
        return CACHE.absolute()
    maven = shutil.which("mvn")
    if maven is None:
        raise LocalError("Maven is not installed, and the jars of Kafka come through it: install"
                         " maven, or set KAFKA_URL to a Kafka of your own")  # fmt: skip
    shutil.rmtree(CACHE, ignore_errors=True)
    CACHE.mkdir(parents=True)
    goal = ["dependency:copy-dependencies", f"-DoutputDirectory={CACHE.absolute()}"]
    argv = [maven, "-q", "-B", "-f", str(pom), *goal, "-DincludeScope=runtime"]
    _run(argv, "Maven could not fetch the jars of Kafka", _FETCH_SECONDS)
    stamp.write_text(told)
    return CACHE.absolute()


def _java() -> str:
    java = shutil.which("java")
    if java is None:
        raise LocalError(f"Java is not installed, and Kafka needs {OLDEST_JAVA} or newer: install"
                         " a JRE, or set KAFKA_URL to a Kafka of your own")  # fmt: skip
    told = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30).stderr
    found = re.search(r'version "(\d+)', told)
    if found is None or int(found[1]) < OLDEST_JAVA:
        raise LocalError(f"{told.splitlines()[0] if told else 'java'}: Kafka needs {OLDEST_JAVA}")
    return java


def format_storage(settings: Path, cluster: str, *voters: str) -> None:
    """``voters``: the option that names who elects the controller."""
    tool = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(settings)]
    argv = [_java(), "-Xmx256m", "-cp", f"{jars()}/*", *tool, *voters]
    _run(argv, "Kafka's storage could not be formatted", 60)


def _run(argv: list[str], what: str, seconds: float) -> None:
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise LocalError(f"{what} within {seconds:.0f} s") from error
    if done.returncode != 0:
        lines = (done.stdout + done.stderr).strip().splitlines() or ["it said nothing"]
        raise LocalError(f"{what}: {lines[-1] if 'ERROR' not in done.stdout else lines[0]}"[:400])


async def ready(started: Started, node: Node, *, copies: int = 1) -> bool:
    """Wait until a produce and a fetch work; False if it ended instead.

    ``copies`` of each record: as many brokers have to be there.
    """
    try:
        async with asyncio.timeout(_READY_SECONDS):
            while started.running:
                if listens(started.pid, node.port) and await takes_and_gives(node.url, copies):
                    return True
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise LocalError(
            f"Kafka did not take a record within {_READY_SECONDS} s: {started.last_lines(2)}"
        ) from None
    return False


async def takes_and_gives(url: str, copies: int = 1, **signing: str) -> bool:
    """Whether a record comes back that was sent to a topic made for it.

    ``signing``: what every class of aiokafka needs to sign in, as one who may make the topic.
    """
    reached = {"bootstrap_servers": url, **signing}
    token = os.urandom(8)
    with aiokafka_silent():
        try:
            async with asyncio.timeout(20):
                await _make_probe(reached, copies)
                return token in await _there_and_back(reached, token)
        # the last is what aiokafka raises while the brokers have elected no controller
        except (KafkaError, OSError, TimeoutError, AttributeError):
            return False


async def _make_probe(reached: Mapping[str, Any], copies: int) -> None:
    admin = AIOKafkaAdminClient(**reached, request_timeout_ms=5_000)
    try:
        await admin.start()
        made = await admin.create_topics([NewTopic(PROBE, 1, copies, topic_configs=_SHORT_LIVED)])
        for _topic, code, *_ in made.topic_errors:
            if code not in (0, TopicAlreadyExistsError.errno):
                raise KafkaError(f"the topic {PROBE} could not be made: error {code}")
    finally:
        await admin.close()


_SHORT_LIVED = {"retention.ms": "60000"}


async def _there_and_back(reached: Mapping[str, Any], token: bytes) -> list[bytes]:
    producer = AIOKafkaProducer(**reached, request_timeout_ms=5_000)
    consumer = AIOKafkaConsumer(PROBE, **reached, auto_offset_reset="earliest")
    try:
        await producer.start()
        await producer.send_and_wait(PROBE, token)
        await consumer.start()
        seen: list[bytes] = []
        while token not in seen:
            polled = await consumer.getmany(timeout_ms=1_000)
            seen += [record.value for records in polled.values() for record in records]
        return seen
    finally:
        await close_consumer(consumer)
        await producer.stop()
