"""The limit of B2: reads the log in id order and sends it, one batch in flight per partition.

As correct as protocol.md asks of a log without writers: headers and partition as the product has
them, the cursor behind the acks. It knows no gaps, no epoch and no other relay.
"""

import asyncio
import os

import asyncpg
import uvloop

from tests.bench.limit_flow import relay


async def main() -> None:
    url = os.environ["DONDOC_DATABASE_URL"].replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    await relay(connection, os.environ["DONDOC_KAFKA_URL"], asyncio.Event())


if __name__ == "__main__":
    uvloop.run(main())
