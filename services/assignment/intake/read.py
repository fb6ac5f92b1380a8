"""A letter's text, read: the one way into intake."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from services.assignment.intake import orders
from services.assignment.intake.citations import read_citations
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

    @property
    def told(self) -> tuple[object, ...]:
        return self.lead, self.coordinate, self.report_to, self.deadline


@dataclass(frozen=True)
class _Inherited:
    """What headings above a unit say for all below it."""

    lead: tuple[str, ...] = ()
    coordinate: tuple[str, ...] = ()


def read_letter(text: str, *, name: str) -> Letter:
    """The proposal for any text whatever; spans count code points of ``text``."""
    source = plain(text)
    header = read_header(source.text)
    written = date.fromisoformat(header.date) if header.date else None
    start, end = _orders_zone(source.text)
    tasks = []
    for unit in units(source.text, start, end):
        for path, clause in _walk(source.text, unit, _Inherited(), written):
            tasks.append(_task(source, path, clause))
    return Letter(name, header, read_citations(source.text, header.number_symbol), tasks)


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
    own = _Inherited(tuple(named.lead) or above.lead, above.coordinate)
    labelled = [one for one in unit.below if one.kind != "text"]
    if unit.kind == "text" and not labelled:
        clauses = _clauses(text, unit, above, written)
        yield from (
            (unit.path, clause)
            for clause in clauses
            if unit.path and (clause.deadline or clause.report_to)
        )
        return
    if not labelled:
        whole = replace_end(unit)
        yield from ((unit.path, clause) for clause in _clauses(text, whole, above, written))
        return
    for one in unit.below:
        yield from _walk(text, one, own, written)


def replace_end(unit: Unit) -> Unit:
    """The unit with the unlabelled paragraphs that belong to it."""
    last = max([unit.end, *(one.end for one in unit.below)])
    return replace(unit, end=last, below=[])


def _clauses(text: str, unit: Unit, above: _Inherited, written: date | None) -> list[_Clause]:
    """One order, or several where ';' separates such as differ in who, to whom or when."""
    named = orders.addressed(text, unit.start, unit.end)
    lead = tuple(named.lead) or above.lead
    body = _after_colon(text, named.order, unit.end)
    start = unit.start if _opens_with_order(text, unit, body) else body
    found: list[_Clause] = []
    for begin, end in _cuts(text, start, unit.end):
        clause = _read(text, begin, end, lead, above, written)
        if found and found[-1].told == clause.told:
            found[-1] = replace(found[-1], end=end, budget=found[-1].budget or clause.budget)
        else:
            found.append(clause)
    return found


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


def _read(
    text: str,
    start: int,
    end: int,
    lead: tuple[str, ...],
    above: _Inherited,
    written: date | None,
) -> _Clause:
    deadline, recurrence = read_time(text[start:end], written)
    coordinate = [one for one in orders.coordinating(text, start, end) if one not in lead]
    return _Clause(
        start,
        end,
        lead,
        (*above.coordinate, *coordinate),
        tuple(orders.receivers(text, start, end)),
        deadline,
        recurrence,
        orders.about_money(text, start, end),
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
    )
