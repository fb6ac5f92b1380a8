"""Who takes part in an order and who receives its reports."""

import re
from itertools import islice

from services.assignment.intake.belonging import Body
from services.assignment.intake.bodies import after_aside, read_bodies, read_loose
from services.assignment.intake.clause import ASKED
from services.assignment.intake.evidence import Evidence
from services.assignment.intake.named import NOBODY, Named, as_named, joined
from services.assignment.intake.patterns import any_of
from services.assignment.intake.roles import lead
from services.assignment.intake.sentences import begins_order
from services.assignment.intake.source import in_small, says
from services.assignment.intake.verbs import VERBS
from services.assignment.intake.words import ADVERBS

_WITH = re.compile(r"\s*(?:[Cc]ùng\s+với|[Cc]ùng|Với)\s+")
_ALONG = re.compile(r"(?:,\s+cùng(?:\s+với)?|(?i:chỉ\s+đạo)\s[^.,;:]{3,60}?\scùng\s+với)\s+(?=\S)")
_THEY_DO = re.compile(rf"\s+(?:{any_of((*VERBS, *ADVERBS))})")
_COORDINATE = re.compile(
    r"(?i:(?:(?:phối|kết)\s+hợp(?:\s*,?\s*hiệp\s+đồng)?|hiệp\s+đồng(?=\s+(?:chặt\s+chẽ\s+)?với\s))(?:(?:\s*,|\s+và)\s+hướng\s+dẫn)?(?:\s*,?\s*(?:chặt\s+chẽ|thường\s+xuyên|đồng\s+bộ|tốt))?(?:\s*,\s*hỗ\s+trợ(?=\s+(?:các\s|[A-ZĐ])))?"
    r"(?:\s+(?:cùng\s+với|cùng|với))?|chủ\s+trì\s*,?\s*cùng(?:\s+với)?)\s+"
)
_INVITED = re.compile(r"\b[Mm]ời\s+(?=\S)")
_SUBMIT = r"trình(?<!\wtrình)" + "".join(
    rf"(?<!{word}\strình)" for word in ("chương", "quá", "công", "lộ", "giáo", "quy", "tiến", "hạn")
)
"""Its first letter comes first: patterns that begin with letters find their place quickly."""
_REPORT = re.compile(
    rf"(?:{_SUBMIT}(?:\s+(?:ngay|sớm|(?:tại\s+)?kỳ\s+họp))?|báo\s+cáo(?:\s*,?\s*(?:và\s+)?(?:tham\s+mưu|đề\s+xuất|kiến\s+nghị|giải\s+trình))*"
    r"(?:\s+(?:kết\s+quả(?:\s+thực\s+hiện)?|bằng\s+văn\s+bản(?=\s+(?:cho|lên|với|về|đến|tới)\s)|kịp\s+thời|ngay))?"
    r"|báo\s+(?:ngay|kịp\s+thời)(?=\s+cho\s)|gửi(?:\s+(?:kết\s+quả|báo\s+cáo|hồ\s+sơ|văn\s+bản|(?:xin|lấy)\s+ý\s+kiến))?|đề\s+xuất\s*,?\s*kiến\s+nghị"
    r"|đăng\s+ký\s+với|đề\s+xuất|xin\s+ý\s+kiến|phản\s+ánh)"
    r"\s+(?:cho\s+|lên\s+|(?<!nghị\s)với\s+|(?:về|đến|tới)\s*:?\s+)?"
)
_ASK = re.compile(r"(?i:(?<!để\s)kiến\s+nghị)\s+")
_BY_WAY = re.compile(
    rf"(?:báo\s+cáo|gửi|phản\s+ánh|{_SUBMIT}|văn\s+bản)[^.;]{{0,250}}?"
    r"[\s(](?:gửi(?:\s+(?:về|đến|cho|tới))?|về|đến|tới|lên|qua|thông\s+qua)\s+"
)
_VIA = re.compile(
    r"\(\s*(?:thông\s+)?qua\s+|,\s*thông\s+qua\s+|\squa\s+(?=(?:Sở|Bộ|Cục|Vụ|Văn|Phòng|Ban|UBND)\s)"
)
_TAKE_PART = re.compile(
    r"\s*:?\s*(?:cùng\s+|có\s+trách\s+nhiệm\s+|chủ\s+động\s+)?"
    r"(?:(?:phối|kết)\s+hợp|tham\s+gia)\b"
)
_NO_MORE = re.compile(
    r"(?:\s*,?\s*(?:phối\s+hợp|tham\s+gia|triển\s+khai|tổ\s+chức|thực\s+hiện))*[\s.;,)]*$"
)
_BESIDE = re.compile(r"(?P<at_once>\bchủ\s+trì\s*)?[,;]\s*(?:và\s+|còn\s+|đồng\s+thời\s+)?")
_LEADING = re.compile(r"\s(?:chủ\s+trì|đầu\s+mối)\b")
_SHARE = re.compile(
    r"(?i:(?:với|(?<=,\s)có|(?<=trì\s)có)\s+sự\s+(?:chủ\s+động\s+)?(?:tham\s+gia|phối\s+hợp)"
    r"(?:\s*(?:,|và)\s*(?:tham\s+gia|phối\s+hợp|giám\s+sát|hỗ\s+trợ))?(?:\s+chặt\s+chẽ)?\s+của)\s+"
)
_OCCASION = re.compile(r"\s*(?i:(?:(?:trước|sau|ngay\s+sau)\s+)?khi|trong\s+quá\s+trình)\s")
_OUGHT = re.compile(r"\s(?:phải|cần)\s")
_OFFICE = re.compile(r"(?:cơ\s+quan|đơn\s+vị|thường\s+trực|đầu\s+mối)\b")
"""What the receiver is besides, no one else: "Bộ Tài chính (cơ quan thường trực …)"."""
_BRACKET = re.compile(r"\s*\(")
_COMMA = re.compile(r"[,:]\s+")
_TOGETHER = ("hợp", "cùng", "tham gia", "hiệp")
_TOLD = ("trình", "báo", "gửi", "nghị", "đăng", "đề", "xin", "phản", "qua", "văn")
"""One of these words stands in whatever the patterns above find."""
_AUTHORITY = re.compile(r"(?i:cấp\s|các\s+cấp\s)")
_REPORT_FOR = re.compile(
    r"(?i:báo\s+cáo|gửi|thông\s+báo(?=\s+(?:bằng\s+văn\s+bản|kết\s+quả(?:\s+\w+){0,6})\s+cho\s))"
    rf"(?:(?!\svà\s+(?:chịu|cung\s+cấp|thông\s+tin|hướng\s+dẫn|hỗ\s+trợ)\s)[^.;,]|,(?!\s+(?:{any_of(VERBS)}))){{3,160}}?"
    r"(?<!điều\schuyển)(?<!phân\sbổ)(?<!bố\strí)(?<!hỗ\strợ)(?<!\scấp)(?<!\sgiao)(?<!chi\strả)\scho\s+"
    r"(?![^.;,]{3,60}?\s(?:về|lên)\s+(?:Sở|Bộ|Cục|UBND|[UỦ][ỷy]|Văn|Ban|Tổng|Chi|Phòng)\b)"
)
_RECEIVING = (
    (_REPORT, "receiver-after-verb", _TOLD),
    (_BY_WAY, "receiver-by-way", ("gửi", "về", "đến", "tới", "lên", "qua")),
    (_REPORT_FOR, "receiver-after-cho", ("cho",)),
    (_ASK, ASKED, ("nghị",)),
)
"""Patterns, the rules they stand for, and words of which each finds one at least."""
_OF_SMALL_LETTERS = (_REPORT, _BY_WAY)
_NO_RECEIVER = re.compile(
    r"(?i:(?:các\s+)?(?:văn\s+bản|nội\s+dung|giải\s+pháp|biện\s+pháp|báo\s+cáo|vấn\s+đề|khó\s+khăn|cơ\s+quan\s+báo)"
    r"|báo\s+cáo|\d+\s+bản\b|tổ\s+chức\b|hội\s+nghị|cấp\s+có\s*$)"
)


def coordinating(text: str, start: int, end: int) -> Named:
    """Whom the order tells to take part."""
    found = NOBODY
    if says(text, start, end, _TOGETHER):
        said = _all(text, start, end, _COORDINATE, "coordinate-after-phoi-hop", loose=True)
        share = NOBODY
        if says(text, start, end, ("sự",)):
            share = _all(text, start, end, _SHARE, "coordinate-shares", loose=True)
        along = (
            _along(text, start, end) if says(text, start, end, (", cùng", "cùng với")) else NOBODY
        )
        invited = _invited(text, start, end) if says(text, start, end, ("mời ",)) else NOBODY
        found = joined((_beside_lead(text, start, end), said, share, along, invited))
    begun = _WITH.match(text, start, end)
    beside = read_bodies(text, begun.end(), end) if begun else []
    if not beside:
        return found
    return joined((as_named(beside, "coordinate-beside", 0.8, start), found))


def _unit_in_brackets(text: str, place: int, end: int) -> list[Body]:
    """ "Tổng cục Thuế (Vụ Kê khai)": who there is to have it, if brackets hold but the name."""
    opened = _BRACKET.match(text, place, end)
    found = read_bodies(text, opened.end(), end) if opened else []
    if found and _OFFICE.match(found[0].name):
        return []
    return found if found and text[found[-1].end : found[-1].end + 1] == ")" else []


def _behind_occasion(text: str, start: int, end: int) -> int:
    """ "Khi trình UBND tỉnh, Sở Tài chính phải …", "Sở Tài chính khi trình UBND tỉnh phải …":
    what somebody does by the way is no order.
    """
    named = lead(text, start, end)
    if named.names and _OCCASION.match(text, named.order, end):
        must = _OUGHT.search(text, named.order, end)
        return must.start() if must else start
    if _OCCASION.match(text, start, end) is None:
        return start
    commas = islice(_COMMA.finditer(text, start, end), 5)
    return next((one.end() for one in commas if begins_order(text, one.end(), end)), start)


def _beside_lead(text: str, start: int, end: int) -> Named:
    """ "Sở Y tế chủ trì, Sở Nội vụ phối hợp": named before the verb, beside one who leads."""
    leading = _LEADING.search(text, start, end)
    place = leading.start() if leading else end
    while comma := _BESIDE.search(text, place, end):
        read = read_loose if comma["at_once"] else read_bodies
        bodies = read(text, comma.end(), end)
        if bodies and takes_part(text, bodies, end):
            return as_named(bodies, "coordinate-beside-lead", 0.85, comma.start())
        place = bodies[-1].end if bodies else comma.end()
    return NOBODY


def _along(text: str, start: int, end: int) -> Named:
    """ "Bộ Y tế sớm trả lời, cùng UBND tỉnh hoàn tất hồ sơ": who does the second thing with it."""
    named = lead(text, start, end)
    for begun in _ALONG.finditer(text, max(named.order, start), end):
        bodies = read_bodies(text, begun.end(), end)
        if bodies and _THEY_DO.match(text, bodies[-1].end, end):
            return as_named(bodies, "coordinate-along", 0.7, begun.start())
    return NOBODY


def _invited(text: str, start: int, end: int) -> Named:
    """ "Mời Hiệp hội A và các doanh nghiệp cùng tham gia khảo sát"."""
    for begun in _INVITED.finditer(text, start, end):
        bodies = read_loose(text, begun.end(), end)
        if bodies and takes_part(text, bodies, end):
            return as_named(bodies, "coordinate-invited", 0.7, begun.start())
    return NOBODY


def takes_part(text: str, bodies: list[Body], end: int) -> bool:
    return _TAKE_PART.match(text, after_aside(text, bodies[-1].end, end), end) is not None


def only_takes_part(text: str, start: int, end: int) -> bool:
    """ "Sở Nội vụ phối hợp thực hiện", and no word of what: that belongs to the order before it."""
    bodies = read_loose(text, start, end)
    if not bodies or not takes_part(text, bodies, end):
        return False
    return _NO_MORE.match(text, after_aside(text, bodies[-1].end, end), end) is not None


def receivers(text: str, start: int, end: int) -> Named:
    """To whom the order says to report or submit, also by way of whom."""
    if not says(text, start, end, _TOLD):
        return NOBODY
    start = _behind_occasion(text, start, end)
    found = [
        _all(text, start, end, pattern, rule, loose=False)
        for pattern, rule, words in _RECEIVING
        if says(text, start, end, words)
    ]
    if any(one.names for one in found) and says(text, start, end, ("qua",)):
        found.append(_all(text, start, end, _VIA, "receiver-via", loose=False))
    names = [name for one in found for name in one.names if not _NO_RECEIVER.match(name)]
    evidence = next((one.evidence for one in found if one.names), None)
    return Named(tuple(dict.fromkeys(names)), evidence if names else None)


def _all(
    text: str, start: int, end: int, pattern: re.Pattern[str], rule: str, *, loose: bool
) -> Named:
    names: dict[str, None] = {}
    spans: list[tuple[int, int]] = []
    searched = in_small(text) if pattern in _OF_SMALL_LETTERS else text
    for begun in pattern.finditer(searched, start, end):
        read = (read_loose if loose else read_bodies)(text, begun.end(), end)
        if read and _AUTHORITY.match(read[-1].name) and text[read[-1].end :][:2] == " (":
            read = read_bodies(text, read[-1].end + 2, end) or read
        if read:
            read = read if loose else [*read, *_unit_in_brackets(text, read[-1].end, end)]
            names.update(dict.fromkeys(one.name for one in read))
            spans.append((begun.start(), read[-1].end))
    evidence = Evidence(rule, spans[0][0], spans[0][1], 0.8) if spans else None
    return Named(tuple(names), evidence)
