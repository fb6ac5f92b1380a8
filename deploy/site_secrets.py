"""The passwords that a one-shot job needs, each a file in DONDOC_SECRETS."""

import os
from pathlib import Path


class SecretMissing(Exception):
    """Which, and what to do."""


def secret(name: str) -> str:
    """The file's text without the line end."""
    path = Path(os.environ.get("DONDOC_SECRETS", "/run/secrets")) / name
    try:
        found = path.read_text().strip()
    except OSError as error:
        raise SecretMissing(f"{path}: {error.strerror}; run make secrets") from error
    if not found:
        raise SecretMissing(f"{path} is empty; run make secrets")
    return found
