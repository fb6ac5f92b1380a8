"""Tables of orders in a text: heads and rows between bars, on lines or with a cell to each line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.assignment.intake.source import BAR
from services.assignment.intake.tables import cells
from services.assignment.intake.tables.heads import WIDEST, below, column, columns
from services.assignment.intake.tables.spans import Cell

_RULE = re.compile(r"[:\-=\s]*-[:\-=\s]*")
_PARTED = re.compile(r"\n[ \t\x1f]*\n")


@dataclass(frozen=True)
class Line:
    """A row below its head. ``short``: cells that span rows or columns may be left out of it."""

    head: list[str]
    cells: list[Cell]
    short: bool


@dataclass(frozen=True)
class Grid:
    """A table from its head to the end of its last row."""

    start: int
    end: int
    lines: list[Line]


@dataclass(frozen=True)
class _Token:
    """What stands between two bars.

    ``gap``: nothing but a line break: a row ends, or the cell is empty. ``inline``: the words
    begin in the line of their bar; a gap that is so ends a line without bars at its ends.
    ``parted``: an empty line stands before the words.
    """

    cell: Cell
    gap: bool
    inline: bool
    parted: bool


def read_grids(text: str, start: int, end: int) -> Iterator[Grid]:
    """Every table whose head has a column for orders and one for who is to do them."""
    tokens = list(_tokens(text, start, end))
    at = 0
    while at < len(tokens):
        head, after = _head(text, tokens, at) if _may_begin(text, tokens, at) else ([], at)
        if not head:
            at += 1
            continue
        table = _Table(text, tokens, head, tokens[at].inline)
        lines, after = table.read(tokens[at:after], after)
        if lines:
            last = max(one.end for one in lines[-1].cells)
            yield Grid(tokens[at].cell.start, last, lines)
        at = max(after, at + 1)


def _may_begin(text: str, tokens: Sequence[_Token], at: int) -> bool:
    """The title of an annex may look like a column, but "STT" stands behind it."""
    first, *second = (column(cells.said(text, one.cell)) for one in tokens[at : at + 2])
    return first is not None and second != ["number"]


def _tokens(text: str, start: int, end: int) -> Iterator[_Token]:
    before, place = start - 1, text.find(BAR, start, end)
    while place >= 0:
        if line := _open_line(text, before, place, end):
            yield from _opened(text, *line)
            before, place = line[1], text.find(BAR, line[1], end)
            continue
        before, place = place, text.find(BAR, place + 1, end)
        if place < 0:
            return
        after = _open_line(text, before, place, end)
        cell = Cell.within(text, before + 1, after[0] if after else place)
        broken = text.find("\n", before, cell.start if cell.end > cell.start else place) >= 0
        parted = broken and _PARTED.search(text, before, cell.start) is not None
        yield _Token(cell, cell.empty and broken, not broken, parted)


def _open_line(text: str, before: int, bar: int, end: int) -> tuple[int, int] | None:
    """A line whose first bar this is, with words before it and behind the last."""
    first = max(text.rfind("\n", before + 1, bar), before) + 1
    if text[first - 1 : first] not in ("", "\n") or not text[first:bar].strip():
        return None
    last = text.find("\n", bar, end)
    last = end if last < 0 else last
    behind = text.rfind(BAR, bar, last)
    return (first, last) if text[behind + 1 : last].strip() else None


def _opened(text: str, first: int, last: int) -> Iterator[_Token]:
    """The cells of such a line, and its end."""
    bars = [first - 1, *(at for at in range(first, last) if text[at] == BAR), last]
    for before, after in pairwise(bars):
        yield _Token(Cell.within(text, before + 1, after), False, True, False)
    yield _Token(Cell(last, last), True, True, False)


def _head(text: str, tokens: Sequence[_Token], at: int) -> tuple[list[str], int]:
    """The columns of a table whose head begins there, and where the tokens after it begin."""
    stop = at
    while stop < len(tokens) and stop - at <= WIDEST and not tokens[stop].gap:
        stop += 1
    said = [cells.said(text, one.cell) for one in tokens[at:stop]]
    named = next((place for place, one in enumerate(said) if column(one) is None), len(said))
    whole = stop < len(tokens) and len(said) <= WIDEST
    rows = named and len(said) % named == 0 and columns(said[:named])
    if not whole or rows:
        return columns(said[:named]), at + named
    return columns(said), stop


class _Table:
    """Reads rows below a head, of one table."""

    def __init__(self, text: str, tokens: Sequence[_Token], head: list[str], inline: bool) -> None:
        self.text, self.tokens, self.head, self.inline = text, tokens, head, inline
        self.counted = 0

    def read(self, first: Sequence[_Token], at: int) -> tuple[list[Line], int]:
        """The rows, and where the table ends. ``first``: the head's row."""
        gapless = at < len(self.tokens) and not self.tokens[at].gap
        lines: list[Line] = []
        said = [cells.said(self.text, one.cell) for one in first]
        if not gapless:
            at += 1
            parted, after = self._second(said, at)
            if parted:
                self.head, at = parted, after
        rows = self._on_lines(at) if self.inline else self._stacked(at, gapless)
        for row, short, after in rows:
            at = after
            told = [cells.said(self.text, one) for one in row]
            if all(not one or _RULE.fullmatch(one) for one in told):
                continue
            if again := columns(told):
                self.head = again
            else:
                lines.append(Line(self.head, row, short))
        return lines, at

    def _second(self, said: Sequence[str], at: int) -> tuple[list[str], int]:
        stop = at
        while stop < len(self.tokens) and stop - at <= WIDEST and not self.tokens[stop].gap:
            stop += 1
        told = [cells.said(self.text, one.cell) for one in self.tokens[at:stop]]
        return below(self.head, said, told), stop + 1

    def _on_lines(self, at: int) -> Iterator[tuple[list[Cell], bool, int]]:
        """Each row on a line, or on the lines that its cells are broken over."""
        row: list[Cell] = []
        while at < len(self.tokens):
            token = self.tokens[at]
            if len(row) >= len(self.head) and not token.gap and not token.inline:
                break
            at += 1
            if not token.gap:
                row.append(token.cell)
                continue
            if row:
                yield row, token.inline and len(row) < len(self.head), at
            row = []
        if row:
            yield row, False, at

    def _stacked(self, at: int, gapless: bool) -> Iterator[tuple[list[Cell], bool, int]]:
        """A cell, or a part of one, on each line: a gap ends the row or is an empty cell."""
        row: list[Cell] = []
        width = len(self.head)
        while at < len(self.tokens) and not self.tokens[at].parted:
            token = self.tokens[at]
            if not token.gap:
                if len(row) == width:
                    counted = self.head[0] == "number"
                    if not gapless or (counted and not self._begins(at)):
                        break
                    yield row, False, at
                    row = []
                if not row:
                    self.counted = cells.counted(cells.said(self.text, token.cell)) or self.counted
                row.append(token.cell)
                at += 1
                continue
            gaps = at
            while at < len(self.tokens) and self.tokens[at].gap and not self.tokens[at].parted:
                at += 1
            gaps = at - gaps
            width = len(self.head)
            ends = len(row) == width or self._ends(len(row), gaps, at)
            blank = Cell(token.cell.start, token.cell.start)
            if not ends:
                row += [blank] * gaps
                continue
            filled = row + [blank] * min(gaps - 1, width - len(row))
            if row:
                yield filled, len(filled) < width, at
            left = gaps - 1 - (len(filled) - len(row))
            row = [blank] * left if left < width and not self._begins(at) else []
        if any(not one.empty for one in row):
            yield row, len(row) < width, at

    def _ends(self, long: int, gaps: int, at: int) -> bool:
        """Whether a row ends there that has fewer cells than its head."""
        if at >= len(self.tokens) or self.tokens[at].parted:
            return True
        if self.head[0] == "number":
            return self._begins(at) or long + gaps >= len(self.head)
        more = 0
        while at + more < len(self.tokens) and not self.tokens[at + more].gap and more < WIDEST:
            more += 1
        return long + gaps + more != len(self.head)

    def _begins(self, at: int) -> bool:
        """A number that goes on with the rows before, where rows have numbers."""
        if at >= len(self.tokens) or self.head[0] != "number":
            return False
        said = cells.said(self.text, self.tokens[at].cell)
        if not said or cells.NUMBER.fullmatch(said) is None:
            return False
        number = cells.counted(said)
        return number is None or number in (1, self.counted + 1)
