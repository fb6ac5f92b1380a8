"""Prometheus and promtool from Debian's package, unpacked into .local/ without installing them."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.commands import PROJECT

_CACHE = PROJECT / ".local" / "cache" / "prometheus"


@cache
def program(name: str) -> str:
    """Where ``prometheus`` or ``promtool`` is; fetched where it is not there."""
    installed = shutil.which(name)
    if installed is not None:
        return installed
    found = _CACHE / "usr" / "bin" / name
    if not found.exists():
        _fetch()
    return str(found)


def _fetch() -> None:
    _CACHE.mkdir(parents=True, exist_ok=True)
    download = ["apt-get", "-o", "Acquire::Retries=3", "download", "prometheus"]
    if subprocess.run(download, cwd=_CACHE, capture_output=True).returncode != 0:
        subprocess.run(["apt-get", "update", "-qq"], check=True, capture_output=True)
        subprocess.run(download, cwd=_CACHE, check=True, capture_output=True)
    package = next(_CACHE.glob("prometheus_*.deb"))
    subprocess.run(["dpkg", "-x", str(package), str(_CACHE)], check=True)


def promtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program("promtool"), *map(str, arguments)],
        cwd=PROJECT / "deploy" / "monitoring",
        capture_output=True,
        text=True,
        timeout=300,
    )
