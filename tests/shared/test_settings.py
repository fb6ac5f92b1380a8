"""Settings from the environment, from files, and what is said when they are wrong."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.settings import KafkaKind, Settings

URL = "postgresql+asyncpg://someone:secret@127.0.0.1/x"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("DONDOC_"):
            monkeypatch.delenv(name)


def test_the_environment_says_what_differs_from_the_defaults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", URL)
    monkeypatch.setenv("DONDOC_KAFKA_KIND", "embedded")

    settings = Settings()

    assert settings.database_url == URL
    assert settings.kafka_kind is KafkaKind.EMBEDDED
    assert settings.replica == "1"


def test_a_secret_comes_from_a_file_without_its_line_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "url").write_text(f"{URL}\n")
    monkeypatch.setenv("DONDOC_DATABASE_URL_FILE", str(tmp_path / "url"))

    assert Settings().database_url == URL


def test_all_processes_with_the_same_three_settings_have_one_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", URL)
    monkeypatch.setenv("DONDOC_CLOCK_START", "2016-10-20T08:00:00+07:00")
    monkeypatch.setenv("DONDOC_CLOCK_RATE", "86400")
    monkeypatch.setenv("DONDOC_CLOCK_EPOCH", "1000.5")

    clock = Settings().clock

    assert clock == Settings().clock
    assert clock.start == datetime(2016, 10, 20, 1, tzinfo=UTC)
    assert (clock.rate, clock.epoch) == (86400, 1000.5)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://plain@127.0.0.1/x"),
        ("PORT", "65536"),
        ("REPLICA", "a b"),
        ("KAFKA_KIND", "rabbit"),
        ("CLOCK_START", "2016-10-20T08:00:00"),
        ("CLOCK_RATE", "0"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", URL)
    monkeypatch.setenv(f"DONDOC_{name}", value)

    with pytest.raises(ValidationError) as refused:
        Settings()

    assert [fault["loc"] for fault in refused.value.errors()] == [(name.lower(),)]


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "database_url"),
        ({"DONDOC_DATABASE_URL_FILE": "/nowhere/url"}, "/nowhere/url"),
        ({"DONDOC_DATABASE_URL": URL, "DONDOC_PORT": "x"}, "port"),
    ],
)
def test_a_service_with_wrong_settings_says_which_in_one_line_and_ends(
    environment: dict[str, str], named: str
) -> None:
    inherited = {name: value for name, value in os.environ.items() if name[:7] != "DONDOC_"}

    ended = subprocess.run(
        [sys.executable, "-m", "services.budget"],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stderr.startswith("budget: wrong settings (DONDOC_…)")
    assert named in ended.stderr
    assert "secret" not in ended.stderr
