"""What kustomize made, as the tests ask about it."""

from dataclasses import dataclass
from typing import Any

import yaml

Object = dict[str, Any]


@dataclass(frozen=True)
class Manifests:
    """The objects of one rendered kustomization."""

    objects: list[Object]

    @classmethod
    def parse(cls, text: str) -> "Manifests":
        return cls(list(yaml.safe_load_all(text)))

    def of(self, kind: str) -> dict[str, Object]:
        """By name."""
        return {one["metadata"]["name"]: one for one in self.objects if one["kind"] == kind}

    def templates(self) -> dict[str, Object]:
        """The pods' templates of stateful sets and jobs, by name."""
        return {
            name: one["spec"]["template"]
            for kind in ("StatefulSet", "Job")
            for name, one in self.of(kind).items()
        }

    def environment(self, container: Object, pod: str = "pod") -> dict[str, str]:
        """The variables that a container of the pod begins with; those of a secret are empty."""
        found: dict[str, str] = {}
        for source in container.get("envFrom", []):
            found |= self.of("ConfigMap")[source["configMapRef"]["name"]]["data"]
        for one in container["env"]:
            found[one["name"]] = one["value"] if "value" in one else self._value(one, pod)
        return found

    def _value(self, variable: Object, pod: str) -> str:
        match variable["valueFrom"]:
            case {"configMapKeyRef": {"name": name, "key": key}}:
                value: str = self.of("ConfigMap")[name]["data"][key]
                return value
            case {"fieldRef": {"fieldPath": "metadata.name"}}:
                return pod
            case {"secretKeyRef": _}:
                return ""
        raise AssertionError(f"where is the value of {variable}?")


def containers(template: Object) -> list[Object]:
    spec = template["spec"]
    return [*spec.get("initContainers", []), *spec["containers"]]


def selected_by(selector: dict[str, str], template: Object) -> bool:
    labels: dict[str, str] = template["metadata"]["labels"]
    return selector.items() <= labels.items()
