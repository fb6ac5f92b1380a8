"""Whether the ports that docker-compose.yml publishes can be had, before anything is started.

python -m deploy.published

The first that cannot is named in one line with its variable; exit code 2. What the site's own
containers have is theirs already. Where ``docker compose`` cannot read its file nothing is said
here: it says so itself when it starts.
"""

import errno
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from shared.arguments import Arguments


@dataclass(frozen=True)
class Published:
    """Where a service is to be reached on this machine: one port, or a range for its replicas."""

    service: str
    host: str
    ports: range
    replicas: int

    @property
    def told(self) -> str:
        """As an operator sets it."""
        name = f"DONDOC_{self.service.upper()}_PORT"
        first, last = self.ports[0], self.ports[-1]
        return f"{name}={first}" if first == last else f"{name}={first}-{last}"

    @property
    def bind(self) -> str:
        """The variable of its address."""
        return "DONDOC_KAFKA_BIND" if self.service == "kafka" else "DONDOC_BIND"

    def fault(self, own: set[int]) -> str | None:
        """Why its replicas cannot all be published; ``own``: ports that they have already."""
        if len(self.ports) < self.replicas:
            last = self.ports[0] + self.replicas - 1
            return (
                f"{self.told} is too few for {self.replicas} replicas:"
                f" give a range such as {self.ports[0]}-{last}"
            )
        refused = {port: why for port in self.ports if port not in own and (why := self._why(port))}
        if len(self.ports) - len(refused) >= self.replicas:
            return None
        port = min(refused)
        if refused[port] == errno.EADDRNOTAVAIL:
            return f"{self.host} is no address of this machine: set {self.bind} to one that is"
        return (
            f"port {port} of {self.host} is taken by another program:"
            f" end that, or set another than {self.told}"
        )

    def _why(self, port: int) -> int | None:
        """The error of who would listen there; a port that only root may have is the engine's."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((self.host, port))
            except OSError as error:
                return error.errno if error.errno != errno.EACCES else None
        return None


def published(configuration: dict[str, Any]) -> Iterator[Published]:
    """What ``docker compose config`` says of it."""
    for service, told in configuration["services"].items():
        replicas = int(told.get("deploy", {}).get("replicas", 1))
        for port in told.get("ports", ()):
            first, _, last = str(port["published"]).partition("-")
            ports = range(int(first), int(last or first) + 1)
            yield Published(service, port.get("host_ip", "0.0.0.0"), ports, replicas)


def _compose(*words: str) -> str | None:
    try:
        done = subprocess.run(["docker", "compose", *words], capture_output=True, text=True)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _own(service: str) -> set[int]:
    """The ports that its containers have."""
    listed = (_compose("ps", "--format", "json", service) or "").splitlines()
    found = (one for line in listed for one in json.loads(line)["Publishers"] or ())
    return {one["PublishedPort"] for one in found}


def in_the_way() -> str | None:
    """The first fault, in words that say what to do."""
    configuration = _compose("config", "--format", "json")
    elsewhere = not os.environ.get("DOCKER_HOST", "unix:").startswith("unix:")
    if configuration is None or elsewhere:
        return None
    wanted = list(published(json.loads(configuration)))
    for one, other in combinations(wanted, 2):
        if one.host == other.host and set(one.ports) & set(other.ports):
            return f"{one.told} and {other.told} name the same port: give each its own"
    for one in wanted:
        if (fault := one.fault(set())) and (fault := one.fault(_own(one.service))):
            return fault
    return None


def main() -> int:
    Arguments("published", __doc__).parse_args()
    fault = in_the_way()
    if fault is not None:
        print(f"published: {fault}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
