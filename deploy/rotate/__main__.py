"""Another password or key for a running site, with two good meanwhile: nothing is refused.

python -m deploy.rotate WHAT [--end] [--folder secrets] [--env-file FILE]

``database`` and ``kafka``: every service gets another password; each is started anew, one after the
other. ``database-admin``: the one that the one-shot jobs use in PostgreSQL; nothing is started.
``kafka-admin``: the one that the one-shot jobs use, and the broker itself, which is started
anew, and events wait for it. ``subscriber`` and ``keys`` begin a change, since others must follow
it: both passwords, or tokens of both keys, are good until ``--end``. A change that was interrupted
goes on where it stopped when the same is asked again.
"""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from deploy.access.rights import ADMIN, SECOND_MECHANISM, SUBSCRIBER, USUAL_MECHANISM
from deploy.databases import ADMINISTRATOR
from deploy.migrate import SERVICES
from deploy.rotate import passwords
from deploy.rotate.passwords import CannotRotate, Site, rotate
from shared.arguments import Arguments
from shared.auth import KEEP_SECONDS, REFRESH_SECONDS
from shared.credentials import Stage
from shared.tokens import SIGNING, announce_key, switch_key, withdraw_key

_NAME = f"kafka_{SUBSCRIBER}"
_COMPOSE_SECONDS = 600
_PASSWORDS = "deploy.access.passwords"
KINDS = ("database", "database-admin", "kafka", "kafka-admin", "subscriber", "keys")


def main() -> int:
    parser = Arguments("rotate", __doc__)
    parser.add_argument("what", metavar="|".join(KINDS))
    parser.add_argument("--end", action="store_true", help="the old one is good no longer")
    parser.add_argument("--env-file", help="for docker compose")
    folder = Path(os.environ.get("DONDOC_SECRETS_DIR", "secrets"))
    parser.add_argument("--folder", type=Path, default=folder)
    options = parser.parse_args()
    compose = ["docker", "compose", *(["--env-file", options.env_file] if options.env_file else [])]
    try:
        if options.what not in KINDS:
            raise CannotRotate(f"say WHAT={', '.join(KINDS[:-1])} or {KINDS[-1]}")
        with _alone(options.folder):
            print(f"rotate: {_change(options.what, options.folder, compose, end=options.end)}")
    except CannotRotate as error:
        print(f"rotate: {error}", file=sys.stderr)
        return 2
    return 0


def _change(what: str, folder: Path, compose: Sequence[str], *, end: bool) -> str:
    """What was done, and what there is to do."""
    start = partial(_start, compose)
    access = Site(partial(_run, compose, "access", [_PASSWORDS]), start)
    match what, end:
        case "keys", False:
            return _begin_key(folder)
        case "keys", True:
            return _end_key(folder)
        case "subscriber", False:
            return _begin_subscriber(folder, access)
        case "subscriber", True:
            return _end_subscriber(folder, access)
        case _, True:
            raise CannotRotate(f"{what} ends by itself: leave END away")
        case "database", False:
            site = Site(partial(_run, compose, "migrate", ["deploy.databases"]), start)
            return _told(rotate(folder, [f"postgres_{one}" for one in SERVICES], SERVICES, site))
        case "database-admin", False:
            site = Site(partial(_run, compose, "migrate", ["deploy.databases", "--admin"]), start)
            return _told(rotate(folder, [ADMINISTRATOR], [], site))
        case "kafka-admin", False:
            site = Site(partial(_run, compose, "access", [_PASSWORDS, "--admin"]), start)
            return _told(rotate(folder, [f"kafka_{ADMIN}"], ["kafka"], site))
    return _told(rotate(folder, [f"kafka_{one}" for one in SERVICES], SERVICES, access))


def _told(names: Sequence[str]) -> str:
    return f"new passwords in {', '.join(names)}; the old ones are refused"


def _begin_subscriber(folder: Path, site: Site) -> str:
    if passwords.stage_of(folder, _NAME) is Stage.LAST:
        raise CannotRotate("the last change is not ended: make rotate WHAT=subscriber END=yes")
    passwords.begin(folder, _NAME)
    site.settle(False)
    return (
        f"both passwords are good; the new one stands in {folder / _NAME} after 'next', with its"
        f" mechanism if that is not {USUAL_MECHANISM}. Give both to every subscriber; when all"
        " use them: make rotate WHAT=subscriber END=yes"
    )


def _end_subscriber(folder: Path, site: Site) -> str:
    if passwords.stage_of(folder, _NAME) is None:
        raise CannotRotate("no change is under way: make rotate WHAT=subscriber begins one")
    passwords.switch(folder, _NAME)
    site.settle(True)
    passwords.end(folder, _NAME)
    return f"{_NAME} holds the new password (and {SECOND_MECHANISM} if so); the old one is refused"


def _begin_key(folder: Path) -> str:
    if not (folder / SIGNING).exists():
        raise CannotRotate(f"{folder / SIGNING} is missing: run make secrets")
    announce_key(folder)
    time.sleep(REFRESH_SECONDS)  # whoever has just read the key set reads it no sooner
    switch_key(folder)
    return (
        "tokens are signed with the new key, those of the old one are good still. When they have"
        " run out (make token: a day), or at once if the old one is known to others:"
        " make rotate WHAT=keys END=yes"
    )


def _end_key(folder: Path) -> str:
    if not withdraw_key(folder):
        raise CannotRotate("no change is under way: make rotate WHAT=keys begins one")
    return f"the old key's tokens are refused within {KEEP_SECONDS:.0f} s"


def _run(compose: Sequence[str], job: str, module: Sequence[str], withdraw: bool) -> None:
    """Another module than the job's own, with the job's settings and secrets."""
    run = [*compose, "run", "--rm", "--no-deps", "-T", "--entrypoint", "python", job, "-m"]
    _ask([*run, *module, *(["--withdraw"] if withdraw else [])])


def _start(compose: Sequence[str], service: str) -> None:
    print(f"rotate: starting {service} anew", flush=True)
    _ask([*compose, "up", "-d", "--no-deps", "--wait", "--force-recreate", service])


def _ask(words: list[str]) -> None:
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=_COMPOSE_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotRotate(f"{' '.join(words)}: {error}; {_AGAIN}") from error
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["it said nothing"]
        raise CannotRotate(f"{lines[-1]} ({' '.join(words)}); {_AGAIN}")


_AGAIN = "mend it and run the same again: it goes on where it stopped"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One change at a time in a folder."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise CannotRotate(f"{folder}: {error.strerror}; run make secrets") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise CannotRotate(f"another change is under way in {folder}: wait for it") from error
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    sys.exit(main())
