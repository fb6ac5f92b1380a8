"""What docker-compose.yml says, read by compose itself; no engine is asked."""

import json
import os
import subprocess
from typing import Any

import pytest

from deploy.migrate import SERVICES
from deploy.secrets import NAMES, OPTIONAL
from tests.compose.site import IMAGES, ROOT

JOBS = ("migrate", "access", "register", "verify", "backup", "restore")
EVERYTHING = ("postgres", "kafka", *SERVICES, *JOBS, "mail")
OPEN = {**dict.fromkeys(SERVICES, 8000), "kafka": 9094, "mail": 8025}
LASTING = {
    "postgres": "/var/lib/postgresql/data",
    "kafka": "/var/lib/kafka/data",
    "backup": "/backups",
    "restore": "/backups",
}


def read(*options: str, **variables: str) -> dict[str, Any]:
    """The file with its variables filled in."""
    theirs = ("DONDOC_", "COMPOSE_ENV_FILES")
    ours = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
    done = subprocess.run(
        ["docker", "compose", *options, "--profile", "*", "config", "--format", "json"],
        cwd=ROOT,
        env={**ours, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def file() -> dict[str, Any]:
    return read()


def test_there_is_nothing_else(file: dict[str, Any]) -> None:
    assert set(file["services"]) == set(EVERYTHING)


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_container_may_do_no_more_than_it_needs(file: dict[str, Any], name: str) -> None:
    service = file["services"][name]

    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert int(service["mem_limit"]) > 0
    assert service["logging"]["options"] == {"max-file": "5", "max-size": "10m"}


@pytest.mark.parametrize("name", EVERYTHING)
def test_what_crashes_starts_again_but_for_jobs(file: dict[str, Any], name: str) -> None:
    assert file["services"][name]["restart"] == ("no" if name in JOBS else "unless-stopped")
    assert name in JOBS or "healthcheck" in file["services"][name]


@pytest.mark.parametrize("name", EVERYTHING)
def test_published_are_the_apis_on_this_machine_only(file: dict[str, Any], name: str) -> None:
    ports = file["services"][name].get("ports", [])

    assert [port["target"] for port in ports] == ([OPEN[name]] if name in OPEN else [])
    assert {port["host_ip"] for port in ports} <= {"127.0.0.1"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_waits_for_the_jobs_and_gets_its_own_secrets(
    file: dict[str, Any], name: str
) -> None:
    service = file["services"][name]

    its_own = {f"postgres_{name}", f"kafka_{name}", "jwks.json"}
    mail = {"smtp_password"} if name == "notification" else set()
    assert {one["source"] for one in service["secrets"]} == its_own | mail
    assert {job: how["condition"] for job, how in service["depends_on"].items()} == dict.fromkeys(
        ("migrate", "access"), "service_completed_successfully"
    )


@pytest.mark.parametrize("name", EVERYTHING)
def test_only_what_must_last_is_on_a_volume(file: dict[str, Any], name: str) -> None:
    mounts = file["services"][name].get("volumes", [])
    volumes = [mount["target"] for mount in mounts if mount["type"] == "volume"]

    assert volumes == ([LASTING[name]] if name in LASTING else [])
    assert all(mount.get("read_only") for mount in mounts if mount["type"] != "volume")


def test_secrets_are_files_of_make_secrets_and_no_password_stands_in_the_file(
    file: dict[str, Any],
) -> None:
    assert set(file["secrets"]) == {*NAMES, *OPTIONAL, "jwks.json"}
    assert {secret["file"] for secret in file["secrets"].values()} == {
        str(ROOT / "secrets" / name) for name in file["secrets"]
    }
    for service in file["services"].values():
        told = service.get("environment") or {}
        assert all(name.endswith("_FILE") for name in told if "PASSWORD" in name)


def test_images_are_public_ones_unless_told(file: dict[str, Any]) -> None:
    ours = read("--env-file", str(IMAGES))["services"]

    assert file["services"]["postgres"]["image"] == "postgres:15-bookworm"
    assert file["services"]["kafka"]["image"] == "apache/kafka:4.3.1"
    assert {ours[name]["pull_policy"] for name in EVERYTHING} == {"never"}


def test_ports_and_replicas_are_variables() -> None:
    told = read(
        DONDOC_BIND="192.0.2.7", DONDOC_BUDGET_PORT="9104-9105", DONDOC_BUDGET_REPLICAS="2"
    )["services"]

    assert told["budget"]["deploy"]["replicas"] == 2
    (port,) = told["budget"]["ports"]
    assert (port["host_ip"], port["published"]) == ("192.0.2.7", "9104-9105")
    assert told["kafka"]["ports"][0]["host_ip"] == "127.0.0.1"
