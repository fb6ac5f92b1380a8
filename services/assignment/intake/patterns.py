"""Word lists of the vocabulary made into patterns."""

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"[\\\[\](){}.*+?^$|]")


def any_of(words: Iterable[str]) -> str:
    """One of the words, the longest first, whatever blanks stand inside; whole words only.

    Words that begin alike share their beginning: of hundreds only a few are looked at.
    """
    return f"(?:{_tree(sorted({tuple(one) for one in words}))})\\b"


def _tree(words: Sequence[tuple[str, ...]]) -> str:
    """The sorted words as one pattern; where one ends and others go on, these come first."""
    ends = bool(words) and not words[0]
    branches: dict[str, list[tuple[str, ...]]] = {}
    for one in words[ends:]:
        branches.setdefault(one[0], []).append(one[1:])
    made = [
        (r"\s+" if first == " " else re.escape(first)) + _tree(rest)
        for first, rest in branches.items()
    ]
    if not made:
        return ""
    if len(made) == 1 and not ends:
        return made[0]
    return f"(?:{'|'.join(made)}){'?' if ends else ''}"


def raw_any_of(patterns: Iterable[str]) -> str:
    """The same for words that are patterns already; those with one first letter stand together."""
    chosen = sorted(set(patterns), key=lambda one: (-len(one), one))
    alike: dict[str, list[str]] = {}
    for one in chosen:
        alike.setdefault("" if _SPECIAL.match(one) else one[0], []).append(one)
    made = [
        first + "(?:" + "|".join(one[len(first) :].replace(" ", r"\s+") for one in several) + ")"
        for first, several in sorted(alike.items())
    ]
    return "(?:" + "|".join(made) + r")\b"
