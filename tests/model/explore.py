"""Runs a model with one seed after the other."""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

Run = Callable[[int, str | None], dict[str, int]]
"""A seed, and the guard that is left out; what was counted. Broken if a promise was not kept."""


class Broken(AssertionError):
    """The protocol did not keep its promise."""


def trials(
    run: Run, seeds: int, without: str | None
) -> Iterator[tuple[int, dict[str, int] | Broken]]:
    for seed in range(seeds):
        try:
            yield seed, run(seed, without)
        except Broken as broken:
            yield seed, broken


def explore(what: str, run: Run, guards: Mapping[str, str]) -> int:
    """The command of a model; its exit code."""
    parser = argparse.ArgumentParser(description=f"Explore {what}; exit 1 if it breaks.")
    parser.add_argument("--seeds", type=int, default=300)
    parser.add_argument("--without", choices=guards, help="leave one guard out")
    options = parser.parse_args()
    totals: Counter[str] = Counter()
    broken: list[str] = []
    for seed, result in trials(run, options.seeds, options.without):
        if isinstance(result, Broken):
            broken.append(f"seed {seed}: {result}")
        else:
            totals.update(result)
    print(f"seeds={options.seeds} without={options.without} broken={len(broken)}")
    print(*broken[:3], " ".join(f"{name}={n}" for name, n in totals.items()), sep="\n")
    return 1 if broken else 0
