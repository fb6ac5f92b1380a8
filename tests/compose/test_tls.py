"""Kafka published beyond 127.0.0.1: over TLS, and not otherwise."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaConnectionError

from shared.events.catalogue import TOPICS
from tests.compose.certificates import authority
from tests.compose.site import Site, site

ADDRESS = "127.0.0.2"


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("authority")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, trusted: Path) -> Iterator[Site]:
    """Kafka alone, with its topics and rights."""
    _, pem = authority(trusted, ADDRESS)
    folder = tmp_path_factory.mktemp("site")
    with site(folder, DONDOC_KAFKA_BIND=ADDRESS, DONDOC_KAFKA_HOST=ADDRESS) as found:
        (found.secrets / "kafka_tls").chmod(0o644)
        (found.secrets / "kafka_tls").write_text(pem)
        found.docker("up", "-d", "--wait", "kafka")
        found.docker("run", "--rm", "--no-deps", "-T", "access")
        yield found


async def seen(site: Site, **how: object) -> set[str]:
    """The topics that a subscriber sees."""
    consumer = AIOKafkaConsumer(**{**site.kafka("subscriber"), **how})
    try:
        await consumer.start()
        return set(await consumer.topics())
    finally:
        await consumer.stop()


async def test_a_subscriber_that_trusts_the_authority_gets_in(
    published: Site, trusted: Path
) -> None:
    context = ssl.create_default_context(cafile=trusted / "authority.pem")

    topics = await seen(published, security_protocol="SASL_SSL", ssl_context=context)

    assert set(TOPICS) <= topics


async def test_without_tls_nobody_gets_in(published: Site) -> None:
    with pytest.raises(KafkaConnectionError):
        await seen(published, security_protocol="SASL_PLAINTEXT")


async def test_a_subscriber_that_does_not_know_the_authority_stays_away(
    published: Site, tmp_path: Path
) -> None:
    another, _ = authority(tmp_path, ADDRESS)
    context = ssl.create_default_context(cafile=another)

    with pytest.raises(KafkaConnectionError):
        await seen(published, security_protocol="SASL_SSL", ssl_context=context)


async def test_a_wrong_password_is_refused_over_tls_too(published: Site, trusted: Path) -> None:
    context = ssl.create_default_context(cafile=trusted / "authority.pem")

    with pytest.raises(KafkaConnectionError):
        await seen(
            published,
            security_protocol="SASL_SSL",
            ssl_context=context,
            sasl_plain_password="another",
        )
