"""Secrets for compose: made once, never changed, and named in one line when one is not usable."""

from pathlib import Path

import pytest

from deploy.secrets import NAMES, lacking, make
from tests.commands import run_module


def test_what_is_there_is_not_changed(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    make(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "kafka_admin").unlink()

    made = make(folder)

    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert made == ["kafka_admin"]
    assert set(before) == set(after)
    assert {name for name in before if before[name] != after[name]} == {"kafka_admin"}


def test_only_the_owner_gets_at_them_and_none_is_like_another(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    make(folder)

    passwords = {(folder / name).read_text() for name in NAMES}

    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(passwords) == len(NAMES)
    assert all(len(password) == 32 and password.isalnum() for password in passwords)


@pytest.mark.parametrize("name", [*NAMES, "jwks.json"])
def test_the_first_that_is_not_usable_is_named(tmp_path: Path, name: str) -> None:
    make(tmp_path)
    assert lacking(tmp_path) is None
    (tmp_path / name).chmod(0o600)
    (tmp_path / name).write_text("\n")
    assert f"{name} is empty" in str(lacking(tmp_path))
    (tmp_path / name).unlink()
    assert f"{name} is missing: run make secrets" in str(lacking(tmp_path))


def test_the_check_says_it_in_one_line(tmp_path: Path) -> None:
    done = run_module("deploy.secrets", "check", "--folder", str(tmp_path))

    assert done.returncode == 2
    assert done.stderr == f"secrets: {tmp_path}/postgres_admin is missing: run make secrets\n"
