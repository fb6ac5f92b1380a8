"""A wrong or missing secret: one clear line, and what to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.compose.site import Site, site


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as fresh:
        yield fresh


def change(fresh: Site, name: str) -> None:
    path = fresh.secrets / name
    path.chmod(0o644)
    path.write_text("another")


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
