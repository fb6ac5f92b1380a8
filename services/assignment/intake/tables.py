"""Orders in tables: annexes of plans with columns for the task, its lead and its time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from services.assignment.intake.source import BAR

_COLUMNS = (
    ("number", re.compile(r"(?i:stt|tt|số\s+tt|số\s+thứ\s+tự|mã(?:\s+\w+)?)\.?")),
    ("coordinate", re.compile(r"(?i:.*phối\s+hợp.*)", re.DOTALL)),
    (
        "lead",
        re.compile(
            r"(?i:.*(?:chủ\s+trì|(?:đơn\s+vị|cơ\s+quan)\s+thực\s+hiện|đầu\s+mối|phân\s+công"
            r"|trách\s+nhiệm).*)",
            re.DOTALL,
        ),
    ),
    ("time", re.compile(r"(?i:.*(?:thời\s+(?:gian|hạn)|tiến\s+độ|hoàn\s+thành).*)", re.DOTALL)),
    (
        "order",
        re.compile(
            r"(?i:.*(?:nhiệm\s+vụ|nội\s+dung|công\s+việc|đầu\s+việc|hoạt\s+động|giải\s+pháp).*)",
            re.DOTALL,
        ),
    ),
)  # fmt: skip
_OTHER = re.compile(r"(?i:sản\s+phẩm.*|ghi\s+chú|kết\s+quả.*|căn\s+cứ.*)")
_LONGEST_HEAD = 80
_NUMBER = re.compile(r"[IVX]{1,5}|\d{1,3}(?:\.\d{1,2})*\.?")


@dataclass(frozen=True)
class Cell:
    """Where the words of a cell stand."""

    start: int
    end: int


@dataclass(frozen=True)
class Row:
    """Cells by the name of their column: number, order, lead, coordinate, time."""

    cells: dict[str, Cell]

    def get(self, column: str) -> Cell | None:
        return self.cells.get(column)


def read_tables(text: str, start: int, end: int) -> Iterator[Row]:
    """The rows below every head that has a column for orders and one for who is to do them."""
    place = start
    for table in _tables(text, start, end):
        head = _columns(text, table[0])
        yield from _in_cells(text, place, table[0][0].start)
        yield from _in_lines(text, table[1:], head)
        place = table[-1][-1].end
    yield from _in_cells(text, place, end)


def without_tables(text: str, start: int, end: int) -> str:
    """As long as the text, with blanks for the lines that ``read_tables`` reads as rows."""
    kept: list[str] = []
    place = 0
    for table in _tables(text, start, end):
        first, last = table[0][0].start, table[-1][-1].end
        kept += [text[place:first], " " * (last - first)]
        place = last
    return "".join([*kept, text[place:]]) if kept else text


def _tables(text: str, start: int, end: int) -> Iterator[list[list[Cell]]]:
    """Tables whose rows are lines, from the head on, where no row is broken over lines."""
    table: list[list[Cell]] = []
    place = start
    while place < end:
        stop = text.find("\n", place, end)
        stop = end if stop < 0 else stop
        row = _line(text, place, stop)
        if row and (table or _columns(text, row)):
            table.append(row)
        elif table:
            if len(table) > 1 and text.find(BAR, place, stop) < 0:
                yield table
            table = []
        place = stop + 1
    if len(table) > 1:
        yield table


def _line(text: str, start: int, end: int) -> list[Cell]:
    """The cells of a line between bars, empty ones too; none if it is no such line."""
    line = text[start:end]
    if not line.strip(" ").startswith(BAR) or not line.rstrip(" ").endswith(BAR):
        return []
    bars = [start + at for at, one in enumerate(line) if one == BAR]
    return [_trimmed(text, one + 1, after) for one, after in pairwise(bars)]


def _trimmed(text: str, first: int, last: int) -> Cell:
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    return Cell(first, last)


def _columns(text: str, row: list[Cell]) -> list[str]:
    """What each column is for; nothing if the row is no head.

    Of two for the order the nearer to its lead has it, the other groups; of two times the last
    is the limit.
    """
    names = [_column(text[cell.start : cell.end]) or "other" for cell in row]
    if not {"order", "lead"} <= set(names):
        return []
    lead = names.index("lead")
    order = _last(names[:lead], "order")
    kept = {
        "order": names.index("order") if order is None else order,
        "lead": lead,
        "time": _last(names, "time"),
    }
    return [
        name if kept.get(name, names.index(name)) == at else "other"
        for at, name in enumerate(names)
    ]


def _last(names: list[str], name: str) -> int | None:
    return max((at for at, one in enumerate(names) if one == name), default=None)


def _in_lines(text: str, rows: list[list[Cell]], head: list[str]) -> Iterator[Row]:
    """Rows as long as their head; a line over all columns names a group of them."""
    for cells in rows:
        if again := _columns(text, cells):
            head = again
            continue
        row = {
            name: cell
            for name, cell in zip(head, cells, strict=False)
            if name != "other" and cell.start < cell.end
        }
        number = row.get("number")
        counted = number is None or _NUMBER.fullmatch(text[number.start : number.end])
        if len(cells) == len(head) and "order" in row and counted:
            yield Row(row)


def _in_cells(text: str, start: int, end: int) -> Iterator[Row]:
    """Tables that have a cell, or a part of one, in each line: empty cells cannot be told."""
    cells = list(_cells(text, start, end))
    at = 0
    while at < len(cells):
        head = _head(text, cells, at)
        if head is None:
            at += 1
            continue
        at += len(head)
        while at + len(head) <= len(cells):
            row = _row(text, cells, at, head)
            if row is None:
                break
            yield row
            at += len(head)


def _cells(text: str, start: int, end: int) -> Iterator[Cell]:
    """What stands between two bars with something in it, whether on one line or on several."""
    place = text.find(BAR, start, end)
    while place >= 0:
        after = text.find(BAR, place + 1, end)
        if after < 0:
            return
        cell = _trimmed(text, place + 1, after)
        if cell.start < cell.end:
            yield cell
        place = after


def _head(text: str, cells: list[Cell], at: int) -> list[str] | None:
    """The columns of a table whose head begins at a cell."""
    columns: list[str] = []
    for cell in cells[at : at + 9]:
        name = _column(text[cell.start : cell.end])
        if name is None or (name in columns and name != "other"):
            break
        columns.append(name)
    while columns and columns[-1] == "other":
        columns.pop()
    return columns if {"order", "lead"} <= set(columns) else None


def _column(said: str) -> str | None:
    said = said.strip()
    if len(said) > _LONGEST_HEAD:
        return None
    if _OTHER.fullmatch(said):
        return "other"
    return next((name for name, pattern in _COLUMNS if pattern.fullmatch(said)), None)


def _row(text: str, cells: list[Cell], at: int, head: list[str]) -> Row | None:
    row = dict(zip(head, cells[at : at + len(head)], strict=True))
    if head[0] == "number":
        number = row["number"]
        if _NUMBER.fullmatch(text[number.start : number.end]) is None:
            return None
    return Row(row)
