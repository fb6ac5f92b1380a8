"""What a process of ours corrects in aiokafka."""

import asyncio

import pytest
import uvloop
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.client import AIOKafkaClient
from aiokafka.conn import AIOKafkaConnection
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.metadata import MetadataRequest

from shared.connections import correct_aiokafka
from shared.settings import KafkaKind, Settings


@pytest.fixture(autouse=True)
def corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AIOKafkaConnection, "send", AIOKafkaConnection.send)  # put back at the end
    correct_aiokafka()


async def ask_as_it_breaks(kafka_url: str) -> None:
    client = AIOKafkaClient(bootstrap_servers=kafka_url)
    await client.bootstrap()
    try:
        connection = await client._get_conn(client.get_random_node())
        connection._writer.transport.abort()
        await asyncio.sleep(0)  # the loop has closed it; aiokafka's reader has not seen it yet

        await connection.send(MetadataRequest([]))
    finally:
        await client.close()


async def test_a_request_on_a_connection_that_has_just_broken_fails_as_an_outage(
    probe_settings: Settings,
) -> None:
    with pytest.raises(KafkaConnectionError, match="has hung up"):
        await asyncio.to_thread(uvloop.run, ask_as_it_breaks(probe_settings.kafka_url))


async def test_asking_for_a_topic_makes_none(probe_settings: Settings) -> None:
    if probe_settings.kafka_kind is KafkaKind.APACHE:
        pytest.skip("ours makes no topic for whoever asks, by its settings")
    admin = AIOKafkaAdminClient(bootstrap_servers=probe_settings.kafka_url)
    await admin.start()
    try:
        await admin._client.add_topic("nobody.made")

        assert "nobody.made" not in await admin.list_topics()
    finally:
        await admin.close()
