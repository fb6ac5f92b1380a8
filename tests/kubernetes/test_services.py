"""The manifests run the services that docker-compose.yml runs, with settings that these know."""

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.migrate import SERVICES
from deploy.secrets import make
from shared.settings import Settings
from tests.commands import PROJECT
from tests.kubernetes.manifests import Manifests, containers

COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
OUR_OWN = {"DONDOC_REPLICA", "DONDOC_KAFKA_CA"}
"""Compose knows the replica by Docker's DNS, and needs no TLS inside of one machine."""


def settings_of(service: str) -> type[Settings]:
    module = importlib.import_module(f"services.{service}.app")
    found: type[Settings] = module.Settings
    return found


def in_pod(site: Manifests, service: str) -> dict[str, Any]:
    pod = site.of("StatefulSet")[f"dondoc-{service}"]["spec"]["template"]
    (container,) = pod["spec"]["containers"]
    return dict(container)


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """What `make secrets` makes, and the rest of the volume."""
    make(tmp_path)
    (tmp_path / "kafka_ca.pem").write_text("a certificate")
    return tmp_path


def test_the_four_services_run_and_no_other(site: Manifests) -> None:
    assert set(site.of("StatefulSet")) == {f"dondoc-{service}" for service in SERVICES}
    assert set(site.of("Service")) == set(site.of("StatefulSet"))


@pytest.mark.parametrize("service", SERVICES)
def test_it_is_started_as_in_compose(site: Manifests, service: str) -> None:
    container, composed = in_pod(site, service), COMPOSE[service]
    (published,) = composed["ports"]
    (port,) = container["ports"]

    assert container["command"] + container["args"] == composed["command"]
    assert str(port["containerPort"]) == published.rpartition(":")[2]
    assert container["resources"]["limits"]["memory"] == "384Mi"
    assert composed["mem_limit"] == "${DONDOC_SERVICE_MEMORY:-384m}"


@pytest.mark.parametrize("service", SERVICES)
def test_its_variables_are_those_of_compose(site: Manifests, service: str) -> None:
    told = site.environment(in_pod(site, service))
    composed = {name.removesuffix("_FILE") for name in COMPOSE[service]["environment"]}

    assert {name.removesuffix("_FILE") for name in told} - OUR_OWN == composed


@pytest.mark.parametrize("service", SERVICES)
def test_each_variable_is_a_setting_of_the_service(site: Manifests, service: str) -> None:
    known = {f"DONDOC_{name.upper()}" for name in settings_of(service).model_fields}

    told = site.environment(in_pod(site, service))

    assert {name.removesuffix("_FILE") for name in told} <= known


@pytest.mark.parametrize("service", SERVICES)
def test_its_settings_can_be_read(
    site: Manifests, service: str, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in site.environment(in_pod(site, service), f"dondoc-{service}-0").items():
        monkeypatch.setenv(name, value.replace("/run/secrets", str(secrets)))

    settings = settings_of(service)()

    password = (secrets / f"postgres_{service}").read_text()
    assert f"//{service}:{password}@postgres.example.org/{service}" in settings.database_url
    assert settings.kafka_password.get_secret_value() == (secrets / f"kafka_{service}").read_text()
    assert settings.kafka_user == service
    assert settings.replica == f"dondoc-{service}-0"


@pytest.mark.parametrize("service", SERVICES)
def test_its_database_is_migrated_by_a_job_and_the_service_waits_for_it(
    site: Manifests, service: str
) -> None:
    job = site.of("Job")[f"dondoc-migrate-{service}"]["spec"]["template"]
    stateful_set = site.of("StatefulSet")[f"dondoc-{service}"]["spec"]["template"]
    (migrate,), (waits,) = job["spec"]["containers"], stateful_set["spec"]["initContainers"]

    assert (
        migrate["command"] + migrate["args"]
        == f"python -m deploy.migrate upgrade {service}".split()
    )
    assert (
        waits["command"] + waits["args"]
        == f"python -m deploy.containers.migrated {service}".split()
    )
    urls = {site.environment(one)["DONDOC_DATABASE_URL"] for one in (migrate, waits)}
    assert urls == {site.environment(in_pod(site, service))["DONDOC_DATABASE_URL"]}


def test_the_jobs_before_are_those_of_compose(site: Manifests) -> None:
    jobs = {name: containers(job)[0] for name, job in site.templates().items()}
    administration = site.environment(jobs["dondoc-access"])

    assert " ".join(jobs["dondoc-databases"]["command"]) in " ".join(COMPOSE["migrate"]["command"])
    assert jobs["dondoc-access"]["command"][:3] == COMPOSE["access"]["entrypoint"]
    assert set(COMPOSE["access"]["environment"]) <= set(administration)
    assert "DONDOC_POSTGRES" in site.environment(jobs["dondoc-databases"])


def test_operations_tell_each_secret_and_its_files(site: Manifests) -> None:
    operations = (PROJECT / "docs" / "operations.md").read_text()
    (told,) = re.findall(r"^## Kubernetes\n(.*?)^## ", operations, re.M | re.S)
    wanted = {
        word.replace(service, "$service")
        for service in SERVICES
        for word in words_of(site, f"dondoc-{service}")
    }

    assert {word for word in wanted if word not in told} == set()
    assert "dondoc-administration" in told
    assert site.of("Secret") == {}


def words_of(site: Manifests, name: str) -> set[str]:
    """The names of what its pods mount as secrets, and of the files that its variables name."""
    pod = site.of("StatefulSet")[name]["spec"]["template"]
    sources = [one for volume in pod["spec"]["volumes"] for one in sources_of(volume)]
    values = site.environment(pod["spec"]["containers"][0]).values()
    files = {Path(value).name for value in values if value.startswith("/run/secrets/")}
    return files | {next(iter(source.values()))["name"] for source in sources}


def sources_of(volume: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = volume.get("projected", {}).get("sources", [])
    return found
