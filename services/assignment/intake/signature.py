"""Who signs a letter, as what, and for whom."""

import re
from dataclasses import dataclass

from services.assignment.intake.letterhead import BODIES
from services.assignment.intake.patterns import any_of
from services.assignment.intake.source import squeeze
from services.assignment.intake.words import CAPITALS, SMALL

_MARKS = r"(?:(?:TM|KT|TL|TUQ|Q)\.|(?:T/M|K/T|T/L|TU/Q)\.?)"
_MARK = re.compile(
    r"(?:(?:^|\x1f|\b[nN][hH][ậâậẬ][nN]\s*:|[;.][ ]{2,})[ ]*"
    rf"|(?<=[{CAPITALS};])[ ](?={_MARKS}\s?[{CAPITALS}]{{2}}))"
    rf"({_MARKS})\s?(?=\S)",
    re.MULTILINE,
)
_IN_WORDS = re.compile(
    r"(?:^|\x1f)[ ]*(ký thay|thay mặt|thừa lệnh|thừa [uủ][ỷy] quyền)\s(?=[^\n.;]{2,60}$)",
    re.MULTILINE | re.IGNORECASE,
)
_WRITTEN_OUT = {"ký thay": "KT.", "thay mặt": "TM.", "thừa lệnh": "TL."}
OFFICES = (
    "CHỦ TỊCH", "THỦ TƯỚNG", "BỘ TRƯỞNG", "THỨ TRƯỞNG", "CHỦ NHIỆM", "TỔNG GIÁM ĐỐC", "GIÁM ĐỐC",
    "CHÁNH VĂN PHÒNG", "CHÁNH THANH TRA", "CHÁNH ÁN", "TỔNG CỤC TRƯỞNG", "CHI CỤC TRƯỞNG",
    "CỤC TRƯỞNG", "VỤ TRƯỞNG", "THỐNG ĐỐC", "TỔNG BÍ THƯ", "BÍ THƯ", "TRƯỞNG BAN",
    "TRƯỞNG TIỂU BAN", "TRƯỞNG PHÒNG", "TRƯỞNG ĐOÀN", "HIỆU TRƯỞNG", "VIỆN TRƯỞNG",
    "CHỈ HUY TRƯỞNG", "TỔNG BIÊN TẬP",
    "TỔNG THANH TRA", "TỔNG KIỂM TOÁN", "TỔNG THƯ KÝ", "TƯ LỆNH",
)  # fmt: skip
_OFFICE = rf"(?:QUYỀN\s+)?(?:PHÓ\s+)?{any_of(OFFICES)}(?:\s+THƯỜNG TRỰC)?"
_OF = r"(?:\s+(?:SỞ|CỤC|BAN|VỤ)\s[^\n\x1f,;]{2,40})?"
_OF_UNSAID = r"(?:\s+(?:UBND|[UỦ][ỶY] BAN NHÂN DÂN|HĐND)[^\n\x1f]{0,40})?"
_FOR_WHOM = rf"(?:Q\.\s*|{_MARKS}[^\n\x1f]{{1,40}}?\s-\s*)?"
_BESIDE = r"(?:^|\x1f|^[ ]*[-+][^\n;:]{2,40}[;:][ .]*|^[ ]*N[ơƠ][iI]\s+[nN][hH][ậẬ][nN]\s*:)[ ]*"
"""At the head of a line or of a cell, or behind "Nơi nhận:" or a recipient in two columns."""
_TITLE = re.compile(
    rf"{_BESIDE}{_FOR_WHOM}({_OFFICE}(?:\s*[,-]\s*{_OFFICE})*{_OF}){_OF_UNSAID}"
    r"[ ,]*(?=\x1f|$)",
    re.MULTILINE | re.IGNORECASE,
)
_WORD = f"[{CAPITALS}][{SMALL}]+"
_GAP = r"(?: +|[ ]*\n[ ]*)"
_BEFORE_NAME = (
    r"(?:\(?Đã ký[^\n)]{0,20}?[):]\s*)?"
    r"(?:(?:PGS|GS|TSKH|TS|[Tt]h[Ss]|BS|BSCKII?|DS|KS|LS)\.?\s*)*"
    r"(?:(?:Đại|Thượng|Trung|Thiếu)\s+(?:tướng|tá|úy)\s+)?"
)
_PERSON = re.compile(
    rf"(?:^|\x1f|^[ ]*-[ ]*Lưu[^\n;]{{2,40}}[;.][ ])[ ]*{_BEFORE_NAME}"
    rf"((?:{_WORD}{_GAP}){{1,4}}[{CAPITALS}][{SMALL}]*)[ ]*(?=\x1f|$)",
    re.MULTILINE,
)
_IN_CAPITALS = re.compile(
    rf"^[ \x1f]*{_BEFORE_NAME}((?:[{CAPITALS}]+[ ]+){{1,4}}[{CAPITALS}]+)[ \x1f]*$", re.MULTILINE
)
_IN_ONE_LINE = re.compile(
    rf"(?:^|\x1f)(?:[^\n\x1f{SMALL}]{{0,120}}?|[ ]*-?[ ]*Lưu\s?:[^\n\x1f;]{{2,80}}?)\b"
    rf"({_OFFICE}(?:\s*[,-]\s*{_OFFICE})*)[ ]+"
    rf"{_BEFORE_NAME}((?:{_WORD}[ ]+){{1,4}}{_WORD})[ ]*(?=\x1f|$)",
    re.MULTILINE,
)
"""A copy that lost its line breaks: "KT. BỘ TRƯỞNG THỨ TRƯỞNG Lê Văn An", behind "- Lưu: VT."."""
_SIGNED = re.compile(r"(?:đã\s+ký|ký\s+tên|nơi\s+nhận)", re.IGNORECASE)
_NEAR = 300


@dataclass(frozen=True)
class Signature:
    """``capacity`` has TM., KT., TL., TUQ., Q. in the order of the letter."""

    signer: str | None
    title: str | None
    capacity: list[str]


def read_signature(bottom: str) -> Signature:
    """The last title below the letter, and the name under it."""
    capacity = _capacity(bottom)
    titles = list(_TITLE.finditer(bottom))
    one_line = list(_IN_ONE_LINE.finditer(bottom, titles[-1].end() if titles else 0))
    if one_line:
        return Signature(squeeze(one_line[-1][2]), _as_title(one_line[-1][1]), capacity)
    if not titles:
        return Signature(None, None, capacity)
    last = titles[-1]
    return Signature(_name_under(bottom, last.end()), _as_title(last[1]), capacity)


def _capacity(bottom: str) -> list[str]:
    marks = [
        (one.start(), f"{one[1].replace('/', '').rstrip('.')}.") for one in _MARK.finditer(bottom)
    ]
    for one in _IN_WORDS.finditer(bottom):
        marks.append((one.start(), _WRITTEN_OUT.get(one[1].lower(), "TUQ.")))
    return list(dict.fromkeys(mark for _, mark in sorted(marks)))


def _name_under(bottom: str, place: int) -> str | None:
    """Names stand in small letters with capitals before them, some all in capitals."""
    names = [one[1] for one in _PERSON.finditer(bottom, place) if not _is_nobody(one[1])]
    if names:
        return squeeze(names[0])
    shouted = _IN_CAPITALS.search(bottom, place, place + _NEAR)
    return squeeze(shouted[1]).title() if shouted and not _SIGNED.match(shouted[1]) else None


def _is_nobody(name: str) -> bool:
    """Words about the signature, or a body in the cell of an annex: "Sở Công Thương"."""
    return bool(_SIGNED.match(name) or BODIES.match(name.upper()))


def _as_title(words: str) -> str:
    """PHÓ CHỦ TỊCH → Phó Chủ tịch: each part of a title begins with a capital."""
    return re.sub(r"[^,-]+", lambda part: _part(part[0]), squeeze(words))


def _part(words: str) -> str:
    lowered = words.strip().lower()
    lead = words[: len(words) - len(words.lstrip())]
    tail = words[len(words.rstrip()) :]
    first, rest = ("Phó ", lowered[4:]) if lowered.startswith("phó ") else ("", lowered)
    return lead + first + rest.capitalize().replace(" thường trực", " Thường trực") + tail
