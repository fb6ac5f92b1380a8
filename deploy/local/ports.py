"""Ports on 127.0.0.1."""

import os
import socket
from pathlib import Path

from deploy.local.errors import LocalError

_LISTEN = "0A"


def free_port(preferred: int = 0) -> int:
    """The preferred port if nobody has it, else any free one."""
    if not 0 <= preferred <= 65535:
        raise LocalError(f"{preferred} is no port: it lies between 1 and 65535")
    for port in (preferred, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:  # taken, or below 1024 and not ours to bind
                continue
            found: int = probe.getsockname()[1]
            return found
    raise LocalError("no port of 127.0.0.1 is free")


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
