"""The ordinary account that PostgreSQL runs under when we are root, which it refuses to be."""

import os
import pwd
from pathlib import Path
from typing import NamedTuple


class Account(NamedTuple):
    """An account of this machine, by its numbers."""

    uid: int
    gid: int


def account_for(data: Path) -> Account | None:
    """Who is to serve these data; None where we are an ordinary account ourselves."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    return Account(65534, 65534)


def may_enter(folder: Path, account: Account | None) -> bool:
    """Whether every folder on the way there lets the account pass."""
    if account is None:
        return True
    real = folder.resolve()
    return all(_executable(step, account) for step in (real, *real.parents))


def may_run(program: Path, account: Account | None) -> bool:
    return may_enter(program.parent, account) and (account is None or _executable(program, account))


def give(path: Path, account: Account | None) -> None:
    """Make it the account's own."""
    if account is not None:
        os.chown(path, *account)


def _executable(path: Path, account: Account) -> bool:
    status = path.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & 0o100)
    if status.st_gid == account.gid:
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & 0o001)
