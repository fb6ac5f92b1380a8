"""A restore that stops after a step, says so, and goes on when it gets a line.

python -m tests.e2e.held_restore KIND NUMBER ARGUMENTS…: after the so manieth ``transaction`` of the
swap (four set aside, four say that all is restored, four finished), ``pg_restore`` or ``commit`` of
the reconciliation; ``synced`` of what is named as unknown (the file, its folder). ``power``: after
that ``transaction``, as a machine that loses its power leaves the file.
"""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from asyncpg.transaction import Transaction

from deploy.backup import restore

kind, number = sys.argv[1], int(sys.argv[2])
done: Counter[str] = Counter()
end, commit, run = Transaction.__aexit__, Transaction.commit, subprocess.run
fsync = os.fsync
on_disk: dict[int, Any] = {}
"""By inode, what an fsync has seen: a file's last change, a folder's names."""


def step(name: str) -> None:
    done[name] += 1
    if (name, done[name]) == (kind.replace("power", "transaction"), number):
        if kind == "power":
            power_is_lost(Path(sys.argv[1]))
        sys.stdout.write("reached\n")
        sys.stdout.flush()
        sys.stdin.readline()


def power_is_lost(folder: Path) -> None:
    for file in folder.glob("unknown-*"):
        if file.name not in on_disk.get(folder.stat().st_ino, ()):
            file.unlink()
        elif on_disk.get(file.stat().st_ino) != file.stat().st_mtime_ns:
            os.truncate(file, 0)


def synced(descriptor: int) -> None:
    fsync(descriptor)
    path = Path(f"/proc/self/fd/{descriptor}")
    status = os.fstat(descriptor)
    on_disk[status.st_ino] = os.listdir(path) if path.is_dir() else status.st_mtime_ns
    step("synced")


async def ended(self: Transaction, *error: Any) -> None:
    await end(self, *error)
    step("transaction")


async def committed(self: Transaction) -> None:
    await commit(self)
    step("commit")


def ran(arguments: list[str], **options: Any) -> Any:
    result = run(arguments, **options)
    step("pg_restore")
    return result


os.fsync = synced  # type: ignore[assignment]
Transaction.__aexit__, Transaction.commit = ended, committed
subprocess.run = ran  # type: ignore[assignment]
sys.argv[1:] = sys.argv[3:]
sys.exit(restore.main())
