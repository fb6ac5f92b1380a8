"""Reading names of bodies: one, a group, or a list with commas inside the names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.assignment.intake import words
from services.assignment.intake.patterns import any_of, raw_any_of
from services.assignment.intake.source import squeeze

LONGEST = 400
"""Code points that one name may take at most."""

_CAPITAL = f"[{words.CAPITALS}]"
_UNIT = r"(?i:" + raw_any_of((*words.UNITS, *words.OTHER_GROUPS)) + ")"
_ENTERPRISE = (
    r"(?i:tập\s+đoàn(?:\s+kinh\s+tế)?|tổng\s+công\s+ty(?:\s+nhà\s+nước)?|công\s+ty)\b"
)
_MANY = r"(?i:tất cả các|toàn thể các|các|những|từng|mỗi)"
_HEAD = raw_any_of(
    (*words.HEADS, *words.COMPOUNDS, *words.FIXED_NAMES, *words.COMPLETE_NAMES)
)
_TITLE = raw_any_of(words.TITLES)
_TITLES = re.compile(
    rf"\s*(?:(?:(?i:các)\s+(?={_TITLE}))?{_TITLE}(?:\s*,\s*|\s+và\s+|\s*-\s*|\s+))+"
    rf"(?={_HEAD}|{_MANY}\s|{_UNIT}|ban\b)"
)
_PLACE = rf"(?:[Tt]ỉnh|[Tt]hành\s+phố)\s+(?={_CAPITAL})"
_FIRM = rf"{_TITLES.pattern}|{_HEAD}|{_PLACE}|{_MANY}\s+(?:{_UNIT}|{_ENTERPRISE})"
STARTS = re.compile(rf"\s*(?:{_FIRM})")
_LOOSE_STARTS = re.compile(rf"\s*(?:{_FIRM}|{_UNIT}|{_ENTERPRISE})")
_LEADERS = re.compile(r"[Ll]ãnh\s+đạo\s+Bộ(?=\s*(?:[,;.)]|$))")
_COMPLETE = re.compile(raw_any_of(words.COMPLETE_NAMES))
_FIXED = re.compile(any_of(words.FIXED_NAMES))
_COMPOUND = re.compile(rf"(?:{_MANY}\s+)?" + any_of(words.COMPOUNDS))
_COMMITTEE = r"(?:UBND|[ỦU][ỷyỶY]\s+ban\s+nhân\s+dân|Uỷ\s+ban\s+nhân\s+dân)"
_PLACE_UNIT = r"(?i:tỉnh|thành\s+phố|quận|huyện|thị\s+xã|thị\s+trấn|xã|phường|đặc\s+khu)"
_COMMITTEES = re.compile(
    rf"{_COMMITTEE}\s+(?:(?:các|cấp|\d+)\s+)?{_PLACE_UNIT}(?:\s*(?:,\s*và|,|và|-)\s*{_PLACE_UNIT})+"
)
_UNITS = r"(?i:" + raw_any_of((*words.UNITS, "chính trị - xã hội", "xã hội nghề nghiệp")) + ")"
_GROUP = re.compile(
    rf"(?:{_MANY}\s+)?{_UNIT}(?:\s+chính trị)?(?:\s*(?:,\s*và|,|và|/|-)\s*(?!{_MANY}\s){_UNITS})*"
)
_OF_UNITS = re.compile(
    r"(?:\s+(?:chức\s+năng|chuyên\s+môn|có\s+liên\s+quan|liên\s+quan))?\s+(?:trực\s+thuộc|thuộc|của)"
    rf"\s+(?:các\s+)?{_UNITS}(?:\s*(?:,\s*và|,|và)\s*{_UNITS}(?!\s+(?:trưởng|{_CAPITAL})))+"
)
_THEIR_UNITS = re.compile(
    rf"(?:\s+(?!(?:và|cùng|phối|với)\b)\w+){{0,4}}?\s+(?P<units>(?:các|cấp)\s+{_UNITS})"
    rf"(?:\s*(?:,\s*và|,|và)\s*{_UNITS})+"
)
_SMALL_UNITS = raw_any_of(words.UNITS)
_OWN_UNITS = re.compile(rf"\s+{_SMALL_UNITS}(?:\s*(?:,\s*và|,|và)\s*{_SMALL_UNITS})+")
_INNER = re.compile(any_of(words.COMPOUNDS))
_ENTERPRISES = re.compile(rf"(?:{_MANY}\s+)?{_ENTERPRISE}(?:\s*(?:,\s*và|,|và)\s*{_ENTERPRISE})*")
_FIELD = any_of(words.FIELDS).removesuffix(r"\b") + r"(?![\w&])"
_DEPARTMENT = re.compile(rf"(?:Sở|Bộ|sở|bộ|Ty)\s+{_FIELD}")
_LISTED = re.compile(rf"(?i:(?:các\s+)?(?P<head>bộ|sở))\s*(?P<colon>:)?\s+(?={_FIELD})")
_LISTED_COLON = re.compile(
    r"(?i:các\s+(?P<head>bộ|sở|vụ|cục|tập\s+đoàn|tổng\s+công\s+ty|ban|phòng|viện|trường)"
    r"(?:,\s*(?:ban|ngành|cơ\s+quan|tổng\s+công\s+ty))*)\s*:\s*"
)
_ONE_LISTED = re.compile(
    rf"{_CAPITAL}[\w&]*(?:\s+-\s+{_CAPITAL}\w*|\s+(?!(?:và|chủ|phối|có|theo|khẩn|tiếp)\b)[\w&]+)*"
)
_ONE_FIELD = re.compile(_FIELD)
_LIST_COMMA = re.compile(r"\s*(?:,\s*và|,|và)\s*")
_PROPER = re.compile(
    rf"(?:tỉnh\s+|thành phố\s+)?(?:TP\.?\s*)?({_CAPITAL}\w+(?:\s*-\s*{_CAPITAL}\w+)?"
    rf"(?:\s+{_CAPITAL}\w+){{0,3}})"
)
_PROVINCES = re.compile(
    rf"(?P<head>{_COMMITTEE}\s+)?(?i:các\s+(?:tỉnh(?:,\s*thành phố)?|thành phố|địa phương))"
    rf"(?P<colon>\s*:)?\s+(?={_CAPITAL})"
)
_CENTRAL = re.compile(
    rf"\s*(?:(?i:các\s+đồng\s+chí|đồng\s+chí)\s+)?{_TITLE}(?:\s+(?:các\s+)?[Bb]ộ)?\s*(?:,\s*và|,|và)"
    rf"\s*(?:các\s+)?(?:{_TITLE}\s+)?(?:các\s+)?cơ\s+quan\s+ngang\s+[Bb]ộ"
    rf"(?:\s*(?:,\s*và|,|và)\s*(?:{_TITLE}\s+)?(?:các\s+)?cơ\s+quan\s+(?:trực\s+)?thuộc\s+Chính\s+phủ)?"
)
_CENTRAL_NAME = "các Bộ, cơ quan ngang Bộ, cơ quan thuộc Chính phủ"
_LONG_WORDS = [one for one in (*words.VERBS, *words.ADVERBS) if " " in one or "," in one]
_SHORT_STOPS = (
    "cần",
    "phải",
    "sớm",
    "không",
    "chưa",
    "chỉ",
    "ngay",
    "sẽ",
    "nếu",
    "tự",
    "đã",
    "đang",
)
_STOPS = re.compile(
    r"[;:()\"“”\n\x1f]{2,}|[;:(),\"“]|\.(?=\s|$|\.)|\s-\s(?=(?:Phó\s+)?(?:Trưởng|Chủ\s+tịch|Phó|Cơ\s+quan)\b)|(?<!\b[Cc]hủ)(?<!\b[Nn]hà)\s"
    + "(?:"
    + any_of((*_LONG_WORDS, *_SHORT_STOPS, *words.AFTER_NAME))
    + "|"
    + raw_any_of(words.NAME_ENDS)
    + ")"
)
_STRONG = re.compile(
    r"[;:(),]|\.(?=\s|$)|\s-\s(?=(?:Phó\s+)?(?:Trưởng|Chủ\s+tịch|Phó|Cơ\s+quan)\b)|\s(?:chủ trì|có trách nhiệm|theo chức năng|chỉ đạo|tập trung"
    r"|khẩn trương|tiếp tục|căn cứ|chủ động|thực hiện)\b"
)
_JOIN = re.compile(
    rf"\s*(?:\([^()]{{0,300}}\)\s*)?(?:[,;]\s*và|,\s*cùng|,|;|và|cùng(?:\s+với)?|\+)\s*"
    rf"(?={_LOOSE_STARTS.pattern.removeprefix(chr(92) + 's*')})"
)
_ASIDE = re.compile(r"\s*\([^()]{0,400}\)")
_SECOND_TITLE = re.compile(r"\s+-\s+(?=(?:Phó\s+)?(?:Trưởng|Chủ\s+tịch|Phó)\b)")
_TAIL_SKIPS = re.compile(
    r"\s+(?:(?:có\s+)?liên\s+quan|được\s+giao(?=\s+(?:nhiệm\s+vụ|làm|chủ\s+trì|quản\s+lý))"
    r"|khác\s+có\s+liên\s+quan|có\s+chức\s+năng|có\s+thẩm\s+quyền|trực\s+thuộc|trên\s+địa\s+bàn"
    r"|từ\s+(?="
    + _CAPITAL
    + r")[^,;:.]{2,30}\sđến\s+"
    + _CAPITAL
    + r"\w+(?:\s+"
    + _CAPITAL
    + r"\w+){0,2}"
    r"|ở\s+(?:các\s+)?(?:cơ\s+sở|địa\s+phương)|của\s+(?="
    + _CAPITAL
    + r"|tỉnh|thành phố|địa phương|huyện|xã)"
    r"|trong\s+(?:Bộ|ngành|tỉnh|thành phố|toàn quốc|cả nước|hệ thống)|tại\s+địa\s+phương|nêu\s+trên)"
)


@dataclass(frozen=True)
class Body:
    """A name as it will be shown, and where it stands."""

    name: str
    start: int
    end: int


def read_bodies(text: str, start: int, end: int, *, heading: bool = False) -> list[Body]:
    """The bodies named from ``start`` on; none if no name begins there.

    A comma goes on with the list only before something that begins a name, so that "UBND các
    quận, huyện, thị xã" stays one. In a ``heading`` only strong words end a name.
    """
    found: list[Body] = []
    place = start
    loose = False
    while place < end:
        pattern = _LOOSE_STARTS if loose else STARTS
        if not pattern.match(text, place, end) and not _listed_start(text, place, end):
            break
        more = list(_one(text, place, min(end, place + LONGEST), heading))
        if not more or more[-1].end <= place:
            break
        found += more
        joined = _JOIN.match(text, more[-1].end, end)
        if joined is None:
            break
        place, loose = joined.end(), True
    return _shared_owner([one for one in found if one.name])


def _shared_owner(found: list[Body]) -> list[Body]:
    """ "Các đơn vị của Bộ A, Bộ B": the units of each."""
    kept: list[Body] = []
    owned = ""
    for one in found:
        match = _OWNED.match(one.name)
        if match:
            owned = match[1]
        elif owned and _OWNER.match(one.name):
            one = Body(f"{owned}{one.name}", one.start, one.end)
        else:
            owned = ""
        kept.append(one)
    return kept


def read_loose(text: str, start: int, end: int) -> list[Body]:
    """The same where a common noun alone may name a body: "phối hợp với địa phương"."""
    begun = _LOOSE_STARTS.match(text, start, end)
    if begun is None:
        return []
    if STARTS.match(text, start, end) or _listed_start(text, start, end):
        return read_bodies(text, start, end)
    first = list(_one(text, start, min(end, start + LONGEST), False))
    if not first:
        return []
    joined = _JOIN.match(text, first[-1].end, end)
    return [*first, *(read_loose(text, joined.end(), end) if joined else [])]


def after_aside(text: str, place: int, end: int) -> int:
    """Behind what stands in brackets after a name."""
    aside = _ASIDE.match(text, place, end)
    return aside.end() if aside else place


def _listed_start(text: str, place: int, end: int) -> bool:
    place = _skip_blank(text, place, end)
    return bool(_LISTED_COLON.match(text, place, end) or _PROVINCES.match(text, place, end))


def _skip_blank(text: str, place: int, end: int) -> int:
    while place < end and text[place].isspace():
        place += 1
    return place


def _one(text: str, start: int, end: int, heading: bool) -> Iterator[Body]:
    """One name, or several that share a head: "các Bộ: Quốc phòng, Công an"."""
    place = _skip_blank(text, start, end)
    if central := _CENTRAL.match(text, place, end):
        yield Body(_CENTRAL_NAME, place, central.end())
        return
    if (leaders := _LEADERS.match(text, place, end)) and not heading:
        yield Body(squeeze(leaders[0]), place, leaders.end())
        return
    titles = _TITLES.match(text, place, end)
    begin = titles.end() if titles else place
    if listed := _departments(text, begin, end) or _provinces(text, begin, end):
        yield from listed
        return
    last = _end_of_name(text, begin, end, heading)
    name = _tidy(text[begin:last])
    second = _SECOND_TITLE.match(text, last, end)
    if second is not None:
        stop = _STOPS.search(text, second.end(), end)
        after = stop.start() if stop else end
        if titles is None:
            name = _tidy(text[begin:after])
        last = after
    yield Body(name, begin, last)


def _departments(text: str, begin: int, end: int) -> list[Body]:
    """ "Các Sở: Tài chính, Nội vụ" and "các Bộ Công an, Quốc phòng": the head before each."""
    begun = _LISTED_COLON.match(text, begin, end) or _LISTED.match(text, begin, end)
    if begun is None:
        return []
    if text[begin : begin + 3].lower() != "các" and not begun.groupdict().get("colon"):
        return []
    found: list[Body] = []
    place = begun.end()
    any_name = begun["head"].lower() not in ("bộ", "sở")
    while field := _listed_name(text, place, end, any_name):
        if field[0] in ("Văn hóa", "Văn hoá") and not found:
            break
        head = squeeze(begun["head"]).capitalize()
        found.append(Body(f"{head} {squeeze(field[0])}", begin, field.end()))
        comma = _LIST_COMMA.match(text, field.end(), end)
        if comma is None:
            break
        place = comma.end()
    return found


def _listed_name(text: str, place: int, end: int, any_name: bool) -> "re.Match[str] | None":
    """A field of the register, or behind a colon any name up to its comma or its verb."""
    if not any_name:
        return _ONE_FIELD.match(text, place, end)
    if STARTS.match(text, place, end):
        return None
    stop = _STOPS.search(text, place, end)
    return _ONE_LISTED.match(text, place, stop.start() if stop else end)


def _provinces(text: str, begin: int, end: int) -> list[Body]:
    """ "UBND các tỉnh: Bắc Ninh, Phú Thọ": the head and the kind before each."""
    begun = _PROVINCES.match(text, begin, end)
    if begun is None:
        return []
    head = squeeze(begun["head"] or "")
    found: list[Body] = []
    place = begun.end()
    while one := _PROPER.match(text, place, end):
        kind = "thành phố" if one[1] in words.CITIES else "tỉnh"
        found.append(Body(f"{head} {kind} {squeeze(one[1])}".strip(), begin, one.end()))
        comma = _LIST_COMMA.match(text, one.end(), end)
        if comma is None or _HEADWORD.match(text, comma.end(), end):
            break
        place = comma.end()
    return found if begun["colon"] or len(found) > 1 else []


_OWNED = re.compile(r"((?:[Cc]ác )?(?:đơn vị|cơ quan)(?: \w+){0,3} của )(?=Bộ|Ngân hàng|Tổng cục|Sở)")
_OWNER = re.compile(r"(?:Bộ|Ngân hàng|Tổng cục|Sở) ")
_HEADWORD = re.compile(_HEAD)


def _end_of_name(text: str, begin: int, end: int, heading: bool) -> int:
    """Behind the fixed part of the name and what belongs to it, before the first stop."""
    if (complete := _COMPLETE.match(text, begin, end)) and not heading:
        return complete.end()
    place = begin
    for pattern in (_FIXED, _COMPOUND, _COMMITTEES, _DEPARTMENT, _ENTERPRISES, _GROUP):
        if fixed := pattern.match(text, begin, end):
            place = fixed.end()
            break
    else:
        if head := _HEADWORD.match(text, begin, end):
            place = head.end()
    owners = _OF_UNITS.match(text, place, end) or _OWN_UNITS.match(text, place, end)
    if owners is None:
        owners = _THEIR_UNITS.match(text, place, end)
        if owners and _STOPS.search(text, place, owners.start("units")):
            owners = None
    if owners is not None:
        place = owners.end()
    stops = _STRONG if heading else _STOPS
    while True:
        stop = stops.search(text, place, end)
        last = stop.start() if stop else end
        inner = _INNER.search(text, place, min(end, last + 40))
        if inner is not None and inner.start() < last < inner.end():
            if joined := _JOIN.search(text, place, inner.end()):
                return joined.start()
            place = inner.end()
            continue
        joined = _JOIN.search(text, place, last)
        if joined is not None:
            return joined.start()
        skipped = _TAIL_SKIPS.match(text, last, end) if stop else None
        if skipped is None:
            return last
        place = skipped.end()


def _tidy(name: str) -> str:
    """One line, no punctuation at its ends."""
    return squeeze(name).strip(" ,;:.-")
