"""Places in a text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """Where the words of a table's cell stand; empty where both ends are one."""

    start: int
    end: int

    @property
    def empty(self) -> bool:
        return self.start >= self.end

    @classmethod
    def within(cls, text: str, first: int, last: int) -> "Cell":
        """Without the blanks at both ends."""
        while first < last and text[first].isspace():
            first += 1
        while last > first and text[last - 1].isspace():
            last -= 1
        return cls(first, last)
