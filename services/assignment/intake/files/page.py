"""What stands where on a page: pieces of text, lines of tables; in points, y downwards."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

LABEL = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)]?|[IVXivx]{1,5}[.)]|[a-zA-ZđĐ][.)]|[-+–•*])")

WORD_GAP = 1.5
"""Of the letters' height: a wider gap between two words parts them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text on one line without a wide gap in it."""

    x0: float
    x1: float
    y0: float
    y1: float
    text: str

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


@dataclass(frozen=True, slots=True)
class Grid:
    """A table by its lines: where rows and columns are bounded."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]

    def holds(self, piece: Piece) -> bool:
        middle = (piece.x0 + piece.x1) / 2
        return self.ys[0] < piece.middle < self.ys[-1] and self.xs[0] < middle < self.xs[-1]


@dataclass(frozen=True, slots=True)
class Page:
    """Pieces in the order of the file, which need not be that of reading."""

    pieces: Sequence[Piece]
    grids: Sequence[Grid]
    height: float


def rows_of(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """From top to bottom, each from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: one.middle):
        last = rows[-1][0] if rows else None
        if last is not None and piece.middle - last.middle < min(piece.height, last.height) / 2:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [_labelled(sorted(row, key=lambda one: one.x0)) for row in rows]


def _labelled(row: list[Piece]) -> list[Piece]:
    """A label and the text that a tab keeps away from it are one piece."""
    if len(row) > 1 and LABEL.fullmatch(row[0].text.strip()):
        first, second, *rest = row
        return [joined([first, second]), *rest]
    return row


def joined(row: Sequence[Piece]) -> Piece:
    """One piece of a whole row."""
    return replace(
        row[0],
        x1=row[-1].x1,
        y0=min(one.y0 for one in row),
        y1=max(one.y1 for one in row),
        text=" ".join(one.text.strip() for one in row),
    )


def grids_of(flat: Iterable[tuple[float, float, float, float]]) -> list[Grid]:
    """Tables from drawn lines, each ``x0, y0, x1, y1``; a frame of one cell is none."""
    across, down = [], []
    for x0, y0, x1, y1 in flat:
        if y1 - y0 < 3 and x1 - x0 > 10:
            across.append((x0, y0, x1, y1))
        elif x1 - x0 < 3 and y1 - y0 > 4:
            down.append((x0, y0, x1, y1))
        elif x1 - x0 > 10 and y1 - y0 > 4:
            across += [(x0, y0, x1, y0), (x0, y1, x1, y1)]
            down += [(x0, y0, x0, y1), (x1, y0, x1, y1)]
    found = []
    for top, bottom in _spans([(y0, y1) for _, y0, _, y1 in down]):
        xs = _apart(x0 for x0, y0, _, _ in down if top - 3 <= y0 <= bottom)
        if len(xs) < 3:
            continue
        wide = [y0 for x0, y0, x1, _ in across if top - 3 <= y0 <= bottom + 3]
        ys = _apart([top, bottom, *wide])
        if len(ys) > 1:
            found.append(Grid(tuple(xs), tuple(ys)))
    return found


def _spans(pairs: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Where lines that go down touch each other there is one table."""
    spans: list[tuple[float, float]] = []
    for low, high in sorted(pairs):
        if spans and low <= spans[-1][1] + 3:
            spans[-1] = spans[-1][0], max(spans[-1][1], high)
        else:
            spans.append((low, high))
    return spans


def _apart(places: Iterable[float]) -> list[float]:
    """Each place once; double lines count as one."""
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > 4:
            kept.append(place)
    return kept
