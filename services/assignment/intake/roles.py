"""Who is ordered to do what: leads, coordinating bodies, receivers of reports."""

import re
from functools import lru_cache

from services.assignment.intake import words
from services.assignment.intake.belonging import Body
from services.assignment.intake.bodies import (
    after_aside,
    behind_colon,
    read_bodies,
    read_loose,
    with_members,
)
from services.assignment.intake.named import NOBODY, Named, as_named
from services.assignment.intake.named_first import (
    AGENCY,
    OPENER,
    ORDER_FOLLOWS,
    named_after_opener,
    named_first,
    superior,
)
from services.assignment.intake.named_late import by_whom, in_brackets, of_occasion
from services.assignment.intake.names import OTHER_TITLE
from services.assignment.intake.patterns import any_of
from services.assignment.intake.source import squeeze
from services.assignment.intake.verbs import VERBS
from services.assignment.intake.works import of_package

_CONNECTIVE = re.compile(rf"\s*(?i:{any_of(words.CONNECTIVES)})\s*[,:]?\s*")
_HEADING = re.compile(
    r"\s*(?i:(?:về\s+)?(?:trách\s+nhiệm|nhiệm\s+vụ|công\s+tác)\s+của|đối\s+với|về\s+phía)\s+"
)
_VERB = re.compile(rf"(?i:{any_of(VERBS)})")
_PREFACE = re.compile(rf"\s*(?i:{any_of(words.PREFACES)})")
_OF = re.compile(r"\b(?:của|với|do|cho|gửi|từ|giữa|tại|các)\s+[^,;.:]*$")
_WHAT_FOR = re.compile(
    r"(?:\s*,\s*|\s+)(?:đào\s+tạo|bồi\s+dưỡng|dạy\s+nghề|sản\s+xuất|kinh\s+doanh|chế\s+biến|khai\s+thác|quản\s+lý"
    r"|sử\s+dụng|cung\s+cấp|vận\s+chuyển|nghiên\s+cứu|nuôi|trồng|khám|giết\s+mổ)\s[^.;:()]{1,60}:?\s*$"
)
"""What a group in a heading is there for: "Các cơ sở đào tạo, bồi dưỡng giáo viên"."""
_DEALERS = re.compile(
    r"(?i:các\s+(?:cơ\s+sở|doanh\s+nghiệp|đơn\s+vị|tổ\s+chức|cá\s+nhân|hộ|trường)\b)"
)
_PERSONS = re.compile(
    r"(?i:(?:các\s+)?(?:chủ|hộ|tổ\s+chức|doanh\s+nghiệp|cơ\s+sở|người)\s)(?:(?!\sphải\s|\scần\s)[^.;:()]){0,80}"
    r"\bcá\s+nhân\s+(?:đào|bồi|sản|kinh|chế|khai|quản|sử|cung|vận|nuôi|trồng|giết|chăn|mua|bán|tham|hành|có)\s"
    r"[^.;:()]{3,80}:?\s*"
)
"""Whom a heading means by what they do: "Chủ vật nuôi, tổ chức, cá nhân kinh doanh, giết mổ"."""
_WHICH = re.compile(r"\s+(?:chủ\s+trì|được\s+giao|tham\s+gia)(?![^:]*phối\s+hợp)[^:.;]*:?\s*$")
_DIRECTS = re.compile(r"chỉ\s+đạo\s+")
_LEADING = re.compile(r"\s+chủ\s+trì\b")
_FOR = re.compile(r"\s*(?i:(?:riêng\s+)?đối\s+với|về\s+phía)\s+")
_GROUP_MUST = re.compile(
    r"(?P<name>các\s+(?:xã|phường|địa\s+phương|đơn\s+vị|sở|cơ\s+quan|cơ\s+sở|doanh\s+nghiệp|hộ|huyện|tỉnh)"
    r"(?:\s+[^\s.,;:()]+){1,12}?)(?P<aside>(?:\s*\([^()]{0,200}\))?)\s+(?:phải|cần\s+phải)\s"
)
"""A group, what tells which it means, and that it must: "các xã có điểm nóng (A, B) phải …"."""
_MUST = re.compile(r"\s*,?\s*(?:cần|phải|có\s+trách\s+nhiệm|khẩn\s+trương|chủ\s+động)\b")
_AND_OFFICE = re.compile(OTHER_TITLE)
"""What else the body is: "Sở Y tế - thường trực Ban Chỉ đạo"."""
_SAME_UNITS = re.compile(
    r",\s+(?:đề\s+nghị|yêu\s+cầu)\s+(?:(?:đơn\s+vị|cơ\s+quan|cơ\s+sở|địa\s+phương|doanh\s+nghiệp)"
    rf"(?:\s+(?:này|đó|trên))?\s+)?(?={any_of((*words.ADVERBS, *VERBS, 'làm'))})"
)
"""Asks those that were just spoken of."""
_AGREES = re.compile(r"ồng ý|ống nhất|ất trí|ấp thuận")
_CONSENT = re.compile(
    r"\s*(?:[^.;:,]{3,60}\s)??(?i:đồng\s+ý|thống\s+nhất|nhất\s+trí|chấp\s+thuận)"
    r"(?:\s+về\s+(?:chủ\s+trương|nguyên\s+tắc))?(?:\s*,|\s+và)?\s+(?:để|giao(?:\s+cho)?|phân\s+công)\s+(?=\S)"
)
"""Who agrees so tells somebody to go on."""
_OWNER = re.compile(r"\b(?:của|với|do|gửi)\s+")
_MATTER = re.compile(r"(?:[^:;.]{3,150}:\s+)?[Vv]iệc\s")
_SENT = re.compile(r"\bgửi\s+(?:về\s+|cho\s+)?")
_DUTIES = re.compile(
    r"\s*(?i:căn\s+cứ|theo|trên\s+cơ\s+sở)\s+(?:vào\s+)?(?:chức\s+năng|nhiệm\s+vụ)(?:\s*,?\s*(?:và\s+)?"
    r"(?:chức\s+năng|nhiệm\s+vụ|quyền\s+hạn|thẩm\s+quyền))*(?:\s+(?:được|của|đã|theo)\s+[^,;:]{1,60})?"
    rf"\s*,\s+(?={any_of(VERBS)})"
)
"""Whoever is named behind it only belongs to the order."""
_BY_SUPERIORS = re.compile(
    r"\sđược\s+(?:Trung\s+ương|Quốc\s+hội|Chính\s+phủ|Bộ|Ban|Thủ)\b[^.;:,]*$"
)
"""What they decided: "… chủ trương đã được Trung ương, Bộ Chính trị thống nhất"."""
_COMMA = re.compile(
    r"[,:]\s+(?:(?:h[àằ]ng|mỗi)\s+(?:năm|quý|tháng|tuần|ngày)\s*,?\s+|định\s+kỳ\s+(?:h[àằ]ng\s+)?(?:năm|quý|tháng|tuần)\s*,?\s+)?"
)
"""How often may stand behind it, before who: "Căn cứ nhiệm vụ, hằng năm các sở lập dự toán"."""
_REASON = re.compile(
    r"[,;]\s+(?:(?:vì\s+vậy|vì\s+thế|do\s+đó|do\s+vậy|bởi\s+vậy)\s*,?|nên)\s+|,?\s+thì\s+"
)
"""Behind it stands what follows from the words before it."""
_ABOUT = re.compile(r"\s*Về\s(?!phía\s)[^:;]{3,700}:\s+")
_PROPOSAL = re.compile(
    r"\s*(?:Kiến\s+nghị|Đề\s+nghị|Đề\s+xuất|Ý\s+kiến)\s+(?:của|về)\s[^:;]{3,500}:\s+"
)
"""What somebody proposed, and the colon behind which the letter answers it."""
_TOPIC = re.compile(r"[^:;.]{3,100}(?<!\svề)(?<!\sgửi)(?<!\stới)(?<!\sđến):\s+")


CONSENT = "lead-with-consent"
"""The rule of a statement that is an order as well."""


@lru_cache(maxsize=256)
def lead(text: str, start: int, end: int) -> Named:
    """Who is to do what the words say, if they name them at all."""
    place = start
    while skipped := _CONNECTIVE.match(text, place, end):
        place = skipped.end()
    about = _ABOUT.match(text, place, end) or _PROPOSAL.match(text, place, end)
    if about and (named := named_first(text, about.end(), end, "lead-behind-topic", 0.85)):
        return named
    return (
        _with_consent(text, place, end)
        or named_first(text, place, end, "lead-before-order")
        or _directed(text, place, end)
        or of_package(text, place, end)
        or _concerning(text, place, end)
        or _behind_reason(text, place, end)
        or named_after_opener(text, place, end)
        or _behind_matter(text, place, end)
        or _behind_preface(text, place, end)
        or of_occasion(text, place, end)
        or in_brackets(text, place, end)
        or by_whom(text, place, end)
        or NOBODY
    )


def heading_lead(text: str, start: int, end: int) -> Named:
    """Whom a heading names for all that stands below it."""
    prefix = _HEADING.match(text, start, end)
    begin = prefix.end() if prefix else start
    opener = OPENER.match(text, begin, end)
    begin = opener.end() if opener else begin
    bodies = read_bodies(text, begin, end, heading=True)
    if bodies and (whole := _described(text, bodies, end)):
        return as_named(whole, "lead-from-heading", 0.7, end)
    if bodies:
        after = after_aside(text, bodies[-1].end, end)
        bodies = with_members(text, bodies, end)
        if named := behind_colon(text, bodies, end):
            return as_named(named, "lead-from-heading", 0.9, end)
        if not text[after:end].strip(" .:;,\n\x1f") or _AND_OFFICE.match(text, after, end):
            return as_named(bodies, "lead-from-heading", 0.9, after)
    found = lead(text, begin, end)
    if not found.names and bodies and text[start:end].rstrip().endswith(":"):
        return as_named(bodies, "lead-from-heading", 0.7, bodies[-1].end)
    return found


def _described(text: str, bodies: list[Body], end: int) -> list[Body]:
    """ "Các Sở, ngành chủ trì, tham gia các dự án": the heading is one name to its end."""
    first = bodies[0]
    dealers = _DEALERS.match(first.name) and _WHAT_FOR.match(text, first.end, end)
    whole = Body(squeeze(text[first.start : end]).strip(" .:;"), first.start, end)
    if _PERSONS.fullmatch(text, first.start, end):
        return [whole]
    if len(bodies) > 1 or not (dealers or _WHICH.match(text, first.end, end)):
        return []
    return [whole] if first.name.lower().startswith("các ") else []


def _directed(text: str, start: int, end: int) -> Named | None:
    """ "Thứ trưởng A chỉ đạo Vụ B chủ trì …": Vụ B leads."""
    begun = _DIRECTS.search(text, start, min(end, start + 300))
    bodies = read_bodies(text, begun.end(), end) if begun else []
    if bodies and _LEADING.match(text, bodies[-1].end, end):
        return as_named(bodies, "lead-directed", 0.75, bodies[-1].end)
    return None


def _concerning(text: str, start: int, end: int) -> Named | None:
    """ "Đối với các chủ đầu tư cần nhanh chóng …": who is concerned must act."""
    begun = _FOR.match(text, start, end)
    if begun and (group := _GROUP_MUST.match(text, begun.end(), end)):
        body = Body(squeeze(group["name"]), *group.span("name"))
        return as_named([body], "lead-concerned", 0.6, group.end("aside"))
    bodies = read_bodies(text, begun.end(), end) if begun else []
    if not bodies:
        return None
    told = text[bodies[-1].end : bodies[-1].end + 1] == ":" and AGENCY.match(bodies[0].name)
    if told or _MUST.match(text, bodies[-1].end, end):
        return as_named(bodies, "lead-concerned", 0.75, bodies[-1].end)
    if asked := _SAME_UNITS.search(text, bodies[-1].end, min(end, bodies[-1].end + 400)):
        return as_named(bodies, "lead-concerned", 0.6, asked.end())
    return None


def _with_consent(text: str, start: int, end: int) -> Named | None:
    """ "Đồng ý để Văn phòng Chính phủ bố trí cuộc họp": who is let do it is to do it."""
    if _AGREES.search(text, start, min(end, start + 120)) is None:
        return None
    begun = _CONSENT.match(text, start, end)
    return named_first(text, begun.end(), end, CONSENT, 0.75) if begun else None


def _behind_preface(text: str, start: int, end: int) -> Named | None:
    """ "Trên cơ sở đề nghị của …, Sở Tài chính tổng hợp …"."""
    topic = _TOPIC.match(text, start, end)
    if topic and (named := named_first(text, topic.end(), end, "lead-behind-topic", 0.85)):
        return named
    if _PREFACE.match(text, start, end) is None:
        return None
    if topic and _VERB.match(text, topic.end(), end):
        return None  # whoever is named behind the verb only takes part
    if _DUTIES.match(text, start, end):
        return None
    found = None
    for comma in _COMMA.finditer(text, start, min(end, start + 700)):
        named = named_first(text, comma.end(), end, "lead-behind-preface", 0.8)
        if named is None or _are_sent_to(text, start, comma.start()):
            continue
        if _BY_SUPERIORS.search(text, start, comma.start()) and superior(
            read_bodies(text, comma.end(), end)[:1]
        ):
            continue
        found = named
        if not _OF.search(text, start, comma.start()) or text[comma.start()] == ":":
            break
        owners = _last_of(text, start, comma.start())
        if not owners:
            break
        if superior(owners) and not superior(read_bodies(text, comma.end(), end)[:1]):
            break
    return found


def _behind_matter(text: str, start: int, end: int) -> Named | None:
    """ "Việc tăng vốn thực hiện theo quy định, Bộ Tài chính có ý kiến hướng dẫn …"."""
    begun = _MATTER.match(text, start, end)
    if begun is None:
        return None
    for comma in _COMMA.finditer(text, begun.end(), min(end, start + 500)):
        if not _last_of(text, start, comma.start()) and (
            named := named_first(text, comma.end(), end, "lead-behind-matter", 0.7)
        ):
            return named
    return None


def _are_sent_to(text: str, start: int, place: int) -> bool:
    """ "Trường hợp …, báo cáo bằng văn bản gửi Sở A, Sở B xem xét": Sở B only receives it."""
    sent = list(_SENT.finditer(text, start, place))
    if not sent or "," not in text[start : sent[-1].start()]:
        return False
    bodies = read_bodies(text, sent[-1].end(), place)
    return bool(bodies) and bodies[-1].end >= place - 1


def _behind_reason(text: str, start: int, end: int) -> Named | None:
    """ "Do thời tiết khác nhau, vì vậy các tỉnh cần …", "Trường hợp …, thì chủ đầu tư phải …"."""
    for reason in _REASON.finditer(text, start, min(end, start + 500)):
        if named := named_first(text, reason.end(), end, "lead-behind-reason", 0.75):
            return named
        plain = read_loose(text, reason.end(), end) if "thì" in reason[0] else []
        if plain and ORDER_FOLLOWS.match(text, plain[-1].end, end):
            return as_named(plain, "lead-behind-reason", 0.6, plain[-1].end)
    return None


def _last_of(text: str, start: int, place: int) -> list[Body]:
    """The bodies that the preface speaks of, if their list reaches up to this comma."""
    owners = list(_OWNER.finditer(text, start, place))
    bodies = read_bodies(text, owners[-1].end(), place) if owners else []
    return bodies if bodies and bodies[-1].end >= place - 1 else []
