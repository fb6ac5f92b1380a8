"""The secrets of docker-compose.yml, as files that only their owner's folder leads to.

python -m deploy.secrets make|check [--folder secrets]

``make`` writes what is not there yet and changes nothing that is: 32 random letters and digits
each, and the key that signs tokens for trying out. ``check`` names the first that is missing,
empty, unreadable or no password, and is run before each start. The folder is readable by its owner
only; its files are readable in the containers, which run as others.
"""

import os
import re
import secrets
import stat
import string
import sys
from pathlib import Path

from deploy.access.rights import ADMIN, SECOND_MECHANISM, USUAL_MECHANISM, principals
from deploy.databases import ADMINISTRATOR
from deploy.migrate import SERVICES
from shared.arguments import Arguments
from shared.credentials import Credentials, CredentialsUnreadable
from shared.files import write_whole
from shared.tokens import ensure_key

NAMES = (
    ADMINISTRATOR,
    *(f"postgres_{service}" for service in SERVICES),
    f"kafka_{ADMIN}",
    "kafka_controller",
    *(f"kafka_{principal}" for principal in principals()),
)
NAMELESS = (ADMINISTRATOR, "kafka_controller")
"""A password and no login."""
OPTIONAL = ("kafka_tls", "smtp_password")
"""Empty unless a site needs them: key and certificates (PEM) of a Kafka that is published beyond
this machine; the password that a mail server asks for."""
_MECHANISMS = ("", USUAL_MECHANISM, SECOND_MECHANISM)
_LETTERS = string.ascii_letters + string.digits
_LENGTH = 32
_PASSWORD = re.compile(r"[A-Za-z0-9_-]+")
"""What initdb, Kafka's settings and a URL take alike."""


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
    for name in OPTIONAL:
        if not (folder / name).exists():
            write_whole(folder / name, "", mode=0o444)
    if not (folder / "jwks.json").exists():
        made.append("jwks.json")
    ensure_key(folder)
    return made


def lacking(folder: Path) -> str | None:
    """What the first unusable secret lacks; None if all are there."""
    found = (_fault(folder / name) for name in (*NAMES, *OPTIONAL, "jwks.json"))
    return next((fault for fault in found if fault), None)


def _fault(path: Path) -> str | None:
    try:
        text = path.read_text()
        mode = path.stat().st_mode
    except FileNotFoundError:
        return f"{path} is missing: run make secrets"
    except (OSError, UnicodeDecodeError) as error:
        return f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}"
    if not text.strip() and path.name not in OPTIONAL:
        return f"{path} is empty: put the password there, or remove it and run make secrets"
    if not mode & stat.S_IROTH:
        return f"{path} cannot be read in the containers, which run as others: chmod 444 {path}"
    return _no_password(path, text) if path.name in NAMES else None


def _no_password(path: Path, text: str) -> str | None:
    try:
        told = Credentials.read(text)
    except CredentialsUnreadable as error:
        return f"{path} {error}: put the password there, or remove it and run make secrets"
    if path.name in NAMELESS and (
        any(one.login for one in told.good) or text.splitlines()[0] != told.used.password
    ):
        return f"{path} holds more than a password"
    if path.name.startswith("kafka_") and any(one.login not in _MECHANISMS for one in told.good):
        return f"{path} names none of Kafka's mechanisms ({', '.join(_MECHANISMS[1:])})"
    if any(not _PASSWORD.fullmatch(one.password) for one in told.good):
        return f"{path}: a password is made of A-Z a-z 0-9 _ -"
    return None


def main() -> int:
    parser = Arguments("secrets", __doc__)
    parser.add_argument("action", choices=["make", "check"])
    folder = Path(os.environ.get("DONDOC_SECRETS_DIR", "secrets"))
    parser.add_argument("--folder", type=Path, default=folder)
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
