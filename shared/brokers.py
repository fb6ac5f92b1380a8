"""How a broker is reached, and what depends on its kind (``DONDOC_KAFKA_KIND``): one table."""

import ssl
from dataclasses import dataclass
from typing import Any

from faststream.kafka.security import parse_security
from faststream.security import BaseSecurity, SASLScram256, SASLScram512

from shared.settings import KafkaKind, Settings


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


def access(settings: Settings) -> dict[str, Any]:
    """Where Kafka is and how to sign in: what every class of aiokafka takes alike."""
    signing = parse_security(security(settings))
    told = {name: value for name, value in signing.items() if value is not None}
    return {"bootstrap_servers": settings.kafka_url, **told}


def security(settings: Settings) -> BaseSecurity | None:
    """How to sign in, in FastStream's words; None where Kafka asks nobody."""
    ca = settings.kafka_ca
    context = ssl.create_default_context(cafile=ca) if ca else None
    if not settings.kafka_user:
        return BaseSecurity(ssl_context=context) if context else None
    scram = SASLScram512 if settings.kafka_mechanism == "SCRAM-SHA-512" else SASLScram256
    password = settings.kafka_password.get_secret_value()
    return scram(settings.kafka_user, password, ssl_context=context)
