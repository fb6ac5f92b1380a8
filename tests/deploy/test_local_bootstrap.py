"""The first command of a stranger: .venv from the lock, once, and again only when it changed."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
INSTALLING = "dondoc: installing what it needs into .venv (once) ..."


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the script."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy" / "bootstrap.sh", tmp_path / "deploy")
    return tmp_path


def bootstrap(project: Path, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path} if path else None
    command = [shutil.which("sh") or "/bin/sh", str(project / "deploy" / "bootstrap.sh")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_it_installs_once_and_again_when_the_lock_has_changed(project: Path) -> None:
    lock, half = project / "requirements.lock", project / ".venv" / "half"

    lock.write_text("holidays\n")  # no version, no hash: pip refuses before it asks any index
    failed = bootstrap(project)
    half.touch()
    lock.write_text("# nothing\n")
    first, second = bootstrap(project), bootstrap(project)
    lock.write_text(f"none==1 ; python_version < '3' --hash=sha256:{'0' * 64}\n")
    third, fourth = bootstrap(project), bootstrap(project)

    told = [one.stderr.splitlines() for one in (failed, first, second, third, fourth)]
    assert failed.returncode == 1
    assert told[0][-1].startswith("dondoc: the installation failed: try again")
    assert not half.exists(), "what was begun and not finished is begun anew"
    assert [one.returncode for one in (first, second, third, fourth)] == [0, 0, 0, 0]
    assert told[1] == told[3] == [INSTALLING]
    assert told[2] == told[4] == []


def test_an_old_python_is_refused_in_one_line(project: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("dirname", "cat", "cmp"):
        (tools / tool).symlink_to(shutil.which(tool) or "")
    (tools / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tools / "python3").chmod(0o755)

    done = bootstrap(project, str(tools))

    assert done.returncode == 1
    assert done.stderr == "dondoc: Python 3.11 or newer is needed, and none is on PATH\n"


def test_the_lock_has_hashes_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    pinned = [line for line in lock.splitlines() if line and not line.startswith((" ", "#"))]

    assert all("==" in line and line.endswith("\\") for line in pinned)
    assert lock.count("--hash=sha256:") >= len(pinned)
    assert not [word for word in ("://", "--index", "--find-links", " @ ") if word in lock]
