"""Who is ordered to do what: leads, coordinating bodies, receivers of reports, money."""

import re
from dataclasses import dataclass

from services.assignment.intake.bodies import read_listed, read_names
from services.assignment.intake.evidence import Evidence
from services.assignment.intake.words import OPENERS

_OPENER = re.compile(r"\s*(?:" + "|".join(OPENERS) + r")\s+(?=\S)", re.IGNORECASE)
_ASIDE = re.compile(r"\s*\([^()]{0,400}\)")
_COORDINATE = re.compile(
    r"phối hợp(?:\s+chặt chẽ)?(?:\s+(?:cùng\s+với|cùng|với))?\s+", re.IGNORECASE
)
_REPORT = re.compile(
    r"(?:trình|báo cáo(?:\s+(?:và\s+)?(?:đề xuất|kết quả(?:\s+thực hiện)?))?"
    r"|gửi(?:\s+về|\s+kết quả\s+về|\s+đến)?"
    r"|(?:đề xuất,?\s*)?kiến nghị|đề xuất)\s+(?:cho\s+|lên\s+|với\s+)?",
    re.IGNORECASE,
)
_NO_RECEIVER = re.compile(
    r"(?:các\s+)?(?:văn bản|nội dung|giải pháp|biện pháp|báo cáo|vấn đề|khó khăn)"
)
_MONEY = re.compile(
    r"(?:bố trí|cân đối|phân bổ|cấp phát|thanh toán|giải ngân|quyết toán|lập dự toán)"
    r"[^.;]{0,120}(?:ngân sách|kinh phí|dự toán|vốn đầu tư|nguồn vốn)"
    r"|kinh phí ngân sách|dự toán ngân sách",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Addressed:
    """Whom the beginning of a text names, and where its order begins."""

    lead: list[str]
    order: int
    begin: int

    @property
    def evidence(self) -> Evidence:
        return Evidence("lead-before-order", self.begin, self.order, 0.9)


@dataclass(frozen=True)
class Named:
    """Bodies named after a word such as "phối hợp với"; no evidence if there are none."""

    names: list[str]
    evidence: Evidence | None


def addressed(text: str, start: int, end: int) -> Addressed:
    """The bodies that an order begins with; an enumeration after a group takes its place."""
    opener = _OPENER.match(text, start, end)
    begin = opener.end() if opener else start
    names, place = read_listed(text, begin, end)
    if not names:
        names, place = read_names(text, begin, end)
    if not names:
        return Addressed([], start, start)
    aside = _ASIDE.match(text, place, end)
    place = aside.end() if aside else place
    if place < end and text[place] == ":":
        members, after = read_names(text, place + 1, end)
        if members and names[-1][:1].islower():
            names, place = [*names[:-1], *members], after
    return Addressed(names, place, begin)


def coordinating(text: str, start: int, end: int) -> Named:
    return _all_names(_COORDINATE, "coordinate-after-phoi-hop", text, start, end)


def receivers(text: str, start: int, end: int) -> Named:
    """To whom the order says to report or submit."""
    found = _all_names(_REPORT, "receiver-after-bao-cao", text, start, end)
    names = [name for name in found.names if not _NO_RECEIVER.match(name)]
    return Named(names, found.evidence if names else None)


def about_money(text: str, start: int, end: int) -> Evidence | None:
    found = _MONEY.search(text, start, end)
    return Evidence("money-words", *found.span(), 0.9) if found else None


def _all_names(pattern: re.Pattern[str], rule: str, text: str, start: int, end: int) -> Named:
    found: list[str] = []
    evidence = None
    for begun in pattern.finditer(text, start, end):
        names, last = read_names(text, begun.end(), end)
        found += [name for name in names if name not in found]
        if names and evidence is None:
            evidence = Evidence(rule, begun.start(), last, 0.8)
    return Named(found, evidence)
