"""What the letter says of itself: number, date, kind, issuer, subject, signer."""

import re
from datetime import date

from services.assignment.intake.evidence import Evidence
from services.assignment.intake.header_places import Words
from services.assignment.intake.letter import Header
from services.assignment.intake.patterns import any_of
from services.assignment.intake.source import squeeze
from services.assignment.intake.words import CAPITALS, FIELDS, SMALL
from services.assignment.intake.zones import Zones

_NUMBER = re.compile(
    r"S[ốỐ](?:\s+hiệu)?\s*:\s*(\d{1,6})\s*/\s*((?:\d{4}\s*/\s*)?[A-ZĐƯ][\w&.]{0,30}(?:\s?-\s?[\w&.]+)*)|S[ốỐ]\s*:\s*(\d{1,6})\s?-\s?([A-ZĐ]\w*/\w+)"
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
_SIGNATURE = re.compile(
    r"(?:^[ \x1f]*|:[ \x1f]+|[;.][ \x1f]{2,})(T/?M|K/?T|T/?L|TUQ|Q)(?:\.\s?|(?<=/.)\s)"
    rf"(?=\s*[{CAPITALS}]{{2}})",
    re.MULTILINE,
)
"""At the head of a line, or beside the recipients where a page has two columns."""
_OFFICES = (
    "CHỦ TỊCH", "THỦ TƯỚNG", "BỘ TRƯỞNG", "CHỦ NHIỆM", "TỔNG GIÁM ĐỐC", "GIÁM ĐỐC",
    "CHÁNH VĂN PHÒNG", "CHÁNH THANH TRA", "TỔNG CỤC TRƯỞNG", "CỤC TRƯỞNG", "CHI CỤC TRƯỞNG",
    "VỤ TRƯỞNG", "THỐNG ĐỐC", "BÍ THƯ", "TRƯỞNG BAN", "VIỆN TRƯỞNG", "TỔNG THANH TRA",
    "HIỆU TRƯỞNG", "TRƯỞNG PHÒNG", "CHỈ HUY TRƯỞNG", "TƯ LỆNH", "TỔNG BIÊN TẬP", "CHÁNH ÁN",
)  # fmt: skip
_TITLES = re.compile(
    r"^(?:[ \x1f]*|[ ]*-[^\n;]{2,40};[ ]+)"
    rf"((?:PHÓ\s+)?{any_of(_OFFICES)}(?:\s+THƯỜNG\s+TRỰC)?|THỨ\s+TRƯỞNG)[ ,\x1f]*$",
    re.MULTILINE | re.IGNORECASE,
)
_BROKEN_KIND = re.compile(
    r"(?<=\n)([ \x1f]*(?:CHỈ|CÔNG|KẾ|THÔNG|KẾT))[ ]*\n[ ]*(?=(?:THỊ|ĐIỆN|HOẠCH|BÁO|LUẬN)[ ]*\n)"
)
_URGENT = re.compile(r"^(CÔNG ĐIỆN) (?:KHẨN|HỎA TỐC|HOẢ TỐC|THƯỢNG KHẨN)$")
_WORD = f"[{CAPITALS}][{SMALL}]+"
_PERSON = re.compile(
    rf"^[ \x1f]*(?:(?:PGS|GS|TS|ThS)\.\s*)*((?:{_WORD}\s+){{1,4}}{_WORD})[ \x1f]*$", re.MULTILINE
)
_ISSUER = re.compile(
    r"(?:Chủ\s+tịch\s+|Bộ\s+trưởng\s+)?((?:UBND|[UỦ][ỷy] ban nhân dân)"
    rf"\s+(?:[Tt]hành phố|tỉnh|TP\.?|quận|huyện)(?:\s+{_WORD})*"
    rf"|Thủ tướng Chính phủ|Văn phòng Chính phủ|(?:Bộ|Tổng cục)\s+[{CAPITALS}][^,.:;\n]{{2,40}}?)"
    r"(?<!\sđã)\s+(?:yêu\s+cầu|chỉ\s+thị|đề\s+nghị|có\s+ý\s+kiến|chỉ\s+đạo|thông\s+báo|ban\s+hành)"
)
_LETTERHEAD = re.compile(
    r"[ \x1f\n]*((?:(?:Ủ|U)(?:Y|Ỷ)\s+BAN\s+NHÂN\s+DÂN|UBND|THỦ\s+TƯỚNG|VĂN\s+PHÒNG|BỘ|BAN"
    r"|NGÂN HÀNG|THANH TRA|SỞ|CHÍNH PHỦ|TỔNG CỤC|CỤC)\b[^\x1f\n]*(?:\n[^\x1f\n]*){0,3})"
)
_SUBORDINATE = re.compile(
    r"[ \x1f]*(?:SỞ|TỔNG CỤC|CỤC|CHI CỤC|VĂN PHÒNG|THANH TRA|BAN|PHÒNG|TRUNG TÂM)\s"
)
_OF_THE_ISSUER = re.compile(
    r"(?i:\s*thông\s+báo\s[^\n]*\scủa\s+"
    r"((?:bộ(?!\s+trưởng)|ubnd|[uủ][ỷy]\s+ban\s+nhân\s+dân)\s[^,;\n]{3,40}?))[ .]*\n"
)
"""A title without a letterhead may end with whose it is."""
_SUPERIOR = re.compile(
    r"(?:UBND|[UỦ](?:Ỷ|Y) BAN NHÂN DÂN) (?:TỈNH|THÀNH PHỐ|QUẬN|HUYỆN|THỊ XÃ|XÃ|PHƯỜNG) \S|BỘ \S+"
)
_NATION = re.compile(r"C[ỘÔ]NG\s+H[ÒO][ÀA]\s+X|Độc\s+lập\s*-", re.IGNORECASE)
_PLACE = re.compile(r"(?<=\s)(tỉnh|thành phố|quận|huyện|xã|phường)\s.+$")
_TOP, _BOTTOM = 2500, 2500


def read_header(text: str, zones: Zones) -> tuple[Header, dict[str, Evidence]]:
    """Fields that the letter does not have stay None; the others have evidence."""
    top = text[zones.start : zones.start + _TOP]
    top = _BROKEN_KIND.sub(lambda found: found[1] + " " * (len(found[0]) - len(found[1])), top)
    bottom_at = max(zones.start, min(zones.end, max(0, len(text) - _BOTTOM)))
    bottom = text[bottom_at : bottom_at + 2 * _BOTTOM]
    number = _NUMBER.search(top)
    symbol = _symbol(number)
    kind = _kind(top, symbol)
    signer, title = _signer(bottom)
    issuer = _issuer(text[zones.start :], top)
    header = Header(
        number_symbol=symbol,
        date=_date(top),
        kind=kind,
        issuer=issuer,
        subject=_subject(top, kind, issuer),
        signer=signer,
        signer_title=title,
        capacity=[f"{mark.replace('/', '')}." for mark in _SIGNATURE.findall(bottom)],
    )
    return header, _evidence(text, header, zones, number, (bottom_at, len(text)))


def _symbol(number: "re.Match[str] | None") -> str | None:
    if number is None:
        return None
    if number[3]:
        return f"{number[3]}-{number[4]}"
    return f"{number[1]}/{''.join(number[2].split()).rstrip('.-')}"


def _evidence(
    text: str,
    header: Header,
    zones: Zones,
    number: "re.Match[str] | None",
    bottom: tuple[int, int],
) -> dict[str, Evidence]:
    """The words of each field; where they do not stand as they are told, the part they are in."""
    top = (zones.start, max(zones.body, zones.start))
    above, below = Words(text, zones.start, zones.start + _TOP), Words(text, *bottom)
    signer = below.last(header.signer or "")
    title = below.last(header.signer_title or "", before=signer[0] if signer else None)
    places = {
        "number_symbol": _moved(number, zones.start) if number else None,
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
    for said in _lines(top):
        for mark, kind in _KINDS:
            if said == mark:
                return kind
    for mark, kind in _SYMBOL_KINDS:
        if symbol and re.search(rf"/{mark}-|-{mark}/", symbol):
            return kind
    if found := _TITLE_LINE.match(top):
        return found[1].lower()
    return "công văn"


def _subject(top: str, kind: str, issuer: str | None) -> str | None:
    lines = _lines(top)
    mark = next((m for m, _ in _KINDS if m in lines), None)
    if mark is not None:
        below = _below(lines[lines.index(mark) + 1 :])
        return None if below and issuer and below.lower() == issuer.lower() else below
    if kind != "công văn" and (found := _TITLE_LINE.match(top)):
        return squeeze(top[found.end() :].split("\n", 1)[0]).strip(" .") or None
    for found in _ABOUT.finditer(top):
        subject = _lines_of_subject(top[found.end() :])
        if subject is None or not subject.endswith(":"):  # "Về việc …, Bộ có ý kiến như sau:"
            return subject
    return None


def _lines(top: str) -> list[str]:
    return [_URGENT.sub(r"\1", squeeze(line.strip(" \x1f"))) for line in top.splitlines()]


def _lines_of_subject(rest: str) -> str | None:
    kept: list[str] = []
    for whole in rest.split("\n"):
        line = whole if whole.strip(" ") == "\x1f" else whole.lstrip(" \x1f").split("\x1f")[0]
        if (
            not line.strip()
            or line.strip(" ") == "\x1f"
            or _DATE.search(line)
            or _NATION.search(line)
        ):
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
            nation = _NATION.search(line)
            said = line[: nation.start() if nation else len(line)].strip(" \x1f-")
            if not said or not said.isupper() or said in dict(_KINDS):
                break
            lines.append(said)
        if lines:
            return _as_name(squeeze(" ".join(_own_lines(lines))).strip(" -"))
    named = _ISSUER.search(text[:8000]) or _OF_THE_ISSUER.match(top)
    return squeeze(named[1]) if named else None


def _own_lines(lines: list[str]) -> list[str]:
    """Below the body that it belongs to stands the one that issues."""
    below = [
        at
        for at, line in enumerate(lines)
        if _SUBORDINATE.match(line) and _SUPERIOR.match(squeeze(" ".join(lines[:at])))
    ]
    return lines[below[-1] :] if below else lines


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
