"""A port that cannot be published is named before anything is started."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.local.ports import free_port
from tests.commands import run_module

DOCKER = """#!/bin/sh
case "$*" in
    "compose config --format json") cat "{folder}/config" ;;
    "compose ps --format json "*) cat "{folder}/ps" ;;
    *) exit 17 ;;
esac
"""


class Operator:
    """Somebody with a docker that answers what the files beside it say."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        docker = folder / "docker"
        docker.write_text(DOCKER.format(folder=folder))
        docker.chmod(0o755)
        self.has()

    def has(self, *published: int) -> None:
        """Containers of this site with these ports."""
        told = {"Publishers": [{"PublishedPort": port} for port in published]}
        (self.folder / "ps").write_text(json.dumps(told) + "\n")

    def looks(self, *services: dict[str, Any], **environment: str) -> tuple[int, str]:
        """Exit code and what is said, where ``docker compose config`` names these services."""
        named = {one.pop("name"): one for one in services}
        (self.folder / "config").write_text(json.dumps({"services": named}))
        path = f"{self.folder}:/usr/bin:/bin"
        done = run_module("deploy.published", PATH=path, **environment)
        return done.returncode, done.stderr


def service(name: str, published: object, replicas: int = 1) -> dict[str, Any]:
    port = {"host_ip": "127.0.0.1", "target": 8000, "published": str(published)}
    return {"name": name, "ports": [port], "deploy": {"replicas": replicas}}


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_free_ports_are_no_matter(operator: Operator) -> None:
    jobs: dict[str, Any] = {"name": "migrate"}

    assert operator.looks(service("budget", free_port()), jobs) == (0, "")


def test_a_port_that_is_taken_is_named_with_its_variable(operator: Operator, taken: int) -> None:
    code, said = operator.looks(service("assignment", free_port()), service("budget", taken))

    assert code == 2
    assert said == (
        f"published: port {taken} of 127.0.0.1 is taken by another program:"
        f" end that, or set another than DONDOC_BUDGET_PORT={taken}\n"
    )


def test_a_port_of_the_site_itself_is_no_matter(operator: Operator, taken: int) -> None:
    operator.has(taken)

    assert operator.looks(service("budget", taken)) == (0, "")


def test_of_a_range_as_many_must_be_free_as_there_are_replicas(
    operator: Operator, taken: int
) -> None:
    range_of_two = f"{taken}-{taken + 1}"

    assert operator.looks(service("budget", range_of_two, 1)) == (0, "")
    code, said = operator.looks(service("budget", range_of_two, 2))
    assert code == 2
    assert f"port {taken} of 127.0.0.1 is taken" in said


def test_a_port_is_too_few_for_two_replicas(operator: Operator) -> None:
    code, said = operator.looks(service("budget", 8104, 2))

    assert code == 2
    assert "DONDOC_BUDGET_PORT=8104 is too few for 2 replicas: give a range" in said
    assert "8104-8105" in said


def test_a_port_that_two_services_name_is_told(operator: Operator) -> None:
    code, said = operator.looks(service("budget", "8104-8105"), service("mail", 8105))

    assert code == 2
    assert "DONDOC_BUDGET_PORT=8104-8105 and DONDOC_MAIL_PORT=8105 name the same port" in said


def test_the_same_port_of_two_addresses_is_no_matter(operator: Operator) -> None:
    port = free_port()
    other = service("mail", port)
    other["ports"][0]["host_ip"] = "127.0.0.2"

    assert operator.looks(service("budget", port), other) == (0, "")


def test_an_address_that_is_not_this_machine_s_is_told(operator: Operator) -> None:
    nowhere = service("kafka", 9094)
    nowhere["ports"][0]["host_ip"] = "192.0.2.1"

    code, said = operator.looks(nowhere)

    assert code == 2
    assert said == (
        "published: 192.0.2.1 is no address of this machine: set DONDOC_KAFKA_BIND to one that is\n"
    )


def test_an_engine_elsewhere_has_other_ports(operator: Operator, taken: int) -> None:
    told = operator.looks(service("budget", taken), DOCKER_HOST="ssh://there")

    assert told == (0, "")


def test_a_file_that_compose_cannot_read_is_left_to_it(operator: Operator) -> None:
    (operator.folder / "docker").write_text("#!/bin/sh\nexit 15\n")

    assert operator.looks() == (0, "")
