"""The secrets of docker-compose.yml, as files that only their owner's folder leads to.

python -m deploy.secrets make|check [--folder secrets]

``make`` writes what is not there yet and changes nothing that is: 32 random letters and digits
each, and the key that signs tokens for trying out. ``check`` names the first that is missing, empty
or unreadable, and is run before each start. The folder is readable by its owner only; its files are
readable in the containers, which run as others.
"""

import argparse
import secrets
import string
import sys
from pathlib import Path

from deploy.access.rights import principals
from deploy.migrate import SERVICES
from shared.credentials import Credentials, CredentialsUnreadable
from shared.files import write_whole
from shared.tokens import ensure_key

NAMES = (
    "postgres_admin",
    *(f"postgres_{service}" for service in SERVICES),
    "kafka_admin",
    "kafka_controller",
    *(f"kafka_{principal}" for principal in principals()),
)
TLS = "kafka_tls"
"""Key and certificates of a Kafka that is published beyond this machine; empty otherwise."""
_LETTERS = string.ascii_letters + string.digits
_LENGTH = 32


def new_password() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def make(folder: Path) -> list[str]:
    """The names of those that were missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    made = []
    for name in NAMES:
        path = folder / name
        if not path.exists():
            write_whole(path, new_password(), mode=0o444)
            made.append(name)
    if not (folder / TLS).exists():
        write_whole(folder / TLS, "", mode=0o444)
    if not (folder / "jwks.json").exists():
        made.append("jwks.json")
    ensure_key(folder)
    return made


def lacking(folder: Path) -> str | None:
    """What the first unusable secret lacks; None if all are there."""
    for name in (*NAMES, "jwks.json"):
        path = folder / name
        try:
            text = path.read_text()
            if not text.strip():
                return f"{path} is empty: put the password there, or remove it and run make secrets"
            if name in NAMES:
                Credentials.read(text)
        except FileNotFoundError:
            return f"{path} is missing: run make secrets"
        except CredentialsUnreadable as error:
            return f"{path} {error}: put the password there, or remove it and run make secrets"
        except (OSError, UnicodeDecodeError) as error:
            return f"{path} cannot be read: {getattr(error, 'strerror', None) or 'no text'}"
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["make", "check"])
    parser.add_argument("--folder", type=Path, default=Path("secrets"))
    options = parser.parse_args()
    try:
        if options.action == "make":
            made = make(options.folder)
            print(f"secrets: made {', '.join(made)}" if made else "secrets: all there")
    except OSError as error:
        print(f"secrets: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    told = lacking(options.folder)
    if told is not None:
        print(f"secrets: {told}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
