"""How a field was found: by which rule, from which words, how sure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Evidence:
    """``rule`` is a stable name; the span counts code points; ``sure`` goes from 0 to 1."""

    rule: str
    start: int
    end: int
    sure: float

    def as_json(self) -> dict[str, Any]:
        return {"rule": self.rule, "start": self.start, "end": self.end, "sure": self.sure}


def least_sure(evidence: Iterable[Evidence]) -> float:
    """Something is as sure as its least sure part; nothing to doubt is 1."""
    return min((one.sure for one in evidence), default=1.0)
