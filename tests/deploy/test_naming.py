"""A replica's name from Docker's DNS, which here is a socket of the test."""

import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from deploy.containers.naming import own_name


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(60)
        yield server


def answering(server: socket.socket, records: int, name: bytes) -> threading.Thread:
    """A resolver that says so to the next question, and to nobody else's."""

    def answer() -> None:
        question, asker = server.recvfrom(512)
        head = question[:2] + struct.pack("!5H", 0x8180, 1, records, 0, 0)
        labels = b"".join(bytes([len(one)]) + one for one in name.split(b".")) + b"\0"
        record = b"\xc0\x0c" + struct.pack("!2HIH", 12, 1, 600, len(labels)) + labels
        server.sendto(head + question[12:] + record * records, asker)

    thread = threading.Thread(target=answer)
    thread.start()
    return thread


def test_the_name_is_the_one_that_compose_gave(server: socket.socket) -> None:
    thread = answering(server, 1, b"dondoc-budget-2.dondoc_default")

    assert own_name(server.getsockname()) == "dondoc-budget-2"
    thread.join()


def test_without_a_record_it_is_the_hosts(server: socket.socket) -> None:
    thread = answering(server, 0, b"nobody")

    assert own_name(server.getsockname()) == socket.gethostname()
    thread.join()
