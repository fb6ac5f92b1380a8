"""What a line of the table is, and how the pairs of a measurement become one."""

import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """What the command line says; None leaves it to the line."""

    pairs: int | None = None
    events: int | None = None
    tasks: int | None = None
    kills: int | None = None
    seconds: int | None = None


@dataclass(frozen=True)
class Line:
    """One row of the table, as it is shown. ``worst`` is the pair furthest from the target."""

    name: str
    measured: str
    product: str
    limit: str
    ratio: str
    worst: str
    target: str
    held: bool


Measure = Callable[[Options], Awaitable[list[Line]]]


class Void(Exception):
    """The run lost or doubled something, or never ended: its figure does not count."""


@dataclass(frozen=True)
class Pair:
    """One value of the product and one of its limit program, measured right after each other."""

    product: float
    limit: float

    @property
    def ratio(self) -> float:
        return self.product / self.limit


def show(number: int, pair: Pair, unit: str) -> Pair:
    """Print the pair as soon as it is there."""
    product, limit = _figure(pair.product, unit), _figure(pair.limit, unit)
    print(f"pair {number + 1}: {product} beside {limit}, ratio {pair.ratio:.2f}", flush=True)
    return pair


def at_least(target: float, name: str, measured: str, pairs: Sequence[Pair], unit: str) -> Line:
    """A rate: the median of the ratios must reach the target."""
    ratio = statistics.median(pair.ratio for pair in pairs)
    worst = min(pair.ratio for pair in pairs)
    return _line(name, measured, pairs, unit, ratio, worst, f"≥ {target:.2f}", ratio >= target)


def at_most(target: float, name: str, measured: str, pairs: Sequence[Pair], unit: str) -> Line:
    """A time or a cost: the median of the ratios must not exceed the target."""
    ratio = statistics.median(pair.ratio for pair in pairs)
    worst = max(pair.ratio for pair in pairs)
    return _line(name, measured, pairs, unit, ratio, worst, f"≤ {target:.2f}", ratio <= target)


def bounded(
    bound: float, name: str, measured: str, values: Sequence[float], limit: str, unit: str
) -> Line:
    """Something with a bound of its own: the greatest value must not exceed it."""
    worst = max(values)
    median = statistics.median(values)
    target = f"≤ {_figure(bound, unit)}"
    shown = _figure(worst, unit)
    return Line(name, measured, _figure(median, unit), limit, "–", shown, target, worst <= bound)


def _line(
    name: str,
    measured: str,
    pairs: Sequence[Pair],
    unit: str,
    ratio: float,
    worst: float,
    target: str,
    held: bool,
) -> Line:
    product = _figure(statistics.median(pair.product for pair in pairs), unit)
    limit = _figure(statistics.median(pair.limit for pair in pairs), unit)
    return Line(name, measured, product, limit, f"{ratio:.2f}", f"{worst:.2f}", target, held)


def _figure(value: float, unit: str) -> str:
    if value >= 100 or value == int(value):
        return f"{value:,.0f} {unit}"
    return f"{value:.2f} {unit}" if value < 10 else f"{value:.1f} {unit}"
