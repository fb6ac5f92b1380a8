"""Provision the topics of the event catalogue; never changes or deletes what is there.

python -m deploy.topics [--check] [--replication N]

The broker is DONDOC_KAFKA_URL. Exit code 1 if a topic differs from the catalogue (drift).
With three brokers or more a topic has three copies, two of which must have a record before it
counts as written: any one broker may be lost, and nothing with it.
"""

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError

from shared.arguments import Arguments
from shared.events.catalogue import TOPICS, TopicSpec
from shared.logging import configure_command


@dataclass(frozen=True)
class Provisioned:
    """What was made, and where the broker differs from the catalogue."""

    created: list[str]
    missing: list[str]
    drift: list[str]

    def lines(self) -> list[str]:
        """For an operator; empty if nothing was to be done."""
        by_hand = "(change it by hand; a new number of partitions breaks the order)"
        return [
            *(f"created {name}" for name in self.created),
            *(f"missing {name}" for name in self.missing),
            *(f"drift {line} {by_hand}" for line in self.drift),
        ]


class TopicsError(Exception):
    """The broker refused, with what to do."""


async def provision(
    kafka: str | Mapping[str, Any], *, replication: int | None = None, check_only: bool = False
) -> Provisioned:
    """Create what is missing and compare what is there.

    ``kafka`` is its address, or what ``shared.brokers.access`` gives; ``replication`` None: as
    many copies as there are brokers, three at most.
    """
    options = {"bootstrap_servers": kafka} if isinstance(kafka, str) else kafka
    admin = AIOKafkaAdminClient(**options, request_timeout_ms=10_000)
    try:
        await admin.start()
    except (KafkaError, OSError) as error:
        url = options["bootstrap_servers"]
        raise TopicsError(f"no Kafka at {url}: start it, or set DONDOC_KAFKA_URL") from error
    try:
        copies = replication or min(3, len((await admin.describe_cluster())["brokers"]))
        existing = set(await admin.list_topics())
        missing = [name for name in TOPICS if name not in existing]
        drift = await _drift(admin, [TOPICS[name] for name in TOPICS if name in existing], copies)
        if missing and not check_only:
            await _create(admin, [TOPICS[name] for name in missing], copies)
            return Provisioned(missing, [], drift)
        return Provisioned([], missing, drift)
    finally:
        await admin.close()


async def _create(admin: AIOKafkaAdminClient, specs: list[TopicSpec], copies: int) -> None:
    answer = await admin.create_topics(
        [
            NewTopic(
                name=spec.name,
                num_partitions=spec.partitions,
                replication_factor=copies,
                topic_configs=_config_of(spec, copies),
            )
            for spec in specs
        ]
    )
    for name, code, *rest in answer.topic_errors:
        if code not in (0, 36):
            raise TopicsError(f"topic {name} was refused: error {code} {rest[0] if rest else ''}")


def _config_of(spec: TopicSpec, copies: int) -> dict[str, str]:
    """With three copies one may be away, and what is acknowledged is on two."""
    return {**spec.config, **({"min.insync.replicas": "2"} if copies >= 3 else {})}


async def _drift(admin: AIOKafkaAdminClient, specs: list[TopicSpec], copies: int) -> list[str]:
    if not specs:
        return []
    found = []
    described = {one["topic"]: one for one in await admin.describe_topics([s.name for s in specs])}
    for spec in specs:
        partitions = len(described[spec.name]["partitions"])
        if partitions != spec.partitions:
            found.append(f"{spec.name}: {partitions} partitions, declared {spec.partitions}")
        fewest = min(len(one["replicas"]) for one in described[spec.name]["partitions"])
        if fewest < copies:
            found.append(f"{spec.name}: {fewest} copies, {copies} wanted")
        wanted = _config_of(spec, copies)
        for name, told in (await _config(admin, spec.name)).items():
            declared = wanted.get(name)
            if declared is not None and told is not None and told != declared:
                found.append(f"{spec.name}: {name}={told}, declared {declared}")
    return found


async def _config(admin: AIOKafkaAdminClient, topic: str) -> dict[str, str | None]:
    answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    return {
        entry[0]: entry[1] for answer in answers for found in answer.resources for entry in found[4]
    }


def main() -> int:
    parser = Arguments("topics", __doc__)
    parser.add_argument("--check", action="store_true", help="create nothing")
    parser.add_argument("--replication", type=int, help="copies of each partition")
    options = parser.parse_args()
    configure_command("topics")
    url = os.environ.get("DONDOC_KAFKA_URL", "127.0.0.1:9092")
    try:
        done = asyncio.run(
            provision(url, replication=options.replication, check_only=options.check)
        )
    except (TopicsError, KafkaError, OSError) as error:
        print(f"topics: {str(error) or type(error).__name__}", file=sys.stderr)
        return 2
    for line in done.lines():
        print(line)
    return 1 if done.drift or done.missing else 0


if __name__ == "__main__":
    sys.exit(main())
