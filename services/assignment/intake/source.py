"""The letter's text made plain for reading, with the way back to every original place."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from services.assignment.intake.tables.tabbed import with_bars

BAR = "\x1f"
"""Stands for "|", the edge of a table's cell: a blank to every pattern that does not ask for it."""

_BLANK = dict.fromkeys("*~_\u00a0\t\r", " ")
_DASHES = dict.fromkeys("–—‑−", "-")
_BULLETS = dict.fromkeys("•▪●○◦\uf0b7\uf02d", "-")
_PLAIN = {**_BLANK, **_DASHES, **_BULLETS, "|": BAR}
_MARKUP = re.compile(r"<br\s{0,2}/?>|(?m:^(?:#{1,6}|>)(?=\s))")
"""Line breaks inside a table's cell; what markdown puts before headings and quotations."""
_GLUED = re.compile(r"(?<!\w)(?:Bộ|Sở|Cục|UBND|Tỉnh|Thủ tướng|Văn phòng)(?=[A-ZĐỦ][a-zà-ỹ])")
_TO_PLAIN = re.compile("[" + re.escape("".join(_PLAIN)) + "]")


@dataclass(frozen=True)
class Source:
    """NFC text without markdown marks and invisible characters; ``at[i]`` is where i stood."""

    text: str
    at: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span in the letter as it was read, without blanks at its ends."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return self.at[start], self.at[end - 1] + 1 if end > start else self.at[start]


def skip_blanks(text: str, place: int, end: int) -> int:
    """The first place from this one on, before ``end``, that holds no blank; else ``end``."""
    while place < end and text[place].isspace():
        place += 1
    return place


def plain(text: str) -> Source:
    """Linear in the length of the text, whatever stands in it."""
    text = with_bars(_MARKUP.sub(_blank, text))
    if unicodedata.is_normalized("NFC", text) and not any(map(_vanishes, set(text))):
        made = _TO_PLAIN.sub(lambda found: _PLAIN[found[0]], text)  # str.translate is far slower
        return _parted(Source(made, range(len(text) + 1)))
    characters: list[str] = []
    at: list[int] = []
    for place, character in enumerate(text):
        if _is_hidden(character):
            continue
        if _is_mark(character) and characters:
            composed = unicodedata.normalize("NFC", characters[-1] + character)
            if len(composed) == 1:
                characters[-1] = composed
            continue
        for one in unicodedata.normalize("NFC", _PLAIN.get(character, character)):
            characters.append(one)
            at.append(place)
    at.append(len(text))
    return _parted(Source("".join(characters), at))


def _parted(source: Source) -> Source:
    """A copy that lost a blank behind the first word of a name: "BộCông Thương"."""
    cuts = [found.end() for found in _GLUED.finditer(source.text)]
    if not cuts:
        return source
    edges = [0, *cuts, len(source.text)]
    at: list[int] = []
    for one, other in pairwise(edges):
        at += source.at[one:other]
        at.append(source.at[other])
    return Source(" ".join(source.text[one:other] for one, other in pairwise(edges)), at)


def _blank(found: "re.Match[str]") -> str:
    """As long as the mark was; what breaks a line breaks it."""
    return ("\n" if found[0].startswith("<") else " ").ljust(len(found[0]))


def _vanishes(character: str) -> bool:
    return _is_hidden(character) or _is_mark(character)


def _is_hidden(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind == "Cf" or (kind == "Cc" and character not in "\n\t\r")


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) == "Mn"


@lru_cache(maxsize=8)
def in_small(text: str) -> str:
    """The text in small letters, each in its place: a search that minds no case is far slower."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


def says(text: str, start: int, end: int, words: Iterable[str]) -> bool:
    """One of these words stands there, whatever its case: else a longer search finds nothing."""
    said = in_small(text)[start:end]
    return any(word in said for word in words)


def squeeze(text: str) -> str:
    """Line breaks and runs of blanks as one space."""
    return " ".join(text.split())
