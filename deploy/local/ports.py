"""Ports on 127.0.0.1."""

import os
import socket
from pathlib import Path

from deploy.local.errors import LocalError

_LISTEN = "0A"


def free_port(preferred: int = 0) -> int:
    """The preferred port if nobody has it, else any free one."""
    with hold_port(preferred) as held:
        return port_of(held)


def hold_port(preferred: int = 0) -> socket.socket:
    """The same, bound: as long as this is open nobody who asks for any free port gets it.

    Nor does a connection that goes out. A server that says SO_REUSEADDR, as all of ours do, can
    listen there nevertheless.
    """
    if not 0 <= preferred <= 65535:
        raise LocalError(f"{preferred} is no port: it lies between 1 and 65535")
    for port in (preferred, 0):
        held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind(("127.0.0.1", port))
        except OSError:  # taken, or below 1024 and not ours to bind
            held.close()
            continue
        return held
    raise LocalError("no port of 127.0.0.1 is free")


def port_of(held: socket.socket) -> int:
    found: int = held.getsockname()[1]
    return found


def listens(pid: int, port: int) -> bool:
    """Whether it is that very process which listens there, and not one that was quicker."""
    try:
        table = Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]
        held = {os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir()}
    except OSError:
        return False
    rows = (line.split() for line in table)
    return any(
        row[3] == _LISTEN and int(row[1].rpartition(":")[2], 16) == port
        if f"socket:[{row[9]}]" in held
        else False
        for row in rows
    )
