"""Pictures of letters, through Tesseract: words with their places, laid out as a page."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace

from services.assignment.intake.files.layout import text_of
from services.assignment.intake.files.page import WORD_GAP, Page, Piece
from services.assignment.intake.files.result import Kind, Reading, UnreadableLetter

PAGE_SECONDS = 90
_A4 = 595

INSTALL = (
    "it is a picture of a letter, and Tesseract with Vietnamese is not installed to read it"
    " (Debian: apt-get install tesseract-ocr tesseract-ocr-vie); or send a file with text in it"
)
UNSURE = "recognised from a picture: any letter may be wrong"


def read_scan(raw: bytes) -> Reading:
    """A picture of one page or, as TIFF, of several."""
    text, notes = text_of(recognised_pages(raw))
    return Reading(text, Kind.SCAN, [UNSURE, *notes])


def recognised_pages(picture: bytes) -> list[Page]:
    """UnreadableLetter if Tesseract is missing, or can do nothing with the picture."""
    program = shutil.which("tesseract")
    if program is None or "vie" not in _languages(program):
        raise UnreadableLetter(INSTALL)
    try:
        done = subprocess.run(
            [program, "stdin", "stdout", "-l", "vie", "tsv"],
            input=picture,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PAGE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableLetter("its picture takes longer to recognise than a page may") from None
    if done.returncode != 0:
        raise UnreadableLetter("the picture is damaged or too large; scan it again at 300 dpi")
    return list(_pages(done.stdout.decode("utf-8", errors="replace")))


def _languages(program: str) -> list[str]:
    listed = subprocess.run(
        [program, "--list-langs"], capture_output=True, text=True, timeout=20, check=False
    )
    return listed.stdout.split()


def _pages(table: str) -> Iterator[Page]:
    """Tesseract's TSV: level 1 is a page, level 5 a word."""
    pieces: list[Piece] = []
    scale, height = 1.0, 0.0
    for line in table.splitlines()[1:]:
        level, *_, left, top, wide, high, _, text = line.split("\t", 11)
        x, y, w, h = float(left), float(top), float(wide), float(high)
        if level == "1":
            if height:
                yield Page(_joined(pieces), [], height)
            scale, pieces = _A4 / max(min(w, h), 1), []
            height = h * scale
        elif level == "5" and text.strip():
            place = x * scale, (x + w) * scale, y * scale, (y + h) * scale
            pieces.append(Piece(*place, text.strip()))
    if height:
        yield Page(_joined(pieces), [], height)


def _joined(words: list[Piece]) -> list[Piece]:
    """Words of a line that no wide gap parts are one piece."""
    pieces: list[Piece] = []
    for word in words:
        last = pieces[-1] if pieces else None
        if last is not None and _follows(last, word):
            pieces[-1] = replace(
                last,
                x1=word.x1,
                y0=min(last.y0, word.y0),
                y1=max(last.y1, word.y1),
                text=f"{last.text} {word.text}",
            )
        else:
            pieces.append(word)
    return pieces


def _follows(last: Piece, word: Piece) -> bool:
    high = max(last.height, word.height)
    return abs(last.middle - word.middle) < high / 2 and -high < word.x0 - last.x1 < WORD_GAP * high
