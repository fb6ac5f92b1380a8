"""The letter's text made plain for reading, with the way back to every original place."""

import unicodedata
from dataclasses import dataclass

BAR = "\x1f"
"""Stands for "|", the edge of a table's cell: a blank to every pattern that does not ask for it."""

_BLANK = dict.fromkeys("*~_\u00a0\t\r", " ")
_DASHES = dict.fromkeys("–—‑−", "-")
_BULLETS = dict.fromkeys("•▪●○◦\uf0b7\uf02d", "-")
_PLAIN = {**_BLANK, **_DASHES, **_BULLETS, "|": BAR}


@dataclass(frozen=True)
class Source:
    """NFC text without markdown marks and invisible characters; ``at[i]`` is where i stood."""

    text: str
    at: list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span in the letter as it was read, without blanks at its ends."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return self.at[start], self.at[end - 1] + 1 if end > start else self.at[start]


def plain(text: str) -> Source:
    """Linear in the length of the text, whatever stands in it."""
    characters: list[str] = []
    at: list[int] = []
    for place, character in enumerate(text):
        if "\x20" <= character <= "\x7e" and character not in _PLAIN:
            characters.append(character)
            at.append(place)
            continue
        kind = unicodedata.category(character)
        if kind == "Cf" or (kind == "Cc" and character not in "\n\t\r"):
            continue
        if kind == "Mn" and characters:
            composed = unicodedata.normalize("NFC", characters[-1] + character)
            if len(composed) == 1:
                characters[-1] = composed
            continue
        for one in unicodedata.normalize("NFC", _PLAIN.get(character, character)):
            characters.append(one)
            at.append(place)
    at.append(len(text))
    return Source("".join(characters), at)


def squeeze(text: str) -> str:
    """Line breaks and runs of blanks as one space."""
    return " ".join(text.split())
