"""The tree of a letter's labelled units, each with the unlabelled paragraphs that belong to it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.assignment.intake.labels import KINDS, follows
from services.assignment.intake.paragraphs import Paragraph

_DEPTH = {name: depth for depth, (name, _) in enumerate(KINDS)}
DEEPEST = 12
"""How many units may stand in one another; no letter has more."""
_FIRST = {"number": "1", "letter": "a", "roman": "I", "bracket": "1", "dash": "", "plus": ""}


@dataclass
class Unit:
    """A paragraph and those below it. Kind "text" has no label; ``path`` is as people cite it."""

    kind: str
    label: str
    start: int
    body: int
    end: int
    path: str = ""
    below: list["Unit"] = field(default_factory=list)
    number: int = 0
    rank: int = 0
    """How deep its label is; an unlabelled paragraph with a list below it is just above that."""

    @property
    def last(self) -> int:
        """Where the unit with all below it ends."""
        return self.below[-1].last if self.below else self.end


def outline(text: str, found: Iterable[Paragraph]) -> list[Unit]:
    """Units in the order of the text; a first label after a colon goes below whatever ends so."""
    top: list[Unit] = []
    open_: list[Unit] = []
    for one in found:
        unit = Unit(one.kind, one.label, one.start, one.body, one.end)
        unit.rank = _depth(unit)
        if unit.kind == "text":
            siblings = open_[-1].below if open_ else top
            unit.number = _count(siblings, "text") + 1
            unit.path = f"{open_[-1].path if open_ else ''}.p{unit.number}".lstrip(".")
            siblings.append(unit)
            continue
        _close(text, open_, unit)
        _open_text(text, open_, open_[-1].below if open_ else top, unit)
        siblings = open_[-1].below if open_ else top
        unit.number = _count(siblings, unit.kind) + 1
        unit.path = _path(unit, open_[-1].path if open_ else "")
        siblings.append(unit)
        open_.append(unit)
    return top


def _open_text(text: str, open_: list[Unit], siblings: list[Unit], unit: Unit) -> None:
    """A list right behind an unlabelled paragraph that ends with a colon stands below it."""
    before = siblings[-1] if siblings else None
    if (
        len(open_) >= DEEPEST
        or before is None
        or before.kind != "text"
        or unit.label != _FIRST.get(unit.kind)
    ):
        return
    if text[before.body : before.end].rstrip().endswith(":"):
        before.rank = unit.rank - 1
        open_.append(before)


def _close(text: str, open_: list[Unit], unit: Unit) -> None:
    """Leave the units that the new one does not stand in."""
    if open_ and _begins_below(text, open_, unit):
        return
    same = [at for at, one in enumerate(open_) if _same_row(one, unit)]
    if same:
        del open_[same[-1] :]
        return
    while open_ and open_[-1].rank >= unit.rank:
        open_.pop()


def _begins_below(text: str, open_: list[Unit], unit: Unit) -> bool:
    """A row that begins anew right behind a colon stands below it."""
    before = open_[-1]
    if (
        len(open_) >= DEEPEST
        or unit.label != _FIRST.get(unit.kind)
        or before.below
        or before.kind == unit.kind == "dash"
    ):
        return False
    if unit.kind in ("number", "letter", "roman") and any(
        one.kind == unit.kind and follows(unit.kind, one.label, unit.label) for one in open_
    ):
        return False
    return text[before.body : before.end].rstrip().endswith(":")


def _same_row(one: Unit, unit: Unit) -> bool:
    """The new label goes on with the row of an open one: 2 after 1, b after a."""
    if one.kind != unit.kind or one.label.count(".") != unit.label.count("."):
        return False
    if unit.kind in ("dash", "plus"):
        return True
    head, _, number = unit.label.rpartition(".")
    before, _, last = one.label.rpartition(".")
    return head == before and follows("number" if number.isdigit() else "letter", last, number)


def _depth(unit: Unit) -> int:
    if unit.kind == "text":
        return 0
    return _DEPTH[unit.kind] * 10 + (unit.label.count(".") if unit.kind == "number" else 0)


def _count(siblings: list[Unit], kind: str) -> int:
    """How many of a kind stand there; the last of them knows."""
    return next((one.number for one in reversed(siblings) if one.kind == kind), 0)


def _path(unit: Unit, parent: str) -> str:
    """ "1.p2" is the second paragraph without a label in unit 1, "1.-2" its second dash."""
    if unit.kind in ("dash", "plus"):
        sign = "-" if unit.kind == "dash" else "+"
        own = f"{sign}{unit.number}"
    elif unit.kind == "part":
        own = unit.label or "p"
    elif unit.kind == "number" and "." in unit.label:
        head, _, _ = unit.label.rpartition(".")
        outer = parent[: -len(head)].rstrip(".") if parent.endswith(head) else parent
        return f"{outer}.{unit.label}".lstrip(".")
    else:
        own = unit.label.upper() if unit.kind == "roman" else unit.label
    return f"{parent}.{own}".lstrip(".")
