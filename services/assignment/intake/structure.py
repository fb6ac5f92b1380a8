"""The letter's labelled units: which label, under which, from where to where."""

import re
from dataclasses import dataclass, field

_LABELS = (
    ("part", re.compile(r"(?:PHẦN|Phần)\s+(?:THỨ\s+\w+|[IVX]+|\d+)\b[.:]?")),
    ("roman", re.compile(r"([IVX]{1,5})[.)](?=\s)")),
    ("number", re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})[.)]?(?=\s)(?<=[.)\d])")),
    ("letter", re.compile(r"([a-zđ])[.)](?=\s)")),
    ("dash", re.compile(r"[-](?=\s)")),
    ("plus", re.compile(r"[+](?=\s)")),
)
_DEPTH = {name: depth for depth, (name, _) in enumerate(_LABELS)}
_BARE_NUMBER = re.compile(r"\d{1,2}(?=\s)")
_SENTENCE_END = re.compile(r"[.;:]\s*$")


@dataclass
class Unit:
    """A labelled paragraph (or an unlabelled one: kind "text") and those below it."""

    kind: str
    label: str
    start: int
    end: int
    below: list["Unit"] = field(default_factory=list)
    path: str = ""


def units(text: str, start: int, end: int) -> list[Unit]:
    """The tree of units between two places; dash paragraphs are counted under their parent."""
    top: list[Unit] = []
    open_: list[tuple[int, Unit]] = []
    for unit in _paragraphs(text, start, end):
        depth = _depth(unit)
        if unit.kind == "text" and open_:
            open_[-1][1].below.append(unit)
            unit.path = open_[-1][1].path
            continue
        while open_ and open_[-1][0] >= depth:
            open_.pop()
        siblings = open_[-1][1].below if open_ else top
        unit.path = _path(unit, open_[-1][1].path if open_ else "", siblings)
        siblings.append(unit)
        if unit.kind != "text":
            open_.append((depth, unit))
    return top


def _depth(unit: Unit) -> int:
    return _DEPTH.get(unit.kind, 9) * 10 + unit.label.count(".")


def _path(unit: Unit, parent: str, siblings: list[Unit]) -> str:
    if unit.kind in ("dash", "plus"):
        sign = "-" if unit.kind == "dash" else "+"
        own = f"{sign}{sum(one.kind == unit.kind for one in siblings) + 1}"
    elif unit.kind == "text":
        return parent
    elif unit.kind == "number" and "." in unit.label:
        head, _, _ = unit.label.rpartition(".")
        outer = parent[: -len(head)].rstrip(".") if parent.endswith(head) else parent
        return f"{outer}.{unit.label}".lstrip(".")
    else:
        own = unit.label
    return f"{parent}.{own}".lstrip(".")


def _paragraphs(text: str, start: int, end: int) -> list[Unit]:
    found: list[Unit] = []
    fresh = True
    for line_start, line_end in _lines(text, start, end):
        line = text[line_start:line_end]
        if not line.strip():
            fresh = True
            continue
        kind, label, body = _label(text, line_start, line_end)
        previous = text[found[-1].start : found[-1].end] if found else ""
        ended = fresh or bool(_SENTENCE_END.search(previous))
        if kind != "text" or not found or (ended and line.lstrip()[:1].isupper()):
            found.append(Unit(kind, label, body, line_end))
        else:
            found[-1].end = line_end
        fresh = False
    return found


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    lines = []
    place = start
    while place < end:
        stop = text.find("\n", place, end)
        stop = end if stop < 0 else stop
        lines.append((place, stop))
        place = stop + 1
    return lines


def _label(text: str, start: int, end: int) -> tuple[str, str, int]:
    """Kind and label of a line, and where its body begins."""
    while start < end and text[start].isspace():
        start += 1
    for kind, pattern in _LABELS:
        found = pattern.match(text, start, end)
        if found and not (kind == "number" and _BARE_NUMBER.fullmatch(found[0])):
            label = found[1].rstrip(".") if found.groups() else ""
            return kind, label, found.end()
    return "text", "", start
