"""How long Kafka keeps what a service publishes and hears; its tables have to keep it longer."""

from collections.abc import Iterable
from datetime import timedelta

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from shared.brokers import access
from shared.events.catalogue import TOPICS
from shared.settings import Settings

FOR_EVER = timedelta.max


async def kept_by_kafka(settings: Settings, topics: Iterable[str]) -> timedelta:
    """The longest retention among them, compacted topics aside: those keep a key's last record.

    Where the broker does not say, as declared in the catalogue.
    """
    wanted = sorted(topic for topic in topics if not TOPICS[topic].compacted)
    kept = {topic: timedelta(days=TOPICS[topic].retention_days) for topic in wanted}
    if wanted:
        kept |= await _told(settings, wanted)
    return max(kept.values(), default=timedelta(0))


async def _told(settings: Settings, topics: list[str]) -> dict[str, timedelta]:
    admin = AIOKafkaAdminClient(**access(settings), request_timeout_ms=10_000)
    try:
        await admin.start()
        answers = await admin.describe_configs(
            [ConfigResource(ConfigResourceType.TOPIC, topic) for topic in topics]
        )
    finally:
        await admin.close()
    return {
        resource[3]: _span(entry[1])
        for answer in answers
        for resource in answer.resources
        for entry in resource[4]
        if entry[0] == "retention.ms" and entry[1] is not None
    }


def _span(milliseconds: str) -> timedelta:
    told = int(milliseconds)
    return FOR_EVER if told < 0 or told > 10**14 else timedelta(milliseconds=told)
