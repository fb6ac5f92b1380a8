"""Where the words of a header's field stand, so that its evidence marks those and no more."""

import re
from datetime import date
from itertools import islice, takewhile

from services.assignment.intake.source import in_small

_TOKEN = re.compile(r"[^\s\x1f]+")
_DAY = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})")


class Words:
    """A part of the letter, searched by words whatever their case and what blanks part them."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text, self._start, self._end = text, start, end
        self._joined = _wanted(text[start:end])

    def first(self, value: str) -> tuple[int, int] | None:
        """The first place of these words."""
        return self._placed(self._joined.find(wanted := _wanted(value)), wanted)

    def last(self, value: str, before: int | None = None) -> tuple[int, int] | None:
        """The last place of these words, ``before`` a place of the letter if that is said."""
        limit = len(self._joined) if before is None else self._joined_at(before)
        wanted = _wanted(value)
        return self._placed(self._joined.rfind(wanted, 0, limit), wanted)

    def day(self, iso: str) -> tuple[int, int] | None:
        """ "ngày 12 tháng 3 năm 2025", the first that is this day."""
        for found in _DAY.finditer(self._text, self._start, self._end):
            if (int(found[3]), int(found[2]), int(found[1])) == _parts(iso):
                return found.span()
        return None

    def _placed(self, begin: int, wanted: str) -> tuple[int, int] | None:
        if begin < 0 or not wanted:
            return None
        return self._original(begin), self._original(begin + len(wanted) - 1) + 1

    def _original(self, place: int) -> int:
        """Where a place of the joined words stands in the letter."""
        number = self._joined.count(" ", 0, place)
        tokens = _TOKEN.finditer(self._text, self._start, self._end)
        begun = self._joined.rfind(" ", 0, place) + 1
        return next(islice(tokens, number, None)).start() + place - begun

    def _joined_at(self, place: int) -> int:
        """The end of the words that begin before a place of the letter."""
        begun = _TOKEN.finditer(self._text, self._start, self._end)
        number = sum(1 for _ in takewhile(lambda token: token.start() < place, begun))
        return len(" ".join(self._joined.split(" ")[:number]))


def _wanted(value: str) -> str:
    """In small letters, one blank between words, every word as long as it was."""
    return " ".join(in_small(value).split())


def _parts(iso: str) -> tuple[int, int, int]:
    day = date.fromisoformat(iso)
    return day.year, day.month, day.day
