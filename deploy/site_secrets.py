"""The passwords that a one-shot job needs, each a file in DONDOC_SECRETS."""

import os
from pathlib import Path

from shared.credentials import Credentials, CredentialsUnreadable


class SecretMissing(Exception):
    """Which, and what to do."""


def secret(name: str) -> str:
    """The file's text without the line end."""
    path = Path(os.environ.get("DONDOC_SECRETS", "/run/secrets")) / name
    try:
        found = path.read_text().strip()
    except FileNotFoundError as error:
        raise SecretMissing(f"{path} is missing: run make secrets") from error
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise SecretMissing(f"{path} cannot be read ({reason}): make secrets says more") from error
    if not found:
        raise SecretMissing(f"{path} is empty: remove it and run make secrets")
    return found


def credentials(name: str) -> Credentials:
    """What the file says of a service's password, and of a second one."""
    try:
        return Credentials.read(secret(name))
    except CredentialsUnreadable as error:
        raise SecretMissing(
            f"{name} {error}; make rotate changes it, make secrets makes it"
        ) from error
