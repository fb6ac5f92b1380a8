"""Who may do what on Kafka: what each service tells and hears says so, nothing else does."""

from dataclasses import dataclass
from enum import StrEnum

from deploy.verify.hears import HEARS, SERVICES
from shared.events.catalogue import EVENTS, TOPICS
from shared.restored import published_topics

ADMIN = "admin"
"""A super user: the one-shot jobs sign in as it, and the broker to itself."""
SUBSCRIBER = "subscriber"
"""Another system: it reads every topic, in groups whose names begin with its own."""
USUAL_MECHANISM, SECOND_MECHANISM = "SCRAM-SHA-512", "SCRAM-SHA-256"
"""By the second a principal signs in with another password while the first is changed."""


class Operation(StrEnum):
    """Kafka's own words. READ and WRITE imply DESCRIBE."""

    READ = "READ"
    WRITE = "WRITE"
    DESCRIBE_CONFIGS = "DESCRIBE_CONFIGS"


class Resource(StrEnum):
    """What a right is on."""

    TOPIC = "TOPIC"
    GROUP = "GROUP"


@dataclass(frozen=True, order=True)
class Right:
    """One ALLOW from any host; everything that no right allows is denied."""

    principal: str
    operation: Operation
    resource: Resource
    name: str
    prefixed: bool = False

    def __str__(self) -> str:
        name = f"{self.name}*" if self.prefixed else self.name
        return f"{self.principal} {self.operation} {self.resource} {name}"


def principals() -> list[str]:
    """Everybody but the administrator."""
    return [*SERVICES, SUBSCRIBER]


def rights() -> frozenset[Right]:
    """All rights there should be."""
    reading = {Right(SUBSCRIBER, Operation.READ, Resource.TOPIC, topic) for topic in TOPICS}
    group = Right(SUBSCRIBER, Operation.READ, Resource.GROUP, SUBSCRIBER, prefixed=True)
    return frozenset({*reading, group}.union(*(_of(service) for service in SERVICES)))


def _of(service: str) -> set[Right]:
    """It writes and reads what it tells (its relay and a restore look there), reads what it hears.

    How long a topic that it hears keeps its records decides how long its inbox remembers.
    """
    heard = {EVENTS[type].topic for type in HEARS[service]}
    told = published_topics(service)
    return {
        Right(service, Operation.READ, Resource.GROUP, service),
        *(Right(service, Operation.WRITE, Resource.TOPIC, topic) for topic in told),
        *(Right(service, Operation.READ, Resource.TOPIC, topic) for topic in {*told, *heard}),
        *(Right(service, Operation.DESCRIBE_CONFIGS, Resource.TOPIC, topic) for topic in heard),
    }
