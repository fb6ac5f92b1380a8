"""Who leads where other words come first: "… (Sở Y tế chủ trì)", "Khi các cơ sở …"."""

import re

from services.assignment.intake.belonging import Body
from services.assignment.intake.bodies import after_aside, read_bodies
from services.assignment.intake.named import Named, as_named
from services.assignment.intake.names import GROUP
from services.assignment.intake.patterns import any_of
from services.assignment.intake.source import squeeze
from services.assignment.intake.verbs import VERBS

_LEADS = re.compile(r"\s+(?:chủ\s+trì(?:\s*,?\s*(?:thực|triển)\s+\w+)?|thực\s+hiện)\s*[,;)]")
_LEADS_IN_BRACKETS = re.compile(r"\((?:do\s+)?(?=[^()]{3,200}?\s(?:chủ\s+trì|thực\s+hiện)\b)")
_BY = re.compile(r"(?P<comma>[,;(]\s*)?\bdo\s+(?=\S)")
_HEADS = re.compile(
    r"\s+(?:(?:làm|là)\s+(?:cơ\s+quan\s+|đơn\s+vị\s+)?(?:đầu\s+mối|thường\s+trực|chủ\s+trì|trưởng\s+đoàn)"
    r"|chủ\s+trì|đảm\s+nhiệm|đảm\s+nhận)"
    r"(?=\s*(?:[.,;)]|và\b|cùng\b|phối\s+hợp|tổ\s+chức|thực\s+hiện|triển\s+khai|tham\s+mưu|tổng\s+hợp|$))"
)
_MAKES = re.compile(
    r"\s*(?:[^:;.,]{3,60}:\s+)?(?i:thành\s+lập|kiện\s+toàn|tổ\s+chức|tiến\s+hành|xây\s+dựng|nghiên\s+cứu|biên\s+soạn|soạn\s+thảo|lập)\s"
)
"""What somebody can be put in charge of by the same words."""
_WHEN = re.compile(r"(?i:khi)\s+")
_WHEN_MUST = re.compile(
    rf"(?:\s(?!được\s)[^\s.,;:]+){{2,15}}?,?\s+(?:yêu\s+cầu\s+)?(?:bắt\s+buộc\s+)?phải\s+(?:{any_of(VERBS)})"
)
"""What those do whose occasion it is, and that they must do another thing."""
_JOINS = re.compile(r"\s*(?i:tham\s+gia|phối\s+hợp|hưởng\s+ứng|cử|ủng\s+hộ|báo\s+cáo)\s")
"""Tells somebody else to go along with what another leads."""


def in_brackets(text: str, start: int, end: int) -> Named | None:
    """ "… (Sở Y tế chủ trì)"."""
    for begun in _LEADS_IN_BRACKETS.finditer(text, start, end):
        bodies = read_bodies(text, begun.end(), end)
        if bodies and _LEADS.match(text, bodies[-1].end, end):
            return as_named(bodies, "lead-in-brackets", 0.8, start)
    return None


def by_whom(text: str, start: int, end: int) -> Named | None:
    """ "Thành lập đoàn kiểm tra do Sở Y tế làm đầu mối", "…, do Sở Y tế chủ trì"."""
    if _JOINS.match(text, start, end):
        return None
    makes = _MAKES.match(text, start, end)
    for begun in _BY.finditer(text, start, min(end, start + 700)):
        if not (begun["comma"] or makes):
            continue
        bodies = read_bodies(text, begun.end(), end)
        if bodies and _HEADS.match(text, after_aside(text, bodies[-1].end, end), end):
            return as_named(bodies, "lead-by-whom", 0.7, start)
    return None


def of_occasion(text: str, start: int, end: int) -> Named | None:
    """ "Khi các cơ sở nhập giống phải báo cáo …": whose occasion it is must act."""
    begun = _WHEN.match(text, start, end)
    group = GROUP.match(text, begun.end(), end) if begun else None
    if group is None or _WHEN_MUST.match(text, group.end(), end) is None:
        return None
    body = Body(squeeze(group[0]), *group.span())
    return as_named([body], "lead-of-occasion", 0.6, group.end())
