"""The orders of one paragraph: split only where who, to whom or until when differs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise, takewhile

from services.assignment.intake import words
from services.assignment.intake.behind import handed_over, sharing
from services.assignment.intake.clause import ASKED, Above, Clause
from services.assignment.intake.evidence import Evidence
from services.assignment.intake.limits import RHYTHM
from services.assignment.intake.merging import merged, with_times_behind
from services.assignment.intake.money import about_money
from services.assignment.intake.named import NOBODY, Named
from services.assignment.intake.partners import coordinating, receivers
from services.assignment.intake.patterns import any_of
from services.assignment.intake.pieces import pieces_of
from services.assignment.intake.roles import lead
from services.assignment.intake.sentences import (
    begins_order,
    is_statement,
)
from services.assignment.intake.times import Time, read_limits, read_time
from services.assignment.intake.verbs import VERBS

_REPORTS = re.compile(
    rf"\s*(?:(?i:{any_of((*words.ADVERBS, *words.CONNECTIVES))})(?:\s*,)?\s*)*"
    r"(?i:(?:tổng\s+hợp|đánh\s+giá|đề\s+xuất)\s*,?\s*)?(?i:báo\s+cáo|trình|gửi)\b"
)
_ALWAYS = re.compile(
    rf"(?:(?<=[,;]\s)|\b(?:cần|phải|tiếp\s+tục|có\s+trách\s+nhiệm|lực\s+lượng|có\s+kế\s+hoạch)\s+)"
    rf"(thường\s+xuyên)\s*,?\s+(?:{any_of(VERBS)})"
)
_ALWAYS_BEHIND = re.compile(
    r"(?i:duy\s+trì|báo\s+cáo|tuyên\s+truyền|kiểm\s+tra|thông\s+báo|cập\s+nhật|phổ\s+biến)\s+(thường\s+xuyên)\b"
    r"(?!\s*(?:,|và|hoặc|hay)\s*(?:định\s+kỳ|đột\s+xuất))"
)
_ALWAYS_FIRST = re.compile(
    rf"\s*(?:(?i:{any_of(words.CONNECTIVES)})\s*,?\s*)?"
    rf"((?i:thường\s+xuyên))\s*,?\s+(?:{any_of(VERBS)})"
)
_ITS_OWN_VERB = re.compile(
    rf"\s*(?!(?i:{any_of((*words.PREFACES, *words.OPENERS))}))"
    rf"(?i:{any_of(VERBS)})[^.;:]*?(?:,|\b(?:danh\s+sách|hồ\s+sơ|văn\s+bản|phương\s+án|và|để))\s+{any_of(words.OPENERS)}\s"
)
_ASKS = re.compile(r"\s*(?i:yêu\s+cầu)\s+(?!cụ\s+thể|chung)")
_PEERS = re.compile(
    r"(?i:(?:các|từng|mỗi|mọi|tất\s+cả\s+các)\s+(?:sở|bộ|ban|ngành|cấp|địa\s+phương|cơ\s+quan|đơn\s+vị|tỉnh)\b"
    r"|(?:UBND|[uủ][ỷy]\s+ban\s+nhân\s+dân)\s)|Sở\s|Bộ\s+(?!Chỉ\s+huy)"
)
"""Whom only the letter itself asks, no body beside them."""
_ASKED_BEFORE = re.compile(rf"(?i:{any_of(words.OPENERS)})\s+(?:cho\s+)?$")
_ONLY_RHYTHM = re.compile(
    rf"[\s\x1f]*(?i:định\s+kỳ\s*|báo\s+cáo\s+định\s+kỳ\s*)?(?:{RHYTHM})[\s,(]*"
)
_AND = re.compile(r"(?:,\s*|;\s*|\s)(?:và|đồng\s+thời)\s+(?!(?:các|của)\b)|,\s+|;\s+")
_SHORT = re.compile(r"(?:(?P<many>[Hh]ai|[Bb]a)\s+)?(?P<head>Bộ|Sở|Cục|Vụ|Tổng cục|Tập đoàn|Ban)")
_MANY = {"hai": 2, "ba": 3}
"""Those that were named just before, and how many of them."""


def clauses(text: str, start: int, end: int, above: Above, written: date | None) -> list[Clause]:
    """The orders between two places, in the order of the text."""
    own = above
    found: list[Clause] = []
    for begin, last in pieces_of(text, start, end):
        for one in _read(text, begin, last, own, written):
            one = _of_those_before(one, found)
            if one.lead is not own.lead:
                own = replace(own, lead=one.lead)
            if one.reports and one.told_to:
                own = replace(own, report_to=one.report_to)
            if _together_above(text, one):
                own = replace(own, coordinate=one.coordinate)
            found.append(one)
    stated = takewhile(lambda two: _states_first(text, *two), pairwise(found))
    found = found[sum(1 for _ in stated) :]  # the order behind would be taken for a statement too
    found = with_times_behind(text, handed_over(text, found))
    return [_standing(text, one) for one in merged(text, found)]


def _states_first(text: str, one: Clause, behind: Clause) -> bool:
    """ "Thống nhất chủ trương … . Giao Sở Y tế …": first what orders nothing."""
    begins = text[behind.start : behind.end].lstrip()[:1]
    return begins.isupper() and is_statement(text, one.start, one.end)


def _of_those_before(one: Clause, found: Sequence[Clause]) -> Clause:
    """ "Bộ Y tế lập đoàn. Bộ chủ động trình …", "… gửi Bộ A, Bộ B. Hai Bộ thẩm định …"."""
    said = _SHORT.fullmatch(one.lead.names[0]) if one.named and len(one.lead.names) == 1 else None
    if said is None or not found:
        return one
    before = found[-1]
    named = before.lead.names if said["many"] is None else _all_named(before)
    alike = [name for name in named if name.startswith(f"{said['head']} ")]
    if len(alike) != _MANY.get((said["many"] or "").lower(), 1):
        return one
    return replace(one, lead=replace(one.lead, names=tuple(alike)))


def _all_named(one: Clause) -> tuple[str, ...]:
    return (*one.lead.names, *one.coordinate.names, *one.report_to.names)


def _together_above(text: str, one: Clause) -> bool:
    """ "Sở Y tế chủ trì, phối hợp với Sở Nội vụ: …. …": before a colon it holds for all behind."""
    said = one.coordinate.evidence if one.named else None
    return said is not None and text[said.end : said.end + 2].lstrip()[:1] == ":"


def _standing(text: str, one: Clause) -> Clause:
    """ "Thường xuyên kiểm tra …", "Sở Y tế thường xuyên …": a state, no limit."""
    if one.time.evidence is not None:
        return one
    named = lead(text, one.start, one.end)
    begin = named.order if named.names else one.start
    found = _ALWAYS_FIRST.match(text, begin, one.end) or _ALWAYS.search(text, begin, one.end)
    found = found or _ALWAYS_BEHIND.search(text, begin, one.end)
    if found is None:
        return one
    evidence = Evidence("time-standing", *found.span(1), 0.8)
    return replace(one, time=Time(None, "unspecified", evidence))


def _read(text: str, start: int, end: int, above: Above, written: date | None) -> Iterable[Clause]:
    """One piece, or several where it has several time limits with an "và" between them."""
    own = lead(text, start, end)
    if _asks_others(text, start, end, own, above):
        own = NOBODY
    limits = read_limits(text, start, end, written)
    cuts = _cuts_between(text, start, limits)
    places = [start, *cuts, end]
    named = bool(own.names) and not above.decided
    who = own if named else above.lead
    parts: list[Clause] = []
    for begin, last in pairwise(places):
        other = lead(text, begin, last) if begin > start and not above.decided else NOBODY
        if _at_its_head(other):
            who, named = other, True
        parts.append(_clause(text, begin, last, who, named, above, written))
    return sharing(text, parts) if cuts else parts


def _at_its_head(named: Named) -> bool:
    """ "Các xã báo cáo …, Sở Y tế tổng hợp, báo cáo …": another is named where a cut was made."""
    return named.evidence is not None and named.evidence.rule == "lead-before-order"


def _asks_others(text: str, start: int, end: int, own: Named, above: Above) -> bool:
    """ "Sở Y tế: tổng hợp nhu cầu, đề nghị Bộ Tài chính bổ sung …": it is for Sở Y tế to ask.

    So is "Sở Y tế kiểm tra …; yêu cầu các bệnh viện …", but not "Giao Sở Y tế …; yêu cầu …".
    """
    said = above.lead.evidence
    if own.evidence is None or said is None or not above.told:
        return False
    if asks := _ASKS.match(text, start, end):
        if any(_PEERS.match(name) for name in own.names):
            return False
        handed = _ASKED_BEFORE.search(text, max(0, said.start - 40), said.start)
        further = handed is None and asks[0].strip()[0].islower()
        return further or said.rule == "lead-from-heading"
    return (
        own.evidence.rule == "lead-after-opener"
        and _ITS_OWN_VERB.match(text, start, end) is not None
    )


def _cuts_between(text: str, start: int, limits: Sequence[Time]) -> list[int]:
    """Where the second of two different limits begins its own order.

    Not in "Định kỳ 6 tháng trước ngày 05/6 và một năm trước ngày 05/12, báo cáo …": only times.
    """
    cuts = []
    opening = limits[0].evidence if limits else None
    if opening is None or _ONLY_RHYTHM.fullmatch(text, start, opening.start):
        return []
    for first, second in pairwise(limits):
        if first.evidence is None or second.evidence is None:
            continue
        if (first.deadline, first.recurrence) == (second.deadline, second.recurrence):
            continue
        if _only_occasion(text, start, first):
            continue
        joints = list(_AND.finditer(text, first.evidence.end, second.evidence.start + 1))
        strong = [one for one in joints if "và" in one[0] or "đồng" in one[0] or ";" in one[0]]
        verbs = [one for one in joints if begins_order(text, one.end(), second.evidence.end)]
        chosen = verbs or strong
        if chosen:
            cuts.append(chosen[0].start() + 1)
    return cuts


def _only_occasion(text: str, start: int, first: Time) -> bool:
    """ "Ngay sau khi nhận được Chỉ thị, các đơn vị phải …": no order of its own."""
    said, deadline = first.evidence, first.deadline
    if said is None or deadline is None or deadline.kind != "conditional":
        return False
    return not text[start : said.start].strip(" -+\n\x1f")


def _clause(
    text: str, start: int, end: int, who: Named, named: bool, above: Above, written: date | None
) -> Clause:
    time = read_time(text, start, end, written)
    taking_part = coordinating(text, start, end)
    to = receivers(text, start, end)
    reports = _REPORTS.match(text, start, end) is not None
    if reports and not to.names:
        to = above.report_to
    around = NOBODY if named else above.coordinate
    with_above = Named(
        tuple(dict.fromkeys((*around.names, *taking_part.names))),
        taking_part.evidence or around.evidence,
    )
    return Clause(
        start,
        end,
        who,
        _without(with_above, who),
        _without(to, who),
        above.time if _is_of_its_matter(time, above) else time,
        about_money(text, start, end),
        _is_report(to) or reports,
        named,
    )


def _is_of_its_matter(own: Time, above: Above) -> bool:
    """ "Lập kế hoạch hằng năm", where a field says "Thời gian: tháng 11/2025"."""
    if own.evidence is None:
        return True
    stated = above.stated and above.time.evidence is not None
    return stated and own.evidence.rule == "time-rhythm"


def _is_report(to: Named) -> bool:
    return bool(to.names) and (to.evidence is None or to.evidence.rule != ASKED)


def _without(named: Named, who: Named) -> Named:
    if not named.names or not who.names:
        return named
    others = set(who.names)
    return replace(named, names=tuple(name for name in named.names if name not in others))
