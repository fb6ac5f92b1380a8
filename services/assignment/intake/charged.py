"""Whom a letter without addressees charges with what it says, where that names nobody."""

import re
from dataclasses import replace

from services.assignment.intake.bodies import after_aside, read_bodies
from services.assignment.intake.evidence import Evidence
from services.assignment.intake.named import NOBODY, Named, as_named
from services.assignment.intake.paragraphs import paragraphs
from services.assignment.intake.roles import lead
from services.assignment.intake.source import skip_blanks
from services.assignment.intake.zones import Zones

_INFORMED = re.compile(r"thông\s+báo\s+(?:đến|để|tới|cho)\s+(?=[^.;]{3,300}\s(?:biết|thực\s+hiện))")
_CARRY_OUT = re.compile(
    r"(?:(?<=\n)|(?<=\w\w\.\s))(?:[UỦ][ỷy]\s+ban|UBND|Chủ\s+tịch|Bộ\s+trưởng|Đề\s+nghị|Yêu\s+cầu)(?=[^.;:]{0,60}"
    r"(?:[Yy]êu\s+cầu|[Đđ]ề\s+nghị)?[^.;:]{5,250}\s(?:triển\s+khai|thực\s+hiện)\b)"
)
_ANSWERS = re.compile(
    r"(?:có|chịu)\s+trách\s+nhiệm\s+(?:(?:tổ\s+chức|triển\s+khai)\s+)?"
    r"(?:thi\s+hành|thực\s+hiện)\s+[Qq]uyết\s+định\s+này"
)
_BEFORE = re.compile(
    r"(?:Quyết\s+định\s+này\s+có\s+hiệu\s+lực[^.;]{0,80}[.;]\s*)?(?i:(?:giao|các\s+ông(?:\s*,?\s*bà|\s*\(bà\))?)\s*:?\s+)?"
)
"""What may stand in an article before those who answer for the decision."""
_APPROVES = re.compile(r"(?<=\n)[ \x1f]*Điều\s+1\s?[.:]\s*Phê\s+duyệt\b")
_TAIL = 1500


def charged(text: str, zones: Zones) -> Named:
    """Those who answer for a decision, else whom the closing tells to carry the letter out."""
    by_article = _by_article(text, zones)
    return _at_the_end(text, zones) if by_article is None else by_article


def _by_article(text: str, zones: Zones) -> Named | None:
    """ "Điều 3. Giám đốc các Sở … chịu trách nhiệm thi hành Quyết định này".

    What a decision only approves is described in it; nobody is to do that by this article.
    """
    if _ANSWERS.search(text, zones.body, zones.end) is None:
        return None
    if zones.plan is None and _APPROVES.search(text, zones.body, zones.end):
        return NOBODY
    for one in reversed(paragraphs(text, zones.body, zones.end)):
        before = _BEFORE.match(text, skip_blanks(text, one.body, one.end), one.end)
        bodies = read_bodies(text, before.end() if before else one.body, one.end)
        if not bodies:
            continue
        rest = text[after_aside(text, bodies[-1].end, one.end) : one.end]
        if _ANSWERS.match(rest.lstrip(" ,\n\x1f")):
            return as_named(bodies, "lead-charged", 0.5)
    return None


def _at_the_end(text: str, zones: Zones) -> Named:
    begin, end = zones.orders
    tail = max(begin, end - _TAIL)
    for told in _INFORMED.finditer(text, tail, end):
        if bodies := read_bodies(text, told.end(), end):
            evidence = Evidence("lead-from-closing", bodies[0].start, bodies[-1].end, 0.5)
            return Named(tuple(one.name for one in bodies), evidence)
    for found in _CARRY_OUT.finditer(text, tail, end):
        named = lead(text, found.start(), end)
        if named.names and named.evidence:
            alone = text[found.start() - 1] == "\n"
            rule = "lead-from-closing" if alone else "lead-asked-at-end"
            evidence = replace(named.evidence, rule=rule, sure=0.5)
            return replace(named, evidence=evidence)
    return NOBODY
