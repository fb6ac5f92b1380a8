"""The product beside its limits: every line, or those that are named.

python -m tests.bench [LINE ...] [--pairs N] [--events N] [--tasks N] [--kills N] [--seconds N]

Prints one table and puts its rows into docs/benchmarks.md. A target that is missed is told in the
table; the exit code is not 0 only if a line was void or could not be measured.
"""

import argparse
import asyncio
import sys
from dataclasses import fields

from deploy.local.errors import LocalError
from tests.bench.line import Options, Void
from tests.bench.lines import LINES
from tests.bench.table import formatted, rows_of, stamp, void_row, write


async def measure(names: list[str], options: Options) -> tuple[list[tuple[str, ...]], bool]:
    """The rows of these lines, and whether every one of them counts."""
    rows: list[tuple[str, ...]] = []
    sound = True
    for name in names:
        print(f"{name} …", flush=True)
        try:
            rows += rows_of(await LINES[name](options), run=stamp())
        except (Void, LocalError, TimeoutError) as error:
            sound = False
            rows.append(void_row(name, f"{type(error).__name__}: {error}", run=stamp()))
    return rows, sound


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", nargs="*", metavar="LINE", help=f"of {', '.join(LINES)}")
    for field in fields(Options):
        parser.add_argument(f"--{field.name}", type=int)
    given = vars(parser.parse_args())
    names = given.pop("lines") or list(LINES)
    if unknown := [name for name in names if name not in LINES]:
        print(f"bench: there is no line {unknown[0]}; there are {', '.join(LINES)}")
        return 2
    rows, sound = asyncio.run(measure(names, Options(**given)))
    print(formatted(rows))
    write(rows, command=f"make bench{_told(names, given)}")
    return 0 if sound else 1


def _told(names: list[str], given: dict[str, int | None]) -> str:
    """As it would be said to make."""
    line = f" LINE={names[0]}" if len(names) == 1 else ""
    return line + "".join(f" {name.upper()}={n}" for name, n in given.items() if n is not None)


if __name__ == "__main__":
    sys.exit(main())
