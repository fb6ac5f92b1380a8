"""Check the invariants of a running (or just stopped) system.

python -m deploy.verify              what `make run` and `make demo` have left in .local/
python -m deploy.verify --site       as DONDOC_DATABASE_URL ({service} in it) and DONDOC_KAFKA_… say

Reads the four databases and all topics, and nothing else of the services. Exit code 1 if an
invariant is broken, 2 if it cannot be checked.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from deploy.verify.invariants import summary, verify
from deploy.verify.results import Result
from deploy.verify.site import of_site
from deploy.verify.sources import CannotVerify, described, open_sources
from shared.arguments import Arguments
from shared.logging import configure_command

SHOWN = 5
READINGS = 3
SETTLE_SECONDS = 4.0
"""Between two readings of a running system; what is under way now has arrived by then."""


async def check(document: dict[str, Any]) -> tuple[int, list[Result]]:
    """Read everything, again if something does not fit; only what does not fit twice counts.

    The databases and topics of a running system cannot be read at one instant. Returns the number
    of events beside what was found.
    """
    events, results = await read(document)
    for _ in range(READINGS - 1):
        if not any(result.violations for result in results):
            break
        await asyncio.sleep(SETTLE_SECONDS)
        before = results
        events, results = await read(document)
        for earlier, result in zip(before, results, strict=True):
            result.violations = [one for one in result.violations if one in earlier.violations]
    return events, results


async def read(document: dict[str, Any]) -> tuple[int, list[Result]]:
    sources = await open_sources(document)
    try:
        results = await verify(sources)
        return len(sources.events), results
    finally:
        for connection in sources.databases.values():
            await connection.close()


def show(results: list[Result], console: Console) -> None:
    table = Table(title="Invariants, from databases and topics alone")
    for column in ("", "holds", "says", "counted"):
        table.add_column(column)
    for result in results:
        count = len(result.violations)
        holds = f"[red]no: {count}[/]" if count else "[green]yes[/]"
        table.add_row(result.name, holds, result.says, result.counted)
    console.print(table)
    for result in results:
        for violation in result.violations[:SHOWN]:
            console.print(f"{result.name}: {violation}", highlight=False, soft_wrap=True)


def main() -> int:
    parser = Arguments("verify", __doc__)
    parser.add_argument("--system", type=Path, default=Path(".local/system.json"))
    parser.add_argument("--site", action="store_true", help="as the environment says")
    options = parser.parse_args()
    configure_command("verify")
    try:
        document = of_site() if options.site else described(options.system)
        events, results = asyncio.run(check(document))
    except CannotVerify as error:
        print(f"verify: {error}", file=sys.stderr)
        return 2
    show(results, Console(width=None if sys.stdout.isatty() else 140))
    print(summary(events, results))
    return 1 if any(result.violations for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
