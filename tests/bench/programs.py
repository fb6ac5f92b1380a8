"""The product's processes and the limit programs, started alike and watched from outside."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.local.stack import LocalStack
from shared.tokens import ensure_key

TICKS = os.sysconf("SC_CLK_TCK")


def environment(stack: LocalStack, folder: Path, database: str) -> dict[str, str]:
    """What a service or its limit program is started with."""
    kept = {name: told for name, told in os.environ.items() if name[:7] != "DONDOC_"}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # a deployed service is not compiled at each start
    return {
        **kept,
        "DONDOC_DATABASE_URL": stack.database_url(database),
        "DONDOC_KAFKA_URL": stack.kafka_url,
        "DONDOC_KAFKA_KIND": stack.kafka_kind.value,
        "DONDOC_JWKS": str(ensure_key(folder / "keys")),
        "DONDOC_PORT": "0",
    }


@asynccontextmanager
async def process(
    module: str, variables: Mapping[str, str], log: Path, *arguments: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """``python -m module arguments``, killed at the end."""
    with log.open("ab") as output:
        running = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, *arguments, env=variables, stdout=output, stderr=output
        )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
