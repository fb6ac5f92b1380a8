"""How a service reaches its servers and signs in: what the environment says of that."""

import ssl
from pathlib import Path

import pytest

from shared.brokers import access
from shared.settings import Settings

URL = "postgresql+asyncpg://budget@postgres/budget"


def test_the_password_is_put_into_a_url_that_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "password").write_text("a/b@c\n")
    monkeypatch.setenv("DONDOC_DATABASE_PASSWORD_FILE", str(tmp_path / "password"))

    assert Settings(database_url=URL).database_url == (
        "postgresql+asyncpg://budget:a%2Fb%40c@postgres/budget"
    )


def test_a_url_with_a_password_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_PASSWORD", "other")
    url = "postgresql+asyncpg://budget:own@postgres/budget"

    assert Settings(database_url=url).database_url == url


def test_kafka_is_asked_to_let_in_whoever_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_KAFKA_PASSWORD", "secret")

    settings = Settings(database_url=URL, kafka_url="kafka:9092", kafka_user="budget")

    assert access(settings) == {
        "bootstrap_servers": "kafka:9092",
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "budget",
        "sasl_plain_password": "secret",
    }
    assert "secret" not in repr(settings)


def test_with_an_authority_it_is_tls() -> None:
    bundle = ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt"
    settings = Settings(database_url=URL, kafka_user="budget", kafka_ca=Path(bundle))

    assert access(settings)["security_protocol"] == "SASL_SSL"
    assert isinstance(access(settings)["ssl_context"], ssl.SSLContext)


def test_without_anything_it_is_plain() -> None:
    assert access(Settings(database_url=URL)) == {"bootstrap_servers": "127.0.0.1:9092"}
