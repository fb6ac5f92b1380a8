"""What a group's commits say at an assignment: which log was read, and whether it still holds on.

A commit's metadata names the generation of the log (protocol.md §4, "Another log"). A committed
offset below a partition's first one means that retention deleted what nobody had read (§6).
"""

from collections.abc import Mapping

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.structs import OffsetAndMetadata

from shared.brokers import access
from shared.metrics import DELETED_UNREAD
from shared.settings import Settings

log = structlog.get_logger()

_PREFIX = "generation="

Commits = Mapping[TopicPartition, OffsetAndMetadata]


def metadata_of(generation: int) -> str:
    return f"{_PREFIX}{generation}"


async def commits_of(settings: Settings, group: str) -> Commits:
    """What the group has committed, with the metadata."""
    admin = AIOKafkaAdminClient(**access(settings))
    await admin.start()
    try:
        offsets = await admin.list_consumer_group_offsets(group)
    finally:
        await admin.close()
    return {partition: found for partition, found in offsets.items() if found.offset >= 0}


def generations(commits: Commits) -> dict[TopicPartition, int]:
    return {
        partition: int(found.metadata.removeprefix(_PREFIX))
        for partition, found in commits.items()
        if found.metadata.startswith(_PREFIX)
    }


async def deleted_unread(kafka: AIOKafkaConsumer, commits: Commits) -> dict[str, str]:
    """What was deleted before this group read it, in words, by partition."""
    firsts = await kafka.beginning_offsets(list(commits)) if commits else {}
    found = {}
    for partition, first in firsts.items():
        committed = commits[partition].offset
        if committed < first:
            name = f"{partition.topic}/{partition.partition}"
            found[name] = (
                f"offsets {committed} to {first - 1} were deleted before they were read: let the"
                " publisher send them again (POST /operator/outbox/replay), then restart"
            )
            DELETED_UNREAD.labels(partition.topic).inc(first - committed)
            log.error("deleted_unread", partition=name, committed=committed, first=first)
    return found
