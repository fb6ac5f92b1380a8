"""Keep the whole system up on the real clock, with its data in .local/: make run"""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local.errors import LocalError
from deploy.local.stopping import run_until_stopped
from deploy.migrate import SERVICES
from deploy.system import System, SystemSettings, running_system

FOLDER = Path(".local")
OURS = tuple(
    f"DONDOC_{name}" for name in ("DATABASE_URL", "KAFKA_", "LOCAL_KAFKA", "PORT", "JWKS", "CLOCK_")
)
ROLES = (
    ("coordinator", ""),
    ("agency", " AGENCY=HN-SCT"),
    ("budget", ""),
    ("auditor", ""),
    ("operator", ""),
)


def told(environment: Mapping[str, str]) -> dict[str, str]:
    """The DONDOC_ variables that go on to every service: all but those that this program sets."""
    return {
        name: value
        for name, value in environment.items()
        if name.startswith("DONDOC_") and not name.startswith(OURS)
    }


async def run() -> None:
    """Until it is cancelled."""
    async with running_system(FOLDER, SystemSettings(extra=told(os.environ))) as system:
        explain(system)
        await asyncio.Event().wait()


def explain(system: System) -> None:
    """Where it is and what to try."""
    print("Dondoc is up; Ctrl-C stops it, the data stay in .local/.\n")
    for service in SERVICES:
        print(f"  {service:<13} {system.url(service)}/docs")
    print(f"  {'events':<13} Kafka at {system.stack.kafka_url}\n")
    print("Tokens (one day):")
    for role, agency in ROLES:
        print(f"  make -s token ROLE={role}{agency}")
    url = system.url("assignment")
    print("\nTry, in another terminal:")
    print("  TOKEN=$(make -s token ROLE=coordinator)")
    print(f'  curl -H "Authorization: Bearer $TOKEN" "{url}/agencies?q=cong+thuong"')
    print(
        f'  curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: text/plain"'
        f' -H "Idempotency-Key: 1" --data-binary'
        f" @services/assignment/data/letters/6050_ubnd-kt.txt {url}/intake"
    )
    print("  make verify", flush=True)


def main() -> int:
    try:
        run_until_stopped(run())
    except asyncio.CancelledError:
        print("stopped")
        return 0
    except LocalError as error:
        print(f"run: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
