"""Where a deployed system is: what a service of it reads from the environment, for all four."""

import os
from typing import Any

from pydantic import ValidationError

from deploy.migrate import with_password
from deploy.site_secrets import SecretMissing
from deploy.verify.hears import SERVICES
from deploy.verify.sources import CannotVerify
from shared.brokers import access
from shared.codec import describe
from shared.settings import Settings


def of_site() -> dict[str, Any]:
    """The document that ``described`` reads, made of DONDOC_ variables and secrets."""
    pattern = os.environ.get("DONDOC_DATABASE_URL", "")
    try:
        settings = Settings(database_url=pattern)
        databases = {
            service: with_password(pattern.replace("{service}", service), service)
            for service in SERVICES
        }
    except ValidationError as error:
        raise CannotVerify(f"wrong settings (DONDOC_…): {describe(error)}") from error
    except (SecretMissing, ValueError) as error:
        raise CannotVerify(str(error)) from error
    signing = access(settings)
    return {
        "kafka_url": signing.pop("bootstrap_servers"),
        "kafka_signing": signing,
        "databases": databases,
        "clock": {
            "start": settings.clock_start.isoformat() if settings.clock_start else None,
            "rate": settings.clock_rate,
            "epoch": settings.clock_epoch,
        },
    }
