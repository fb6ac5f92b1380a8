"""Where the words of a header's field stand, so that its evidence marks those and no more."""

import re
from bisect import bisect_right
from datetime import date

_TOKEN = re.compile(r"[^\s\x1f]+")
_DAY = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})")


class Words:
    """A part of the letter, searched by words whatever their case and what blanks part them."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text, self._end = text, end
        self._joined = ""
        self._joined_at: list[int] = []
        self._at: list[int] = []
        pieces: list[str] = []
        size = 0
        for token in _TOKEN.finditer(text, start, end):
            low = _lowered(token[0])
            pieces.append(low)
            self._joined_at.append(size)
            self._at.append(token.start())
            size += len(low) + 1
        self._joined = " ".join(pieces)

    def first(self, value: str) -> tuple[int, int] | None:
        """The first place of these words."""
        return self._placed(self._joined.find(wanted := _wanted(value)), wanted)

    def last(self, value: str, before: int | None = None) -> tuple[int, int] | None:
        """The last place of these words, ``before`` a place of the letter if that is said."""
        limit = len(self._joined)
        if before is not None:
            limit = next(
                (to for at, to in zip(self._at, self._joined_at, strict=True) if at >= before),
                limit,
            )
        wanted = _wanted(value)
        return self._placed(self._joined.rfind(wanted, 0, limit), wanted)

    def day(self, iso: str) -> tuple[int, int] | None:
        """ "ngày 12 tháng 3 năm 2025", the first that is this day."""
        start = self._at[0] if self._at else self._end
        for found in _DAY.finditer(self._text, start, self._end):
            if (int(found[3]), int(found[2]), int(found[1])) == _parts(iso):
                return found.span()
        return None

    def _placed(self, begin: int, wanted: str) -> tuple[int, int] | None:
        if begin < 0 or not wanted:
            return None
        return self._original(begin), self._original(begin + len(wanted) - 1) + 1

    def _original(self, place: int) -> int:
        token = bisect_right(self._joined_at, place) - 1
        return self._at[token] + place - self._joined_at[token]


def _wanted(value: str) -> str:
    return " ".join(_lowered(word) for word in value.split())


def _lowered(word: str) -> str:
    low = word.lower()
    return low if len(low) == len(word) else word


def _parts(iso: str) -> tuple[int, int, int]:
    day = date.fromisoformat(iso)
    return day.year, day.month, day.day
