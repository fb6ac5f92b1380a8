"""Which system a back-up or a restore is of."""

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from deploy.local.stack import local_stack
from deploy.migrate import SERVICES
from deploy.run import FOLDER
from deploy.topics import provision
from deploy.verify.site import of_site
from deploy.verify.sources import described

RUNNING = FOLDER / "system.json"


def document_of(parser: argparse.ArgumentParser) -> None:
    """The options that say it."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--site", action="store_true", help="as the DONDOC_ variables say")
    where.add_argument("--system", type=Path, help="as this file of a running system says")


def found(options: argparse.Namespace) -> dict[str, Any]:
    """Where the databases and Kafka of a running system are; CannotVerify says why not."""
    return of_site() if options.site else described(options.system or RUNNING)


@asynccontextmanager
async def stack_of(options: argparse.Namespace) -> AsyncIterator[dict[str, Any]]:
    """The same; what `make run` has stopped is started for as long as it takes."""
    if options.site or options.system:
        yield found(options)
        return
    async with local_stack(FOLDER) as stack:
        await provision(stack.kafka_url)
        yield {
            "kafka_url": stack.kafka_url,
            "kafka_kind": stack.kafka_kind.value,
            "databases": {service: stack.database_url(service) for service in SERVICES},
        }
