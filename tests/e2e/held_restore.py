"""A restore that stops after a step, says so, and goes on when it gets a line.

python -m tests.e2e.held_restore KIND NUMBER ARGUMENTS…: after the so manieth ``transaction`` of the
swap (four set aside, four say that all is restored, four finished), ``pg_restore`` or ``commit`` of
the reconciliation.
"""

import subprocess
import sys
from collections import Counter
from typing import Any

from asyncpg.transaction import Transaction

from deploy.backup import restore

kind, number = sys.argv[1], int(sys.argv[2])
done: Counter[str] = Counter()
end, commit, run = Transaction.__aexit__, Transaction.commit, subprocess.run


def step(name: str) -> None:
    done[name] += 1
    if (name, done[name]) == (kind, number):
        sys.stdout.write("reached\n")
        sys.stdout.flush()
        sys.stdin.readline()


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


Transaction.__aexit__, Transaction.commit = ended, committed
subprocess.run = ran  # type: ignore[assignment]
sys.argv[1:] = sys.argv[3:]
sys.exit(restore.main())
