"""A wrong or missing secret: one clear line, and what to do."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.secrets import NAMES
from tests.commands import run_module
from tests.compose.site import Site, site


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as fresh:
        yield fresh


def change(fresh: Site, name: str, content: str = "another") -> None:
    path = fresh.secrets / name
    path.chmod(0o644)
    path.write_text(content)


def job(fresh: Site, name: str, *, says: str = "") -> tuple[int, list[str]]:
    """How a one-shot job ended, and the lines in which it told an operator why."""
    done = fresh.docker("run", "--rm", "--no-deps", "-T", name, check=False)
    start = f"{says or name}: "
    return done.returncode, [line for line in done.stderr.splitlines() if line.startswith(start)]


def test_a_missing_secret_is_named(fresh: Site) -> None:
    (fresh.secrets / "kafka_budget").unlink()

    done = fresh.docker("up", "-d", "--wait", check=False)

    assert done.returncode != 0
    assert str(fresh.secrets / "kafka_budget") in done.stderr


@pytest.mark.parametrize(
    ("name", "start", "says"),
    [
        ("postgres_admin", "postgres", "postgres: the secret postgres_admin"),
        ("kafka_admin", "kafka", "kafka: the secret kafka_admin"),
        ("kafka_controller", "kafka", "kafka: the secret kafka_controller"),
        ("postgres_budget", "migrate", "databases: /run/secrets/postgres_budget"),
        ("kafka_budget", "access", "access: /run/secrets/kafka_budget"),
    ],
)
@pytest.mark.parametrize(("content", "mode"), [("", 0o444), ("good", 0o400)])
def test_an_empty_or_unreadable_secret_is_named_by_who_needs_it(
    fresh: Site, name: str, start: str, says: str, content: str, mode: int
) -> None:
    change(fresh, name, content)
    (fresh.secrets / name).chmod(mode)

    code, lines = job(fresh, start, says=says.partition(":")[0])

    assert code == 2
    assert len(lines) == 1
    assert lines[0].startswith(says)
    assert ("is empty" if content == "" else "cannot be read") in lines[0]


def test_a_port_that_another_program_has_is_told_before_the_start(fresh: Site) -> None:
    port = int(fresh.variables["DONDOC_BUDGET_PORT"])

    with socket.create_server(("127.0.0.1", port)):
        done = run_module("deploy.published")

    assert done.returncode == 2
    assert done.stderr.startswith(f"published: port {port} of 127.0.0.1 is taken")
    assert f"DONDOC_BUDGET_PORT={port}" in done.stderr


def test_a_service_without_its_password_says_so_in_one_line(fresh: Site) -> None:
    change(fresh, "kafka_budget", "")

    code, lines = job(fresh, "budget")

    assert code == 2
    assert len(lines) == 1
    assert "DONDOC_KAFKA_PASSWORD_FILE names holds neither a password" in lines[0]


def test_a_line_end_behind_a_password_is_no_part_of_it(fresh: Site) -> None:
    for name in NAMES:
        change(fresh, name, f"{(fresh.secrets / name).read_text()}\n")

    fresh.docker("up", "-d", "--wait", "postgres", "kafka")

    assert [job(fresh, name)[0] for name in ("migrate", "access")] == [0, 0]


def test_a_password_that_kafkas_volume_does_not_know_is_named(fresh: Site) -> None:
    fresh.docker("up", "-d", "--wait", "kafka")
    assert job(fresh, "access")[0] == 0
    change(fresh, "kafka_admin")

    code, lines = job(fresh, "access")

    assert code == 2
    assert len(lines) == 1
    assert "Kafka knows no admin with this password" in lines[0]


def test_a_password_that_postgresqls_volume_does_not_know_is_named(fresh: Site) -> None:
    fresh.docker("up", "-d", "--wait", "postgres")
    assert job(fresh, "migrate")[0] == 0
    change(fresh, "postgres_admin")

    code, lines = job(fresh, "migrate", says="databases")

    assert code == 2
    assert len(lines) == 1
    assert "PostgreSQL's administrator has another password" in lines[0]


def test_beyond_this_machine_kafka_speaks_tls_only(fresh: Site) -> None:
    start = ("kafka", "sh", "/dondoc/kafka.sh")
    done = fresh.docker("run", "--rm", "-T", "-e", "KAFKA_BIND=0.0.0.0", *start, check=False)

    assert done.returncode == 2
    assert "published on 0.0.0.0, beyond this machine, it speaks TLS only" in done.stderr
