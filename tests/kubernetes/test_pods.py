"""What a pod may do, who reaches it, and that it survives an emptied node."""

from typing import Any

import pytest

from deploy.migrate import SERVICES
from tests.kubernetes.manifests import Manifests, containers, selected_by


def test_no_pod_runs_as_root_or_with_a_token(site: Manifests) -> None:
    for name, template in site.templates().items():
        spec = template["spec"]
        security = spec["securityContext"]

        assert security["runAsNonRoot"], name
        assert security["runAsUser"] > 0, name
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["enableServiceLinks"] is False, name


def test_no_container_can_change_its_image_or_gain_rights(site: Manifests) -> None:
    for name, template in site.templates().items():
        for container in containers(template):
            security = container["securityContext"]

            assert security["readOnlyRootFilesystem"], name
            assert security["allowPrivilegeEscalation"] is False, name
            assert security["capabilities"] == {"drop": ["ALL"]}, name
            assert set(container["resources"]["requests"]) == {"cpu", "memory"}, name
            assert "memory" in container["resources"]["limits"], name
            assert {mount["mountPath"] for mount in container["volumeMounts"]} == {
                "/run/secrets",
                "/tmp",
            }


def test_every_image_is_the_one_that_the_overlay_names(site: Manifests) -> None:
    images = {one["image"] for pod in site.templates().values() for one in containers(pod)}

    assert images == {"registry.example.org/dondoc:1"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_and_its_budget_select_its_own_pods_alone(site: Manifests, service: str) -> None:
    name = f"dondoc-{service}"
    selectors = [
        site.of("Service")[name]["spec"]["selector"],
        site.of("PodDisruptionBudget")[name]["spec"]["selector"]["matchLabels"],
        site.of("StatefulSet")[name]["spec"]["selector"]["matchLabels"],
    ]

    for selector in selectors:
        selected = {pod for pod, one in site.templates().items() if selected_by(selector, one)}
        assert selected == {name}


@pytest.mark.parametrize("service", SERVICES)
def test_a_probe_asks_what_kafka_does_not_decide(site: Manifests, service: str) -> None:
    (container,) = site.of("StatefulSet")[f"dondoc-{service}"]["spec"]["template"]["spec"][
        "containers"
    ]

    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"] == {"path": "/health/live", "port": "http"}


def test_every_pod_is_closed_but_for_what_is_named(site: Manifests) -> None:
    policies = site.of("NetworkPolicy")
    closed = policies["dondoc"]["spec"]

    assert all(
        selected_by(closed["podSelector"]["matchLabels"], one) for one in site.templates().values()
    )
    assert closed["policyTypes"] == ["Ingress", "Egress"]
    assert closed["ingress"] == []
    assert all(rule["to"] for rule in closed["egress"])
    assert ports(closed["egress"]) == {53, 5432, 9092}


def test_only_labelled_namespaces_reach_only_the_services(site: Manifests) -> None:
    open_to = site.of("NetworkPolicy")["dondoc-callers"]["spec"]
    reached = {
        name
        for name, one in site.templates().items()
        if selected_by(open_to["podSelector"]["matchLabels"], one)
    }

    assert reached == set(site.of("StatefulSet"))
    assert all("namespaceSelector" in one for rule in open_to["ingress"] for one in rule["from"])


def test_only_notification_sends_mail(site: Manifests) -> None:
    mail = site.of("NetworkPolicy")["dondoc-mail"]["spec"]
    senders = {
        name
        for name, one in site.templates().items()
        if selected_by(mail["podSelector"]["matchLabels"], one)
    }

    assert senders == {"dondoc-notification"}
    assert all(rule["to"] for rule in mail["egress"])


def ports(rules: list[dict[str, Any]]) -> set[int]:
    return {port["port"] for rule in rules for port in rule["ports"]}
