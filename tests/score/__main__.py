"""Read annotated letters and compare: python -m tests.score LETTERS [--gold FOLDER] [--misses]

LETTERS holds the texts, NAME.txt; FOLDER (LETTERS/gold if not said) their annotations, NAME.json,
as people made them or as GET /intake/{id}/annotations gives them. Letters without an annotation
are not read. ``--misses`` shows each difference too.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from services.assignment.intake.files.reading import open_letter
from services.assignment.intake.files.result import UnreadableLetter
from tests.score.annotation import Annotation, NoAnnotation, load_annotation
from tests.score.measure import BODIES, SHARES, Score, score
from tests.score.misses import misses

COLUMNS = ("tasks", "lead", "coord", "report", "deadline", "recur", "budget", "cited", "header")


class CannotScore(ValueError):
    """One line that says what is missing and where."""


class OneLine(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise CannotScore(message)


def main(arguments: Sequence[str]) -> int:
    try:
        options = _asked(arguments)
        letters = list(_letters(options.letters, options.gold or options.letters / "gold"))
    except (CannotScore, NoAnnotation, UnreadableLetter) as error:
        print(f"score: {error}", file=sys.stderr)
        return 2
    scores = {gold.letter: score(gold, found) for gold, found in letters}
    print("\n".join(table(scores)))
    if options.misses:
        for gold, found in letters:
            print("\n".join((f"\n{gold.letter}", *misses(gold, found))))
    return 0


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = OneLine(prog="score", description=__doc__)
    parser.add_argument("letters", type=Path)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--misses", action="store_true")
    return parser.parse_args(arguments)


def _letters(texts: Path, annotations: Path) -> Iterator[tuple[Annotation, Annotation]]:
    for folder in (texts, annotations):
        if not folder.is_dir():
            raise CannotScore(f"there is no folder {folder}; say LETTERS=folder [GOLD=folder]")
    paths = sorted(annotations.glob("*.json"))
    if not paths:
        raise CannotScore(f"{annotations} holds no annotation (NAME.json)")
    for path in paths:
        gold = load_annotation(path)
        found = open_letter(texts / f"{path.stem}.txt").letter
        yield gold, Annotation.model_validate(found.as_annotation())


def table(scores: dict[str, Score]) -> Iterator[str]:
    """A line for each letter, then all of them together as ``score.py`` words it."""
    width = max(map(len, scores))
    yield f"{'letter':<{width}}  {''.join(f'{name:>9}' for name in COLUMNS)}"
    for letter, one in scores.items():
        yield f"{letter:<{width}}  {''.join(f'{cell:>9}' for cell in _row(one))}"
    yield ""
    yield from _summary(len(scores), sum(scores.values(), Score()))


def _row(one: Score) -> Iterator[str]:
    yield f"{one.tasks.f1:.2f}"
    yield from (f"{one.bodies[name].f1:.2f}" for name in BODIES)
    yield from (f"{one.shares[name].right}/{one.shares[name].of}" for name in SHARES)
    yield f"{one.citations.f1:.2f}"
    yield f"{sum(one.right for one in one.header.values())}/{len(one.header)}"


def _summary(letters: int, whole: Score) -> Iterator[str]:
    tasks = whole.tasks
    gold, found = tasks.right + tasks.missed, tasks.right + tasks.invented
    yield f"letters {letters}  gold tasks {gold}  predicted {found}"
    yield f"tasks        P {tasks.precision:.3f}  R {tasks.recall:.3f}  F1 {tasks.f1:.3f}"
    for name, count in whole.bodies.items():
        told = f"right {count.right}, missed {count.missed}, invented {count.invented}"
        yield f"{name:<12} F1 {count.f1:.3f}  ({told})"
    for name, share in whole.shares.items():
        yield f"{name:<12} {share.right}/{share.of} = {share.value:.3f} of matched tasks"
    yield f"citations    F1 {whole.citations.f1:.3f}"
    fields = (f"{name} {share.right}/{share.of}" for name, share in whole.header.items())
    yield f"header       {'  '.join(fields)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
