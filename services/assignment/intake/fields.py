"""Orders told as fields: "Đơn vị chủ trì: …", "Thời gian thực hiện: …"."""

import re
from dataclasses import dataclass
from functools import lru_cache

_WHO = r"(?:(?:các\s+)?(?:đơn\s+vị|cơ\s+quan|bộ\s+phận|lãnh\s+đạo)\s+)?"
_DOES = r"(?:\s*,?\s*(?:và\s+)?(?:thực\s+hiện|tham\s+mưu|triển\s+khai|chính))*"
_LABELS = (
    ("both", rf"{_WHO}chủ\s+trì\s*(?:,|-|và|/)\s*(?:{_WHO}\s*)?phối\s+hợp(?:\s+thực\s+hiện)?"),
    (
        "coordinate",
        rf"{_WHO}(?:tham\s+gia\s+)?phối\s+hợp(?:\s+(?:thực\s+hiện|tham\s+mưu))?"
        r"|(?:các\s+)?(?:đơn\s+vị|cơ\s+quan)\s+tham\s+gia",
    ),
    (
        "lead",
        rf"{_WHO}(?:chủ\s+trì|đầu\s+mối){_DOES}"
        r"|(?:đơn\s+vị|cơ\s+quan)\s+(?:thực\s+hiện|chịu\s+trách\s+nhiệm|tham\s+mưu|phụ\s+trách|quản\s+lý|chủ\s+quản|thường\s+trực)"
        r"|(?:phân\s+công|trách\s+nhiệm|tổ\s+chức)\s+thực\s+hiện|chịu\s+trách\s+nhiệm|phân\s+công",
    ),
    (
        "time",
        r"hoàn\s+thành(?=\s*:)|(?:về\s+)?(?:thời\s+gian|thời\s+hạn|tiến\s+độ|hạn)(?:\s*,?\s*(?:tổ\s+chức|thực\s+hiện|hoàn\s+thành|triển\s+khai|báo\s+cáo|gửi|xong))*",
    ),
    (
        "other",
        r"(?:sản\s+phẩm|kết\s+quả)(?:\s+(?:đầu\s+ra|dự\s+kiến|đạt\s+được|hoàn\s+thành|đầu\s+ra))*"
        r"|(?:nguồn\s+)?kinh\s+phí(?:\s+thực\s+hiện)?|hình\s+thức(?:\s+\w+){0,2}|địa\s+điểm|đối\s+tượng|thành\s+phần",
    ),
    (
        "order",
        r"(?:nhiệm\s+vụ|nội\s+dung|công\s+việc)(?:\s+(?:thực\s+hiện|cụ\s+thể|công\s+việc))?",
    ),
)
_HEADINGS = ("both", "coordinate", "lead", "time")
"""Which fields may head a list of what they tell: "2. Cơ quan chủ trì" and names below it."""
_NO_HEADING = re.compile(r"(?i:phân\s+công|trách\s+nhiệm|tổ\s+chức|chịu)\b")
"""Heads the part of a plan that hands out its tasks."""


def _broken(pattern: str) -> str:
    """The same where a copy has put a blank beside a letter with a mark: "Th ờ i gian"."""
    return re.sub(r"[^\x00-\x7f]", r"\\s?\g<0>\\s?", pattern)


_ANY = "|".join(f"(?P<{name}>{_broken(pattern)})" for name, pattern in _LABELS)
_FIELD = re.compile(rf"(?i:{_ANY})\s*:\s*")
_HEADING = re.compile(rf"(?i:{_ANY})[\s:.]*\Z")
_BOUNDARY = re.compile(r"(?:[.;(,\n]\s*(?:[-+]\s*)?|\s[-+]\s*)(?=\S)")
_LONGEST_HEADING = 80


@dataclass(frozen=True)
class Field:
    """``name`` is lead, coordinate, both, time, other or order; the span is its value."""

    name: str
    label: int
    start: int
    end: int


@lru_cache(maxsize=256)
def field_at(text: str, start: int, end: int) -> Field | None:
    """The field that a text begins with."""
    if text.find(":", start, end) < 0:
        return None
    found = _FIELD.match(text, _skip(text, start, end), end)
    return Field(str(found.lastgroup), found.start(), found.end(), end) if found else None


def field_heading(text: str, start: int, end: int) -> str | None:
    """The field that a text is the label of and nothing more: "Cơ quan chủ trì, phối hợp"."""
    begin = _skip(text, start, end)
    if end - begin > _LONGEST_HEADING or _NO_HEADING.match(text, begin, end):
        return None
    found = _HEADING.match(text[begin:end])
    name = str(found.lastgroup) if found else None
    return name if name in _HEADINGS else None


def fields_in(text: str, start: int, end: int) -> list[Field]:
    """Every field in a text, each up to the next one; the first may stand behind an order."""
    if text.find(":", start, end) < 0:
        return []
    begun = [_FIELD.match(text, _skip(text, start, end), end)]
    begun += [_FIELD.match(text, one.end(), end) for one in _BOUNDARY.finditer(text, start, end)]
    found: list[re.Match[str]] = []
    for one in begun:
        if one is not None and (not found or one.start() >= found[-1].end()):
            found.append(one)
    ends = [*(one.start() for one in found[1:]), end][: len(found)]
    return [
        Field(str(one.lastgroup), one.start(), one.end(), max(last, one.end()))
        for one, last in zip(found, ends, strict=True)
    ]


def _skip(text: str, place: int, end: int) -> int:
    while place < end and text[place] in " \t\n\x1f(+-":
        place += 1
    return place
