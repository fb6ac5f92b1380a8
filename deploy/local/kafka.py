"""Apache Kafka from jars that Maven fetches once: one KRaft node with its data in a folder."""

import asyncio
import base64
import hashlib
import os
import re
import shutil
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path

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
_READY_SECONDS = 60
_FETCH_SECONDS = 900

PROPERTIES = """\
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
"""


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
        if await _ready(started, node):
            return node.url
    raise LocalError(f"Kafka ended at its start: {started.last_lines(2)}")


def prepare(folder: Path, port: int, controller: int = 0) -> Node:
    """Jars, settings and formatted storage; what is there already stays as it is."""
    java = _java()
    classpath = f"{jars()}/*"
    folder.mkdir(parents=True, exist_ok=True)
    settings, data = folder / "server.properties", folder / "data"
    ports = {"port": port, "controller": controller or free_port()}
    common = (PROJECT / "node.properties").read_text()
    settings.write_text(common + PROPERTIES.format(**ports, data=data.absolute()))
    if not (data / "meta.properties").exists():
        name = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        _format(java, classpath, settings, f"a{name[1:]}")
    logging = f"-Dlog4j2.configurationFile={PROJECT / 'log4j2.properties'}"
    heap = ["-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    family = "-Djava.net.preferIPv4Stack=true"
    argv = [java, *heap, family, logging, "-cp", classpath, "kafka.Kafka", str(settings.absolute())]
    return Node(argv, port)


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


def _format(java: str, classpath: str, settings: Path, cluster: str) -> None:
    tool = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(settings)]
    argv = [java, "-Xmx256m", "-cp", classpath, *tool, "--standalone"]
    _run(argv, "Kafka's storage could not be formatted", 60)


def _run(argv: list[str], what: str, seconds: float) -> None:
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise LocalError(f"{what} within {seconds:.0f} s") from error
    if done.returncode != 0:
        lines = (done.stdout + done.stderr).strip().splitlines() or ["it said nothing"]
        raise LocalError(f"{what}: {lines[-1] if 'ERROR' not in done.stdout else lines[0]}"[:400])


async def _ready(started: Started, node: Node) -> bool:
    """Wait until a produce and a fetch work; False if it ended instead."""
    try:
        async with asyncio.timeout(_READY_SECONDS):
            while started.running:
                if listens(started.pid, node.port) and await takes_and_gives(node.url):
                    return True
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise LocalError(
            f"Kafka did not take a record within {_READY_SECONDS} s: {started.last_lines(2)}"
        ) from None
    return False


async def takes_and_gives(url: str) -> bool:
    """Whether a record comes back that was sent to a topic made for it."""
    token = os.urandom(8)
    with aiokafka_silent():
        try:
            async with asyncio.timeout(20):
                await _make_probe(url)
                return token in await _there_and_back(url, token)
        except (KafkaError, OSError, TimeoutError):
            return False


async def _make_probe(url: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=url, request_timeout_ms=5_000)
    try:
        await admin.start()
        made = await admin.create_topics([NewTopic(PROBE, 1, 1, topic_configs=_SHORT_LIVED)])
        for _topic, code, *_ in made.topic_errors:
            if code not in (0, TopicAlreadyExistsError.errno):
                raise KafkaError(f"the topic {PROBE} could not be made: error {code}")
    finally:
        await admin.close()


_SHORT_LIVED = {"retention.ms": "60000"}


async def _there_and_back(url: str, token: bytes) -> list[bytes]:
    producer = AIOKafkaProducer(bootstrap_servers=url, request_timeout_ms=5_000)
    consumer = AIOKafkaConsumer(PROBE, bootstrap_servers=url, auto_offset_reset="earliest")
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
