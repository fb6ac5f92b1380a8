"""A letter's text, read: the one way into intake."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.assignment.intake import orders
from services.assignment.intake.bodies import read_names
from services.assignment.intake.citations import read_citations
from services.assignment.intake.evidence import Evidence
from services.assignment.intake.header import read_header
from services.assignment.intake.letter import Deadline, FoundTask, Letter
from services.assignment.intake.source import Source, plain, squeeze
from services.assignment.intake.structure import Unit, units
from services.assignment.intake.times import read_time

_LEAD_IN = re.compile(
    r"(?:yêu cầu|chỉ thị|chỉ đạo|kết luận|có ý kiến|đề nghị|giao|thực hiện|nhiệm vụ|nội dung)"
    r"[^.:;]{0,200}:\s*$",
    re.MULTILINE,
)
_CLOSING = re.compile(r"Nơi nhận\s*:|\./\.")
_FIRST_LABEL = re.compile(r"^[ ]*(?:1\.|I\.|a\))\s", re.MULTILINE)
_ADDRESSEES = re.compile(r"Kính gửi\s*:")
_ADDRESS_LINES = re.compile(r"^\s*-\s*([^\n]{3,300})$", re.MULTILINE)
_FAREWELL = re.compile(
    r"(?:[^.;:]{3,60}\s(?:yêu cầu|đề nghị|thông báo)\s)|Trong quá trình|Trường hợp|Trên đây"
)
"""How the closing of a letter begins, after the last order."""


@dataclass(frozen=True)
class _Clause:
    start: int
    end: int
    lead: tuple[str, ...]
    coordinate: tuple[str, ...]
    report_to: tuple[str, ...]
    deadline: Deadline | None
    recurrence: str | None
    budget: bool
    evidence: Mapping[str, Evidence]

    @property
    def told(self) -> tuple[object, ...]:
        """What makes two clauses two orders."""
        return self.lead, self.report_to, self.deadline


@dataclass(frozen=True)
class _Inherited:
    """What headings above a unit say for all below it."""

    lead: tuple[str, ...] = ()
    coordinate: tuple[str, ...] = ()
    lead_from: Evidence | None = None


def read_letter(text: str, *, name: str) -> Letter:
    """The proposal for any text whatever; spans count code points of ``text``."""
    source = plain(text)
    header, header_evidence = read_header(source.text)
    written = date.fromisoformat(header.date) if header.date else None
    start, end = _orders_zone(source.text)
    tasks = []
    for unit in units(source.text, start, end):
        for path, clause in _walk(source.text, unit, _addressees(source.text), written):
            tasks.append(_task(source, path, clause))
    citations = read_citations(source.text, header.number_symbol)
    return Letter(name, header, citations, tasks, in_original(source, header_evidence))


def _orders_zone(text: str) -> tuple[int, int]:
    """From the first label that follows a sentence which hands out orders, to the closing."""
    addressees = _ADDRESSEES.search(text)
    begin = addressees.end() if addressees else 0
    closing = _CLOSING.search(text, begin)
    end = closing.start() if closing else len(text)
    lead_in = _LEAD_IN.search(text, begin, end)
    label = _FIRST_LABEL.search(text, lead_in.end() if lead_in else begin, end)
    if label is not None:
        return label.start(), end
    return (lead_in.end() if lead_in else end), end


def _walk(
    text: str, unit: Unit, above: _Inherited, written: date | None
) -> Iterator[tuple[str, _Clause]]:
    """The orders of a unit and of those below it; a heading gives its names to them."""
    named = orders.addressed(text, unit.start, unit.end)
    own = _own(named, above)
    labelled = [one for one in unit.below if one.kind != "text"]
    if unit.kind == "text" and not labelled:
        clauses = _clauses(text, unit, above, written)
        yield from (
            (unit.path, clause) for clause in clauses if clause.deadline or clause.report_to
        )
        return
    if not labelled:
        whole = _whole(text, unit)
        yield from ((unit.path, clause) for clause in _clauses(text, whole, above, written))
        for one in unit.below:
            if one.start >= whole.end:
                yield from _walk(text, replace(one, path=""), above, written)
        return
    for one in unit.below:
        yield from _walk(text, one, own, written)


def _own(named: orders.Addressed, above: _Inherited) -> _Inherited:
    if not named.lead:
        return above
    evidence = replace(named.evidence, rule="lead-from-heading", sure=0.8)
    return replace(above, lead=tuple(named.lead), lead_from=evidence)


def _whole(text: str, unit: Unit) -> Unit:
    """The unit with the unlabelled paragraphs that belong to it."""
    last = unit.end
    for one in unit.below:
        if _FAREWELL.match(text, one.start, one.end):
            break
        last = one.end
    return replace(unit, end=last, below=[])


def _addressees(text: str) -> _Inherited:
    """Whom the letter is addressed to: they are meant where an order names nobody."""
    begun = _ADDRESSEES.search(text)
    if begun is None:
        return _Inherited()
    found: list[str] = []
    last = begun.end()
    for line in _ADDRESS_LINES.finditer(text, begun.end(), begun.end() + 1500):
        names, last = read_names(text, *line.span(1))
        found += [name for name in names if name not in found]
    evidence = Evidence("lead-from-addressees", begun.start(), last, 0.6)
    return _Inherited(tuple(found), lead_from=evidence if found else None)


def _clauses(text: str, unit: Unit, above: _Inherited, written: date | None) -> list[_Clause]:
    """One order, or several where ';' separates such as differ in who, to whom or when."""
    named = orders.addressed(text, unit.start, unit.end)
    if named.lead:
        above = replace(above, lead=tuple(named.lead), lead_from=named.evidence)
    body = _after_colon(text, named.order, unit.end)
    start = unit.start if _opens_with_order(text, unit, body) else body
    found = [_read(text, begin, end, above, written) for begin, end in _cuts(text, start, unit.end)]
    if len({clause.told for clause in found}) < 2:
        return [_read(text, start, unit.end, above, written)] if found else []
    merged: list[_Clause] = []
    for clause in found:
        before = merged[-1] if merged else None
        if before and (before.told, before.coordinate) == (clause.told, clause.coordinate):
            merged[-1] = replace(before, end=clause.end, budget=before.budget or clause.budget)
        else:
            merged.append(clause)
    return merged


def _opens_with_order(text: str, unit: Unit, body: int) -> bool:
    first = text[unit.start : body].lstrip().split(" ", 1)[0].lower()
    return first in ("giao", "yêu", "đề", "phân")


def _after_colon(text: str, place: int, end: int) -> int:
    while place < end and text[place] in " :,.\n":
        place += 1
    return place


def _cuts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Between semicolons, but topics listed after a colon stay together."""
    place, depth = start, 0
    for at in range(start, end):
        if text[at] == "(":
            depth += 1
        elif text[at] == ")":
            depth = max(0, depth - 1)
        elif text[at] == ":" and depth == 0 and at > place + 20:
            break
        elif text[at] == ";" and depth == 0:
            yield place, at
            place = at + 1
    if text[place:end].strip():
        yield place, end


def _read(text: str, start: int, end: int, above: _Inherited, written: date | None) -> _Clause:
    time = read_time(text, start, end, written)
    coordinating = orders.coordinating(text, start, end)
    receivers = orders.receivers(text, start, end)
    money = orders.about_money(text, start, end)
    found = {
        "task": Evidence("order-in-unit", start, end, 0.8),
        "lead": above.lead_from,
        "coordinate": coordinating.evidence,
        "report_to": receivers.evidence,
        "deadline": time.evidence if time.deadline else None,
        "recurrence": time.evidence if time.recurrence else None,
        "budget": money,
    }
    return _Clause(
        start,
        end,
        above.lead,
        (*above.coordinate, *(one for one in coordinating.names if one not in above.lead)),
        tuple(receivers.names),
        time.deadline,
        time.recurrence,
        money is not None,
        {field: one for field, one in found.items() if one is not None},
    )


def _task(source: Source, path: str, clause: _Clause) -> FoundTask:
    start, end = source.original(clause.start, clause.end)
    return FoundTask(
        path=path,
        start=start,
        end=end,
        text=squeeze(source.text[clause.start : clause.end]),
        lead=list(clause.lead),
        coordinate=list(clause.coordinate),
        report_to=list(clause.report_to),
        deadline=clause.deadline,
        recurrence=clause.recurrence,
        budget=clause.budget,
        evidence=in_original(source, clause.evidence),
    )


def in_original(source: Source, evidence: Mapping[str, Evidence]) -> dict[str, Evidence]:
    """The same, with spans in the letter as it was read."""
    placed = {}
    for field, one in evidence.items():
        start, end = source.original(one.start, one.end)
        placed[field] = replace(one, start=start, end=end)
    return placed
