"""How near an annotation comes to the one that a person made of the same letter."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.score.annotation import Annotation, Deadline, Task

BODIES = ("lead", "coordinate", "report_to")
SHARES = ("deadline", "recurrence", "budget")
LEAST_OVERLAP = 0.5
"""Of the union of two spans: less is another task."""

_MARK = "([\u0300\u0301\u0303\u0309\u0323])(?![\u0302\u0306])"
_LATE_TONE = re.compile(f"(o)([ae]){_MARK}|(u)(y){_MARK}")
_PUNCTUATION = re.compile(r"[-–—.,;:()]")
_SAME = (("ủy ban nhân dân", "ubnd"), ("tp.", "thành phố "), ("&", "và"))


@dataclass(frozen=True)
class Count:
    """Things that both found, that only the person found, that only the other found."""

    right: int = 0
    missed: int = 0
    invented: int = 0

    @classmethod
    def of(cls, gold: set[str], found: set[str]) -> "Count":
        return cls(len(gold & found), len(gold - found), len(found - gold))

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.right + other.right,
            self.missed + other.missed,
            self.invented + other.invented,
        )

    @property
    def precision(self) -> float:
        found = self.right + self.invented
        return self.right / found if found else 0.0

    @property
    def recall(self) -> float:
        gold = self.right + self.missed
        return self.right / gold if gold else 0.0

    @property
    def f1(self) -> float:
        """1.0 where there was nothing to find and nothing was found."""
        all_twice = 2 * self.right + self.missed + self.invented
        return 2 * self.right / all_twice if all_twice else 1.0


@dataclass(frozen=True)
class Share:
    """So many right, of so many that could be."""

    right: int = 0
    of: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.right + other.right, self.of + other.of)

    @property
    def value(self) -> float:
        return self.right / self.of if self.of else 0.0


@dataclass(frozen=True)
class Score:
    """Of one letter or, added up, of many. ``header`` has a share for each of its fields."""

    tasks: Count = Count()
    bodies: dict[str, Count] = field(default_factory=lambda: dict.fromkeys(BODIES, Count()))
    shares: dict[str, Share] = field(default_factory=lambda: dict.fromkeys(SHARES, Share()))
    citations: Count = Count()
    header: dict[str, Share] = field(default_factory=dict)

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.tasks + other.tasks,
            {name: count + other.bodies[name] for name, count in self.bodies.items()},
            {name: share + other.shares[name] for name, share in self.shares.items()},
            self.citations + other.citations,
            {name: self.header.get(name, Share()) + share for name, share in other.header.items()},
        )


def score(gold: Annotation, found: Annotation) -> Score:
    """Tasks are the same where their spans overlap by half, one to one, the best first.

    Bodies count over all tasks: what an unmatched task names is missed or invented. Deadlines,
    recurrences and budget marks count over the matched ones.
    """
    everything = pairs(gold.tasks, found.tasks)
    both = [(one, other) for one, other in everything if one and other]
    return Score(
        tasks=Count(len(both), len(gold.tasks) - len(both), len(found.tasks) - len(both)),
        bodies={
            name: sum((Count.of(names(a, name), names(b, name)) for a, b in everything), Count())
            for name in BODIES
        },
        shares={
            "deadline": _share([when(a.deadline) == when(b.deadline) for a, b in both]),
            "recurrence": _share([a.recurrence == b.recurrence for a, b in both]),
            "budget": _share([a.budget == b.budget for a, b in both]),
        },
        citations=Count.of(numbers(gold), numbers(found)),
        header=dict(header_shares(gold, found)),
    )


def fold(name: str) -> str:
    """One spelling for a name: case, blanks, punctuation, hoà and hòa, "Ủy ban nhân dân" and UBND.

    Not the folding of intake, which is part of what is measured.
    """
    marked = unicodedata.normalize("NFD", name.lower().replace("*", ""))
    text = unicodedata.normalize("NFC", _LATE_TONE.sub(r"\1\4\3\6\2\5", marked))
    for written, one in _SAME:
        text = text.replace(written, one)
    text = " ".join(_PUNCTUATION.sub(" ", text).split())
    return re.sub("^(các|những) ", "", text)


def pairs(gold: Sequence[Task], found: Sequence[Task]) -> list[tuple[Task | None, Task | None]]:
    """Every task of both sides once, beside its like or alone."""
    alike = sorted(
        ((_overlap(a, b), i, j) for i, a in enumerate(gold) for j, b in enumerate(found)),
        reverse=True,
    )
    like: dict[int, int] = {}
    for overlap, i, j in alike:
        if overlap >= LEAST_OVERLAP and i not in like and j not in like.values():
            like[i] = j
    alone = (one for j, one in enumerate(found) if j not in like.values())
    return [
        *((one, found[like[i]] if i in like else None) for i, one in enumerate(gold)),
        *((None, one) for one in alone),
    ]


def _overlap(one: Task, other: Task) -> float:
    common = min(one.end, other.end) - max(one.start, other.start)
    union = max(one.end, other.end) - min(one.start, other.start)
    return common / union if common > 0 else 0.0


def names(task: Task | None, name: str) -> set[str]:
    return {fold(one) for one in getattr(task, name)} if task else set()


def when(deadline: Deadline | None) -> tuple[str | None, str] | None:
    return (deadline.date, deadline.kind) if deadline else None


def numbers(one: Annotation) -> set[str]:
    return {number.replace(" ", "") for number in one.citations}


def header_shares(gold: Annotation, found: Annotation) -> Iterator[tuple[str, Share]]:
    for name, value in gold.header:
        other = getattr(found.header, name)
        both_text = isinstance(value, str) and isinstance(other, str)
        yield name, _share([fold(value) == fold(other) if both_text else value == other])


def _share(right: Sequence[bool]) -> Share:
    return Share(sum(right), len(right))
