"""What stands before a unit: "II.", "Điều 3.", "a)", "-"."""

import re

from services.assignment.intake.source import skip_blanks
from services.assignment.intake.words import CAPITALS

_NO_NUMERAL = r"([A-HJ-UWYZ])"
_TITLE = f"[{CAPITALS}]{{2}}"
KINDS = (
    (
        "part",
        re.compile(
            r"(?:(?i:phần|chương|mục)\s+(?:(?i:thứ)\s+\w+|\d{1,2})|(?i:phần|chương)\s+[IVX]+)"
            r"(?=[\s.:-]|\Z)[.:]?"
        ),
    ),
    ("article", re.compile(r"Điều\s+(\d{1,3})\s?[.:]")),
    (
        "capital",
        re.compile(
            rf"([A-Z])[.)](?=\s+[^\s.]{{2}}|\s*\Z)(?<![IVX][.)])|{_NO_NUMERAL}\s\.(?=\s+{_TITLE})"
            rf"|(?:Mục|MỤC|Phần|PHẦN)\s+{_NO_NUMERAL}[.:]"
        ),
    ),
    (
        "roman",
        re.compile(
            rf"([IVX]{{1,5}}|[IVX][ivx]{{1,4}})\s?(?:[.)/](?=\s|\Z)|-(?=\s+[{CAPITALS}]))"
            rf"|([IVX]{{1,4}}\s[IVX]{{1,2}})\s?\.(?=\s+{_TITLE})"
            r"|(?:Mục|MỤC)\s+([IVX]{1,5})(?=[\s.:-]|\Z)[.:]?"
        ),
    ),
    (
        "ordinal",
        re.compile(
            r"Thứ\s+(nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)\s*[,:]"
            r"|(Một|Hai|Ba|Bốn|Năm|Sáu|Bảy|Tám|Chín|Mười)\s+là\s*[,:]"
        ),
    ),
    (
        "number",
        re.compile(
            rf"(\d{{1,2}})-(?=\s+[{CAPITALS}])|"
            r"(?!\d{1,2}/[A-ZĐ]{1,5}[\w&]*-)(\d{1,2})\s?[.)/](?=\s|\Z|[^\W\d])|(\d{1,2}(?:\.\d{1,2}){1,3})[.)]?(?=\s|\Z)"
        ),
    ),
    ("letter", re.compile(r"([a-zđ])(?:[.)/](?=\s|\Z|[^\W\d])|\s\)(?=\s))")),
    ("bracket", re.compile(r"\((\d{1,2}|[a-zđ]|[ivx]{1,4})\)[.:]?(?=\s|\Z|\w)")),
    ("dash", re.compile(r"[-](?=\s|[^\W\d])")),
    ("plus", re.compile(r"[+](?=\s|[^\W\d])")),
)  # fmt: skip
"""Labels from the outermost to the innermost."""

_RUNNING_HEAD = re.compile(
    r"(?:Quyết\s+định|Kế\s+hoạch|Chỉ\s+thị|Thông\s+báo|Công\s+văn)\s+\d{1,6}/[\w-]{2,40}\s+năm\s+\d{4}\.\s+"
    rf"(?:[{CAPITALS}][{CAPITALS}, -]{{3,80}}\.\s+)?"
)
"""What a collection of letters puts before each part of one."""
FIRST_BELOW = re.compile(
    rf"\s*(?P<number>\d{{1,2}})[.)]\s[^\n]{{8,}}?(?<!mục)(?<!điểm)(?<!khoản)\s(?P<below>(?P=number)\.1\.)"
    rf"(?=\s+[{CAPITALS}]|\s*\Z)"
)
"""The first unit below another in the same line."""


def label_at(text: str, start: int, end: int) -> tuple[str, str, int]:
    """Kind and label of a line, and where its words begin."""
    start = skip_blanks(text, start, end)
    head = _RUNNING_HEAD.match(text, start, end)
    for begin in (start, head.end()) if head else (start,):
        for kind, pattern in KINDS:
            if found := pattern.match(text, begin, end):
                label = next((one for one in found.groups() if one), "")
                return kind, "".join(label.split()), found.end()
    return "text", "", start


_ALPHABET = "abcdđefghiklmnopqrstuvxyz"


def follows(kind: str, before: str, label: str) -> bool:
    """Whether a label is the next of its row; "" and "0" stand before the first."""
    if kind == "number":
        return before.isdigit() and label.isdigit() and int(label) == int(before) + 1
    if not before:
        return label == "a"
    at = _ALPHABET.find(before)
    return at >= 0 and label in _ALPHABET[at + 1 : at + 3]
