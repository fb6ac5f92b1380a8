"""What the letter says of itself: number, date, kind, issuer, subject, signer."""

import re
from datetime import date

from services.assignment.intake.evidence import Evidence
from services.assignment.intake.letter import Header
from services.assignment.intake.source import squeeze
from services.assignment.intake.words import CAPITALS, FIELDS, SMALL
from services.assignment.intake.zones import Zones

_NUMBER = re.compile(
    r"S[ốỐ]\s*:\s*(\d{1,6})\s*/\s*((?:\d{4}\s*/\s*)?[A-ZĐƯ][\w&.]{0,30}(?:\s?-\s?[\w&.]+)*)|S[ốỐ]\s*:\s*(\d{1,6})\s?-\s?([A-ZĐ]\w*/\w+)"
)
_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})")
_KINDS = (
    ("CHỈ THỊ", "chỉ thị"),
    ("CÔNG ĐIỆN", "công điện"),
    ("KẾ HOẠCH", "kế hoạch"),
    ("THÔNG BÁO KẾT LUẬN", "thông báo"),
    ("THÔNG BÁO", "thông báo"),
    ("KẾT LUẬN", "kết luận"),
)
_SYMBOL_KINDS = (
    ("CT", "chỉ thị"),
    ("CĐ", "công điện"),
    ("KH", "kế hoạch"),
    ("TB", "thông báo"),
    ("KL", "kết luận"),
)
_ABOUT = re.compile(r"(?:\bV/v|\bVề việc|\bV/V|\bVỀ VIỆC)\s*:?\s*")
_TITLE_LINE = re.compile(
    r"\s*(Chỉ thị|Công điện|Kế hoạch|Thông báo|Kết luận)\s+(?:(?:về\s+việc|về|V/v)\s+)?",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^[ \x1f]*(TM|KT|TL|TUQ|Q)\.\s", re.MULTILINE)
_TITLES = re.compile(
    r"^[ \x1f]*((?:PHÓ\s+)?(?:CHỦ TỊCH|THỦ TƯỚNG|BỘ TRƯỞNG|CHỦ NHIỆM|TỔNG GIÁM ĐỐC|GIÁM ĐỐC"
    r"|CHÁNH VĂN PHÒNG|CHÁNH THANH TRA|CỤC TRƯỞNG|VỤ TRƯỞNG|THỐNG ĐỐC|BÍ THƯ|TRƯỞNG BAN"
    r"|VIỆN TRƯỞNG|TỔNG THANH TRA)|THỨ TRƯỞNG)[ ,\x1f]*$",
    re.MULTILINE | re.IGNORECASE,
)
_WORD = f"[{CAPITALS}][{SMALL}]+"
_PERSON = re.compile(
    rf"^[ \x1f]*(?:(?:PGS|GS|TS|ThS)\.\s*)*((?:{_WORD}\s+){{1,4}}{_WORD})[ \x1f]*$", re.MULTILINE
)
_ISSUER = re.compile(
    r"(?:Chủ\s+tịch\s+|Bộ\s+trưởng\s+)?((?:UBND|[UỦ][ỷy] ban nhân dân)"
    rf"\s+(?:[Tt]hành phố|tỉnh|TP\.?|quận|huyện)(?:\s+{_WORD})*"
    rf"|Thủ tướng Chính phủ|Văn phòng Chính phủ|Bộ\s+[{CAPITALS}][^,.:;\n]{{2,40}}?)"
    r"\s+(?:yêu\s+cầu|chỉ\s+thị|đề\s+nghị|có\s+ý\s+kiến|chỉ\s+đạo|thông\s+báo|ban\s+hành)"
)
_LETTERHEAD = re.compile(
    r"[ \x1f\n]*((?:(?:Ủ|U)(?:Y|Ỷ)\s+BAN\s+NHÂN\s+DÂN|UBND|THỦ\s+TƯỚNG|VĂN\s+PHÒNG|BỘ|BAN"
    r"|NGÂN HÀNG|THANH TRA|SỞ|CHÍNH PHỦ|TỔNG CỤC|CỤC)\b[^\x1f\n]*(?:\n[^\x1f\n]*){0,3})"
)
_PLACE = re.compile(r"(?<=\s)(tỉnh|thành phố|quận|huyện|xã|phường)\s.+$")
_TOP, _BOTTOM = 2500, 2500


def read_header(text: str, zones: Zones) -> tuple[Header, dict[str, Evidence]]:
    """Fields that the letter does not have stay None; the others have evidence."""
    top = text[zones.start : zones.start + _TOP]
    bottom_at = max(zones.start, min(zones.end, max(0, len(text) - _BOTTOM)))
    bottom = text[bottom_at : bottom_at + 2 * _BOTTOM]
    number = _NUMBER.search(top)
    symbol = _symbol(number)
    kind = _kind(top, symbol)
    signer, title = _signer(bottom)
    header = Header(
        number_symbol=symbol,
        date=_date(top),
        kind=kind,
        issuer=_issuer(text[zones.start :], top),
        subject=_subject(top, kind),
        signer=signer,
        signer_title=title,
        capacity=[f"{mark}." for mark in _SIGNATURE.findall(bottom)],
    )
    return header, _evidence(header, zones, number, (bottom_at, len(text)))


def _symbol(number: "re.Match[str] | None") -> str | None:
    if number is None:
        return None
    if number[3]:
        return f"{number[3]}-{number[4]}"
    return f"{number[1]}/{''.join(number[2].split()).rstrip('.-')}"


def _evidence(
    header: Header, zones: Zones, number: "re.Match[str] | None", bottom: tuple[int, int]
) -> dict[str, Evidence]:
    top = (zones.start, max(zones.body, zones.start))
    places = {
        "number_symbol": _moved(number, zones.start) if number else None,
        "date": top if header.date else None,
        "issuer": top if header.issuer else None,
        "subject": top if header.subject else None,
        "signer": bottom if header.signer else None,
        "signer_title": bottom if header.signer_title else None,
    }
    return {
        field: Evidence(f"header-{field.replace('_', '-')}", *place, 0.9)
        for field, place in places.items()
        if place is not None
    }


def _moved(found: "re.Match[str]", by: int) -> tuple[int, int]:
    return found.start() + by, found.end() + by


def _date(top: str) -> str | None:
    """The place and date line: ", ngày … tháng … năm …", else the first such date by itself."""
    for found in _DATE.finditer(top):
        before = top[: found.start()].rstrip()
        if before.endswith(",") and top[: found.start()].rfind("\n") >= found.start() - 60:
            try:
                return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
            except ValueError:
                continue
    return None


def _kind(top: str, symbol: str | None) -> str:
    for line in top.splitlines():
        said = line.strip(" \x1f")
        for mark, kind in _KINDS:
            if said == mark:
                return kind
    for mark, kind in _SYMBOL_KINDS:
        if symbol and re.search(rf"/{mark}-|-{mark}/", symbol):
            return kind
    if found := _TITLE_LINE.match(top):
        return found[1].lower()
    return "công văn"


def _subject(top: str, kind: str) -> str | None:
    lines = [line.strip(" \x1f") for line in top.splitlines()]
    mark = next((m for m, _ in _KINDS if m in lines), None)
    if mark is not None:
        return _below(lines[lines.index(mark) + 1 :])
    if kind != "công văn" and (found := _TITLE_LINE.match(top)):
        return squeeze(top[found.end() :].split("\n", 1)[0]).strip(" .") or None
    if found := _ABOUT.search(top):
        return _lines_of_subject(top[found.end() :])
    return None


def _lines_of_subject(rest: str) -> str | None:
    kept: list[str] = []
    for line in rest.split("\n"):
        if not line.strip() or line.strip(" ") == "\x1f" or _DATE.search(line):
            break
        kept.append(line)
    return squeeze(" ".join(kept)).strip(" .") or None


def _below(lines: list[str]) -> str | None:
    """The lines under the kind: capitals go on while they are capitals, else to an empty line."""
    kept: list[str] = []
    for line in lines:
        if not line.strip("-_ "):
            if kept:
                break
            continue
        if kept and kept[-1].isupper() and not line.isupper():
            break
        kept.append(line)
    subject = squeeze(" ".join(kept)).strip(" .")
    return _ABOUT.sub("", subject, count=1) if _ABOUT.match(subject) else subject or None


def _issuer(text: str, top: str) -> str | None:
    found = _LETTERHEAD.match(top)
    if found:
        lines = []
        for line in found[1].split("\n"):
            said = line.strip(" \x1f")
            if not said or not line.isupper() or "CỘNG" in line or said in dict(_KINDS):
                break
            lines.append(line)
        if lines:
            return _as_name(squeeze(" ".join(lines)).strip(" -"))
    named = _ISSUER.search(text[:8000])
    return squeeze(named[1]) if named else None


def _as_name(words: str) -> str:
    """ỦY BAN NHÂN DÂN TỈNH BẮC NINH → Ủy ban nhân dân tỉnh Bắc Ninh."""
    name = words.capitalize()
    for written in (*FIELDS, "Chính phủ"):
        name = re.sub(rf"(?<=\s){re.escape(written.lower())}$", written, name)
    return _PLACE.sub(lambda found: found[0].title().replace(found[1].title(), found[1]), name)


def _signer(bottom: str) -> tuple[str | None, str | None]:
    titles = list(_TITLES.finditer(bottom))
    if not titles:
        return None, None
    names = [one for one in _PERSON.finditer(bottom, titles[-1].end())]
    if not names:
        return None, _as_title(titles[-1][1])
    return squeeze(names[-1][1]), _as_title(titles[-1][1])


def _as_title(words: str) -> str:
    """PHÓ CHỦ TỊCH → Phó Chủ tịch: each part of a title begins with a capital."""
    lowered = squeeze(words).lower()
    if lowered.startswith("phó "):
        return "Phó " + lowered[4:].capitalize()
    return lowered.capitalize()
