"""Who takes part in an order and who receives its reports."""

import re

from services.assignment.intake.bodies import read_bodies, read_loose
from services.assignment.intake.evidence import Evidence
from services.assignment.intake.roles import NOBODY, Named, as_named

_WITH = re.compile(r"\s*(?:Cùng\s+với|cùng\s+với|Cùng|Với)\s+")
_COORDINATE = re.compile(
    r"(?i:(?:phối|kết)\s+hợp(?:\s*,?\s*hiệp\s+đồng)?(?:(?:\s*,|\s+và)\s+hướng\s+dẫn)?(?:\s*,?\s*(?:chặt\s+chẽ|thường\s+xuyên|đồng\s+bộ|tốt))?"
    r"(?:\s+(?:cùng\s+với|cùng|với))?|chủ\s+trì\s*,?\s*cùng(?:\s+với)?)\s+"
)
_SUBMIT = (
    r"(?<!chương\s)(?<!quá\s)(?<!công\s)(?<!lộ\s)(?<!giáo\s)(?<!quy\s)(?<!tiến\s)(?<!hạn\s)\btrình"
)
_REPORT = re.compile(
    rf"(?i:{_SUBMIT}(?:\s+(?:ngay|sớm))?|báo\s+cáo(?:\s*,?\s*(?:và\s+)?(?:tham\s+mưu|đề\s+xuất|kiến\s+nghị|giải\s+trình))*"
    r"(?:\s+(?:kết\s+quả(?:\s+thực\s+hiện)?|kịp\s+thời|ngay))?"
    r"|gửi(?:\s+(?:kết\s+quả|báo\s+cáo|hồ\s+sơ|văn\s+bản))?|(?<!để\s)(?:đề\s+xuất\s*,?\s*)?kiến\s+nghị"
    r"|đăng\s+ký\s+với|đề\s+xuất|xin\s+ý\s+kiến|phản\s+ánh)"
    r"\s+(?:cho\s+|lên\s+|(?<!nghị\s)với\s+|về\s+|đến\s+|tới\s+)?"
)
_BY_WAY = re.compile(
    rf"(?i:báo\s+cáo|gửi|phản\s+ánh|{_SUBMIT}|văn\s+bản)[^.;]{{0,250}}?"
    r"[\s(](?:gửi(?:\s+(?:về|đến|cho|tới))?|về|đến|tới|lên|qua|thông\s+qua)\s+"
)
_VIA = re.compile(r"\(\s*(?:thông\s+)?qua\s+|,\s*thông\s+qua\s+")
_TOGETHER = ("hợp", "cùng")
_TOLD = ("trình", "báo", "gửi", "nghị", "đăng", "đề", "xin", "phản", "qua", "văn")
"""One of these words stands in whatever the patterns above find."""
_AUTHORITY = re.compile(r"(?i:cấp\s|các\s+cấp\s)")
_REPORT_FOR = re.compile(r"(?i:báo\s+cáo|gửi)[^.;,]{3,120}?\scho\s+")
_NO_RECEIVER = re.compile(
    r"(?i:(?:các\s+)?(?:văn\s+bản|nội\s+dung|giải\s+pháp|biện\s+pháp|báo\s+cáo|vấn\s+đề|khó\s+khăn|cơ\s+quan\s+báo)"
    r"|báo\s+cáo|tổ\s+chức\b|hội\s+nghị|cấp\s+có\s*$)"
)


def coordinating(text: str, start: int, end: int) -> Named:
    """Whom the order tells to take part."""
    found = NOBODY
    if _says(text, start, end, _TOGETHER):
        found = _all(text, start, end, _COORDINATE, "coordinate-after-phoi-hop", loose=True)
    begun = _WITH.match(text, start, end)
    beside = read_bodies(text, begun.end(), end) if begun else []
    if not beside:
        return found
    first = as_named(beside, "coordinate-beside", 0.8, start)
    return Named(tuple(dict.fromkeys((*first.names, *found.names))), first.evidence)


def receivers(text: str, start: int, end: int) -> Named:
    """To whom the order says to report or submit, also by way of whom."""
    if not _says(text, start, end, _TOLD):
        return NOBODY
    found = [
        _all(text, start, end, _REPORT, "receiver-after-verb", loose=False),
        _all(text, start, end, _BY_WAY, "receiver-by-way", loose=False),
        _all(text, start, end, _REPORT_FOR, "receiver-after-cho", loose=False),
    ]
    if any(one.names for one in found):
        found.append(_all(text, start, end, _VIA, "receiver-via", loose=False))
    names = [name for one in found for name in one.names if not _NO_RECEIVER.match(name)]
    evidence = next((one.evidence for one in found if one.names), None)
    return Named(tuple(dict.fromkeys(names)), evidence if names else None)


def _says(text: str, start: int, end: int, words: tuple[str, ...]) -> bool:
    """Quickly tells that a longer search finds nothing."""
    said = text[start:end].lower()
    return any(word in said for word in words)


def _all(
    text: str, start: int, end: int, pattern: re.Pattern[str], rule: str, *, loose: bool
) -> Named:
    names: dict[str, None] = {}
    spans: list[tuple[int, int]] = []
    for begun in pattern.finditer(text, start, end):
        read = (read_loose if loose else read_bodies)(text, begun.end(), end)
        if read and _AUTHORITY.match(read[-1].name) and text[read[-1].end :][:2] == " (":
            read = read_bodies(text, read[-1].end + 2, end) or read
        if read:
            names.update(dict.fromkeys(one.name for one in read))
            spans.append((begun.start(), read[-1].end))
    evidence = Evidence(rule, spans[0][0], spans[0][1], 0.8) if spans else None
    return Named(tuple(names), evidence)
