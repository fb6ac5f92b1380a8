"""What a page says of a letter that it tells without its head: "… ban hành Công văn số …"."""

import re
from dataclasses import dataclass
from datetime import date

from services.assignment.intake.letterhead import BODIES
from services.assignment.intake.source import squeeze
from services.assignment.intake.words import CAPITALS, SMALL

_KIND = (
    r"(?P<kind>(?i:chỉ\s+thị|công\s+điện|kế\s+hoạch|thông\s+báo|kết\s+luận|công\s+văn|văn\s+bản))"
)
_ACT = r"\s(?:(?:đã|vừa|mới)\s+)?(?:ký\s+)?(?:ban\s+hành|ra|có|ký|phát\s+hành|gửi)\s+"
_NUMBER = (
    r"(?:\s+(?:khẩn|hỏa\s+tốc|hoả\s+tốc|kết\s+luận))?(?:\s+số)?\s*:?\s*"
    r"(?:(?P<number>\d{1,6})\s*/\s*(?P<symbol>[A-ZĐƯ][\w&.]{0,30}(?:\s?-\s?[\w&.]+)*)"
    r"|(?P<party>\d{1,6}\s?-\s?[A-ZĐ]\w*/\w+))"
)
_ANNOUNCES = re.compile(_ACT + _KIND + _NUMBER)
_DATED = re.compile(
    r"\s*,?\s*[Nn]gày\s+(?:(\d{1,2})/(\d{1,2})/(\d{4})|(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4}))"
)
_YEAR = re.compile(r"\s+năm\s+\d{4}\b")
_ABOUT = re.compile(r"\s*,?\s*(?:(?:về|V/v)(?:\s+việc)?\s*:?\s+|(?=chỉ\s+đạo|yêu\s+cầu|đề\s+nghị))")
_SIGNS = re.compile(
    rf"((?:Phó\s+)?Thủ\s+tướng)(?:\s+Chính\s+phủ)?\s+((?:[{CAPITALS}][{SMALL}]+\s+){{1,3}}[{CAPITALS}][{SMALL}]+)$"
)
"""Who signed: "Thủ tướng Chính phủ Lê Văn An vừa ký …"."""
_HEAD = re.compile(r"(?:Chủ\s+tịch|Bộ\s+trưởng|Giám\s+đốc)\s+(?=\S)")
_HEAD_OF_A_LETTER = re.compile(
    rf"^[ \x1f]*[{CAPITALS}]{{2,}}[ ][{CAPITALS}]{{2,}}|(?i:gửi\s*:)", re.MULTILINE
)
_NEAR = 1200
_LONGEST = 300
_LONGEST_TITLE, _MOST_TITLES = 200, 4


@dataclass(frozen=True)
class Announced:
    """The span is where the page names the letter."""

    start: int
    end: int
    number_symbol: str
    kind: str | None
    date: str | None
    issuer: str | None
    subject: str | None
    signer: str | None = None
    signer_title: str | None = None


def read_announced(text: str, start: int) -> Announced | None:
    """The first sentence that says that somebody issued a letter, in the first words of a page."""
    found = _ANNOUNCES.search(text, start, start + _NEAR)
    if found is None or not _only_headings(text, start, found.start()):
        return None
    begin = max(text.rfind("\n", start, found.start()), text.rfind(". ", start, found.start())) + 1
    told = text[max(begin, start) : found.start()].strip()
    if ":" in told:
        return None
    dated = _DATED.match(told) or _DATED.match(text, found.end())
    kind = " ".join(found["kind"].lower().split())
    party = found["party"]
    signs = _SIGNS.search(squeeze(told)) if "ký" in found[0] else None
    symbol = party or f"{found['number']}/{found['symbol'].rstrip('.-')}"
    return Announced(
        start=found.start(),
        end=found.end(),
        number_symbol="".join(symbol.split()),
        kind=kind if kind != "văn bản" else None,
        date=_day(dated),
        issuer="Thủ tướng Chính phủ" if signs else _issuer(told),
        subject=_subject(text, found.end()),
        signer=signs[2] if signs else None,
        signer_title=squeeze(signs[1]) if signs else None,
    )


def _only_headings(text: str, start: int, place: int) -> bool:
    """What stands above this place's paragraph are a page's titles, and perhaps one paragraph.

    Lines in capitals or addressees above it are a letter's own head, which a scan misread.
    """
    if _HEAD_OF_A_LETTER.search(text, start, place):
        return False
    above = [one.strip() for one in text[start:place].split("\n\n")[:-1]]
    told = [one for one in above if one.endswith(".") or len(one) > _LONGEST_TITLE]
    return len(told) < 2 and len(above) <= _MOST_TITLES


def _day(found: "re.Match[str] | None") -> str | None:
    if found is None:
        return None
    day, month, year = (int(one) for one in found.groups() if one)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _issuer(told: str) -> str | None:
    """The words before the act, behind the day and what the letter was written for."""
    name = squeeze(told.rpartition(",")[2])
    name = _HEAD.sub("", name, count=1) if _HEAD.match(name) else name
    if name == "Thủ tướng":
        return "Thủ tướng Chính phủ"
    return name if BODIES.match(name.upper()) and len(name) < 80 else None


def _subject(text: str, place: int) -> str | None:
    """ "… về việc …" to the end of the sentence."""
    for skipped in (_DATED, _YEAR):
        if found := skipped.match(text, place):
            place = found.end()
    about = _ABOUT.match(text, place)
    if about is None:
        return None
    rest = text[about.end() : about.end() + _LONGEST].split("\n", 1)[0]
    return squeeze(re.split(r"[.;](?:\s|$)", rest, maxsplit=1)[0]).strip(" .:") or None
