"""Orders in tables: annexes of plans with columns for the task, its lead and its time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.assignment.intake.source import BAR

_COLUMNS = (
    ("number", re.compile(r"(?i:stt|tt|số\s+tt|số\s+thứ\s+tự)\.?")),
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
            r"(?i:.*(?:nhiệm\s+vụ|nội\s+dung|công\s+việc|hoạt\s+động|giải\s+pháp).*)", re.DOTALL
        ),
    ),
)  # fmt: skip
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
        first, last = place + 1, after
        while first < last and text[first].isspace():
            first += 1
        while last > first and text[last - 1].isspace():
            last -= 1
        if first < last:
            yield Cell(first, last)
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
    for name, pattern in _COLUMNS:
        if pattern.fullmatch(said):
            return name
    return (
        "other"
        if re.fullmatch(r"(?i:sản\s+phẩm.*|ghi\s+chú|kết\s+quả.*|căn\s+cứ.*)", said)
        else None
    )


def _row(text: str, cells: list[Cell], at: int, head: list[str]) -> Row | None:
    row = dict(zip(head, cells[at : at + len(head)], strict=True))
    if head[0] == "number":
        number = row["number"]
        if _NUMBER.fullmatch(text[number.start : number.end]) is None:
            return None
    return Row(row)
