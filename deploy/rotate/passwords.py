"""The steps of changing passwords. Each leaves files that say what is good, and may be repeated.

Begin: the next password is made, and the servers take both. Switch: it is used from now on, and who
was started before goes on with the last one. End: the last one is good no longer.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.access.rights import SECOND_MECHANISM
from deploy.databases import ADMINISTRATOR, second
from deploy.secrets import new_password
from shared.credentials import Credential, Credentials, CredentialsUnreadable, Stage
from shared.files import write_whole


class CannotRotate(Exception):
    """Why, and what to do."""


@dataclass(frozen=True)
class Site:
    """What a change asks of a running site; either may raise CannotRotate.

    ``settle``: make those passwords good that the files name; with True the last ones no longer.
    ``restart``: start a service anew, and wait until it is ready.
    """

    settle: Callable[[bool], None]
    restart: Callable[[str], None]


def rotate(folder: Path, names: Sequence[str], services: Iterable[str], site: Site) -> list[str]:
    """The names of the files that hold another password now.

    One that was interrupted goes on where it stopped.
    """
    under_way = [name for name in names if _read(folder, name).stage]
    switched = any(_read(folder, name).stage is Stage.LAST for name in names)
    names = under_way if switched else list(names)
    for name in names:
        begin(folder, name)
    site.settle(False)
    for name in names:
        switch(folder, name)
    for service in services:
        site.restart(service)
    site.settle(True)
    for name in names:
        end(folder, name)
    return names


def begin(folder: Path, name: str) -> None:
    """Make the next password, unless a change is under way."""
    told = _read(folder, name)
    if told.stage is None:
        login = "" if told.used.login == _second(name) else _second(name)
        _write(folder, name, Credentials(told.used, Credential(new_password(), login), Stage.NEXT))


def switch(folder: Path, name: str) -> None:
    """Use the next password."""
    told = _read(folder, name)
    if told.other and told.stage is Stage.NEXT:
        _write(folder, name, Credentials(told.other, told.used, Stage.LAST))


def end(folder: Path, name: str) -> None:
    """Forget the last password."""
    told = _read(folder, name)
    if told.stage is Stage.LAST:
        _write(folder, name, Credentials(told.used))


def stage_of(folder: Path, name: str) -> Stage | None:
    """Where a change stands; None if there is none."""
    return _read(folder, name).stage


def _second(name: str) -> str:
    if name == ADMINISTRATOR:
        return ""
    server, _, principal = name.partition("_")
    return second(principal) if server == "postgres" else SECOND_MECHANISM


def _read(folder: Path, name: str) -> Credentials:
    try:
        return Credentials.read((folder / name).read_text())
    except CredentialsUnreadable as error:
        raise CannotRotate(f"{folder / name} {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise CannotRotate(f"{folder / name}: {reason}; run make secrets") from error


def _write(folder: Path, name: str, told: Credentials) -> None:
    try:
        write_whole(folder / name, str(told), mode=0o444)
    except OSError as error:
        raise CannotRotate(f"{folder / name} cannot be written: {error.strerror}") from error
