"""What a check counted, and what it found broken."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """How a promise was broken; WRONG is whatever is none of the three."""

    LOST = "lost"
    DOUBLED = "doubled"
    REORDERED = "reordered"
    WRONG = "wrong"


@dataclass(frozen=True)
class Violation:
    kind: Kind
    words: str

    def __str__(self) -> str:
        return self.words


@dataclass
class Result:
    """What an invariant's check counted, and every violation in words."""

    name: str
    says: str
    counted: str = ""
    violations: list[Violation] = field(default_factory=list)

    def broken(self, kind: Kind, words: str) -> None:
        self.violations.append(Violation(kind, words))

    def differ(
        self, kind: Kind, what: str, left: Iterable[str], right: Iterable[str], words: str
    ) -> None:
        """Note what stands on the left side only."""
        for one in sorted(set(left) - set(right)):
            self.broken(kind, f"{what} {one}: {words}")

    def repeated(self, what: str, all: Iterable[str], words: str) -> None:
        """Note what stands there more than once."""
        for one, count in Counter(all).items():
            if count > 1:
                self.broken(Kind.DOUBLED, f"{what} {one}: {words} {count} times")

    def compare(self, what: str, rows: Iterable[str], told: Iterable[str]) -> None:
        """Each effect as often as the event that makes it."""
        made, due = Counter(rows), Counter(told)
        for one in sorted(made.keys() | due.keys()):
            if made[one] != due[one]:
                kind = Kind.LOST if made[one] < due[one] else Kind.DOUBLED
                self.broken(kind, f"{what} {one}: {made[one]} effects of {due[one]} events")


def count(results: Iterable[Result], kind: Kind) -> int:
    return sum(one.kind is kind for result in results for one in result.violations)
