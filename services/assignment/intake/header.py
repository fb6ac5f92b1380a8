"""What the letter says of itself: number, date, kind, issuer, subject, signer."""

import re
from datetime import date

from services.assignment.intake.evidence import Evidence
from services.assignment.intake.letter import Header
from services.assignment.intake.source import squeeze
from services.assignment.intake.words import CAPITALS, SMALL

_NUMBER = re.compile(r"Số\s*:?\s*(\d{1,6})\s*/\s*([A-ZĐƯ][\w&.-]{1,30}(?:-[\w&.]+)*)")
_DATE = re.compile(r",\s*ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})")
_KINDS = (
    ("CHỈ THỊ", "chỉ thị"),
    ("CÔNG ĐIỆN", "công điện"),
    ("KẾ HOẠCH", "kế hoạch"),
    ("THÔNG BÁO", "thông báo"),
    ("KẾT LUẬN", "kết luận"),
)
_ABOUT = re.compile(r"(?:V/v|Về việc|V/V)\s*:?\s*")
_SIGNATURE = re.compile(r"\b(TM|KT|TL|TUQ|Q)\.")
_TITLES = re.compile(
    r"^\s*((?:PHÓ\s+)?(?:CHỦ TỊCH|THỦ TƯỚNG|BỘ TRƯỞNG|CHỦ NHIỆM|GIÁM ĐỐC|CHÁNH VĂN PHÒNG|"
    r"THỨ TRƯỞNG|CỤC TRƯỞNG|VỤ TRƯỞNG|TỔNG GIÁM ĐỐC)|THỨ TRƯỞNG)[\s,]*$",
    re.MULTILINE | re.IGNORECASE,
)
_WORD = f"[{CAPITALS}][{SMALL}]+"
_PERSON = re.compile(rf"^[ ]*((?:{_WORD}\s+){{1,4}}{_WORD})[ ]*$", re.MULTILINE)
_ISSUER = re.compile(
    rf"((?:UBND|[UỦ][ỷy] ban nhân dân)\s+(?:thành phố|Thành phố|tỉnh)(?:\s+{_WORD})*"
    rf"|Thủ tướng Chính phủ|Văn phòng Chính phủ|Bộ\s+[{CAPITALS}][^,.:;\n]{{2,40}}?)"
    r"\s+(?:yêu cầu|chỉ thị|đề nghị|có ý kiến|chỉ đạo|thông báo)"
)
_LETTERHEADS = re.compile(
    r"\s*((?:ỦY BAN NHÂN DÂN|UBND|VĂN PHÒNG|THỦ TƯỚNG|BỘ)\b[^|\n]*(?:\n[^|\n-]*)?)"
)
_TOP, _BOTTOM = 1500, 2500


def read_header(text: str) -> tuple[Header, dict[str, Evidence]]:
    """Fields that the letter does not have stay None; the others have evidence."""
    top, bottom = text[:_TOP], text[-_BOTTOM:]
    number = _NUMBER.search(top)
    kind = _kind(top)
    signer, title = _signer(bottom)
    header = Header(
        number_symbol=f"{number[1]}/{number[2].rstrip('.-')}" if number else None,
        date=_date(top),
        kind=kind,
        issuer=_issuer(text, top),
        subject=_subject(top, kind),
        signer=signer,
        signer_title=title,
        capacity=[f"{mark}." for mark in _SIGNATURE.findall(bottom)],
    )
    return header, _evidence(text, header, number)


def _evidence(text: str, header: Header, number: re.Match[str] | None) -> dict[str, Evidence]:
    found = {}
    bottom = max(0, len(text) - _BOTTOM)
    places = {
        "number_symbol": number.span() if number else None,
        "date": _span(_DATE.search(text, 0, _TOP)) if header.date else None,
        "issuer": (0, _TOP) if header.issuer else None,
        "subject": (0, _TOP) if header.subject else None,
        "signer": (bottom, len(text)) if header.signer else None,
        "signer_title": (bottom, len(text)) if header.signer_title else None,
    }
    for field, place in places.items():
        if place is not None:
            start, end = place
            found[field] = Evidence(
                f"header-{field.replace('_', '-')}", start, min(end, len(text)), 0.9
            )
    return found


def _span(found: re.Match[str] | None) -> tuple[int, int] | None:
    return found.span() if found else None


def _date(top: str) -> str | None:
    found = _DATE.search(top)
    if not found:
        return None
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    except ValueError:
        return None


def _kind(top: str) -> str:
    for line in top.splitlines():
        for mark, kind in _KINDS:
            if line.strip() == mark:
                return kind
    return "công văn"


def _subject(top: str, kind: str) -> str | None:
    if found := _ABOUT.search(top):
        lines = []
        for line in top[found.end() :].split("\n"):
            if not line.strip() or _DATE.search(line):
                break
            lines.append(line)
        return squeeze(" ".join(lines)).strip(" .") or None
    mark = kind.upper()
    lines = [line.strip() for line in top.splitlines()]
    if kind == "công văn" or mark not in lines:
        return None
    below: list[str] = []
    for line in lines[lines.index(mark) + 1 :]:
        if not line and below:
            break
        if below and not line.isupper() and below[-1].isupper():
            break
        if line:
            below.append(line)
    return squeeze(" ".join(below)) or None


def _issuer(text: str, top: str) -> str | None:
    found = _LETTERHEADS.match(top)
    if found and found[1].strip().isupper():
        return squeeze(found[1]).strip(" -").capitalize()
    named = _ISSUER.search(text[:6000])
    return squeeze(named[1]) if named else None


def _signer(bottom: str) -> tuple[str | None, str | None]:
    marks = list(_SIGNATURE.finditer(bottom))
    if not marks:
        return None, None
    block = bottom[marks[0].start() :]
    titles = _TITLES.findall(block)
    names = _PERSON.findall(block)
    title = titles[-1] if titles else None
    return (squeeze(names[-1]) if names else None), (_as_title(title) if title else None)


def _as_title(words: str) -> str:
    """PHÓ CHỦ TỊCH → Phó Chủ tịch: each part of a title begins with a capital."""
    lowered = squeeze(words).lower()
    if lowered.startswith("phó "):
        return "Phó " + lowered[4:].capitalize()
    return lowered.capitalize()
