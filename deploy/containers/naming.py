"""The name that Docker's DNS has for this container: PROJECT-SERVICE-NUMBER."""

import os
import socket
import struct

_DNS = ("127.0.0.11", 53)
_PTR, _INTERNET = 12, 1


def own_name(server: tuple[str, int] = _DNS) -> str:
    """Of the container; of the host where there is no Docker."""
    host = socket.gethostname()
    try:
        address = socket.gethostbyname(host)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
            connection.settimeout(2)
            connection.connect(server)
            number = os.urandom(2)
            connection.send(_question(number, address))
            return name_of(number, connection.recv(512)) or host
    except OSError:
        return host


def _question(number: bytes, address: str) -> bytes:
    labels = [*reversed(address.split(".")), "in-addr", "arpa"]
    name = b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"
    return number + struct.pack("!5H", 0x0100, 1, 0, 0, 0) + name + struct.pack("!2H", _PTR, 1)


def name_of(number: bytes, answer: bytes) -> str | None:
    """The first label of the first PTR record; None if the answer is none to this question."""
    if answer[:2] != number or len(answer) < 12 or struct.unpack("!H", answer[6:8])[0] == 0:
        return None
    place = _behind_name(answer, 12) + 4
    place = _behind_name(answer, place)
    kind, family = struct.unpack("!2H", answer[place : place + 4])
    start = place + 10
    length = answer[start]
    if (kind, family) != (_PTR, _INTERNET) or length == 0 or length > 63:
        return None
    return answer[start + 1 : start + 1 + length].decode("ascii", "replace")


def _behind_name(answer: bytes, place: int) -> int:
    while place < len(answer) and answer[place]:
        if answer[place] >= 0xC0:
            return place + 2
        place += answer[place] + 1
    return place + 1
