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
from services.assignment.intake.named_late import by_whom, in_brackets, of_occasion
from services.assignment.intake.names import OTHER_TITLE, UNIT
from services.assignment.intake.patterns import any_of
from services.assignment.intake.source import squeeze
from services.assignment.intake.stretching import stretched

_CONNECTIVE = re.compile(rf"\s*(?i:{any_of(words.CONNECTIVES)})\s*[,:]?\s*")
_OPENER = re.compile(rf"\s*(?i:{any_of(words.OPENERS)})\s+(?:cho\s+)?(?=\S)")
_OPENER_WORD = re.compile(rf"(?i:{any_of(words.OPENERS)})\s+(?:cho\s+)?(?=\S)")
_HEADING = re.compile(
    r"\s*(?i:(?:về\s+)?(?:trách\s+nhiệm|nhiệm\s+vụ|công\s+tác)\s+của|đối\s+với|về\s+phía)\s+"
)
_HANDS_ON = re.compile(rf"\s*(?:(?:trân trọng|thống nhất)\s+)?(?i:{any_of(words.OPENERS)})")
"""Who speaks so is the one who orders, and whom he names is to do it."""
_ITS_OWN = re.compile(r"phân\s+công$")
_VERB = re.compile(rf"(?i:{any_of(words.VERBS)})")
_ORDER_FOLLOWS = re.compile(rf"\s*[,:]?\s*(?:{any_of((*words.ADVERBS, *words.VERBS))})")
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
_WHICH = re.compile(r"\s+(?:chủ\s+trì|được\s+giao|tham\s+gia)(?![^:]*phối\s+hợp)[^:.;]*:?\s*$")
_DIRECTS = re.compile(r"chỉ\s+đạo\s+")
_LEADING = re.compile(r"\s+chủ\s+trì\b")
_TOLD_OF = re.compile(
    r"(?:[Vv]ề(?:\s+việc)?|[Tt]heo|[Xx]ét|văn\s+bản|công\s+văn|hồ\s+sơ|đơn|tờ\s+trình|đã|được)\s+$"
)
"""A request that somebody made before, or is to make, is no order of this letter."""
_FOR = re.compile(r"\s*(?i:(?:riêng\s+)?đối\s+với|về\s+phía)\s+")
_NOT_YET = re.compile(
    r"\s+(?:(?:chưa|đã)\s+được\s+(?!giao)|(?:cần|phải)(?:\s+phải)?\s+được\s+(?!sự\b|phép\b|giao\b|quyền\b))"
)
"""Tells which bodies are meant, or what is to be done to them, not what they are to do."""
_GROUP_MUST = re.compile(
    r"(?P<name>các\s+(?:xã|phường|địa\s+phương|đơn\s+vị|sở|cơ\s+quan|cơ\s+sở|doanh\s+nghiệp|hộ|huyện|tỉnh)"
    r"(?:\s+[^\s.,;:()]+){1,12}?)(?P<aside>(?:\s*\([^()]{0,200}\))?)\s+(?:phải|cần\s+phải)\s"
)
"""A group, what tells which it means, and that it must: "các xã có điểm nóng (A, B) phải …"."""
_AGENCY = re.compile(
    r"(?i:(?:các\s+)?(?:sở|bộ|ban|ubnd|[uủ][ỷy]\s+ban|cục|chi\s+cục|vụ|công\s+an)\b)"
)
_HEAD = 600
"""Code points in which the issuer of a letter is named."""
_MUST = re.compile(r"\s*,?\s*(?:cần|phải|có\s+trách\s+nhiệm|khẩn\s+trương|chủ\s+động)\b")
_OBLIGED = re.compile(r"\s+(?:cần|phải|có\s+trách\s+nhiệm)\s")
_AND_OFFICE = re.compile(OTHER_TITLE)
"""What else the body is: "Sở Y tế - thường trực Ban Chỉ đạo"."""
_UNIT = re.compile(rf"\s*{UNIT}")
_SAME_UNITS = re.compile(
    r",\s+(?:đề\s+nghị|yêu\s+cầu)\s+(?:(?:đơn\s+vị|cơ\s+quan|cơ\s+sở|địa\s+phương|doanh\s+nghiệp)"
    rf"(?:\s+(?:này|đó|trên))?\s+)?(?={any_of((*words.ADVERBS, *words.VERBS, 'làm'))})"
)
"""Asks those that were just spoken of."""
_SUPERIORS = re.compile(
    r"(?:Bộ|Ngành|Tỉnh|Bộ\s+trưởng|[Ll]ãnh\s+đạo\s+Bộ|Chính\s+phủ|(?:Phó\s+)?Thủ\s+tướng.*|Quốc\s+hội|Bộ\s+Chính\s+trị"
    r"|Ban\s+Bí\s+thư.*|Trung\s+ương.*|(?:UBND|[ỦU][ỷy]\s+ban\s+nhân\s+dân|HĐND|Hội\s+đồng\s+nhân\s+dân)"
    r"\s+(?:tỉnh|[Tt]hành\s+phố)(?:\s+\S+){0,4}|(?:Ban\s+Thường\s+vụ\s+|Thường\s+trực\s+)?(?:Tỉnh|Thành)\s+[uủ][ỷy].*)"
)
_BEING = re.compile(
    r"\s*,\s+(?:(?:vốn\s+|với\s+(?:vai\s+trò|tư\s+cách)\s+)?là\s+)(?:các\s+|những\s+|một\s+trong\s+)?"
    r"(?:cơ\s+quan|đơn\s+vị|địa\s+phương|nơi|lực\s+lượng|thành\s+viên|chủ\s+đầu\s+tư|địa\s+bàn)\s[^,;.:]{3,120}(?=,\s)"
)
"""What those are who are named: "…, là các đơn vị có số vốn lớn, …"."""
_AGREES = re.compile(r"ồng ý|ống nhất|ất trí|ấp thuận")
_CONSENT = re.compile(
    r"\s*(?:[^.;:,]{3,60}\s)??(?i:đồng\s+ý|thống\s+nhất|nhất\s+trí|chấp\s+thuận)"
    r"(?:\s+về\s+(?:chủ\s+trương|nguyên\s+tắc))?(?:\s*,|\s+và)?\s+(?:để|giao(?:\s+cho)?|phân\s+công)\s+(?=\S)"
)
"""Who agrees so tells somebody to go on."""
_OWNER = re.compile(r"\b(?:của|với|do|gửi)\s+")
_IN_ROLE = re.compile(
    r"\s*,\s+(?:với\s+(?:vai\s+trò|tư\s+cách|trách\s+nhiệm)\s+(?:là\s+)?|trên\s+cương\s+vị\s+(?:là\s+)?"
    r"|là\s+(?:cơ\s+quan|đơn\s+vị)\s)[^:;.]{3,200}?(?=:)"
)
"""What else the body is, before the colon that opens what it is to do."""
_MATTER = re.compile(r"(?:[^:;.]{3,150}:\s+)?[Vv]iệc\s")
_SENT = re.compile(r"\bgửi\s+(?:về\s+|cho\s+)?")
_DUTIES = re.compile(
    r"\s*(?i:căn\s+cứ|theo|trên\s+cơ\s+sở)\s+(?:vào\s+)?(?:chức\s+năng|nhiệm\s+vụ)(?:\s*,?\s*(?:và\s+)?"
    r"(?:chức\s+năng|nhiệm\s+vụ|quyền\s+hạn|thẩm\s+quyền))*(?:\s+(?:được|của|đã|theo)\s+[^,;:]{1,60})?"
    rf"\s*,\s+(?={any_of(words.VERBS)})"
)
"""Whoever is named behind it only belongs to the order."""
_COMMA = re.compile(r"[,:]\s+")
_REASON = re.compile(
    r"[,;]\s+(?:(?:vì\s+vậy|vì\s+thế|do\s+đó|do\s+vậy|bởi\s+vậy)\s*,?|nên)\s+|,?\s+thì\s+"
)
"""Behind it stands what follows from the words before it."""
_ABOUT = re.compile(r"Về\s(?!phía\s)[^:;]{3,700}:\s+")
_TOPIC = re.compile(r"[^:;.]{3,100}(?<!\svề)(?<!\sgửi)(?<!\stới)(?<!\sđến):\s+")
_ONE_OF_THEIRS = re.compile(r"(?i:0?1|một)\s")
"""Whom somebody is to choose: "Giao 01 phòng làm đầu mối"."""


MEMBERS = "lead-members-after-colon"
"""A group and a colon, then whom it means, then the order."""

CONSENT = "lead-with-consent"
"""The rule of a statement that is an order as well."""


@lru_cache(maxsize=256)
def lead(text: str, start: int, end: int) -> Named:
    """Who is to do what the words say, if they name them at all."""
    place = start
    while skipped := _CONNECTIVE.match(text, place, end):
        place = skipped.end()
    about = _ABOUT.match(text, place, end)
    if about and (named := _at(text, about.end(), end, "lead-behind-topic", 0.85)):
        return named
    return (
        _with_consent(text, place, end)
        or _at(text, place, end, "lead-before-order")
        or _directed(text, place, end)
        or _concerning(text, place, end)
        or _behind_reason(text, place, end)
        or _after_opener(text, place, end)
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
    opener = _OPENER.match(text, begin, end)
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
    if len(bodies) > 1 or not (dealers or _WHICH.match(text, first.end, end)):
        return []
    name = squeeze(text[first.start : end]).strip(" .:;")
    return [Body(name, first.start, end)] if first.name.lower().startswith("các ") else []


def _at(text: str, start: int, end: int, rule: str, sure: float = 0.9) -> Named | None:
    """Names that begin here and are followed by an order, or by a colon."""
    opener = _OPENER.match(text, start, end)
    begin = opener.end() if opener else start
    bodies = read_bodies(text, begin, end) or _plain_unit(text, begin, end, asked=bool(opener))
    if not bodies or (opener and _ONE_OF_THEIRS.match(bodies[0].name)):
        return None
    after = after_aside(text, bodies[-1].end, end)
    bodies = with_members(text, bodies, end)
    if role := _IN_ROLE.match(text, after, end):
        after = role.end()
    if after < end and text[after] == ":":
        members = read_bodies(text, after + 1, end)
        single = members and not members[0].name.lower().startswith("các ")
        if single and bodies[-1].name[:1].islower() and _ordered(text, members[-1].end, end):
            bodies = [*bodies[:-1], *members]
            return as_named(bodies, MEMBERS, sure, members[-1].end)
        return as_named(bodies, rule, sure, after)
    hands = _HANDS_ON.match(text, after, end)
    if hands and not _below_issuer(text, bodies):
        own = as_named(bodies, rule, 0.7, after) if _ITS_OWN.search(hands[0]) else NOBODY
        return _after_opener(text, after, end) or own
    if opener or _ordered(text, after, end):
        return as_named(bodies, rule, sure, after)
    being = _BEING.match(text, after, end)
    if being and _ordered(text, being.end(), end):
        return as_named(bodies, rule, sure, being.end())
    longer = stretched(text, bodies, end) if rule == "lead-before-order" else bodies
    return as_named(longer, rule, 0.6, longer[-1].end) if longer != bodies else None


def _below_issuer(text: str, bodies: list[Body]) -> bool:
    """Several agencies, or one that does not head the letter: they are told to ask others."""
    if not all(_AGENCY.match(one.name) and not _superior([one]) for one in bodies):
        return False
    head = squeeze(text[:_HEAD]).upper()
    return len(bodies) > 1 or (len(text) > _HEAD and bodies[0].name.upper() not in head)


def _plain_unit(text: str, start: int, end: int, *, asked: bool) -> list[Body]:
    """ "Cơ quan chủ trì soạn thảo phải …": a common noun alone, where it must do something."""
    if _UNIT.match(text, start, end) is None:
        return []
    bodies = read_loose(text, start, end)
    if not bodies or (asked and len(bodies) + bodies[0].name.count(",") < 2):
        return []
    follows = _ORDER_FOLLOWS if asked else _OBLIGED
    return bodies if follows.match(text, bodies[-1].end, end) else []


def _ordered(text: str, place: int, end: int) -> bool:
    if _NOT_YET.match(text, place, end):
        return False
    dots = re.compile(r"\s*,?\s*(?:\.\.\.|…)?\s*").match(text, place, end)
    place = dots.end() if dots else place
    return _ORDER_FOLLOWS.match(text, place, end) is not None


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
    told = text[bodies[-1].end : bodies[-1].end + 1] == ":" and _AGENCY.match(bodies[0].name)
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
    return _at(text, begun.end(), end, CONSENT, 0.75) if begun else None


def _after_opener(text: str, start: int, end: int) -> Named | None:
    """ "… UBND tỉnh yêu cầu Sở Y tế khẩn trương …", within the first sentence."""
    for opener in _OPENER_WORD.finditer(text, start, min(end, start + 500)):
        if _TOLD_OF.search(text, max(start, opener.start() - 20), opener.start()):
            continue
        bodies = read_bodies(text, opener.end(), end)
        after = after_aside(text, bodies[-1].end, end) if bodies else end
        chosen = bodies and not _ONE_OF_THEIRS.match(bodies[0].name)
        if chosen and _ordered(text, after, end):
            return as_named(bodies, "lead-after-opener", 0.85, bodies[-1].end)
    return None


def _behind_preface(text: str, start: int, end: int) -> Named | None:
    """ "Trên cơ sở đề nghị của …, Sở Tài chính tổng hợp …"."""
    topic = _TOPIC.match(text, start, end)
    if topic and (named := _at(text, topic.end(), end, "lead-behind-topic", 0.85)):
        return named
    if _PREFACE.match(text, start, end) is None:
        return None
    if topic and _VERB.match(text, topic.end(), end):
        return None  # whoever is named behind the verb only takes part
    if _DUTIES.match(text, start, end):
        return None
    found = None
    for comma in _COMMA.finditer(text, start, min(end, start + 700)):
        named = _at(text, comma.end(), end, "lead-behind-preface", 0.8)
        if named is None or _are_sent_to(text, start, comma.start()):
            continue
        found = named
        if not _OF.search(text, start, comma.start()) or text[comma.start()] == ":":
            break
        owners = _last_of(text, start, comma.start())
        if not owners:
            break
        if _superior(owners) and not _superior(read_bodies(text, comma.end(), end)[:1]):
            break
    return found


def _behind_matter(text: str, start: int, end: int) -> Named | None:
    """ "Việc tăng vốn thực hiện theo quy định, Bộ Tài chính có ý kiến hướng dẫn …"."""
    begun = _MATTER.match(text, start, end)
    if begun is None:
        return None
    for comma in _COMMA.finditer(text, begun.end(), min(end, start + 500)):
        if not _last_of(text, start, comma.start()) and (
            named := _at(text, comma.end(), end, "lead-behind-matter", 0.7)
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
        if named := _at(text, reason.end(), end, "lead-behind-reason", 0.75):
            return named
        plain = read_loose(text, reason.end(), end) if "thì" in reason[0] else []
        if plain and _ORDER_FOLLOWS.match(text, plain[-1].end, end):
            return as_named(plain, "lead-behind-reason", 0.6, plain[-1].end)
    return None


def _last_of(text: str, start: int, place: int) -> list[Body]:
    """The bodies that the preface speaks of, if their list reaches up to this comma."""
    owners = list(_OWNER.finditer(text, start, place))
    bodies = read_bodies(text, owners[-1].end(), place) if owners else []
    return bodies if bodies and bodies[-1].end >= place - 1 else []


def _superior(bodies: list[Body]) -> bool:
    """Whose word others carry out; no list goes on from them to those who are to."""
    return bool(bodies) and all(_SUPERIORS.fullmatch(one.name) for one in bodies)
