"""Time limits and rhythms, as they are written (tracking rules, 1.4)."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from services.assignment.intake.evidence import Evidence
from services.assignment.intake.letter import Deadline
from services.assignment.intake.limits import BEFORE_FEAST, KINDS, RHYTHM, only_lasts
from services.assignment.intake.source import in_small, says, squeeze

_EVERY = (
    re.compile(RHYTHM),
    re.compile(r"(?<!thường\sxuyên,\s)[Đđ]ịnh\s+kỳ(?!(?:\s*,|\s+(?:và|hoặc|hay))\s*đột\s+xuất)"),
)
"""A kind of report or visit is no rhythm: "định kỳ, đột xuất"."""
_OF_RHYTHMS = ("kỳ", "tháng", "hàng", "hằng", "mỗi", "lần")
"""One of these words stands in whatever the patterns above find."""
_RHYTHM_BEHIND = re.compile(rf"(?:\s*,)?\s*\(?(?:{RHYTHM})")
_NEAR = 300
"""How far before a day its rhythm may stand, in code points."""
_RHYTHM_SAID = re.compile(RHYTHM)
_EXPLAINED = re.compile(rf"(?:{RHYTHM})(?:\s+(?:một|1)\s+lần)?\s*\([^()]*$")
"""Brackets behind a rhythm say on which days it falls."""
_GROUNDS = re.compile(r"\s*(?:[-+]\s*)?(?i:căn\s+cứ|trên\s+cơ\s+sở)[^,;:]*$")
"""What an order rests on has a rhythm of its own."""
_RHYTHMS = (
    (re.compile(r"(?:6|sáu)\s+tháng"), "half-yearly"),
    (re.compile(r"3\s+tháng|quý"), "quarterly"),
    (re.compile("tháng"), "monthly"),
    (re.compile(r"tuần|thứ\s"), "weekly"),
    (re.compile("năm"), "yearly"),
    (re.compile("ngày"), "daily"),
)
_FIGURE = re.compile(
    r"\d|kết\s+thúc|hiệu\s+lực|nhận\s+được|sau\s+khi|(?:trong\s+vòng|thời\s+hạn|không\s+quá|kỳ\s+họp)\s|h[àằ]ng\s+ngày"
    r"|tuần\s+(?:này|tới)|hôm\s+nay|[Qq]uý\s+[IV]"
)
"""Without one of these there is no time limit to look for."""
_PERIOD = re.compile(r"h[àằ]ng\s|năm\s+trước|6\s+tháng\s*\(|tháng\s+(?:cuối|sau)")
"""Nor a day of each period without one of these."""
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_STATED = (
    ("standing", re.compile(r"(?i:thường\s+xuyên|liên\s+tục)")),
    (
        "schedule",
        re.compile(
            r"(?i:theo)\s+(?:lộ\s+trình|tiến\s+độ|hướng\s+dẫn|kế\s+hoạch|yêu\s+cầu|quy\s+định)[^.;]*"
        ),
    ),
    ("condition", re.compile(r"(?i:ngay\s+)?(?i:sau\s+khi|khi)\s[^.;]*")),
    (
        "month",
        re.compile(
            r"[Tt]háng\s+(?:\d{1,2}\s*[-,]\s*)*(?P<m>\d{1,2})(?:\s*/\s*|,?\s+năm\s+)(?P<y>\d{4})"
        ),
    ),
    (
        "quarter",
        re.compile(
            r"[Qq]uý\s+(?:(?:III|II|IV|I|[1-4])\s*[-,]\s*)*(?P<q>III|II|IV|I|[1-4])\b"
            r"(?:\s*[/-]\s*|,?\s+[Nn]ăm\s+)?(?P<y>\d{4})"
        ),
    ),
    ("day", re.compile(r"(?:ngày\s+)?(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})")),
    ("day", re.compile(r"ngày\s+(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})\s+năm\s+(?P<y>\d{4})")),
    ("month", re.compile(r"(?<![\d/])(?P<m>\d{1,2})\s*/\s*(?P<y>20\d{2})")),
    (
        "year",
        re.compile(
            r"(?<!đoạn\s)(?<!đoạn\s\d{4}-)(?<!đoạn\s\d{4}\s-\s)"
            r"(?:[Nn]ăm\s+|[Đđ]ến\s+|[Tt]ừ\s+)?(?:\d{4}\s*-\s*)?(?P<y>20\d{2})"
        ),
    ),
)  # fmt: skip
"""What counts only where the time is stated as such: "Thời gian thực hiện: …"."""
_ONWARD = re.compile(
    r"(?i:từ|năm|giai\s+đoạn)\s[^.;]{0,60}?\d{4}(?:\s+trở\s+đi|\s*,?\s*(?:và\s+)?(?:(?:các|những)\s+năm\s+)?tiếp\s+theo)"
)
"""From a day on, without an end: "Từ năm 2025 đến năm 2030 và các năm tiếp theo"."""
_BEGINS = re.compile(r"\s*[Tt]ừ\s+(?![^.;]*(?:đến|\s-\s|\d-\d))")
"""A start: nothing is late by it."""
_ALWAYS_TOO = re.compile(
    r"(?:,|;|\bvà)\s+(?:[^\W\d]+\s+){0,4}?(?:thường\s+xuyên|liên\s+tục)|(?i:thường\s+xuyên)\s*(?:,|;|và)"
)
_DATED = ("date", "month", "quarter")


@dataclass(frozen=True)
class Time:
    """A time limit, a rhythm, or both, and the words for them."""

    deadline: Deadline | None = None
    recurrence: str | None = None
    evidence: Evidence | None = None


_BAN = re.compile(r"\s*(?:[-+]\s*)?(?:Chưa|Không|chưa|không|Nghiêm\s+cấm|nghiêm\s+cấm)\s")


def read_time(text: str, start: int, end: int, written: date | None) -> Time:
    """The time limit of an order and its rhythm; neither where the words have none.

    ``written`` is the letter's own date: a day without a year takes that year, or the next one if
    it is past already.
    """
    limits = read_limits(text, start, end, written)
    if limits and _BAN.match(text, start, end) and limits[0].deadline is not None:
        return Time() if limits[0].deadline.kind in ("month", "quarter", "year") else limits[0]
    if len(limits) > 1 and limits[0].deadline and limits[0].deadline.kind == "conditional":
        dated = [one for one in limits if one.deadline and one.deadline.kind == "date"]
        return next(iter(dated), limits[0])
    return next(iter(limits), None) or _before_feast(text, start, end) or _rhythm(text, start, end)


_FEASTS = ("Tết", "học", "nghỉ", "khai", "mùa")
"""Of these one stands wherever a feast or a season does."""


def _before_feast(text: str, start: int, end: int) -> Time | None:
    if not any(word in text[start:end] for word in _FEASTS):
        return None
    said = BEFORE_FEAST.search(text, start, end)
    if said is None:
        return None
    evidence = Evidence("time-before-feast", *said.span(), 0.7)
    return Time(Deadline(squeeze(said[0]), None, "relative"), None, evidence)


def read_stated(text: str, start: int, end: int, written: date | None) -> Time:
    """The same where the words stand for nothing but a time: "Quý IV/2025", "thường xuyên".

    A limit may have a rhythm beside it: "Tháng 12/2025 và hằng năm". A start alone limits nothing.
    """
    if onward := _ONWARD.search(text, start, end):
        said = Evidence("time-stated-onward", *onward.span(), 0.9)
        return Time(Deadline(squeeze(onward[0]), None, "recurring"), "unspecified", said)
    found = read_time(text, start, end, written)
    if found.evidence is None or found.evidence.rule == "time-rhythm":
        found = _dated(text, start, end, written) or found
    if found.deadline and found.recurrence is None and found.deadline.kind in _DATED:
        return replace(found, recurrence=_beside(text, start, end))
    if found.evidence is not None or _BEGINS.match(text, start, end):
        return found
    return _said_otherwise(text, start, end, written)


def _dated(text: str, start: int, end: int, written: date | None) -> Time | None:
    """A month, a quarter or a day as such, with its year."""
    if _BEGINS.match(text, start, end):
        return None
    for rule, pattern in _STATED:
        if rule in ("month", "quarter", "day"):
            for said in [*pattern.finditer(text, start, end)][-1:]:
                evidence = Evidence(f"time-stated-{rule}", *said.span(), 0.9)
                return Time(_deadline(rule, said, written), None, evidence)
    return None


def _beside(text: str, start: int, end: int) -> str | None:
    """The rhythm that goes on after a limit: "… và thường xuyên", "định kỳ hằng năm; riêng …"."""
    if every := _RHYTHM_SAID.search(text, start, end):
        return _name_rhythm(every[0])
    return "unspecified" if _ALWAYS_TOO.search(text, start, end) else None


def _said_otherwise(text: str, start: int, end: int, written: date | None) -> Time:
    for rule, pattern in _STATED:
        for said in [*pattern.finditer(text, start, end)][-1:]:
            evidence = Evidence(f"time-stated-{rule}", *said.span(), 0.9)
            raw = squeeze(said[0])
            if rule == "standing":
                return Time(None, "unspecified", evidence)
            if rule in ("schedule", "condition"):
                kind = "relative" if rule == "schedule" else "conditional"
                return Time(Deadline(raw, None, kind), None, evidence)
            return Time(_deadline(rule, said, written), None, evidence)
    return Time()


@lru_cache(maxsize=256)
def read_limits(text: str, start: int, end: int, written: date | None) -> tuple[Time, ...]:
    """Every time limit in the order of the text; a day without a year may have a rhythm."""
    found = sorted(_matches(text, start, end), key=lambda one: (one[1].start(), -one[1].end()))
    limits: list[Time] = []
    last = start
    for rule, said in found:
        if said.start() < last or only_lasts(text, start, said):
            continue
        rhythm = _rhythm_beside(text, start, end, said) if _without_year(rule, said) else None
        every = said.groupdict().get("every") or said.groupdict().get("twice")
        evidence = Evidence(f"time-{rule}", *said.span(), 0.9)
        if rule == "day-of-period" or rhythm is not None:
            recurrence = rhythm or _name_rhythm(every or "ngày")
            limits.append(Time(Deadline(squeeze(said[0]), None, "recurring"), recurrence, evidence))
        else:
            limits.append(Time(_deadline(rule, said, written), None, evidence))
        last = said.end()
    return tuple(limits)


_TELLING = frozenset(word for _, words, _ in KINDS for word in words)
"""Of these one at least stands wherever a limit does."""


def _matches(text: str, start: int, end: int) -> Iterator[tuple[str, "re.Match[str]"]]:
    if _FIGURE.search(text, start, end) is None:
        return
    said_here = in_small(text)[start:end]
    told = {word for word in _TELLING if word in said_here}
    for rule, words, pattern in KINDS:
        if told.isdisjoint(words):
            continue
        if rule == "day-of-period" and _PERIOD.search(said_here) is None:
            continue
        for said in pattern.finditer(text, start, end):
            yield rule, said


def _without_year(rule: str, said: "re.Match[str]") -> bool:
    return rule == "day-of-period" or (rule == "day" and said.groupdict().get("y") is None)


def _rhythm_beside(text: str, start: int, end: int, said: "re.Match[str]") -> str | None:
    """The rhythm right behind the limit, or the last one before it in the same order."""
    behind = _RHYTHM_BEHIND.match(text, said.end(), end)
    if behind is not None:
        return _name_rhythm(behind[0])
    near = max(start, said.start() - _NEAR)
    if explained := _EXPLAINED.search(text, near, said.start()):
        return _name_rhythm(explained[0])
    if every := said.groupdict().get("every") or said.groupdict().get("twice"):
        return _name_rhythm(every)
    before = [one[0] for one in _RHYTHM_SAID.finditer(text, near, said.start())]
    return _name_rhythm(before[-1]) if before else None


def _rhythm(text: str, start: int, end: int) -> Time:
    if not says(text, start, end, _OF_RHYTHMS):
        return Time()
    for pattern in _EVERY:
        said = pattern.search(text, start, end)
        if said and _GROUNDS.match(text, start, said.start()) is None:
            evidence = Evidence("time-rhythm", *said.span(), 0.85)
            deadline = Deadline(squeeze(said[0]), None, "recurring")
            return Time(deadline, _name_rhythm(said[0]), evidence)
    return Time()


def _name_rhythm(every: str) -> str:
    for pattern, rhythm in _RHYTHMS:
        if pattern.search(every.lower()):
            return rhythm
    return "unspecified"


def _deadline(rule: str, found: "re.Match[str]", written: date | None) -> Deadline:
    raw = squeeze(found[0])
    said = found.groupdict()
    if rule == "day":
        day = _day(said, written)
        return Deadline(raw, day.isoformat() if day else None, "date")
    if rule in ("relative", "condition"):
        return Deadline(raw, None, "relative" if rule == "relative" else "conditional")
    said["y"] = said["y"] or said.get("y2")
    year = int(said["y"]) if said["y"] else (written.year if written else 0)
    if rule == "year":
        return _last_day(raw, "year", year, 12)
    month = int(said["m"]) if rule == "month" else _QUARTERS[said["q"]] * 3
    if not said["y"] and written and month < written.month:
        year += 1
    return _last_day(raw, rule, year, month)


def _day(said: dict[str, str | None], written: date | None) -> date | None:
    year = int(said["y"] or 0) or (written.year if written else 0)
    try:
        day = date(year, int(said["m"] or 0), int(said["d"] or 0))
    except ValueError:
        return None
    if not said["y"] and written and day < written:
        return day.replace(year=year + 1) if (day.month, day.day) != (2, 29) else None
    return day


def _last_day(raw: str, kind: str, year: int, month: int) -> Deadline:
    if not 1 <= month <= 12 or not 1900 <= year <= 2200:
        return Deadline(raw, None, kind)
    day = date(year, month, calendar.monthrange(year, month)[1])
    return Deadline(raw, day.isoformat(), kind)
