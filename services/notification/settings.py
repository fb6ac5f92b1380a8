"""What notification reads from its environment beside what every service reads."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr

from shared.settings import Settings as SharedSettings


class Settings(SharedSettings):
    """SMTP server and rhythm of urges. Without ``smtp_host`` e-mails wait."""

    smtp_host: str = ""
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 25
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_tls: Literal["none", "starttls", "tls"] = "none"
    mail_from: str = "dondoc@localhost"
    urge_every_days: Annotated[int, Field(ge=1, le=365)] = 7
    """Days between a missed deadline and the first urge, and between urges."""
