"""How a service reaches its servers and signs in: what the environment says of that."""

import ssl
from pathlib import Path

import pytest
from pydantic import SecretStr

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


@pytest.mark.parametrize("other", ["", "last budget old\n", "next third\n"])
def test_a_file_may_name_the_login_too_and_a_second_password_that_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    (tmp_path / "database").write_text(f"budget_2 new\n{other}")
    (tmp_path / "kafka").write_text(f"SCRAM-SHA-256 newer\n{other}")
    monkeypatch.setenv("DONDOC_DATABASE_PASSWORD_FILE", str(tmp_path / "database"))
    monkeypatch.setenv("DONDOC_KAFKA_PASSWORD_FILE", str(tmp_path / "kafka"))

    settings = Settings(database_url=URL, kafka_user="budget")

    assert settings.database_url == "postgresql+asyncpg://budget_2:new@postgres/budget"
    assert access(settings)["sasl_mechanism"] == "SCRAM-SHA-256"
    assert access(settings)["sasl_plain_password"] == "newer"


@pytest.mark.parametrize("text", ["", "\n", "a b c", "a\nb", "a\nlast", "a\nnext b\nlast c"])
def test_a_file_that_holds_no_password_is_refused_without_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (tmp_path / "password").write_text(text)
    monkeypatch.setenv("DONDOC_DATABASE_PASSWORD_FILE", str(tmp_path / "password"))

    with pytest.raises(ValueError, match="_FILE names holds neither a password") as refused:
        Settings(database_url=URL)

    assert str(refused.value).endswith("nor a login and a password")


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


def test_whoever_is_named_has_a_password() -> None:
    with pytest.raises(ValueError, match="kafka_user is budget, and kafka_password is empty"):
        Settings(database_url=URL, kafka_user="budget")


@pytest.mark.parametrize(
    ("content", "why"), [(None, "No such file or directory"), (b"\xff", "it is no text")]
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, why: str
) -> None:
    path = tmp_path / "password"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("DONDOC_KAFKA_PASSWORD_FILE", str(path))

    with pytest.raises(ValueError, match=f"_PASSWORD_FILE names {path}.*: {why}"):
        Settings(database_url=URL)


def test_with_an_authority_it_is_tls() -> None:
    bundle = ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt"
    settings = Settings(
        database_url=URL,
        kafka_user="budget",
        kafka_password=SecretStr("secret"),
        kafka_ca=Path(bundle),
    )

    assert access(settings)["security_protocol"] == "SASL_SSL"
    assert isinstance(access(settings)["ssl_context"], ssl.SSLContext)


def test_without_anything_it_is_plain() -> None:
    assert access(Settings(database_url=URL)) == {"bootstrap_servers": "127.0.0.1:9092"}
