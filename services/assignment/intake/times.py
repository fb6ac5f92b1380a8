"""Time limits and rhythms, as they are written."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from services.assignment.intake.evidence import Evidence
from services.assignment.intake.letter import Deadline
from services.assignment.intake.source import squeeze

_BEFORE = (
    r"(?:trước|chậm nhất|muộn nhất|xong trước)(?:\s+là)?(?:\s+vào)?"
    r"(?:\s+\d{1,2}\s*(?:giờ|h)\s*\d{0,2},?)?"
)
_MONTHLY_DAY = re.compile(
    rf"{_BEFORE}\s+ngày\s+\d{{1,2}}(?:\s+tháng\s+\d{{1,2}})?"
    r"\s+(?P<every>h[àằ]ng\s+(?:tháng|quý|năm))"
)
_FULL = re.compile(
    rf"{_BEFORE}\s+ngày\s+(?P<d>\d{{1,2}})(?:\s+tháng\s+|[/-])(?P<m>\d{{1,2}})"
    r"(?:(?:\s+năm\s+|[/-])(?P<y>\d{4}))?"
)
_MONTH = re.compile(
    r"(?:trong|hoàn thành(?:\s+trong)?|xong\s+trong)"
    r"\s+tháng\s+(?P<m>\d{1,2})(?:/|\s+năm\s+)(?P<y>\d{4})"
)
_QUARTER = re.compile(
    r"(?:trong\s+)?[Qq]uý\s+(?P<q>III|II|IV|I|[1-4])(?:\s*/\s*|\s+năm\s+)(?P<y>\d{4})"
)
_YEAR = re.compile(r"(?:hoàn thành|xong|thực hiện)\s+(?:xong\s+)?trong\s+năm\s+(?P<y>\d{4})")
_RELATIVE = re.compile(
    r"trong\s+(?:thời hạn|vòng)\s+(?:tối đa\s+)?\d{1,3}\s+(?:ngày làm việc|ngày|giờ|tháng)"
)
_EVERY = re.compile(
    r"(?:định kỳ\s+)?(?P<every>h[àằ]ng\s+(?:ngày|tuần|tháng|quý|năm)"
    r"|\b0?6 tháng(?:\s+một lần)?(?!\s*(?:đầu|cuối)\s+năm))|định kỳ"
)
_RHYTHMS = (
    ("ngày", "daily"),
    ("tuần", "weekly"),
    ("quý", "quarterly"),
    ("năm", "yearly"),
    ("6 tháng", "half-yearly"),
    ("tháng", "monthly"),
)
_STANDING = re.compile(r"thường xuyên")
_KINDS = (
    ("day-of-period", _MONTHLY_DAY),
    ("day", _FULL),
    ("month", _MONTH),
    ("quarter", _QUARTER),
    ("relative", _RELATIVE),
    ("rhythm", _EVERY),
    ("year", _YEAR),
)
"""The first that is found wins."""

_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}


@dataclass(frozen=True)
class Time:
    """A time limit, a rhythm, or both, and the words for them."""

    deadline: Deadline | None = None
    recurrence: str | None = None
    evidence: Evidence | None = None


def read_time(text: str, start: int, end: int, written: date | None) -> Time:
    """The time limit of an order and its rhythm; neither where the words have none.

    ``written`` is the letter's own date: a day without a year takes that year, or the next one if
    it is past already.
    """
    for rule, pattern in _KINDS:
        if found := pattern.search(text, start, end):
            deadline = _deadline(rule, found, written)
            every = found.groupdict().get("every")
            rhythm = _rhythm(every) if deadline.kind == "recurring" else None
            return Time(deadline, rhythm, Evidence(f"time-{rule}", *found.span(), 0.9))
    return Time()


def _deadline(rule: str, found: re.Match[str], written: date | None) -> Deadline:
    raw = squeeze(found[0])
    if rule == "day":
        day = _day(found, written)
        return Deadline(raw, day.isoformat() if day else None, "date")
    if rule == "month":
        return _last_day(raw, "month", int(found["y"]), int(found["m"]))
    if rule == "quarter":
        return _last_day(raw, "quarter", int(found["y"]), _QUARTERS[found["q"]] * 3)
    if rule == "year":
        return _last_day(raw, "year", int(found["y"]), 12)
    return Deadline(raw, None, "relative" if rule == "relative" else "recurring")


def _rhythm(every: str | None) -> str:
    for word, rhythm in _RHYTHMS:
        if every and word in every:
            return rhythm
    return "unspecified"


def _day(found: re.Match[str], written: date | None) -> date | None:
    year = int(found["y"]) if found["y"] else (written.year if written else None)
    if year is None:
        return None
    try:
        day = date(year, int(found["m"]), int(found["d"]))
    except ValueError:
        return None
    if not found["y"] and written and day < written:
        return day.replace(year=year + 1) if (day.month, day.day) != (2, 29) else None
    return day


def _last_day(raw: str, kind: str, year: int, month: int) -> Deadline:
    if not 1 <= month <= 12 or not 1900 <= year <= 2200:
        return Deadline(squeeze(raw), None, kind)
    day = date(year, month, calendar.monthrange(year, month)[1])
    return Deadline(squeeze(raw), day.isoformat(), kind)
