"""The broker in memory: a record goes in and comes out, on 127.0.0.1 only."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local import broker
from deploy.local.ports import free_port
from deploy.local.processes import Processes


@pytest.fixture
async def processes(tmp_path: Path) -> AsyncIterator[Processes]:
    async with Processes(tmp_path) as processes:
        yield processes


async def test_a_record_goes_in_and_comes_out(processes: Processes) -> None:
    url = await broker.start(processes)
    admin = AIOKafkaAdminClient(bootstrap_servers=url)
    await admin.start()
    await admin.create_topics([NewTopic("letters", 1, 1)])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=url, acks="all", enable_idempotence=False)
    consumer = AIOKafkaConsumer("letters", bootstrap_servers=url, auto_offset_reset="earliest")
    async with producer, consumer:
        await producer.send_and_wait("letters", b"6050", key=b"HN-UBND")

        record = await consumer.getone()

    assert (record.key, record.value) == (b"HN-UBND", b"6050")


async def test_a_taken_port_is_left_to_its_owner(processes: Processes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        url = await broker.start(processes, port=port)

    assert url != f"127.0.0.1:{port}"
    assert await broker.answers(url)


async def test_one_that_is_quicker_between_look_and_bind_is_not_taken_for_ours(
    processes: Processes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Processes(tmp_path / "other") as others:
        theirs = await broker.start(others)
        port = int(theirs.rpartition(":")[2])
        ports = iter([port])
        monkeypatch.setattr(processes, "port", lambda _wanted: next(ports, 0) or free_port())

        url = await broker.start(processes)

    assert url != theirs


async def test_it_is_reached_through_this_machine_only(processes: Processes) -> None:
    url = await broker.start(processes)
    port = int(url.rpartition(":")[2])

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.2", port))  # refused if the broker had 0.0.0.0
