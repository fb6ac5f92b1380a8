"""The lines there are, in the order of the table."""

from tests.bench import (
    assign,
    backlog,
    fanout,
    flow,
    interrupted,
    letters,
    memory,
    outage,
    recovery,
    sweep,
    trouble,
)
from tests.bench.line import Line, Measure, Options


async def fanned_out(options: Options) -> list[Line]:
    """B5 has two halves."""
    return [*await fanout.measure(options), *await interrupted.measure(options)]


LINES: dict[str, Measure] = {
    "B1": flow.lines,
    "B2": backlog.measure,
    "B3": assign.measure,
    "B4": sweep.measure,
    "B5": fanned_out,
    "B8": memory.measure,
    "B9": recovery.measure,
    "B12": outage.measure,
    "B13": trouble.snapshot_lines,
    "B14": trouble.poison_lines,
    "B15": letters.measure,
}
