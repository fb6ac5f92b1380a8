"""Word lists of the vocabulary made into patterns."""

import re
from collections.abc import Iterable


def any_of(words: Iterable[str]) -> str:
    """One of the words, the longest first, whatever blanks stand inside; whole words only."""
    chosen = sorted(set(words), key=lambda one: (-len(one), one))
    return "(?:" + "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in chosen) + r")\b"


def raw_any_of(patterns: Iterable[str]) -> str:
    """The same for words that are patterns already."""
    chosen = sorted(set(patterns), key=lambda one: (-len(one), one))
    return "(?:" + "|".join(one.replace(" ", r"\s+") for one in chosen) + r")\b"
