"""The items of a proposal: what each holds, and how a person splits, merges and orders them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.assignment.intake.source import plain, squeeze
from services.assignment.models.intake import NotInsideItem, NotNeighbours, TermsDiffer

ProposedItem = dict[str, Any]
"""One order, as JSON.

``named`` has the bodies as the letter names them, ``meaning`` the code that a name stands for, and
``lead``, ``coordinate``, ``report_to`` the codes; ``unresolved`` the names that nobody knows.
``time`` is the time limit as written, ``deadline`` the rule that will count. ``evidence`` says of
each field by which rule it was found, from which span of the letter, and how sure (0 to 1);
``sure`` is the least of them. ``checked``: a person looked at it and found it right.
``decided_by_clerk`` names the fields on which the letter is silent; ``letter_says`` has what stood
in them before.
"""

BODIES = ("lead", "coordinate", "report_to")

_EMPTY: ProposedItem = {
    "path": "", "named": {}, "meaning": {}, "lead": [], "coordinate": [], "report_to": [],
    "unresolved": [], "time": None, "deadline": None, "recurrence": None, "money_aspect": False,
    "decided_by_clerk": [], "letter_says": {}, "evidence": {}, "sure": 1.0, "checked": False,
}  # fmt: skip
_SHOWN_BY = {
    "path": "task", "start": "task", "end": "task", "lead": "lead", "coordinate": "coordinate",
    "report_to": "report_to", "time": "deadline", "deadline": "deadline",
    "recurrence": "recurrence", "money_aspect": "budget",
}  # fmt: skip
"""By which evidence a field is shown."""


def item(id: UUID | str, start: int, end: int, text: str, **told: Any) -> ProposedItem:
    """The item with this span of the letter's ``text``; what is not told is empty."""
    return {**_EMPTY, "id": str(id), **_spanned(start, end, text), **told}


def completed(stored: ProposedItem) -> ProposedItem:
    """With every field: proposals from before the review lack some."""
    time = None
    if written := stored.get("time_as_written"):
        on = (stored.get("deadline") or {}).get("on")
        time = {"raw": written, "date": on, "kind": "date" if on else "relative"}
    return {**_EMPTY, "time": time, **stored}


def changed(before: ProposedItem, told: dict[str, Any], text: str) -> ProposedItem:
    """With what a person told, which is as sure as can be."""
    after = {**before, **told}
    if {"start", "end"} & told.keys():
        after |= _spanned(after["start"], after["end"], text)
    by_person = {"rule": "person", "start": after["start"], "end": after["end"], "sure": 1.0}
    shown = {_SHOWN_BY[field]: by_person for field in told if field in _SHOWN_BY}
    return _with_evidence(after, {**before["evidence"], **shown})


def split(
    whole: ProposedItem, at: int, second: UUID, text: str
) -> tuple[ProposedItem, ProposedItem]:
    """Two items that each say what the one said, of the words before and from ``at`` on."""
    start, end = whole["start"], whole["end"]
    if not (start < at < end and text[start:at].strip() and text[at:end].strip()):
        raise NotInsideItem(
            f"The item's words are from {start} to {end}: {at} does not part them.",
            start=start,
            end=end,
        )
    return (
        {**whole, **_spanned(start, at, text)},
        {**whole, "id": str(second), **_spanned(at, end, text)},
    )


def merge(
    one: ProposedItem, other: ProposedItem, text: str, *, among: Iterable[ProposedItem]
) -> ProposedItem:
    """One item from two that follow each other; it keeps the first one's id and label.

    NotNeighbours if another item lies between, TermsDiffer if their time limits or rhythms do.
    """
    if one["id"] == other["id"]:
        raise NotNeighbours("An item cannot be merged with itself.")
    first, second = sorted((one, other), key=_place)
    if any(_place(first) < _place(between) < _place(second) for between in among):
        raise NotNeighbours()
    for field in ("time", "deadline", "recurrence"):
        if first[field] and second[field] and first[field] != second[field]:
            raise TermsDiffer(f"Their {field} differs: correct one of them first.")
    merged = {
        **first,
        **_spanned(first["start"], max(first["end"], second["end"]), text),
        **{field: _union(first[field], second[field]) for field in (*BODIES, "unresolved")},
        **{field: first[field] or second[field] for field in ("time", "deadline", "recurrence")},
        "named": {
            field: _union(first["named"].get(field, []), second["named"].get(field, []))
            for field in BODIES
        },
        "meaning": {**second["meaning"], **first["meaning"]},
        "money_aspect": first["money_aspect"] or second["money_aspect"],
        "decided_by_clerk": sorted({*first["decided_by_clerk"], *second["decided_by_clerk"]}),
        "letter_says": {**second["letter_says"], **first["letter_says"]},
        "checked": False,
    }
    return _with_evidence(merged, _less_sure(first["evidence"], second["evidence"]))


def in_review_order(items: Iterable[ProposedItem]) -> list[ProposedItem]:
    """What needs a person first: open names and nobody to do it, then the least sure.

    What was checked is last.
    """

    def doubt(one: ProposedItem) -> tuple[bool, bool, float, int]:
        settled = bool(one["lead"]) and not one["unresolved"]
        return one["checked"], settled, one["sure"], one["start"]

    return sorted(map(completed, items), key=doubt)


def in_letter_order(items: Iterable[ProposedItem]) -> list[ProposedItem]:
    """As the letter has them."""
    return sorted(map(completed, items), key=_place)


def _place(one: ProposedItem) -> tuple[int, int, str]:
    return one["start"], one["end"], one["id"]


def _spanned(start: int, end: int, text: str) -> ProposedItem:
    """A span without blanks at its ends, and its words on one line."""
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end = start + len(words.strip())
    return {"start": start, "end": end, "text": squeeze(plain(words).text)}


def _union(one: list[Any], other: list[Any]) -> list[Any]:
    return [*one, *(each for each in other if each not in one)]


def _less_sure(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {**one, **other} | {
        field: min(one[field], other[field], key=lambda each: each["sure"])
        for field in one.keys() & other.keys()
    }


def _with_evidence(one: ProposedItem, evidence: dict[str, Any]) -> ProposedItem:
    sure = min((each["sure"] for each in evidence.values()), default=1.0)
    return {**one, "evidence": evidence, "sure": sure}
