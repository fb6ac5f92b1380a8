"""The manifests, rendered once."""

import shutil

import pytest

from tests.kubernetes.manifests import Manifests
from tests.kubernetes.tools import MANIFESTS, kustomize, render


@pytest.fixture(scope="package")
def site() -> Manifests:
    """The overlay's. Without kustomize and Go skipped here; `make kubernetes` fails then."""
    if not (shutil.which("kustomize") or shutil.which("go")):
        pytest.skip("kustomize is neither installed nor can be built: Go is missing")
    kustomize()
    return Manifests.parse(render(MANIFESTS / "overlays" / "site"))
