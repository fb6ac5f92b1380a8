"""What depends on the kind of broker: one table, chosen by ``DONDOC_KAFKA_KIND``."""

from dataclasses import dataclass

from shared.settings import KafkaKind


@dataclass(frozen=True)
class BrokerTraits:
    """Times in milliseconds. Each row was measured (traps.md 16-20, recipes)."""

    static_membership: bool
    idempotence: bool
    session_timeout: int
    heartbeat_interval: int
    fetch_wait: int
    keeps_commit_metadata: bool


TRAITS = {
    KafkaKind.APACHE: BrokerTraits(
        static_membership=True,
        idempotence=True,
        session_timeout=30_000,
        heartbeat_interval=3_000,
        fetch_wait=500,
        keeps_commit_metadata=True,
    ),
    KafkaKind.EMBEDDED: BrokerTraits(
        static_membership=False,
        idempotence=False,
        session_timeout=1_000,
        heartbeat_interval=200,
        fetch_wait=5,
        keeps_commit_metadata=False,
    ),
}
