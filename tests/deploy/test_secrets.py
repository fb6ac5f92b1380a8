"""Secrets for compose: made once, never changed, and named in one line when one is not usable."""

import os
from pathlib import Path

import pytest

from deploy.secrets import NAMES, OPTIONAL, lacking, make
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
    (tmp_path / name).chmod(0o644)
    (tmp_path / name).write_text("\n")
    assert f"{name} is empty" in str(lacking(tmp_path))
    (tmp_path / name).unlink()
    assert f"{name} is missing: run make secrets" in str(lacking(tmp_path))


@pytest.mark.parametrize("name", OPTIONAL)
def test_what_a_site_may_not_need_is_there_and_empty(tmp_path: Path, name: str) -> None:
    make(tmp_path)

    assert (tmp_path / name).read_text() == ""
    (tmp_path / name).unlink()
    assert f"{name} is missing: run make secrets" in str(lacking(tmp_path))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_line_end_of_an_editor_is_no_fault(tmp_path: Path, end: str) -> None:
    make(tmp_path)
    (tmp_path / "kafka_admin").chmod(0o644)
    (tmp_path / "kafka_admin").write_text(f"good-1{end}", newline="")

    assert lacking(tmp_path) is None


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("kafka_budget", "two\nlines\n", "holds neither a password"),
        ("kafka_budget", "an a b", "holds neither a password"),
        ("kafka_controller", "login password", "holds more than a password"),
        ("kafka_admin", "login password", "names none of Kafka's mechanisms"),
        ("postgres_admin", " before", "holds more than a password"),
        ("postgres_admin", "new\nlast login old\n", "holds more than a password"),
        ("kafka_budget", 'a"quote', "a password is made of A-Z a-z 0-9 _ -"),
        ("kafka_budget", "new\nnext mật\n", "a password is made of A-Z a-z 0-9 _ -"),
    ],
)
def test_what_not_every_program_takes_alike_is_no_password(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    make(tmp_path)
    (tmp_path / name).chmod(0o644)
    (tmp_path / name).write_text(text)

    assert f"{name}" in str(lacking(tmp_path))
    assert says in str(lacking(tmp_path))


def test_what_only_its_owner_reads_is_named(tmp_path: Path) -> None:
    make(tmp_path)
    path = tmp_path / "postgres_budget"
    path.chmod(0o600)

    assert str(lacking(tmp_path)).endswith(f"which run as others: chmod 444 {path}")


def test_a_strict_umask_does_not_keep_the_containers_out(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        make(tmp_path)
    finally:
        os.umask(before)

    assert lacking(tmp_path) is None


def test_what_is_no_text_is_named(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "kafka_admin").chmod(0o644)
    (tmp_path / "kafka_admin").write_bytes(b"\xff\xfe")

    assert str(lacking(tmp_path)).endswith("kafka_admin cannot be read: it is no text")


def test_the_check_says_it_in_one_line(tmp_path: Path) -> None:
    done = run_module("deploy.secrets", "check", "--folder", str(tmp_path))

    assert done.returncode == 2
    assert done.stderr == f"secrets: {tmp_path}/postgres_admin is missing: run make secrets\n"
