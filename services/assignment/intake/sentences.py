"""Cutting a paragraph where orders may end: full stops and semicolons, and what is no order."""

import re
from functools import lru_cache

from services.assignment.intake import names, words
from services.assignment.intake.limits import RHYTHM
from services.assignment.intake.patterns import any_of
from services.assignment.intake.roles import CONSENT, lead
from services.assignment.intake.stating import only_states
from services.assignment.intake.verbs import VERBS

_IN_YEAR = rf"(?i:năm)\s+\d{{4}}\s*[:,](?=\s+(?i:{any_of(VERBS)}))"
_TIME_FIRST = re.compile(
    r"(?i:trước|chậm\s+nhất|muộn\s+nhất|vào)\s+(?=[^,;:.]{0,60}(?:\d|h[àằ]ng))[^,;:.]{3,80}?\s"
    r"(?:báo\s+cáo|gửi|trình|tổng\s+hợp|hoàn\s+thành|cung\s+cấp|đăng\s+ký|nộp|thông\s+báo|lập)\s"
)
"""A limit and the verb: "Trước 16 giờ thứ Năm hằng tuần gửi số liệu …"."""
_AFTER_EACH = re.compile(
    r"(?i:kết\s+thúc|sau)\s+(?:từng|mỗi)\s+(?:đợt|lần|kỳ|phiên|cuộc|vụ|năm\s+học|mùa)"
    rf"(?:(?!\slà\s)[^,;:.]){{0,40}}?,?\s(?:phải\s+)?(?:có\s+(?=báo\s+cáo))?(?:{any_of(VERBS)})"
)
"""An occasion that comes again, and the verb: "kết thúc từng đợt có báo cáo …"."""
_CONNECTIVES = re.compile(rf"\s*(?:(?:(?i:{any_of(words.CONNECTIVES)})(?:\s*,)?|{_IN_YEAR})\s*)*")
_VERB = re.compile(rf"(?i:{any_of((*VERBS, *words.ADVERBS))})")
_PREFACE = re.compile(rf"(?i:{any_of(words.PREFACES)})")
_AFTER_PREFACE = re.compile(
    rf"(?:[,:]|\sthì)\s+(?i:{any_of((*VERBS, *words.ADVERBS))})|\s(?:phải|cần)\s"
    r"|\skịp\s+thời\s+(?:báo\s+cáo|đề\s+xuất|phản\s+ánh)\s"
)
_STATEMENT = re.compile(
    r"(?i:(?!biểu\s+dương\s*,\s*(?:nhân\s+rộng|khen\s+thưởng|tôn\s+vinh|động\s+viên))"
    r"(?!kết\s+quả\s[^.;:]{0,90}?(?:gửi|báo\s+cáo)\s)"
    rf"{any_of(words.STATEMENTS)})"
)
_AIMS = re.compile(
    r"(?i:(?:phấn\s+đấu\s+)?đến\s+(?:hết\s+)?năm\s+\d{4}\s*[,:]?\s+"
    r"(?:phấn\s+đấu\b|(?:có\s+|trên\s+|ít\s+nhất\s+|tối\s+thiểu\s+)*\d+(?:[.,]\d+)?\s*%))"
)
"""A goal with a year and a figure."""
_MAY = re.compile(r"[^.;:]{0,200}?\s(?<!điều\skiện\s)(?<!nếu\s)có\s+thể\s(?!.{0,200}\bphải\b)")
_MAY_BEHIND = re.compile(r"[^.;:]{3,300}?,\s+(?P<who>[^,.;:]{3,80}?)\s(?<!điều\skiện\s)có\s+thể\s")
"""Behind a preface it is for the body to choose."""
_WHERE = re.compile(r"(?:Trường\s+hợp|Nếu)\s")
_ANNEXED = re.compile(
    r"\s*(?:Các\s+)?(?:[Nn]hiệm\s+vụ|[Nn]ội\s+dung|[Pp]hân\s+công|[Dd]anh\s+mục|[Cc]hi\s+tiết)\s[^.;:]{0,160}?"
    r"(?:tại|trong|theo|ở)\s+(?:các\s+)?(?:Phụ\s+lục|Biểu|Bảng|Danh\s+mục)[^.;:]{0,60}(?:kèm\s+theo|đính\s+kèm)"
)
"""Says only where the orders stand."""
_BASIS = re.compile(
    r"[Cc]ăn\s+cứ\s+(?:các\s+)?(?:Luật|Bộ\s+luật|Pháp\s+lệnh|Nghị|Quyết|Chỉ\s+thị|Kế\s+hoạch|Thông|Công|Kết\s+luận)\b"
)
"""A legal basis, if no order follows it."""
_LIABLE = re.compile(
    r"[^.;:]{10,400}?\s(?:thì|phải|sẽ)\s+(?:phải\s+)?chịu\s+trách\s+nhiệm\s+trước\s"
)
_ABOUT = re.compile(r"Về\s(?!phía\s)[^:;.]{3,300}:\s+")
_INFORMS = re.compile(
    r"(?i:[^.;:]{3,60}\s(?:thông\s+báo\s+(?:đến|để|tới|cho)\s[^.;]{0,300}?\b(?:biết|thực\s+hiện)\b"
    r"|thông\s+báo\s+[^.;]{3,200}?\sbiết\s*(?:,|và)\s+(?:tổ\s+chức\s+|triển\s+khai\s+)?thực\s+hiện\b|xin\s+thông\s+báo\s)"
    r"|[^.;:]{0,60}trân\s+trọng"
    r"|căn\s+cứ\s+(?:các\s+)?nội\s+dung\s+(?:này|trên)[^.;:]{0,200}\s(?:triển\s+khai|tổ\s+chức)\s+thực\s+hiện[\s.]*$"
    r"|(?:[^.;:,]{3,60},\s+)?(?:chủ\s+tịch\s+)?(?:UBND|[uủ][ỷy]\s+ban|bộ|chính\s+phủ)(?:[^.;:,]{3,60})?\ssẽ\s"
    r"|(?:chủ\s+tịch\s+)?(?:UBND|[uủ][ỷy]\s+ban|bộ|chính\s+phủ|(?:phó\s+)?thủ\s+tướng)(?:[^.;:,]{3,60})?"
    r"\s(?:ghi\s+nhận|đánh\s+giá\s+cao|hoan\s+nghênh|biểu\s+dương\s+(?:tinh\s+thần|nỗ\s+lực|sự|những|kết\s+quả))\b"
    r"|(?:[^.;:,]{3,60},\s+)?(?:phó\s+)?thủ\s+tướng[^.;:,]{3,60}\ssẽ\s)"
)
_AMOUNT = re.compile(
    r"(?:(?:[Nn]ăm\s+\d{4}|[Gg]iai\s+đoạn\s+\d{4}\s*-\s*\d{4})\s*:?\s*)?[\d.,]+\s*(?:nghìn\s+|triệu\s+|tỷ\s+)?(?:đ|đồng)[\s.;]*$"
)
_PUNISHES = re.compile(
    r"\s*(?:Sau|Quá)\s+(?:thời\s+(?:hạn|gian|điểm)|mốc)\s[^.;:]{3,200}?\s(?:phải\s+)?chịu\s+trách\s+nhiệm\s+trước\s"
    r"|\s*nếu\s+(?:để|không)\s[^.;]{3,250}?\s(?:thì\s)?[^.;]{3,120}?\s(?:phải\s+)?bị\s+(?:xem\s+xét|xử\s+lý|kiểm\s+điểm|kỷ\s+luật)"
    r"|\s*(?:những|các)\s+(?:hộ|cơ\s+sở|đơn\s+vị)\s+(?:không|chưa)\s[^.;:]{3,200}?\sthì\s+(?:không\s|bị\s)"
    r"|\s*(?:\w+\s+){1,5}nào\s[^.;:]{3,250}?\s(?:(?:sẽ|thì|phải)\s+){0,2}"
    r"(?:bị\s|kiểm\s+điểm\b|không\s+được\s+(?:giao|xét|xem|bố)|chịu\s+trách\s+nhiệm|chịu\s+(?:hình\s+thức|kỷ))"
)
"""What befalls those who do not: "Đơn vị nào báo cáo chậm sẽ bị xem xét trách nhiệm"."""
_ASSESSES = re.compile(
    r"(?i:về\s+(?:những\s+)?(?:thuận\s+lợi|khó\s+khăn|ưu\s+điểm|hạn\s+chế|tồn\s+tại))\s*:"
)
_ISSUED = re.compile(
    r"(?:[^.;:]{3,150},\s+)?(?:Chủ\s+tịch\s+)?(?:UBND|[UỦ][ỷy]\s+ban\s+nhân\s+dân|Bộ|Tổng\s+cục|Thủ\s+tướng|Sở)\b"
    r"[^.;:,]{0,60}\s(?:vừa|đã)\s+(?:có|ban\s+hành|ký)\s+(?:ban\s+hành\s+)?(?:các\s+)?"
    r"(?:[Cc]ông\s+(?:văn|điện)|[Cc]hỉ\s+thị|[Vv]ăn\s+bản|[Kk]ế\s+hoạch|[Tt]hông\s+báo)\b"
)
"""Tells of a letter that was written."""
_ANSWERS = re.compile(
    r"(?![^.;:]{0,400}?\s(?:theo\s+dõi|đôn\s+đốc|kiểm\s+tra|hướng\s+dẫn))[^.;:]{10,400}?\schịu\s+trách\s+nhiệm\s[^.;:]{0,150}?(?:thực\s+hiện|thi\s+hành)\s+(?:nghiêm\s+(?:túc\s+|chỉnh\s+)?)?"
    r"(?:Chỉ\s+thị|Công\s+điện|Kế\s+hoạch|Công\s+văn|Thông\s+báo|[Qq]uyết\s+định)\s+này[\s./]*(?:$|;\s+kết\s+quả\s)"
    r"|(?:Quyết\s+định|Chỉ\s+thị|Kế\s+hoạch)\s+này\s+có\s+hiệu\s+lực\b"
)
"""Who answers for the letter as a whole, and from when it is in force."""
_ANSWERS_FOR_DECISION = re.compile(
    r"\schịu\s+trách\s+nhiệm\s+(?:tổ\s+chức\s+)?(?:thi\s+hành|thực\s+hiện)\s+[Qq]uyết\s+định\s+này[\s./]*$"
)
_AGREES = re.compile(
    r"(?:Chủ\s+tịch\s+)?(?:UBND|[UỦ][ỷy]\s+ban\s+nhân\s+dân)(?:\s+(?:tỉnh|[Tt]hành\s+phố|huyện|quận|xã|phường))?"
    r"\s+(?:cơ\s+bản\s+)?(?:thống\s+nhất|nhất\s+trí|đồng\s+ý|chấp\s+thuận)\b"
)
"""What the one who orders agrees to."""
_PAST = re.compile(
    r"\s(?:đã|vẫn\s+còn|còn|là\s+(?:đơn\s+vị|một|những|nơi))\s|,\s+là\s"
    r"|\sđang\s+(?:chậm|gặp|bị|còn)\s|\s(?:quá|rất)\s+(?:chậm|thấp|yếu|kém)\b|:\s+hiện\s[^,;:]{2,60}\s(?:chưa|còn|đang)\s"
    r"|\s(?:có\s+(?:ý\s+nghĩa|vai\s+trò|vị\s+trí)|chiếm\s+vị\s+trí)\s"
)
_RULED = re.compile(
    r"\s(?:được|theo)\s+quy\s+định\s+(?:tại|trong|ở)\s+(?:Điều|Điểm|Khoản|Mục|Chương|Phần|Phụ)\b"
)
"""What a rule says elsewhere: "Số lượng … theo quy định tại Điều 5"."""
_HAS_DONE = re.compile(r"\s+đã\s+(?!được\s+giao)")
_MORE = re.compile(rf"[,;]\s+(?i:{any_of((*VERBS, *words.ADVERBS))})|\s(?:phải|cần)\s")
_MATTER = re.compile(
    rf"\s*(?:Việc|Các\s+vấn\s+đề|Những\s+vấn\s+đề)\s[^.;:]{{3,400}}?,\s+{any_of(words.OPENERS)}\s"
)
_THEREFORE = re.compile(r",\s+(?:vì\s+vậy|vì\s+thế|do\s+đó|do\s+vậy|bởi\s+vậy)\s*,?\s+")
"""Behind a reason stands the order."""
_CONDITIONS = r"\s(?:mà|nếu|khi|để|vì|rằng|đã|không|chưa|những)\s"
_DONE = any_of((*VERBS, *words.ADVERBS, "đúng", "phù hợp", "xong"))
_MUST = rf"(?<!,)\s(?:phải|cần)(?:\s+(?:được|phải))*\s+(?:{_DONE})"
_DEMAND = re.compile(
    rf"(?i:{any_of(words.DEMANDED)})\s(?:(?!{_CONDITIONS})[^.;:“]){{3,200}}?{_MUST}"
)
_DEMANDS_OF_IT = re.compile(
    rf"\s*(?!(?i:{any_of((*words.STATEMENTS, *words.PREFACES, *VERBS, *words.ADVERBS))}))"
    rf"[{words.CAPITALS}](?:(?!{_CONDITIONS})[^.,;:“]){{2,90}}?"
    rf"\sphải\s+(?:{any_of(words.MUST_BE)})"
)
"""Of a thing: "Cầu bến phải bảo đảm an toàn"."""
_THING = re.compile(rf"(?i:{any_of(words.THINGS)})|\d+(?:[.,]\d+)*(?:\s*%)?\s+\w")
_EVERY_FIRST = re.compile(
    rf"(?i:(?:thứ\s+\w+\s+|ngày\s+\d+\s+)?(?:{RHYTHM})\s*,?\s+"
    rf"{any_of((*VERBS, *words.ADVERBS))})"
)
"""When it is to be done stands first: "thứ năm hàng tuần tổng hợp …"."""
_THEN = re.compile(
    rf"(?i:(?:nơi|dự\s+án|địa\s+phương|đơn\s+vị|công\s+trình|hộ|cơ\s+sở|xã|các|những)\s)[^.;:]{{3,200}}?"
    rf"\sthì\s+(?:phải\s+|cần\s+)?{any_of(VERBS)}"
)
"""What is to be done in a case: "Nơi nào thiếu vốn thì lập hồ sơ …"."""
_STOP = re.compile(r"[;.()“”\"]")
_ABBREVIATED = re.compile(r"(?:\b(?:TP|Tp|ThS|TS|PGS|GS|BS|KS|Đ/c|Đ|St|No|tr|[A-Z])|\bv\.v)$")
_DOTS = re.compile(r"\.\.$")
_UPPER = re.compile(rf"\.[”\")]?\s+[“\"(]?[{words.CAPITALS}]")


def segments(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Pieces between full stops and semicolons outside brackets and quotes; what ended each."""
    found: list[tuple[int, int, str]] = []
    place, depth, quoted = start, 0, False
    for stop in _STOP.finditer(text, start, end):
        at, mark = stop.start(), stop[0]
        if mark == "(":
            depth += 1
        elif mark == ")":
            depth = max(0, depth - 1)
        elif mark in '“”"':
            quoted = mark == "“" or (mark == '"' and not quoted)
        elif depth == 0 and not quoted and (mark == ";" or _ends_sentence(text, place, at, end)):
            found.append((place, at, mark))
            place = at + 1
    if text[place:end].strip(" .;:\n\x1f"):
        found.append((place, end, "."))
    return [one for one in found if text[one[0] : one[1]].strip(" .;:\n\x1f")]


def _ends_sentence(text: str, start: int, at: int, end: int) -> bool:
    if _UPPER.match(text, at, end) is None:
        return False
    if _DOTS.search(text, max(start, at - 2), at):
        return begins_order(text, at + 1, end)
    return _ABBREVIATED.search(text, max(start, at - 8), at) is None


@lru_cache(maxsize=256)
def begins_order(text: str, start: int, end: int) -> bool:
    """A verb of the genre, or a body followed by one, begins it, a preface before it or not."""
    return begins_with_verb(text, start, end) or bool(lead(text, start, end).names)


def begins_with_verb(text: str, start: int, end: int) -> bool:
    """No body named: "Khẩn trương rà soát …", "Đối với …: lập …"."""
    skipped = _CONNECTIVES.match(text, start, end)
    place = skipped.end() if skipped else start
    if _therefore(text, start, end):
        return True
    if _STATEMENT.match(text, place, end):
        return False
    if _VERB.match(text, place, end) or _EVERY_FIRST.match(text, place, end):
        return True
    if _THEN.match(text, place, end) or _TIME_FIRST.match(text, place, end):
        return True
    if _AFTER_EACH.match(text, place, end):
        return True
    if _PREFACE.match(text, place, end):
        return _AFTER_PREFACE.search(text, place, min(end, place + 500)) is not None
    return False


def _therefore(text: str, start: int, end: int) -> bool:
    """ "…, do đó chỉ sử dụng …": the reason for an order before it."""
    reason = _THEREFORE.search(text, start, min(end, start + 500))
    return reason is not None and _VERB.match(text, reason.end(), end) is not None


def is_statement(text: str, start: int, end: int) -> bool:
    """It says how things are; nobody is to do anything."""
    skipped = _CONNECTIVES.match(text, start, end)
    place = skipped.end() if skipped else start
    if _AMOUNT.match(text, place, end) or _AIMS.match(text, place, end):
        return True
    if threatens(text, place, end):
        return True
    if _ANNEXED.match(text, place, end) or only_states(text, place, end):
        return True
    if _ASSESSES.match(text, place, end) and not lead(text, start, end).names:
        return True
    if about := _ABOUT.match(text, place, end):
        place = about.end()
        stated = _STATEMENT.match(text, place, end) and not demands(text, place, end)
        return bool(stated or _AGREES.match(text, place, end))
    if demands(text, start, end) or _hands_on(text, start, end):
        return False
    if _ANSWERS_FOR_DECISION.search(text, max(place, end - 100), end):
        return True
    if _ANSWERS.match(text, place, end) or _ISSUED.match(text, place, end):
        return True
    if _STATEMENT.match(text, place, end) or _INFORMS.match(text, place, end):
        return True
    if _MAY.match(text, place, end) and not begins_with_verb(text, start, end):
        return True
    if _PREFACE.match(text, place, end):
        may = _MAY_BEHIND.match(text, place, end)
        if may and names.begins_name(text, may.start("who"), end, loose=True):
            return True
    if _BASIS.match(text, place, end) and not _goes_on(text, start, place, end):
        return True
    if _WHERE.match(text, place, end) and (
        _LIABLE.match(text, place, end) or not begins_order(text, start, end)
    ):
        return True
    if begins_order(text, start, end):
        return _has_done(text, start, end)
    past = _PAST.search(text, place, min(end, place + 150))
    return bool(past or _RULED.search(text, place, end))


def threatens(text: str, start: int, end: int) -> bool:
    """ "Địa phương nào để xảy ra vi phạm, Chủ tịch UBND xã đó phải kiểm điểm"."""
    return _PUNISHES.match(text, start, end) is not None


def _hands_on(text: str, start: int, end: int) -> bool:
    """ "Việc …, yêu cầu Sở Y tế …", "…, vì vậy các xã cần …": what is said before is the reason."""
    named = lead(text, start, end)
    rule = named.evidence.rule if named.evidence else ""
    if rule in ("lead-behind-reason", CONSENT):
        return True
    if rule == "lead-after-opener" and _MATTER.match(text, start, end):
        return True
    return _therefore(text, start, end)


def _has_done(text: str, start: int, end: int) -> bool:
    """ "Sở Y tế đã hoàn thành …", and nothing more is asked of it."""
    named = lead(text, start, end)
    done = _HAS_DONE.match(text, named.order, end) if named.names else None
    return done is not None and _MORE.search(text, done.end(), end) is None


def _goes_on(text: str, start: int, place: int, end: int) -> bool:
    """Behind the legal basis somebody is named, or a verb of the genre stands."""
    behind = _AFTER_PREFACE.search(text, place, min(end, place + 500))
    return behind is not None or bool(lead(text, start, end).names)


@lru_cache(maxsize=256)
def demands(text: str, start: int, end: int) -> bool:
    """ "Việc … phải bảo đảm …", "Các dự án cần được rà soát": an order that names nobody."""
    skipped = _CONNECTIVES.match(text, start, end)
    place = skipped.end() if skipped else start
    return bool(_DEMAND.match(text, place, end) or _DEMANDS_OF_IT.match(text, place, end))


def goes_over_to_order(text: str, start: int, end: int) -> bool:
    """ "Nghị quyết số …, Quyết định số …; chú trọng đổi mới …": the rest of a broken sentence."""
    pieces = segments(text, start, end)
    if len(pieces) < 2 or pieces[0][2] != ";" or not is_thing(text, start, end):
        return False
    begin, last, _ = pieces[1]
    return begins_with_verb(text, begin, last) and not is_thing(text, begin, last)


def is_thing(text: str, start: int, end: int) -> bool:
    """A document or a figure, named in a list."""
    skipped = re.compile(r"\s*").match(text, start, end)
    return _THING.match(text, skipped.end() if skipped else start, end) is not None
