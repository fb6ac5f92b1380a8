"""The lines there are, in the order of the table."""

from tests.bench import sweep
from tests.bench.line import Measure

LINES: dict[str, Measure] = {
    "B4": sweep.measure,
}
