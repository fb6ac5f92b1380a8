"""What comes of a file: the text that was read, or one refusal."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from services.assignment.intake.letter import Letter

MAX_FILE = 10_000_000
"""Bytes of a file that is read at most."""

MAX_TEXT = 1_000_000
"""Code points of a letter's text at most: some 400 pages."""


_HALF = re.compile("[\ud800-\udfff]")


class Kind(StrEnum):
    TEXT = "text"
    DOCX = "docx"
    PDF = "pdf"
    SCAN = "scan"
    """A picture, or a PDF of pictures: its text was recognised, so any letter may be wrong."""


class UnreadableLetter(ValueError):
    """The file is no letter that can be read; one line says why and what to do."""


@dataclass(frozen=True)
class Reading:
    """``notes`` say what a reader must know of the way from the file to its text.

    A row of a table is one line, its cells between ``|``; a table that only places text side by
    side (a letterhead, a signature) is its cells one after another with lines ``|`` between them.
    """

    text: str
    kind: Kind
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ReadLetter:
    """A file's text and what it says."""

    reading: Reading
    letter: Letter


def checked(reading: Reading) -> Reading:
    """UnreadableLetter for a text that is empty, too long, or holds what no database keeps."""
    if not any(character.isalnum() for character in reading.text[:MAX_TEXT]):
        raise UnreadableLetter("the letter is empty: no letter or digit is in it")
    if len(reading.text) > MAX_TEXT:
        raise UnreadableLetter(f"its text is longer than {MAX_TEXT} characters; send it in parts")
    if "\x00" in reading.text:
        raise UnreadableLetter("the letter holds the character U+0000, so it is no text")
    if _HALF.search(reading.text):
        raise UnreadableLetter("the letter holds half a character, so it is no text; save it again")
    return reading
