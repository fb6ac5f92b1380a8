"""Tables typed with tabs or runs of blanks, made to rows between bars before anything is read."""

import re
from collections.abc import Iterator

from services.assignment.intake.tables.heads import columns

_BETWEEN = re.compile(r"\t+| {3,}")
_FEWEST = 3
"""How many columns such a table has at least."""
_TYPED_BAR = "|"


def with_bars(text: str) -> str:
    """As long as the text: below a head of a table of orders each gap becomes a bar."""
    if "\t" not in text and "   " not in text:
        return text
    return "".join(_lines(text))


def _lines(text: str) -> Iterator[str]:
    inside = False
    for line in text.splitlines(keepends=True):
        words = line.rstrip()
        indent = len(words) - len(words.lstrip())
        parts = _BETWEEN.split(words[indent:]) if words else []
        inside = len(parts) > 1 and _TYPED_BAR not in words and (inside or _heads(parts))
        if not inside:
            yield line
            continue
        barred = _BETWEEN.sub(_bars, words[indent:])
        yield words[:indent] + barred + line[len(words) :]


def _heads(parts: list[str]) -> bool:
    return len(parts) >= _FEWEST and bool(columns(parts))


def _bars(gap: "re.Match[str]") -> str:
    """A bar for each tab: two of them have an empty cell between."""
    return gap[0].replace("\t", _TYPED_BAR) if "\t" in gap[0] else _TYPED_BAR.ljust(len(gap[0]))
