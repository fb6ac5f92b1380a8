"""A folder of the system in place of one that an account cannot get to, with a link to it."""

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from deploy.local.errors import LocalError

_PREFIX = "dondoc-postgres-"
_LINK = "link"


def folder_elsewhere(link: Path) -> Path:
    """The one ``link`` names, as long as it stands; without the link, a new and empty one."""
    if link.is_symlink():
        home = link.readlink()
        if not home.name.startswith(_PREFIX):
            return link.resolve()  # somebody's own choice
        if _belongs(home, link):
            (home / _LINK).write_text(str(link))
            return home
        link.unlink()
    home = _base() / f"{_PREFIX}{hashlib.blake2b(str(link).encode(), digest_size=6).hexdigest()}"
    if _is_ours(home):
        shutil.rmtree(home)
    link.symlink_to(home)  # first: a folder whose link is gone may be swept
    try:
        home.mkdir(mode=0o711)
    except OSError as error:
        link.unlink()
        raise LocalError(
            f"{home} cannot be made: {error.strerror}; is it someone else's?"
        ) from error
    home.chmod(0o711)
    (home / _LINK).write_text(str(link))
    return home


def sweep() -> None:
    """Remove what stood in for temporary folders that are gone."""
    temporary = Path(tempfile.gettempdir()).resolve()
    for home in _base().glob(f"{_PREFIX}*"):
        link = _link_of(home)
        if link and link.is_relative_to(temporary) and not os.path.lexists(link):
            shutil.rmtree(home, ignore_errors=True)


def _belongs(home: Path, link: Path) -> bool:
    """Made for this link, or for one that has moved here since; not for one that was copied."""
    known = _link_of(home)
    return known is not None and (known == link or not os.path.lexists(known))


def _link_of(home: Path) -> Path | None:
    try:
        return Path((home / _LINK).read_text()) if _is_ours(home) else None
    except OSError:
        return None


def _is_ours(home: Path) -> bool:
    """Anybody may put something there: neither a link nor another's folder is followed."""
    try:
        status = home.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid()


def _base() -> Path:
    """Kept over a restart of the machine, where there is such a place."""
    kept = Path("/var/tmp")
    return kept if os.access(kept, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
