"""The orders of one paragraph: split only where who, to whom or until when differs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from services.assignment.intake import words
from services.assignment.intake.bodies import read_bodies
from services.assignment.intake.evidence import Evidence
from services.assignment.intake.letter import Deadline
from services.assignment.intake.patterns import any_of
from services.assignment.intake.roles import (
    NOBODY,
    Named,
    about_money,
    coordinating,
    lead,
    receivers,
)
from services.assignment.intake.sentences import begins_order, segments
from services.assignment.intake.times import Time, read_limits, read_time

_REPORTS = re.compile(
    rf"\s*(?:(?i:{any_of((*words.ADVERBS, *words.CONNECTIVES))})(?:\s*,)?\s*)*"
    r"(?i:(?:tổng\s+hợp|đánh\s+giá|đề\s+xuất)\s*,?\s*)?(?i:báo\s+cáo|trình|gửi)\b"
)
_CLOSING_LIMIT = re.compile(
    r",\s+(?:(?:báo\s+cáo|trình)\s[^,;.]{3,80}kết\s+quả|thực\s+hiện|(?:xong|hoàn\s+thành))(?=\s)"
)
_LAST_REPORT = re.compile(r"\s*(?i:(?:sớm|kịp\s+thời)\s+)?báo\s+cáo\s[^;:.]{3,150}")
_ON_THE_ORDER = re.compile(r"\s*,?\s*(?:về\s+)?(?:kết\s+quả)?(?:\s+thực\s+hiện)?\s*")
_SIDE_BY_SIDE = re.compile(r"(?i:\s*(?:đồng\s+thời|và)\b)")
TIME_ONLY = re.compile(
    r"\s*(?i:(?:thời\s+gian|thời\s+hạn|tiến\s+độ|hạn)\s|hoàn\s+thành\s+(?:trước|trong|chậm|xong|vào|việc\s+này)|xong\s+trước|chậm\s+nhất|(?:các\s+)?nội\s+dung\s+trên|công\s+việc\s+hoàn\s+thành|việc\s+.{0,40}hoàn\s+thành)",
    re.DOTALL,
)
_TOPICS = re.compile(r":\s")
_NAMED_COLON = re.compile(r"\s*:")
_AND = re.compile(r"(?:,\s*|;\s*|\s)(?:và|đồng thời)\s+(?!(?:các|của)\b)|,\s+|;\s+")
_PREFIX = re.compile(r"(?i:\s*(?:đối\s+với|về|báo\s+cáo\s+\w+|riêng)\b)")


@dataclass(frozen=True)
class Above:
    """What headings and fields around an order say for it."""

    lead: Named = NOBODY
    coordinate: Named = NOBODY
    time: Time = field(default_factory=Time)
    only_named: bool = False
    """Sections about money say much that orders nothing unless they name somebody."""
    decided: bool = False
    """A field names the lead: whoever stands before a verb below it is not."""


@dataclass(frozen=True)
class Clause:
    """One order of a paragraph."""

    start: int
    end: int
    lead: Named
    coordinate: Named
    report_to: Named
    time: Time
    money: Evidence | None
    reports: bool = False
    named: bool = False
    """It names its lead itself."""

    @property
    def told(self) -> tuple[object, ...]:
        """What makes two clauses two orders."""
        return self.lead.names, self.report_to.names, self.reports, self.deadline, self.recurrence

    @property
    def deadline(self) -> Deadline | None:
        return self.time.deadline

    @property
    def recurrence(self) -> str | None:
        return self.time.recurrence

    @property
    def evidence(self) -> Mapping[str, Evidence]:
        found = {
            "lead": self.lead.evidence,
            "coordinate": self.coordinate.evidence,
            "report_to": self.report_to.evidence,
            "deadline": self.time.evidence if self.deadline else None,
            "recurrence": self.time.evidence if self.recurrence else None,
            "budget": self.money,
        }
        return {name: one for name, one in found.items() if one is not None}


def clauses(text: str, start: int, end: int, above: Above, written: date | None) -> list[Clause]:
    """The orders between two places, in the order of the text."""
    pieces = _pieces(text, start, end)
    own = above
    found: list[Clause] = []
    for begin, last in pieces:
        for one in _read(text, begin, last, own, written):
            own = replace(own, lead=one.lead)
            found.append(one)
    found = _with_times_behind(text, found)
    return _merged(text, found)


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Segments that begin an order, each with the ones behind it that do not."""
    pieces: list[tuple[int, int]] = []
    topics = False
    for begin, last, _ in segments(text, start, end):
        own = begins_order(text, begin, last) or TIME_ONLY.match(text, begin, last)
        if pieces and (topics or not own or _only_names(text, *pieces[-1])):
            pieces[-1] = (pieces[-1][0], last)
        else:
            pieces.append((begin, last))
        topics = _goes_on_with_topics(text, begin, last, topics)
    return pieces


def _only_names(text: str, start: int, end: int) -> bool:
    """ "Các sở, ban, ngành;" before "UBND các xã: …": the list of leads goes on."""
    bodies = read_bodies(text, start, end)
    return bool(bodies) and not text[bodies[-1].end : end].strip()


def _goes_on_with_topics(text: str, begin: int, last: int, topics: bool) -> bool:
    """Whether a colon has opened a list of topics that this sentence has not ended."""
    if last < len(text) and text[last] == ".":
        return False
    if topics:
        return True
    for colon in _TOPICS.finditer(text, begin, last):
        if colon.start() < begin + 20:
            continue
        named = lead(text, begin, last)
        after_name = named.names and named.order >= colon.start() - 2
        if not after_name and not _PREFIX.match(text, begin, colon.start()):
            return True
    return False


def _read(text: str, start: int, end: int, above: Above, written: date | None) -> Iterable[Clause]:
    """One piece, or several where it has several time limits with an "và" between them."""
    own = lead(text, start, end)
    limits = read_limits(text, start, end, written)
    cuts = _cuts_between(text, start, limits)
    places = [start, *cuts, end]
    for begin, last in pairwise(places):
        named = bool(own.names) and not above.decided
        yield _clause(text, begin, last, own if named else above.lead, named, above, written)


def _cuts_between(text: str, start: int, limits: list[Time]) -> list[int]:
    """Where the second of two different limits begins its own order."""
    cuts = []
    for first, second in pairwise(limits):
        if first.evidence is None or second.evidence is None:
            continue
        if (first.deadline, first.recurrence) == (second.deadline, second.recurrence):
            continue
        joints = list(_AND.finditer(text, first.evidence.end, second.evidence.start + 1))
        strong = [one for one in joints if "và" in one[0] or "đồng" in one[0] or ";" in one[0]]
        verbs = [one for one in joints if begins_order(text, one.end(), second.evidence.end)]
        chosen = verbs or strong
        if chosen:
            cuts.append(chosen[0].start() + 1)
    return cuts


def _clause(
    text: str, start: int, end: int, who: Named, named: bool, above: Above, written: date | None
) -> Clause:
    time = read_time(text, start, end, written)
    taking_part = coordinating(text, start, end)
    to = receivers(text, start, end)
    around = NOBODY if named else above.coordinate
    with_above = Named(
        tuple(dict.fromkeys((*around.names, *taking_part.names))),
        taking_part.evidence or around.evidence,
    )
    return Clause(
        start,
        end,
        who,
        replace(with_above, names=tuple(n for n in with_above.names if n not in who.names)),
        replace(to, names=tuple(n for n in to.names if n not in who.names)),
        time if time.evidence else above.time,
        about_money(text, start, end),
        bool(to.names) or _REPORTS.match(text, start, end) is not None,
        named,
    )


def _with_times_behind(text: str, found: list[Clause]) -> list[Clause]:
    """ "… . Thời gian hoàn thành trước ngày …": a limit behind orders holds for each of them."""
    kept: list[Clause] = []
    for one in found:
        if kept and one.deadline and TIME_ONLY.match(text, one.start, one.end):
            stretched = replace(kept[-1], end=one.end)
            kept[-1] = stretched
            kept = [k if k.deadline or k.recurrence else replace(k, time=one.time) for k in kept]
        else:
            kept.append(one)
    return kept


def _merged(text: str, found: list[Clause]) -> list[Clause]:
    """Neighbours that do not differ are one order; a report on the order itself belongs to it."""
    reported: list[Clause] = []
    for one in found:
        if reported and _reports_on(text, reported[-1], one):
            reported[-1] = _joined(reported[-1], one)
        else:
            reported.append(one)
    reported = _with_last_for_all(text, reported)
    if len({one.told for one in reported}) < 2:
        return [_all(reported)] if reported else []
    merged: list[Clause] = []
    for one in reported:
        before = merged[-1] if merged else None
        if before and _same(text, before, one):
            merged[-1] = _joined(before, one)
        else:
            merged.append(one)
    return merged


def _with_last_for_all(text: str, found: list[Clause]) -> list[Clause]:
    """The last orders of one body as one, where what ends them is for each of them."""
    first = len(found)
    while first > 0 and found[first - 1].lead.names == found[-1].lead.names:
        first -= 1
    if not _ends_for_all(text, found[first:]):
        return found
    return [*found[:first], _all(found[first:])]


def _ends_for_all(text: str, found: list[Clause]) -> bool:
    """ "…; …, báo cáo UBND tỉnh kết quả trước ngày …": what closes a row of orders is for each."""
    if len(found) < 2:
        return False
    last, time = found[-1], found[-1].time.evidence
    if any(one.report_to.names or one.time.evidence or one.reports for one in found[:-1]):
        return False
    if last.deadline is None or last.deadline.kind == "recurring" or time is None:
        return False
    if text[time.end : last.end].strip(" .;\n"):
        return False
    if _LAST_REPORT.match(text, last.start, time.start):
        return True
    return _CLOSING_LIMIT.search(text, max(last.start, time.start - 120), time.end) is not None


def _reports_on(text: str, before: Clause, one: Clause) -> bool:
    """ "…; báo cáo UBND tỉnh kết quả trước ngày …": a report once, on what was just ordered."""
    if before.lead.names != one.lead.names or not one.report_to.names:
        return False
    if before.report_to.names or before.deadline or before.reports:
        return False
    if one.deadline is None or one.deadline.kind == "recurring" or one.time.evidence is None:
        return False
    to = one.report_to.evidence
    if to is None or text[one.start : to.start].strip(" \n"):
        return False
    rest = _ON_THE_ORDER.match(text, to.end, one.end)
    return rest is not None and rest.end() >= one.time.evidence.start


def _same(text: str, before: Clause, one: Clause) -> bool:
    """No difference that makes two orders; "đồng thời phối hợp với …" goes on with the first."""
    if (before.lead.names, before.deadline, before.recurrence) != (
        one.lead.names,
        one.deadline,
        one.recurrence,
    ):
        return False
    if before.report_to.names != one.report_to.names:
        return before.reports and one.reports and not before.report_to.names
    if before.reports != one.reports:
        return False
    same = before.coordinate.names == one.coordinate.names
    return same or _SIDE_BY_SIDE.match(text, one.start, one.end) is not None


def _all(found: list[Clause]) -> Clause:
    joined = found[0]
    for one in found[1:]:
        joined = _joined(joined, one)
    return joined


def _joined(before: Clause, one: Clause) -> Clause:
    return replace(
        before,
        end=one.end,
        coordinate=_both(before.coordinate, one.coordinate),
        report_to=_both(before.report_to, one.report_to),
        time=before.time if before.time.evidence else one.time,
        money=before.money or one.money,
        reports=before.reports or one.reports,
    )


def _both(first: Named, second: Named) -> Named:
    names = tuple(dict.fromkeys((*first.names, *second.names)))
    return Named(names, first.evidence or second.evidence)
