"""What the letter says of itself: number, date, kind, issuer, subject, signer."""

import re
from datetime import date

from services.assignment.intake.announced import Announced, read_announced
from services.assignment.intake.evidence import Evidence
from services.assignment.intake.header_places import Words
from services.assignment.intake.letter import Header
from services.assignment.intake.letterhead import read_issuer
from services.assignment.intake.signature import read_signature
from services.assignment.intake.subject import kind_by_itself, read_kind, read_subject
from services.assignment.intake.zones import Zones

_NUMBER = re.compile(
    r"S[ốỐ](?:\s+hiệu)?\s*:\s*(\d{1,6})\s*/\s*((?:\d{4}\s*/\s*)?[A-ZĐƯ][\w&.]{0,30}(?:\s?-\s?[\w&.]+)*)"
    r"|(?:^[ \x1f]*S[ốỐ]|S[ốỐ]\s*:)\s*(\d{1,6})\s?-\s?([A-ZĐ]\w*/\w+)",
    re.MULTILINE,
)
_NUMBER_ALONE = re.compile(
    r"^[ \x1f]*S[ốỐ]\s+(\d{1,6})\s*/\s*([A-ZĐƯ][\w&.]{0,30}(?:\s?-\s?[\w&.]+)*)()()[ \x1f]*$",
    re.MULTILINE,
)
"""A number that lost its colon has a line of its own."""
_DATE = re.compile(r"ngày\s+(\d{1,2})\s*tháng\s*(\d{1,2}|0 \d)\s*năm\s*(\d{4})")
_DATE_LINE = re.compile(
    r"^[^,\n]{2,40},\s*ngày\s+(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})[ \x1f.]*$", re.MULTILINE
)
_BROKEN_KIND = re.compile(
    r"(?<=\n)([ \x1f]*(?:CHỈ|CÔNG|KẾ|THÔNG|KẾT))[ ]*\n[ ]*(?=(?:THỊ|ĐIỆN|HOẠCH|BÁO|LUẬN)[ ]*\n)"
)
_CALLS = re.compile(r"\s*(?:Điện|ĐIỆN)\s*:\s*(?=\S)")
_TOP, _BOTTOM = 2500, 2500
_SHORTEST = 300
"""No letter ends before that; what looks so stands in its head."""


def read_header(text: str, zones: Zones) -> tuple[Header, dict[str, Evidence]]:
    """Fields that the letter does not have stay None; the others have evidence."""
    top = _mended(text[zones.start : _end_of_top(zones)])
    bottom_at = max(zones.start, min(zones.end, max(0, len(text) - _BOTTOM)))
    bottom = (bottom_at, min(bottom_at + 2 * _BOTTOM, len(text)))
    number = _NUMBER.search(top) or _NUMBER_ALONE.search(top)
    page = read_announced(text, zones.start) if number is None and not zones.letterhead else None
    symbol = page.number_symbol if page else _symbol(number)
    signed = read_signature(text[bottom[0] : bottom[1]])
    kind = (page and page.kind) or read_kind(top, symbol)
    if kind == "công văn" and symbol is None and _CALLS.match(top):
        kind = "công điện"
    if kind == "công văn" and symbol is None and not zones.addressees:
        kind = kind_by_itself(text[zones.start : zones.end + _BOTTOM]) or kind
    issuer = (page.issuer if page else None) or read_issuer(text, zones.start)
    header = Header(
        number_symbol=symbol,
        date=_date(top) or (page.date if page else None),
        kind=kind,
        issuer=issuer,
        subject=(page.subject if page else None) or read_subject(top, kind, issuer),
        signer=signed.signer or (page.signer if page else None),
        signer_title=signed.title or (page.signer_title if page else None),
        capacity=signed.capacity,
    )
    return header, _evidence(text, header, zones, _place(number, page, zones), bottom)


def _end_of_top(zones: Zones) -> int:
    """What is annexed to a short letter has a title of its own, which is not the letter's."""
    return min(zones.start + _TOP, max(zones.end, zones.start + _SHORTEST))


def _mended(top: str) -> str:
    """A kind that was broken over two lines, with every place where it was."""
    return _BROKEN_KIND.sub(lambda found: found[1] + " " * (len(found[0]) - len(found[1])), top)


def _symbol(number: "re.Match[str] | None") -> str | None:
    if number is None:
        return None
    if number[3]:
        return f"{number[3]}-{number[4]}"
    return f"{number[1]}/{''.join(number[2].split()).rstrip('.-')}"


def _place(
    number: "re.Match[str] | None", page: Announced | None, zones: Zones
) -> tuple[int, int] | None:
    if page is not None:
        return page.start, page.end
    return (number.start() + zones.start, number.end() + zones.start) if number else None


def _evidence(
    text: str,
    header: Header,
    zones: Zones,
    number: tuple[int, int] | None,
    bottom: tuple[int, int],
) -> dict[str, Evidence]:
    """The words of each field; where they do not stand as they are told, the part they are in."""
    top = (zones.start, max(zones.body, zones.start))
    above, below = Words(text, zones.start, zones.start + _TOP), Words(text, *bottom)
    signer = below.last(header.signer or "")
    title = below.last(header.signer_title or "", before=signer[0] if signer else None)
    places = {
        "number_symbol": number,
        "date": (above.day(header.date) or top) if header.date else None,
        "issuer": (above.first(header.issuer) or top) if header.issuer else None,
        "subject": (above.first(header.subject) or top) if header.subject else None,
        "signer": (signer or bottom) if header.signer else None,
        "signer_title": (title or bottom) if header.signer_title else None,
    }
    return {
        field: Evidence(f"header-{field.replace('_', '-')}", *place, 0.9)
        for field, place in places.items()
        if place is not None
    }


def _date(top: str) -> str | None:
    """The place and date line: ", ngày … tháng … năm …", or ", ngày 5/6/2025" alone in its line."""
    for found in _DATE.finditer(top):
        before = top[: found.start()].rstrip()
        in_line = top[: found.start()].rfind("\n") >= found.start() - 60
        if before.endswith(",") and in_line and (day := _day(found)):
            return day
    alone = _DATE_LINE.search(top)
    return _day(alone) if alone else None


def _day(found: "re.Match[str]") -> str | None:
    try:
        return date(int(found[3]), int(found[2].replace(" ", "")), int(found[1])).isoformat()
    except ValueError:
        return None
