"""deploy/engine.sh, with an engine and a `docker` of our own: the real ones are of the machine."""

import subprocess
import time
from pathlib import Path

import pytest

ENGINE = Path(__file__).parent.parent.parent / "deploy" / "engine.sh"
DOCKER = '[ "$1" = compose ] || [ -e {up} ]'
RUNS = "trap 'rm {up}; exit' TERM; touch {up}; while :; do sleep 0.1; done"


@pytest.fixture
def up(tmp_path: Path) -> Path:
    """There as long as an engine answers."""
    return tmp_path / "up"


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def engine(up: Path, *command: str, dockerd: str = RUNS) -> subprocess.CompletedProcess[str]:
    tools = up.parent
    program(tools, "docker", DOCKER.format(up=up))
    program(tools, "dockerd", dockerd.format(up=up))
    program(tools, "iptables", "")
    program(tools, "id", "echo 0")
    return subprocess.run(
        ["sh", str(ENGINE), *command],
        env={"PATH": f"{tools}:/usr/sbin:/usr/bin:/sbin:/bin", "TMPDIR": str(tools)},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_an_engine_started_for_a_command_ends_with_it(up: Path) -> None:
    done = engine(up, "sh", "-c", f"test -e {up} && exit 7")

    assert done.returncode == 7, "what the command said"
    assert not up.exists()
    assert done.stdout.splitlines()[-1] == "engine: ended, since it was started for this"


def test_an_engine_that_was_there_stays(up: Path) -> None:
    up.touch()

    done = engine(up, "sh", "-c", "exit 7", dockerd="rm {up}")

    assert done.returncode == 7
    assert up.exists()
    assert "started" not in done.stdout


def test_without_a_command_it_stays(up: Path) -> None:
    done = engine(up)
    pid = done.stdout.partition("and kill ")[2].split()[0]
    try:
        assert done.returncode == 0
        assert up.exists()
    finally:
        subprocess.run(["kill", pid], check=True)
    while up.exists():
        time.sleep(0.05)


def test_an_engine_that_does_not_start_says_why(up: Path) -> None:
    done = engine(up, "true", dockerd="echo unknown flag; exit 1")

    assert done.returncode == 2
    assert done.stderr == "engine: dockerd ended: unknown flag \n"
