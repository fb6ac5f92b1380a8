"""A deployed Dondoc as an operator has it: the real docker-compose.yml under a name of its own."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from testcontainers.compose import ComposeContainer, DockerCompose

from deploy.access.rights import USUAL_MECHANISM
from deploy.local.ports import free_port
from deploy.migrate import SERVICES
from deploy.secrets import make
from deploy.system import TLS
from shared.auth import UserRole
from shared.credentials import Credentials
from shared.tokens import sign

ROOT = Path(__file__).parent.parent.parent
IMAGES = ROOT / "deploy" / "local-images.env"
ONCE = ("migrate", "access")
_numbers = count(1)


@dataclass
class Site:
    """Its variables, where its secrets are, and the Compose that runs it."""

    secrets: Path
    variables: dict[str, str]
    compose: DockerCompose
    said: list[str] = field(default_factory=list)
    """What ``docker compose`` has said: the logs of jobs that are removed when they have ended."""

    def docker(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """``docker compose …`` for this site."""
        done = subprocess.run(
            ["docker", "compose", "--env-file", str(IMAGES), *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=900,
        )
        self.said.append(done.stdout + done.stderr)
        if check and done.returncode != 0:
            raise AssertionError(f"docker compose {' '.join(words)}: {done.stderr[-2000:]}")
        return done

    def up(self) -> float:
        """Until everything is healthy; the seconds that took."""
        started = time.monotonic()
        self.compose.start()
        return time.monotonic() - started

    def container(self, service: str) -> ComposeContainer:
        return self.compose.get_container(service, include_all=True)

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.variables[f'DONDOC_{service.upper()}_PORT']}"

    def client(self, service: str, role: UserRole, agency: str | None = None) -> httpx.Client:
        return httpx.Client(**self.signed_in(service, role, agency))

    def signed_in(self, service: str, role: UserRole, agency: str | None) -> dict[str, Any]:
        """What makes a client of httpx, of either kind."""
        token = sign(self.secrets, [role], agency=agency)
        headers = {"Authorization": f"Bearer {token}"}
        return {"base_url": self.url(service), "headers": headers, "timeout": 30, "verify": TLS}

    def credentials(self, name: str) -> Credentials:
        """What the file of secrets says."""
        return Credentials.read((self.secrets / name).read_text())

    def kafka(self, principal: str) -> dict[str, Any]:
        """What aiokafka needs to sign in from outside."""
        used = self.credentials(f"kafka_{principal}").used
        host = self.variables.get("DONDOC_KAFKA_BIND", "127.0.0.1")
        return {
            "bootstrap_servers": f"{host}:{self.variables['DONDOC_KAFKA_PORT']}",
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": used.login or USUAL_MECHANISM,
            "sasl_plain_username": principal,
            "sasl_plain_password": used.password,
        }

    def crash(self, service: str) -> None:
        """Kill its process from inside: ``docker kill`` would count as the operator's stop."""
        script = "kill -9 $(cat /proc/1/task/1/children)"
        self.docker("exec", "-T", service, "sh", "-c", script, check=False)

    def restarts(self, service: str) -> int:
        """How often its restart policy has started it again."""
        return int(inspected(self.container(service).ID or "")["RestartCount"])

    def healthy(self) -> bool:
        """All that runs."""
        return all(one.Health == "healthy" for one in self.compose.get_containers())

    def logs(self) -> str:
        """Of all containers there are, and of those that were."""
        self.docker("--profile", "*", "logs", "--no-color")
        return "\n".join(self.said)

    def verify(self) -> str:
        """The last line of ``verify``, run where the databases are."""
        done = self.docker("run", "--rm", "--no-deps", "-T", "verify", check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
        return done.stdout.strip().splitlines()[-1]


def inspected(container: str) -> dict[str, Any]:
    """What the engine knows of a container."""
    done = subprocess.run(
        ["docker", "inspect", container], capture_output=True, text=True, timeout=300, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)[0]
    return found


@contextmanager
def site(folder: Path, *, replicas: int = 1, **more: str) -> Iterator[Site]:
    """Secrets and free ports; nothing is up yet. In the end nothing is left of it.

    ``more`` are variables beside those.
    """
    secrets = folder / "secrets"
    make(secrets)
    variables = {
        "DONDOC_SECRETS_DIR": str(secrets),
        "DONDOC_SMTP_HOST": "mail",
        "DONDOC_SMTP_PORT": "1025",
        "DONDOC_KAFKA_PORT": str(free_port()),
        "DONDOC_MAIL_PORT": str(free_port()),
        **_ports(replicas),
        **{f"DONDOC_{service.upper()}_REPLICAS": str(replicas) for service in SERVICES},
        "TESTCONTAINERS_RYUK_DISABLED": "true",
        **more,
    }
    variables["COMPOSE_PROJECT_NAME"] = f"dondoc-test-{os.getpid()}-{next(_numbers)}"
    with pytest.MonkeyPatch.context() as environment:
        for name, value in variables.items():
            environment.setenv(name, value)
        here = Site(
            secrets, variables, DockerCompose(ROOT, env_file=str(IMAGES), profiles=["mail"])
        )
        try:
            yield here
        finally:
            here.docker("--profile", "*", "down", "-v", "--remove-orphans", "-t", "5", check=False)


def _ports(replicas: int) -> dict[str, str]:
    """A range for each service, so that each of its replicas has a port of its own.

    Two processes of pytest look for theirs in different places.
    """
    first = 20_000 + 1_000 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return {
        f"DONDOC_{service.upper()}_PORT": _range(replicas, first + 100 * place)
        for place, service in enumerate(SERVICES)
    }


def _range(count: int, above: int) -> str:
    first = above
    while any(free_port(port) != port for port in range(first, first + count)):
        first += count
    return str(first) if count == 1 else f"{first}-{first + count - 1}"
