"""Whom a sentence names first, or behind a word that asks, before what they are to do."""

import re

from services.assignment.intake import words
from services.assignment.intake.belonging import Body
from services.assignment.intake.bodies import after_aside, read_bodies, read_loose, with_members
from services.assignment.intake.named import NOBODY, Named, as_named
from services.assignment.intake.names import UNIT
from services.assignment.intake.patterns import any_of
from services.assignment.intake.source import in_small, squeeze
from services.assignment.intake.stretching import stretched
from services.assignment.intake.verbs import VERBS
from services.assignment.intake.works import by_short_name

OPENER = re.compile(rf"\s*(?i:{any_of(words.OPENERS)})\s+(?:cho\s+)?(?=\S)")
_OPENER_WORD = re.compile(rf"{any_of(words.OPENERS)}\s+(?:cho\s+)?(?=\S)")
_HANDS_ON = re.compile(rf"\s*(?:(?:trân\s+trọng|thống\s+nhất)\s+)?(?i:{any_of(words.OPENERS)})")
"""Who speaks so is the one who orders, and whom he names is to do it."""
_ITS_OWN = re.compile(r"phân\s+công$")
ORDER_FOLLOWS = re.compile(rf"\s*[,:]?\s*(?:{any_of((*words.ADVERBS, *VERBS))})")
_TOLD_OF = re.compile(
    r"(?:[Vv]ề(?:\s+việc)?|[Tt]heo|[Xx]ét|văn\s+bản|công\s+văn|hồ\s+sơ|đơn|tờ\s+trình|đã|được)\s+$"
)
"""A request that somebody made before, or is to make, is no order of this letter."""
_NOT_YET = re.compile(
    r"\s+(?:(?:chưa|đã)\s+được\s+(?!giao)|(?:cần|phải)(?:\s+phải)?\s+được\s+(?!sự\b|phép\b|giao\b|quyền\b))"
)
"""Tells which bodies are meant, or what is to be done to them, not what they are to do."""
AGENCY = re.compile(
    r"(?i:(?:các\s+)?(?:sở|bộ|ban|ubnd|[uủ][ỷy]\s+ban|cục|chi\s+cục|vụ|công\s+an)\b)"
)
_DOTS = re.compile(r"\s*,?\s*(?:\.\.\.|…)?\s*")
_HEAD = 600
"""Code points in which the issuer of a letter is named."""
_OBLIGED = re.compile(r"\s+(?:cần|phải|có\s+trách\s+nhiệm)\s")
_UNIT = re.compile(rf"\s*{UNIT}")
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
_ABOVE_ALL = re.compile(
    r"\s*,\s+(?:mà\s+)?(?:trước\s+(?:hết|tiên)|nhất|đặc\s+biệt)\s+là\s+[^,;.:]{3,120}?"
    r"(?=,\s|\s+(?:cần|phải|có\s+trách\s+nhiệm)\s)"
)
"""Who of those named above all: "Cấp ủy, chính quyền, trước hết là người đứng đầu, phải …"."""
_IN_ROLE = re.compile(
    r"\s*,\s+(?:với\s+(?:vai\s+trò|tư\s+cách|trách\s+nhiệm)\s+(?:là\s+)?|trên\s+cương\s+vị\s+(?:là\s+)?"
    r"|là\s+(?:cơ\s+quan|đơn\s+vị)\s)[^:;.]{3,200}?(?=:)"
)
"""What else the body is, before the colon that opens what it is to do."""
_OTHER_OFFICE = re.compile(
    r"\s+-\s+(?=(?i:cơ\s+quan|đơn\s+vị)\s+(?i:thường\s+trực|đầu\s+mối|chủ\s+trì)\b)"
)
_ONE_OF_THEIRS = re.compile(r"(?i:0?1|một)\s")
"""Whom somebody is to choose: "Giao 01 phòng làm đầu mối"."""
_AS_ASKED = re.compile(r"\s+(?:theo|trên\s+cơ\s+sở)\s[^.;:()]{3,120}?,\s+")
"""By whose word, before the order: "… theo đề nghị của Bộ Y tế, tăng thời lượng …"."""
_STANDING_SO = re.compile(
    r"\s+(?:chưa|đã|còn|đang)\s[^.;:()]{3,150}(?:\([^()]{0,100}\))?\s*,\s+(?=\S)"
)
"""Which of a group are meant; somebody else is named behind the comma."""
MEMBERS = "lead-members-after-colon"
"""A group and a colon, then whom it means, then the order."""


def named_first(text: str, start: int, end: int, rule: str, sure: float = 0.9) -> Named | None:
    """Names that begin here and are followed by an order, or by a colon."""
    opener = OPENER.match(text, start, end)
    begin = opener.end() if opener else start
    bodies = read_bodies(text, begin, end) or by_short_name(text, begin, end)
    bodies = bodies or _plain_unit(text, begin, end, asked=bool(opener))
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
        return named_after_opener(text, after, end) or own
    if others := _for_those(text, bodies, after, end):
        return as_named(others, rule, 0.7, others[-1].end)
    if opener or _ordered(text, after, end):
        return as_named(bodies, rule, sure, after)
    asked = _AS_ASKED.match(text, after, end) if rule == "lead-before-order" else None
    if asked and ORDER_FOLLOWS.match(text, asked.end(), end):
        return as_named(bodies, rule, 0.7, asked.end())
    if office := _behind_other_office(text, after, end):
        return as_named(bodies, rule, sure, office)
    being = _BEING.match(text, after, end) or _ABOVE_ALL.match(text, after, end)
    if being and _ordered(text, being.end(), end):
        return as_named(bodies, rule, sure, being.end())
    longer = stretched(text, bodies, end) if rule == "lead-before-order" else bodies
    return as_named(longer, rule, 0.6, longer[-1].end) if longer != bodies else None


def _for_those(text: str, bodies: list[Body], after: int, end: int) -> list[Body]:
    """ "Các xã chưa có dự án (theo Phụ lục), UBND tỉnh kiểm điểm …": UBND tỉnh acts."""
    if not bodies[-1].name.lower().startswith("các "):
        return []
    told = _STANDING_SO.match(text, after, end)
    others = read_bodies(text, told.end(), end) if told else []
    return others if others and _ordered(text, others[-1].end, end) else []


def _behind_other_office(text: str, place: int, end: int) -> int:
    """ "Sở Nội vụ - Cơ quan thường trực Ban Chỉ đạo tổng hợp …": behind what else the body is."""
    begun = _OTHER_OFFICE.match(text, place, end)
    office = read_loose(text, begun.end(), end) if begun else []
    return office[-1].end if office and _ordered(text, office[-1].end, end) else 0


def _below_issuer(text: str, bodies: list[Body]) -> bool:
    """Several agencies, or one that does not head the letter: they are told to ask others."""
    if not all(AGENCY.match(one.name) and not superior([one]) for one in bodies):
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
    follows = ORDER_FOLLOWS if asked else _OBLIGED
    return bodies if follows.match(text, bodies[-1].end, end) else []


def _ordered(text: str, place: int, end: int) -> bool:
    if _NOT_YET.match(text, place, end):
        return False
    dots = _DOTS.match(text, place, end)
    place = dots.end() if dots else place
    return ORDER_FOLLOWS.match(text, place, end) is not None


def named_after_opener(text: str, start: int, end: int) -> Named | None:
    """ "… UBND tỉnh yêu cầu Sở Y tế khẩn trương …", within the first sentence."""
    for opener in _OPENER_WORD.finditer(in_small(text), start, min(end, start + 500)):
        if _TOLD_OF.search(text, max(start, opener.start() - 20), opener.start()):
            continue
        bodies = read_bodies(text, opener.end(), end)
        after = after_aside(text, bodies[-1].end, end) if bodies else end
        chosen = bodies and not _ONE_OF_THEIRS.match(bodies[0].name)
        if chosen and _ordered(text, after, end):
            return as_named(bodies, "lead-after-opener", 0.85, bodies[-1].end)
    return None


def superior(bodies: list[Body]) -> bool:
    """Whose word others carry out; no list goes on from them to those who are to."""
    return bool(bodies) and all(_SUPERIORS.fullmatch(one.name) for one in bodies)
