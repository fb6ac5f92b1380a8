"""Bring a service's database to the state its code expects.

python -m deploy.migrate upgrade|check|revision SERVICE|all [--message TEXT]

The database is DONDOC_DATABASE_URL; ``{service}`` in it is replaced by the service's name. With
DONDOC_SECRETS the password is that folder's file postgres_<service>.
"""

import os
import re
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from deploy.site_secrets import SecretMissing, credentials
from shared.arguments import Arguments
from shared.restore_mark import RestoreUnfinished

SERVICES = ("assignment", "reporting", "notification", "budget")
_UNKNOWN = re.compile(r"Can't locate revision identified by '(\d{4})\w*'")
_ROOT = Path(__file__).parent.parent


def config_for(service: str, url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_ROOT / "services" / service / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(service: str, url: str) -> str | None:
    """What a newer release has made of the database, which is left as it is; None otherwise.

    A migration only adds, so that the release before it works on (docs/operations.md, "Roll back").
    """
    config = config_for(service, url)
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        unknown = _UNKNOWN.search(str(error))
        head = ScriptDirectory.from_config(config).get_current_head() or ""
        if unknown is None or unknown[1] <= head[:4]:
            raise
        return f"its database is newer than this release ({unknown[1]}, not {head}): left as it is"
    return None


def newest_revision(service: str) -> str | None:
    """Of the schema that this version of the service expects."""
    return ScriptDirectory.from_config(config_for(service, "")).get_current_head()


def main() -> int:
    parser = Arguments("migrate", __doc__)
    parser.add_argument("action", choices=["upgrade", "check", "revision"])
    parser.add_argument("service", choices=[*SERVICES, "all"])
    parser.add_argument("--message", default="change")
    options = parser.parse_args()
    pattern = os.environ.get("DONDOC_DATABASE_URL")
    if not pattern:
        print(
            "migrate: set DONDOC_DATABASE_URL, for example postgresql+asyncpg://…/{service}",
            file=sys.stderr,
        )
        return 2
    for service in SERVICES if options.service == "all" else (options.service,):
        try:
            url = with_password(pattern.replace("{service}", service), service)
            _act(options.action, service, url, options.message)
        except (
            SecretMissing,
            RestoreUnfinished,
            CommandError,
            SQLAlchemyError,
            OSError,
        ) as error:
            print(f"migrate: {service}: {_why(error)}", file=sys.stderr)
            return 1
    return 0


def _why(error: Exception) -> str:
    if isinstance(error, ArgumentError):
        return "DONDOC_DATABASE_URL is no URL; it looks like postgresql+asyncpg://…/{service}"
    line = str(error).splitlines()[0]
    if isinstance(error, OSError):
        return f"no PostgreSQL answers: {line}; start it, or correct DONDOC_DATABASE_URL"
    return line


def with_password(url: str, service: str) -> str:
    """The URL with the service's password, where DONDOC_SECRETS says in which folder that is."""
    if "DONDOC_SECRETS" not in os.environ:
        return url
    used, whole = credentials(f"postgres_{service}").used, make_url(url)
    whole = whole.set(username=used.login or whole.username, password=used.password)
    return whole.render_as_string(hide_password=False)


def _act(action: str, service: str, url: str, message: str) -> None:
    match action:
        case "upgrade":
            if newer := upgrade(service, url):
                print(f"migrate: {service}: {newer}")
        case "check":
            command.check(config_for(service, url))
        case "revision":
            command.revision(config_for(service, url), message=message, autogenerate=True)


if __name__ == "__main__":
    sys.exit(main())
