"""Where a letter begins, whom it addresses, where its orders may stand, where it ends."""

import re
from dataclasses import dataclass

from services.assignment.intake.belonging import Body
from services.assignment.intake.bodies import after_aside, read_bodies
from services.assignment.intake.letterhead import BODIES
from services.assignment.intake.paragraphs import paragraphs
from services.assignment.intake.subject import kind_in_line
from services.assignment.intake.words import CAPITALS

_NAME = r"C[ỘÔ]NG\s+H[ÒO][ÀA]\s+X[ÃA]\s+H[ỘÔ]I\s+CH[ỦU]"
_MOTTO = r"[\s\S]{0,200}?Đ[ỘÔ]C\s+L[ẬÂ]P\s*[-–—]"
_PARTY = r"^[ \x1f]*ĐẢNG\s+CỘNG\s+SẢN\s+VIỆT\s+NAM[ \x1f]*$"
_NATION = re.compile(rf"{_NAME}|(?i:{_NAME}(?={_MOTTO}))|{_PARTY}", re.MULTILINE)
"""In capitals or above the motto it heads a letter; in a sentence the country is only named."""
_ADDRESSED = re.compile(
    r"[Kk]ính\s+gửi\s*:?|\bđiện\s*:(?=\s*\n)|Đồng\s+kính\s+gửi\s*:|^[^\w\n]{0,6}n?gửi\s*:",
    re.IGNORECASE | re.MULTILINE,
)
"""A scan may have lost all but the end of "Kính gửi:"."""
_ALSO = re.compile(r"đồng\s+kính\s+gửi", re.IGNORECASE)
_END = re.compile(
    r"\./\.|^[ \x1f]*N[ơƠ][iI]\s+[nN][hH][ậẬ][nN]\s*:?[ \x1f]*$|^[ \x1f]*N[ơo]i\s+nh[ậâa]n\s*:"
    r"|^[ \x1f]*(?:TM|KT|TL|TUQ|T/M|K/T|T/L|Q)\.\s?[A-ZĐ]",
    re.MULTILINE,
)
_BACK = 8
"""How many lines of letterhead may stand before the nation's name."""
_BEHIND_TITLE = re.compile(rf"[.:]\s+((?={BODIES.pattern})[{CAPITALS}, -]{{5,80}})[ -]*\n")
"""A copy that lost its line breaks: "… do Bộ Y tế ban hành. BỘ Y TẾ -------"."""
_HEAD = 1500
_DECISION = re.compile(r"^[ \x1f]*QUYẾT\s+ĐỊNH\s*:?[ \x1f]*$", re.MULTILINE)
_ISSUED_WITH = re.compile(r"\(\s*(?i:(?:ban\s+hành\s+)?kèm\s+theo\s+Quyết\s+định)[^()]{0,300}\)")
_COLUMN = 600
_NUMBER_LINE = re.compile(r"^[ \x1f]*S[ốỐ]\s*:?\s*\d", re.MULTILINE)
_ADDRESSES_LENGTH = 4000


@dataclass(frozen=True)
class Zones:
    """Places in the text; ``start`` ≤ ``body`` ≤ ``end``. What follows ``end`` are annexes."""

    start: int
    body: int
    end: int
    addressees: tuple[Body, ...]
    addressed_at: tuple[int, int] | None
    letterhead: bool = False
    """The nation's name, or the Party's, stands at its head."""
    plan: tuple[int, int] | None = None
    """Where the plan stands that a decision issues behind its signature."""

    @property
    def orders(self) -> tuple[int, int]:
        """Where the letter says what is to be done."""
        return self.plan or (self.body, self.end)


def read_zones(text: str) -> Zones:
    """A page that speaks of the letter before it begins is no part of it."""
    nation = _NATION.search(text)
    start = _start(text, nation.start()) if nation else 0
    head = nation is not None
    begun = _ADDRESSED.search(text, start)
    if begun is None or begun.start() > start + 6000:
        end = _END.search(text, start)
        stop = end.start() if end else len(text)
        body = _below_kind(text, start, stop)
        return Zones(start, body, stop, (), None, head, _plan(text, start, stop))
    names, body = _addressees(text, begun.end())
    end = _END.search(text, body)
    stop = end.start() if end else len(text)
    return Zones(start, body, max(stop, body), names, (begun.start(), body), head)


def _plan(text: str, start: int, end: int) -> tuple[int, int] | None:
    """ "(Ban hành kèm theo Quyết định số …)" heads it."""
    if not _DECISION.search(text, start, end):
        return None
    head = _ISSUED_WITH.search(text, end)
    if head is None:
        return None
    last = _END.search(text, head.end())
    return head.end(), last.start() if last else len(text)


def _below_kind(text: str, start: int, end: int) -> int:
    """Behind "THÔNG BÁO" on a line of its own in the head, where a letter addresses nobody."""
    place = start
    for line in text[start : min(start + _HEAD, end)].splitlines(keepends=True):
        place += len(line)
        if kind_in_line(line):
            return place
    return start


def _start(text: str, nation: int) -> int:
    """The first line of the letterhead: capitals above the nation's name, or the issuer's name."""
    first = place = _number_beside(text, nation)
    for _ in range(_BACK):
        before = text.rfind("\n", 0, max(place - 1, 0)) + 1
        line = text[before : max(place - 1, before)].strip(" \x1f-")
        if place == first and line and not line.isupper():
            if _names_issuer(line):
                return before
            if behind := _BEHIND_TITLE.search(text, before, place):
                return behind.start(1)
        if place == 0 or (line and not line.isupper()) or len(line) > 80:
            break
        place = before
    return place


def _names_issuer(line: str) -> bool:
    """ "Ủy ban nhân dân tỉnh Cà Mau" in small letters, right above the nation's name."""
    return BODIES.match(line.upper()) is not None and line[-1] not in ".:;," and len(line) <= 80


def _number_beside(text: str, nation: int) -> int:
    """Where a letter's left column was written out before its right one, its number is above."""
    place = text.rfind("\n", 0, nation) + 1
    numbers = [one.start() for one in _NUMBER_LINE.finditer(text, max(0, place - _COLUMN), place)]
    if not numbers or _ADDRESSED.search(text, numbers[-1], place):
        return place
    column = text[numbers[-1] : place]
    return place if ". " in column or column.count("\n") > _BACK else numbers[-1]


def _addressees(text: str, place: int) -> tuple[tuple[Body, ...], int]:
    """The bodies after "Kính gửi", and where prose begins."""
    limit = min(len(text), place + _ADDRESSES_LENGTH)
    found: dict[str, Body] = {}
    also = False
    for one in paragraphs(text, place, limit):
        if _ALSO.match(text, one.start, one.end):
            also = True
            continue
        if one.kind == "text" and found and text[one.body : one.end].rstrip().endswith(":"):
            return tuple(found.values()), one.start
        names = read_bodies(text, one.body, one.end, heading=True)
        if one.kind not in ("dash", "plus") and not _only_names(text, names, one.end):
            return tuple(found.values()), one.start
        if not also:
            found.update({name.name: name for name in names if name.name not in found})
    return tuple(found.values()), limit


def _only_names(text: str, names: list[Body], end: int) -> bool:
    """Nothing stands behind the names but what brackets hold."""
    if not names:
        return False
    rest = text[after_aside(text, names[-1].end, end) : end]
    return not rest.strip(" .;,:\n\x1f")
