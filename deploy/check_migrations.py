"""Fail if a migration is missing for what the models say: python -m deploy.check_migrations"""

import asyncio
import sys

from alembic import command
from alembic.util import CommandError

from deploy.local.errors import LocalError
from deploy.local.stack import local_stack, temporary_folder
from deploy.migrate import SERVICES, config_for, upgrade


async def check() -> list[str]:
    """What is wrong, one line a service."""
    faults = []
    with temporary_folder() as folder:
        async with local_stack(folder) as stack:
            for service in SERVICES:
                try:
                    await asyncio.to_thread(_check_one, service, stack.database_url(service))
                except CommandError as error:
                    faults.append(f"{service}: {error}")
    return faults


def _check_one(service: str, url: str) -> None:
    upgrade(service, url)
    command.check(config_for(service, url))


def main() -> int:
    try:
        faults = asyncio.run(check())
    except LocalError as error:
        faults = [str(error)]
    for fault in faults:
        print(f"migrations: {fault}; make a new revision", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
