"""Each rendered object is what the schemas of Kubernetes allow, and nothing more."""

from pathlib import Path

import pytest
import yaml

from tests.kubernetes.manifests import Manifests
from tests.kubernetes.tools import MANIFESTS, ToolFailed, faults, render


def written(objects: list[dict[str, object]], folder: Path) -> Path:
    file = folder / "manifests.yaml"
    file.write_text(yaml.safe_dump_all(objects))
    return file


def test_the_site_is_valid(site: Manifests, tmp_path: Path) -> None:
    assert faults(written(site.objects, tmp_path)) == []


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("part", ["base", "prepare"])
def test_a_part_is_valid_by_itself(part: str, tmp_path: Path) -> None:
    objects = Manifests.parse(render(MANIFESTS / part)).objects

    assert faults(written(objects, tmp_path)) == []


def test_a_misspelt_field_is_a_fault(site: Manifests, tmp_path: Path) -> None:
    broken = site.of("StatefulSet")["dondoc-budget"]
    broken = {**broken, "spec": {**broken["spec"], "replica": 2}}

    (told,) = faults(written([broken], tmp_path))

    assert "'replica' was unexpected" in told


def test_a_file_without_objects_is_a_fault(tmp_path: Path) -> None:
    assert faults(written([], tmp_path)) != []


@pytest.mark.usefixtures("site")
def test_a_kustomization_that_names_what_is_not_there_fails(tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text("resources: [gone.yaml]\n")

    with pytest.raises(ToolFailed, match=r"gone\.yaml"):
        render(tmp_path)
