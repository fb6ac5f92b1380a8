"""The product beside its limits: every line, or those that are named.

python -m tests.bench [LINE ...] [--pairs N] [--events N] [--tasks N] [--kills N] [--seconds N]

Prints one table, and after each line puts its rows into docs/benchmarks.md. A target that is missed
is told in the table; the exit code is 1 only if a line was void, 2 for what cannot be run.
"""

import argparse
import logging
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import fields
from typing import NoReturn

import asyncpg
import uvloop
from aiokafka.errors import KafkaError

from deploy.local.errors import LocalError
from tests.bench.line import Options, Void
from tests.bench.lines import LINES
from tests.bench.table import formatted, rows_of, stamp, void_row, write

BOUNDS = {
    "pairs": (1, 100),
    "events": (1_000, 100_000_000),
    "tasks": (1_000, 100_000_000),
    "kills": (1, 10_000),
    "seconds": (1, 7_200),
}


class BadArgument(Exception):
    """It cannot be run like this; the text says what to say instead."""


class OneLine(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadArgument(message)


async def measure(name: str, options: Options) -> tuple[list[tuple[str, ...]], bool]:
    """The rows of a line, and whether they count."""
    print(f"{name} …", flush=True)
    started = time.monotonic()
    try:
        rows, sound = rows_of(await LINES[name](options), run=stamp()), True
    except (Void, TimeoutError, OSError, KafkaError, asyncpg.PostgresError) as error:
        reason = f"{type(error).__name__}: {error}"
        rows, sound = [void_row(name, reason, run=stamp())], False
    print(f"{name} took {time.monotonic() - started:.0f} s", flush=True)
    return rows, sound


def main(arguments: list[str]) -> int:
    try:
        names, options = asked(arguments)
        return run(names, options)
    except (BadArgument, LocalError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("bench: stopped; the lines that were done are in the table", file=sys.stderr)
        return 130


def run(names: list[str], options: Options) -> int:
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a new topic has no leader at first
    started, void, all_rows = time.monotonic(), False, []
    for name in names:
        rows, sound = uvloop.run(measure(name, options))  # as services and limits run
        write(rows, command=f"make bench{_told(names, options)}")
        all_rows += rows
        void |= not sound
    print(formatted(all_rows))
    print(f"{len(names)} lines took {(time.monotonic() - started) / 60:.1f} minutes")
    return 1 if void else 0


def asked(arguments: list[str]) -> tuple[list[str], Options]:
    parser = OneLine(prog="bench", description=__doc__)
    parser.add_argument("lines", nargs="*", metavar="LINE", help=f"of {', '.join(LINES)}")
    for field in fields(Options):
        parser.add_argument(f"--{field.name}")
    given = vars(parser.parse_args(arguments))
    names = given.pop("lines") or list(LINES)
    if unknown := [name for name in names if name not in LINES]:
        raise BadArgument(f"there is no line {unknown[0]}; there are {', '.join(LINES)}")
    for variable in ("KAFKA_URL", "DATABASE_URL"):
        if os.environ.get(variable):
            raise BadArgument(f"what is measured must be ours: run it without {variable}")
    return names, options_of(given)


def options_of(given: Mapping[str, str | None]) -> Options:
    return Options(**{name: _whole(name, told) for name, told in given.items() if told is not None})


def _whole(name: str, told: str) -> int:
    least, most = BOUNDS[name]
    if told.isascii() and told.isdecimal() and len(told) < 12 and least <= int(told) <= most:
        return int(told)
    raise BadArgument(f"{name.upper()} must be a whole number from {least} to {most}, not {told!r}")


def _told(names: list[str], options: Options) -> str:
    """As it would be said to make."""
    chosen = names[0] if len(names) == 1 else f'"{" ".join(names)}"'
    line = "" if names == list(LINES) else f" LINE={chosen}"
    given = ((field.name, getattr(options, field.name)) for field in fields(Options))
    return line + "".join(f" {name.upper()}={value}" for name, value in given if value is not None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
