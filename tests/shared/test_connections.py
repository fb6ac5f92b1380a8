"""A connection to Kafka that breaks at the worst instant is an outage, on uvloop too."""

import asyncio

import pytest
import uvloop
from aiokafka.client import AIOKafkaClient
from aiokafka.conn import AIOKafkaConnection
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.metadata import MetadataRequest

from shared.connections import see_hung_up_connections
from shared.settings import Settings


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
    probe_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AIOKafkaConnection, "send", AIOKafkaConnection.send)  # put back after it
    see_hung_up_connections()

    with pytest.raises(KafkaConnectionError, match="has hung up"):
        await asyncio.to_thread(uvloop.run, ask_as_it_breaks(probe_settings.kafka_url))
