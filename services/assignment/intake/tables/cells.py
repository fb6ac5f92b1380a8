"""What the cells of a table of orders say: numbers, times, and who leads and who takes part."""

import re

from services.assignment.intake.bodies import read_told
from services.assignment.intake.tables.spans import Cell

NUMBER = re.compile(
    r"[IVX]{1,5}[.)]?|\d{1,3}(?:\.\d{1,2})*[.)]?|[a-zđA-Z][.)]?|[IVX]{1,5}\.\d{1,3}[.)]?"
)
GROUP = re.compile(r"[IVX]{1,5}[.)]?|[A-ZĐ][.)]?")
"""Numbers of the groups that rows stand in."""
SAME = re.compile(r"(?i:-?\s*(?:nt|như\s+trên)\s*-?|[\"”'`]{1,3})\.?")
""" "nt": as in the row above."""
TIME = re.compile(
    r"\s*(?:-\s*)?(?i:(?:trong|trước|đến|hết|từ|chậm\s+nhất|cuối|đầu|vào|xong)?\s*(?:tháng|quý|năm|ngày|tuần|q|t)?\s*"
    r"[\dIVX]{1,4}(?=\W|$)|thường\s+xuyên|h[aà]ng\s|hằng\s|định\s+kỳ|ngay\s|sau\s+khi|khi\s|theo\s|giai\s+đoạn)"
)
_MARK = re.compile(
    r"(?i:(?:(?:các\s+)?(?:cơ\s+quan|đơn\s+vị)\s+)?(?:(?P<coordinate>phối\s+hợp)|(?P<lead>chủ\s+trì))"
    r"(?:\s+(?:với|cùng|thực\s+hiện))*)\s*(?P<colon>:)?"
)
_DASH = re.compile(r"^[ \x1f]*[-+]\s+(?=\S)", re.MULTILINE)
_EMPTY = " \t\n\x1f,.;:()-+"


def said(text: str, cell: Cell) -> str:
    return text[cell.start : cell.end].strip()


def counted(words: str) -> int | None:
    """1 for "1." and "1)"; None for what is no such number."""
    number = words.rstrip(".)")
    return int(number) if number.isdecimal() and len(number) <= 3 else None


def is_time(text: str, cell: Cell) -> bool:
    return TIME.match(text, cell.start, cell.end) is not None


def is_who(text: str, cell: Cell) -> bool:
    """Nothing but names of bodies stands there."""
    found = read_told(text, cell.start, cell.end)
    return bool(found) and not text[found[-1].end : cell.end].strip(_EMPTY)


def several(text: str, cell: Cell) -> bool:
    """A list, or a group: those who take part rather than who leads."""
    words = said(text, cell)
    return words.lower().startswith("các ") or any(mark in words for mark in ",;\n")


def divide(text: str, cell: Cell, *, both: bool) -> dict[str, Cell]:
    """Who leads and who takes part in a cell that tells of both.

    "Sở A chủ trì, phối hợp với Sở B", "Chủ trì: Sở A; phối hợp: Sở B". Without such words all
    lead; in a column for ``both`` the first does.
    """
    marks = list(_MARK.finditer(text, cell.start, cell.end))
    if not marks:
        return _first(text, cell) if both else {"lead": cell}
    found: dict[str, Cell] = {}
    pending = cell.start
    for at, mark in enumerate(marks):
        role = "lead" if mark["lead"] else "coordinate"
        before = trimmed(text, pending, mark.start())
        pending = mark.end()
        if not before.empty and not mark["colon"]:
            found.setdefault(role, before)
            continue
        after = marks[at + 1].start() if at + 1 < len(marks) else cell.end
        names = trimmed(text, mark.end(), after)
        if not before.empty:
            found.setdefault("lead", before)
        if not names.empty:
            found.setdefault(role, names)
            pending = after
    rest = trimmed(text, pending, cell.end)
    if not rest.empty:
        found.setdefault("coordinate" if "lead" in found else "lead", rest)
    return found


def _first(text: str, cell: Cell) -> dict[str, Cell]:
    bodies = read_told(text, cell.start, cell.end)
    if len(bodies) < 2:
        return {"lead": cell}
    rest = trimmed(text, bodies[0].end, cell.end)
    return {"lead": Cell(cell.start, bodies[0].end), "coordinate": rest}


def items(text: str, cell: Cell) -> list[tuple[int, int]]:
    """The dash paragraphs that a cell is made of; else the whole of it."""
    dashes = list(_DASH.finditer(text[cell.start : cell.end]))
    if len(dashes) < 2 or dashes[0].start() > 0:
        return [(cell.start, cell.end)]
    begun = [cell.start + one.end() for one in dashes]
    ends = [*(cell.start + one.start() for one in dashes[1:]), cell.end]
    return list(zip(begun, ends, strict=True))


def trimmed(text: str, first: int, last: int) -> Cell:
    """Without the blanks and marks at its ends."""
    while first < last and text[first] in _EMPTY:
        first += 1
    while last > first and text[last - 1] in _EMPTY:
        last -= 1
    return Cell(first, last)
