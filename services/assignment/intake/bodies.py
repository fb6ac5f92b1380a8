"""Reading names of bodies: one, or a list with commas inside the names."""

import re

from services.assignment.intake.source import squeeze
from services.assignment.intake.words import HEADS, PERSONS, VERBS

_HEAD = "(?:" + "|".join(re.escape(head.strip()) for head in sorted(HEADS, key=len)[::-1]) + r")\b"
_PERSON = "(?:" + "|".join(map(re.escape, sorted(PERSONS, key=len)[::-1])) + r")\b"
STARTS = re.compile(rf"\s*(?:{_PERSON}|{_HEAD})")
_UNITS = r"(?:tỉnh|thành phố|quận|huyện|thị xã|xã|phường|đặc khu)"
_PEOPLES_COMMITTEES = re.compile(
    rf"(?:UBND|[UỦ][ỷy] ban nhân dân|Ủy ban nhân dân)\s+(?:các\s+)?{_UNITS}"
    rf"(?:\s*(?:,|và|,\s*và)\s*{_UNITS})+"
    r"(?:\s+(?:thuộc|trực thuộc)\s+(?:Thành phố|tỉnh|Trung ương))?"
)
_STOPS = re.compile(
    r"[;:()]|\.(?=\s|$)|\.\.\.|\s(?:"
    + "|".join(map(re.escape, sorted(VERBS, key=len)[::-1]))
    + r")\b"
)
_NEXT = re.compile(rf"\s*(?:,\s*và|,|và|cùng)\s+(?=(?:{_PERSON}|{_HEAD}))")
_PLURAL = re.compile(r"(?:[Cc]ác|[Nn]hững)\s+[^\s,;:.()]+(?:\s+[^\s,;:.()]+)?")
_LISTED = re.compile(r"\s*[Cc]ác (?P<head>[Bb]ộ|[Ss]ở)\s*:\s*")
_COMMA_INSIDE = "Văn hóa, Thể thao và Du lịch"
_LONGEST = 400
_OF_PERSON = re.compile(rf"^(?:{_PERSON})[,\s]*")


def read_names(text: str, start: int, end: int) -> tuple[list[str], int]:
    """The names that begin at ``start``, and where the list ends; none if no name begins there.

    A comma goes on with the list only before something that begins a name, so that
    "UBND các quận, huyện, thị xã" stays one.
    """
    names: list[str] = []
    place = start
    while (begun := STARTS.match(text, place, end)) is not None:
        stop = _end_of_name(text, begun.end(), min(end, place + _LONGEST), begun.start())
        name = tidy(text[place:stop])
        if not name:
            break
        names.append(name)
        following = _NEXT.match(text, stop, end)
        place = following.end() if following else stop
        if following is None:
            break
    return names, place


def _end_of_name(text: str, place: int, end: int, begun: int) -> int:
    while text[begun].isspace():
        begun += 1
    group = _PEOPLES_COMMITTEES.match(text, begun, end)
    plural = _PLURAL.match(text, begun, end)
    place = max(place, *(found.end() for found in (group, plural) if found), 0)
    stop = _STOPS.search(text, place, end)
    last = stop.start() if stop else end
    following = _NEXT.search(text, place, last)
    return following.start() if following else last


def tidy(name: str) -> str:
    """One line, a person's title reduced to the body, no trailing punctuation."""
    name = squeeze(name).strip(" ,;:.-")
    return _OF_PERSON.sub("", name).strip(" ,")


def read_listed(text: str, start: int, end: int) -> tuple[list[str], int]:
    """ "Các Bộ: Quốc phòng, Công an": the head goes before each; none if it is no such list."""
    begun = _LISTED.match(text, start, end)
    if begun is None:
        return [], start
    stop = _STOPS.search(text, begun.end(), min(end, start + _LONGEST))
    last = stop.start() if stop else min(end, start + _LONGEST)
    other = re.compile(r"\s+và\s+(?=(?:UBND|[UỦ]|các\s))").search(text, begun.end(), last)
    last = other.start() if other else last
    listed = squeeze(text[begun.end() : last]).replace(_COMMA_INSIDE, "\0")
    head = begun["head"].capitalize()
    names = [f"{head} {tidy(one.replace(chr(0), _COMMA_INSIDE))}" for one in listed.split(",")]
    if other is not None:
        more, last = read_names(text, other.end(), end)
        names += more
    return [name for name in names if len(name) > len(head) + 1], last
