"""``make rotate``: what it asks of docker compose and in which order, and what it says."""

import json
from pathlib import Path

import pytest

from deploy.rotate import __main__ as command
from deploy.secrets import make
from shared.credentials import Credentials, Stage
from tests.commands import run_module

DOCKER = """#!/bin/sh
echo "$@" >>"{folder}/asked"
[ ! -e "{folder}/broken" ] || {{ echo "first line" >&2; echo "no engine answers" >&2; exit 17; }}
"""
COMPOSE = "compose --env-file some.env"
RESTARTS = [
    f"{COMPOSE} up -d --no-deps --wait --force-recreate {service}"
    for service in ("assignment", "reporting", "notification", "budget")
]


class Operator:
    """Somebody with secrets and a docker that takes note of what it is asked."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.secrets, self.patch = folder, folder / "secrets", patch
        make(self.secrets)
        docker = folder / "docker"
        docker.write_text(DOCKER.format(folder=folder))
        docker.chmod(0o755)
        patch.setenv("PATH", f"{folder}:/usr/bin:/bin")
        patch.setattr(command, "REFRESH_SECONDS", 0)

    def rotate(self, *words: str) -> int:
        """The exit code."""
        folder = ("--folder", str(self.secrets), "--env-file", "some.env")
        self.patch.setattr("sys.argv", ["rotate", *words, *folder])
        return command.main()

    @property
    def asked(self) -> list[str]:
        return (self.folder / "asked").read_text().splitlines()

    def published(self) -> list[str]:
        """The ids of the keys whose tokens are good."""
        return [key["kid"] for key in json.loads((self.secrets / "jwks.json").read_text())["keys"]]

    def told(self, name: str) -> Credentials:
        return Credentials.read((self.secrets / name).read_text())


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    return Operator(tmp_path, monkeypatch)


def job(name: str, module: str) -> str:
    return f"{COMPOSE} run --rm --no-deps -T --entrypoint python {name} -m {module}"


@pytest.mark.parametrize(
    ("what", "prefix", "settle", "login"),
    [
        ("database", "postgres", job("migrate", "deploy.databases"), "budget_2"),
        ("kafka", "kafka", job("access", "deploy.access.passwords"), "SCRAM-SHA-256"),
    ],
)
def test_both_are_made_good_before_a_service_starts_anew_and_one_goes_after_the_last(
    operator: Operator,
    capsys: pytest.CaptureFixture[str],
    what: str,
    prefix: str,
    settle: str,
    login: str,
) -> None:
    before = operator.told(f"{prefix}_budget")

    assert operator.rotate(what) == 0

    said = capsys.readouterr()
    assert said.err == ""
    assert operator.asked == [settle, *RESTARTS, f"{settle} --withdraw"]
    after = operator.told(f"{prefix}_budget")
    assert (after.used.login, after.other) == (login, None)
    assert after.used.password != before.used.password
    assert after.used.password not in said.out
    assert operator.told(f"{prefix}_admin").used.login == ""


def test_the_database_administrators_password_is_changed_and_nothing_starts_anew(
    operator: Operator,
) -> None:
    before = operator.told("postgres_admin")

    assert operator.rotate("database-admin") == 0

    settle = job("migrate", "deploy.databases --admin")
    assert operator.asked == [settle, f"{settle} --withdraw"]
    after = operator.told("postgres_admin")
    assert (after.used.login, after.other) == ("", None)
    assert after.used.password != before.used.password


def test_the_broker_starts_anew_between_the_administrators_two_passwords(
    operator: Operator,
) -> None:
    settle = job("access", "deploy.access.passwords --admin")

    assert operator.rotate("kafka-admin") == 0
    assert operator.rotate("kafka-admin") == 0

    restart = f"{COMPOSE} up -d --no-deps --wait --force-recreate kafka"
    assert operator.asked == [settle, restart, f"{settle} --withdraw"] * 2
    assert operator.told("kafka_admin").used.login == ""


def test_a_failure_is_one_line_and_the_same_again_goes_on(
    operator: Operator, capsys: pytest.CaptureFixture[str]
) -> None:
    (operator.folder / "broken").touch()
    used = operator.told("postgres_budget").used

    assert operator.rotate("database") == 2

    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "no engine answers" in said
    assert "run the same again" in said
    told = operator.told("postgres_budget")
    assert (told.used, told.stage) == (used, Stage.NEXT)

    (operator.folder / "broken").unlink()

    assert operator.rotate("database") == 0
    assert operator.told("postgres_budget").used == told.other


def test_subscribers_have_both_until_the_end(operator: Operator) -> None:
    first = operator.told("kafka_subscriber").used

    assert operator.rotate("subscriber") == 0
    assert operator.rotate("subscriber") == 0

    told = operator.told("kafka_subscriber")
    assert (told.used, told.stage) == (first, Stage.NEXT)
    assert operator.rotate("subscriber", "--end") == 0
    assert operator.told("kafka_subscriber").good == [told.other]
    settle = job("access", "deploy.access.passwords")
    assert operator.asked == [settle, settle, f"{settle} --withdraw"]


def test_keys_are_both_published_until_the_end(operator: Operator) -> None:
    first = operator.published()

    assert operator.rotate("keys") == 0

    both = operator.published()
    assert len(both) == 2
    assert both[1:] == first
    assert operator.rotate("keys", "--end") == 0
    assert operator.published() == both[:1]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["database", "--end"], "database ends by itself: leave END away"),
        (["subscriber", "--end"], "no change is under way: make rotate WHAT=subscriber begins one"),
        (["keys", "--end"], "no change is under way: make rotate WHAT=keys begins one"),
    ],
)
def test_what_makes_no_sense_is_refused(
    operator: Operator, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    assert operator.rotate(*words) == 2

    assert capsys.readouterr().err == f"rotate: {says}\n"


def test_a_secret_that_cannot_be_used_is_named(
    operator: Operator, capsys: pytest.CaptureFixture[str]
) -> None:
    (operator.secrets / "postgres_budget").chmod(0o600)
    (operator.secrets / "postgres_budget").write_text("one two three four")

    assert operator.rotate("database") == 2

    said = capsys.readouterr().err
    assert said.startswith(f"rotate: {operator.secrets}/postgres_budget holds neither")
    assert len(said.splitlines()) == 1
    assert operator.told("postgres_assignment").stage is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["keys", "--folder", "none"], "none: No such file or directory; run make secrets"),
        ([""], "say WHAT=database, database-admin, kafka, kafka-admin, subscriber or keys"),
    ],
)
def test_the_command_says_what_is_missing(words: list[str], says: str) -> None:
    done = run_module("deploy.rotate", *words)

    assert done.returncode == 2
    assert done.stderr == f"rotate: {says}\n"
