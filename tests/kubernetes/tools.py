"""kustomize and kubernetes-validate, kept in .local/cache: python -m tests.kubernetes.tools

kustomize is built by Go where it is not on PATH. kubernetes-validate carries the schemas (108 MB),
which nobody needs who does not change the manifests: it is not in the project's own lock.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.commands import PROJECT

MANIFESTS = PROJECT / "deploy" / "kubernetes"
_CACHE = PROJECT / ".local" / "cache"
_KUSTOMIZE = "sigs.k8s.io/kustomize/kustomize/v5@v5.7.1"
_LOCK = Path(__file__).parent / "requirements.lock"
_SECONDS = 900


class ToolFailed(Exception):
    """Which, and what to do."""


def render(folder: Path) -> str:
    """The manifests that the folder's kustomization makes."""
    return _output([kustomize(), "build", str(folder)])


def faults(manifests: Path) -> list[str]:
    """What the schemas of Kubernetes say against a file; an unknown field is a fault too."""
    argv = [sys.executable, "-m", "kubernetes_validate", "--strict", str(manifests)]
    done = subprocess.run(
        argv, env=os.environ | {"PYTHONPATH": validator()}, capture_output=True, text=True
    )
    told = (done.stdout + done.stderr).splitlines()
    found = [line for line in told if not line.startswith("INFO")]
    if found or (done.returncode == 0 and told):
        return found
    return [f"kubernetes-validate looked at nothing and ended with {done.returncode}"]


def kustomize() -> str:
    """Where it is; built where it is not there."""
    installed, built = shutil.which("kustomize"), _CACHE / "kustomize" / "kustomize"
    if installed is not None:
        return installed
    if not built.exists():
        go = shutil.which("go")
        if go is None:
            raise ToolFailed("kustomize is not installed: install it, or Go 1.24 to build it")
        own = {"GOBIN": str(built.parent), "CGO_ENABLED": "0"}
        _output([go, "install", _KUSTOMIZE], **own)
    return str(built)


def validator() -> str:
    """The folder with the Python package; installed where it is not there, or is an older one."""
    folder = _CACHE / "kubernetes-validate"
    stamp = folder / "requirements.lock"
    if not stamp.exists() or stamp.read_bytes() != _LOCK.read_bytes():
        shutil.rmtree(folder, ignore_errors=True)
        options = [
            "--quiet",
            "--disable-pip-version-check",
            "--no-compile",
            "--only-binary",
            ":all:",
        ]
        argv = [*_pip(), "install", *options, "--require-hashes", "-r", str(_LOCK)]
        _output([*argv, "--target", str(folder)])
        shutil.copy(_LOCK, stamp)
    return str(folder)


def _pip() -> list[str]:
    """As deploy/bootstrap.sh has it: a virtual environment may lack one."""
    own = [sys.executable, "-m", "pip"]
    if subprocess.run([*own, "--version"], capture_output=True).returncode == 0:
        return own
    return ["python3", "-m", "pip", "--python", sys.executable]


def _output(argv: list[str], **environment: str) -> str:
    done = subprocess.run(
        argv, env=os.environ | environment, capture_output=True, text=True, timeout=_SECONDS
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise ToolFailed(f"{Path(argv[0]).name} {argv[1]} failed: {last}")
    return done.stdout


def main() -> int:
    try:
        print(f"{kustomize()}\n{validator()}")
    except ToolFailed as error:
        print(f"kubernetes: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
