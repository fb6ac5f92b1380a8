"""Orders in tables: annexes of plans with columns for the task, its lead and its time."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.assignment.intake.tables import cells
from services.assignment.intake.tables.flat import read_flat
from services.assignment.intake.tables.grids import Grid, Line, read_grids
from services.assignment.intake.tables.rows import place
from services.assignment.intake.tables.spans import Cell

_HELD = ("lead", "coordinate", "time")
_DIGITS = re.compile(r"\(?\d{1,2}\)?")


@dataclass(frozen=True)
class Row:
    """Cells by the name of their column: number, order, lead, coordinate, time."""

    cells: dict[str, Cell]

    def get(self, column: str) -> Cell | None:
        return self.cells.get(column)


@dataclass(frozen=True)
class _Placed:
    """``short``: cells that span rows are left out, so what is missing is as above."""

    number: str
    cells: dict[str, Cell]
    short: bool


def find_tables(text: str, start: int, end: int) -> list[Grid]:
    """Tables with a column for orders and one for who is to do them; they may have no row."""
    return [one for one in _grids(text, start, end) if next(_orders(text, one), None)]


def read_rows(text: str, tables: Iterable[Grid]) -> Iterator[Row]:
    """The rows of tables that order something."""
    for one in tables:
        yield from _orders(text, one)


def without(text: str, tables: Iterable[Grid]) -> str:
    """As long as the text, with blanks for the tables."""
    kept: list[str] = []
    at = 0
    for one in tables:
        kept += [text[at : one.start], " " * (one.end - one.start)]
        at = one.end
    return "".join([*kept, text[at:]]) if kept else text


def _grids(text: str, start: int, end: int) -> Iterator[Grid]:
    """In the order of the text, those that stand in another left out."""
    last = start
    found = [*read_grids(text, start, end), *read_flat(text, start, end)]
    for grid in sorted(found, key=lambda one: one.start):
        if grid.start >= last:
            yield grid
            last = grid.end


def _orders(text: str, grid: Grid) -> Iterator[Row]:
    """Rows that order something, each with what it has from those above it."""
    rows = [one for line in grid.lines if (one := _placed(text, line)) is not None]
    above: dict[str, Cell] = {}
    for at, row in enumerate(rows):
        after = rows[at + 1].number if at + 1 < len(rows) else ""
        told = {name: cell for name, cell in row.cells.items() if not cell.empty}
        if _is_group(text, row, told, after):
            above = _who(text, told)
            continue
        held = _held(text, row, told, above)
        yield Row(held)
        above = _who(text, held)


def _placed(text: str, line: Line) -> _Placed | None:
    found = place(text, line)
    if found is None:
        return None
    number = found.get("number")
    return _Placed(cells.said(text, number).rstrip(".)") if number else "", found, line.short)


def _is_group(text: str, row: _Placed, told: dict[str, Cell], after: str) -> bool:
    """A row that names those below it, or counts the columns, or says nothing."""
    order = told.get("order")
    if order is None or _DIGITS.fullmatch(cells.said(text, order)):
        return True
    if row.number and after.startswith(f"{row.number}."):
        return True
    begins = after in ("1", "a") and row.number != after
    if cells.GROUP.fullmatch(row.number):
        return begins or not {"lead", "both"} & set(told)
    if set(told) & {*_HELD, "both"}:
        return False
    return not row.number or begins or cells.said(text, order).isupper()


def _held(
    text: str, row: _Placed, told: dict[str, Cell], above: dict[str, Cell]
) -> dict[str, Cell]:
    """With the lead of the row above where it has none of its own, and what goes with it."""
    same = {name for name, cell in told.items() if cells.SAME.fullmatch(cells.said(text, cell))}
    told = {name: cell for name, cell in told.items() if name not in same}
    leads = {"lead", "both"} & set(told)
    own = {**told, **_who(text, told)}
    for name, cell in above.items():
        if name in same or row.short or not leads:
            own.setdefault(name, cell)
    return own


def _who(text: str, told: dict[str, Cell]) -> dict[str, Cell]:
    """Lead, who takes part and when; lead and part have a column each or one together."""
    kept: dict[str, Cell] = {
        name: cell for name, cell in told.items() if name in ("coordinate", "time")
    }
    if "both" in told:
        return {**cells.divide(text, told["both"], both=True), **kept}
    if "lead" in told:
        return {**cells.divide(text, told["lead"], both=False), **kept}
    return kept
