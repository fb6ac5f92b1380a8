"""Three nodes of Apache Kafka on this machine, each a broker and a controller."""

import asyncio
from pathlib import Path

from deploy.local.errors import LocalError
from deploy.local.kafka import (
    Node,
    format_storage,
    node_of,
    random_id,
    ready,
    write_settings,
)
from deploy.local.processes import Processes

NAMES = ("broker-1", "broker-2", "broker-3")
MEMORY_MB = 256

PROPERTIES = """\
node.id={number}
controller.quorum.bootstrap.servers={controllers}
default.replication.factor=3
min.insync.replicas=2
offsets.topic.replication.factor=3
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
share.coordinator.state.topic.replication.factor=3
share.coordinator.state.topic.min.isr=2
controller.quorum.fetch.timeout.ms=700
controller.quorum.election.timeout.ms=300
controller.quorum.election.backoff.max.ms=300
broker.session.timeout.ms=1500
"""
"""What differs from a node that is alone. The times decide how long a lost broker stalls everybody:
a new controller is elected after the first three, and counts the session anew."""


async def start(folder: Path, processes: Processes) -> str:
    """Start them in a new folder; their addresses once all three take and give records."""
    nodes = await asyncio.to_thread(
        _prepare, folder / "kafka", [processes.port() for _ in range(6)]
    )
    started = [await processes.start(name, node.argv) for name, node in nodes.items()]
    url = ",".join(node.url for node in nodes.values())
    for one, node in zip(started, nodes.values(), strict=True):
        if not await ready(one, node, copies=len(NAMES)):
            raise LocalError(f"{one.name} ended at its start: {one.last_lines(2)}")
    return url


def _prepare(folder: Path, ports: list[int]) -> dict[str, Node]:
    """Who elects the controller is part of the data: the ports cannot change afterwards."""
    if folder.exists():
        raise LocalError(f"{folder} is not empty: three brokers are started in a new folder only")
    controllers = [f"127.0.0.1:{port}" for port in ports[3:]]
    voters = [f"{number}@{one}:{random_id()}" for number, one in enumerate(controllers, 1)]
    cluster, nodes = random_id(), {}
    for number, name in enumerate(NAMES, 1):
        more = PROPERTIES.format(number=number, controllers=",".join(controllers))
        port = ports[number - 1]
        settings = write_settings(folder / name, port, ports[number + 2], more)
        format_storage(settings, cluster, "--initial-controllers", ",".join(voters))
        nodes[name] = node_of(settings, port, memory_mb=MEMORY_MB)
    return nodes
