"""Tables of orders that a copy has flattened: each cell on a line, and nothing between them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from services.assignment.intake.source import BAR
from services.assignment.intake.tables import cells
from services.assignment.intake.tables.grids import Grid, Line
from services.assignment.intake.tables.heads import WIDEST, column, columns
from services.assignment.intake.tables.rows import fit
from services.assignment.intake.tables.spans import Cell

_LONGEST_NUMBER = 7
_LONGEST_HEAD = len("số thứ tự.")
"""What stands above a column of numbers is no longer."""


def read_flat(text: str, start: int, end: int) -> Iterator[Grid]:
    """Below a head that begins with "STT", rows that count up from 1."""
    lines = list(_lines(text, start, end))
    at = 0
    while at < len(lines):
        head, after = _head(text, lines, at)
        if not head:
            at += 1
            continue
        rows = list(_rows(text, islice(lines, after, None), len(head)))
        if rows:
            found = [Line(head, _joined(text, head, row), len(row) < len(head)) for row in rows]
            yield Grid(lines[at].start, rows[-1][-1].end, found)
        at = after + sum(map(len, rows))


def _lines(text: str, start: int, end: int) -> Iterator[Cell]:
    place = start
    while place < end:
        stop = text.find("\n", place, end)
        stop = end if stop < 0 else stop
        line = Cell.within(text, place, stop)
        if not line.empty or text.find(BAR, place, stop) >= 0:
            yield line
        place = stop + 1


def _head(text: str, lines: Sequence[Cell], at: int) -> tuple[list[str], int]:
    short = lines[at].end - lines[at].start <= _LONGEST_HEAD
    if not short or column(cells.said(text, lines[at])) != "number":
        return [], at
    stop = at
    while stop < len(lines) and stop - at < WIDEST and column(cells.said(text, lines[stop])):
        stop += 1
    return columns([cells.said(text, one) for one in lines[at:stop]]), stop


def _rows(text: str, lines: Iterable[Cell], width: int) -> Iterator[list[Cell]]:
    """Lines from one number to the next of its row; the last has no more than its head."""
    row: list[Cell] = []
    before = 0
    for line in lines:
        said = cells.said(text, line) if line.end - line.start < _LONGEST_NUMBER else ""
        number = cells.counted(said)
        if number in (1, before + 1) or (said and cells.GROUP.fullmatch(said)):
            if row:
                yield row
            row = [line]
            before = number or before
        elif not row or line.empty or len(row) >= 3 * width:
            break
        else:
            row.append(line)
    if row:
        yield row[:width]


def _joined(text: str, head: Sequence[str], row: list[Cell]) -> list[Cell]:
    """As many cells as columns: the lines too many go on with the cell where the rest fits best."""
    more = len(row) - len(head)
    if more <= 0:
        return row
    choices = [
        [*row[:at], Cell(row[at].start, row[at + more].end), *row[at + more + 1 :]]
        for at in range(1, len(head))
    ]
    return max(
        choices,
        key=lambda one: sum(fit(text, name, cell) for name, cell in zip(head, one, strict=True)),
    )
