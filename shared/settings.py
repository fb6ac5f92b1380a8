"""What every service reads from its environment."""

import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import AwareDatetime, Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from sqlalchemy import make_url

from shared.clock import Clock
from shared.credentials import Credentials, CredentialsUnreadable
from shared.types import AgencyCode


class KafkaKind(StrEnum):
    """Which kind of broker stands behind ``kafka_url``; it decides the group's settings."""

    APACHE = "apache"
    EMBEDDED = "embedded"


_LOGINS = {"database_password": "database_user", "kafka_password": "kafka_mechanism"}
"""What the login beside a password in its file is a value of."""


class FileSecrets(PydanticBaseSettingsSource):
    """``DONDOC_DATABASE_URL_FILE=/run/secrets/x`` reads the value of ``database_url`` there.

    A file of a password of ours may hold the login too (``shared.credentials``).
    """

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        path = os.environ.get(f"DONDOC_{field_name.upper()}_FILE")
        if path is None:
            return None, field_name, False
        try:
            return Path(path).read_text().strip(), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text"
            raise ValueError(
                f"DONDOC_{field_name.upper()}_FILE names {path}, which cannot be read: {reason}"
            ) from error

    def __call__(self) -> dict[str, Any]:
        found = {
            name: self.get_field_value(None, name)[0] for name in self.settings_cls.model_fields
        }
        told = {name: value for name, value in found.items() if value is not None}
        for name, login in _LOGINS.items():
            if name in told:
                told |= _signed(name, login, told[name])
        return told


def _signed(name: str, login: str, text: str) -> dict[str, str]:
    """The password of a file, and the login if that is there."""
    try:
        used = Credentials.read(text).used
    except CredentialsUnreadable as error:
        raise ValueError(f"the file that DONDOC_{name.upper()}_FILE names {error}") from error
    return {name: used.password, **({login: used.login} if used.login else {})}


class Settings(BaseSettings):
    """Environment variables start with ``DONDOC_``; each may come from a file with ``_FILE``."""

    model_config = SettingsConfigDict(env_prefix="DONDOC_", extra="ignore", frozen=True)

    database_url: str
    database_password: SecretStr = SecretStr("")
    """Of the user in ``database_url``, if that has none itself."""
    database_user: str = ""
    """Signs in instead of the user in ``database_url``, with that password."""
    kafka_url: str = "127.0.0.1:9092"
    kafka_kind: KafkaKind = KafkaKind.APACHE
    kafka_user: str = ""
    """Whom Kafka knows this service as (SASL/SCRAM); empty where it asks nobody."""
    kafka_password: SecretStr = SecretStr("")
    kafka_mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256"] = "SCRAM-SHA-512"
    kafka_ca: Path | None = None
    """File of the authority that signed the broker's certificate; with it TLS is used."""
    replica: str = Field(default="1", pattern=r"^[A-Za-z0-9._-]{1,60}$")
    """The stable name of this process among the replicas of its service."""
    session_seconds: float | None = Field(default=None, ge=1, le=1800)
    """After this silence Kafka gives the partitions to another replica; None: by the kind."""
    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535)

    jwks: str = ""
    """File or http(s) URL of the JSON Web Key Set that signs the bearer tokens."""
    token_issuer: str = "dondoc"
    token_audience: str = "dondoc"

    issuer_agency: AgencyCode = "HN-UBND"
    """The issuing office: whom escalations reach and for whom coordinators act."""

    clock_start: AwareDatetime | None = None
    clock_rate: float = Field(default=1.0, gt=0, le=10_000_000)
    clock_epoch: float = 0.0
    job_seconds: float = Field(default=5.0, gt=0)
    """How long the jobs rest when there was nothing to do, in real seconds."""
    sweep_grace_seconds: float = Field(default=30.0, ge=0)
    """Real seconds that a sweep stays behind the clock, so that what was in time has arrived."""

    inbox_days: int = Field(default=37, ge=1)
    """How long the inbox remembers: at least a week longer than the topics keep their records."""

    otlp_endpoint: str = Field(default="", pattern=r"^(https?://[^\s/]+\S*)?$")
    """Where traces go (OpenTelemetry, OTLP over HTTP): http://host:4318; empty: nowhere."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_json: bool = True

    @field_validator("database_url")
    @classmethod
    def _spelled_out(cls, url: str) -> str:
        if not url.startswith("postgresql+asyncpg://"):
            raise ValueError("must start with postgresql+asyncpg://")
        return url

    @model_validator(mode="after")
    def _signs_in_with_something(self) -> Self:
        if self.kafka_user and not self.kafka_password.get_secret_value():
            raise ValueError(f"kafka_user is {self.kafka_user}, and kafka_password is empty")
        return self

    @model_validator(mode="after")
    def _with_password(self) -> Self:
        if password := self.database_password.get_secret_value():
            url = make_url(self.database_url)
            if url.password is None:
                url = url.set(password=password, username=self.database_user or url.username)
                object.__setattr__(self, "database_url", url.render_as_string(hide_password=False))
        return self

    @property
    def clock(self) -> Clock:
        start: datetime | None = self.clock_start
        return Clock(start, self.clock_rate, self.clock_epoch)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, FileSecrets(settings_cls)
