"""Orders told as fields: "Đơn vị chủ trì: …", "Thời gian thực hiện: …"."""

import re
from dataclasses import dataclass
from functools import lru_cache

_WHO = r"(?:(?:các\s+)?(?:đơn\s+vị|cơ\s+quan|bộ\s+phận|lãnh\s+đạo)\s+)?"
_LABELS = (
    ("coordinate", rf"{_WHO}(?:tham\s+gia\s+)?phối\s+hợp(?:\s+(?:thực\s+hiện|tham\s+mưu))?"),
    (
        "lead",
        rf"{_WHO}(?:chủ\s+trì|đầu\s+mối)(?:\s*,?\s*(?:thực\s+hiện|tham\s+mưu|triển\s+khai|chính))*"
        r"|(?:đơn\s+vị|cơ\s+quan)\s+(?:thực\s+hiện|chịu\s+trách\s+nhiệm|tham\s+mưu)"
        r"|(?:phân\s+công|trách\s+nhiệm|tổ\s+chức)\s+thực\s+hiện|chịu\s+trách\s+nhiệm",
    ),
    (
        "time",
        r"(?:về\s+)?(?:thời\s+gian|thời\s+hạn|tiến\s+độ|hạn)(?:\s*,?\s*(?:tổ\s+chức|thực\s+hiện|hoàn\s+thành|triển\s+khai|báo\s+cáo|gửi|xong))*",
    ),
    (
        "other",
        r"(?:sản\s+phẩm|kết\s+quả)(?:\s+(?:đầu\s+ra|dự\s+kiến|đạt\s+được|hoàn\s+thành|đầu\s+ra))*"
        r"|(?:nguồn\s+)?kinh\s+phí(?:\s+thực\s+hiện)?|hình\s+thức(?:\s+\w+){0,2}|địa\s+điểm|đối\s+tượng|thành\s+phần",
    ),
    ("order", r"(?:nhiệm\s+vụ|nội\s+dung|công\s+việc)(?:\s+(?:thực\s+hiện|cụ\s+thể|công\s+việc))?"),
)
_FIELD = re.compile(
    r"(?i:" + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _LABELS) + r")\s*:\s*"
)
_BOUNDARY = re.compile(r"[.;(,\n]\s*(?=\S)")


@dataclass(frozen=True)
class Field:
    """``name`` is lead, coordinate, time, other or order; the span is its value."""

    name: str
    label: int
    start: int
    end: int


@lru_cache(maxsize=256)
def field_at(text: str, start: int, end: int) -> Field | None:
    """The field that a text begins with."""
    found = _FIELD.match(text, _skip(text, start, end), end)
    return Field(str(found.lastgroup), found.start(), found.end(), end) if found else None


def fields_in(text: str, start: int, end: int) -> list[Field]:
    """Every field in a text, each up to the next one; the first may stand behind an order."""
    begun = [_FIELD.match(text, _skip(text, start, end), end)]
    begun += [_FIELD.match(text, one.end(), end) for one in _BOUNDARY.finditer(text, start, end)]
    found = [one for one in begun if one is not None]
    if not found:
        return []
    ends = [one.start() for one in found[1:]] + [end]
    return [
        Field(str(one.lastgroup), one.start(), one.end(), max(last, one.end()))
        for one, last in zip(found, ends, strict=True)
    ]


def _skip(text: str, place: int, end: int) -> int:
    while place < end and text[place] in " \t\n\x1f(+-":
        place += 1
    return place
