"""What must hold for any bytes whatever; hypothesis and atheris both try it."""

import struct
from collections.abc import Callable

from services.assignment.intake.files.child import extract
from services.assignment.intake.files.layout import text_of
from services.assignment.intake.files.page import Page, Piece, grids_of
from services.assignment.intake.files.plain import read_plain
from services.assignment.intake.files.result import Kind, Reading, UnreadableLetter, checked
from services.assignment.intake.read import read_letter
from tests.assignment.intake.documents import docx


def text_or_refusal(read: Callable[[], Reading]) -> str:
    """The text, or "" for a refusal, which must be one line."""
    try:
        return read().text
    except UnreadableLetter as refused:
        told = str(refused)
    assert told
    assert "\n" not in told
    return ""


def try_text(raw: bytes) -> None:
    """A letter with spans inside its text, or one refusal in one line."""
    _try_reading(text_or_refusal(lambda: checked(read_plain(raw))))


def try_document(part: bytes) -> None:
    """Any bytes as a Word document's body."""
    _try_docx(docx(parts={"word/document.xml": part}))


def try_numbering(part: bytes) -> None:
    """Any bytes where a Word document's lists are told."""
    _try_docx(docx(parts={"word/numbering.xml": part, "word/styles.xml": part}))


def try_archive(raw: bytes) -> None:
    """Any bytes as a zip."""
    _try_docx(b"PK\x03\x04" + raw)


def try_page(raw: bytes) -> None:
    """Pieces and lines anywhere on pages become text, and none of it is lost to an error."""
    places = [one for one in struct.iter_unpack(">4h", raw[: len(raw) // 8 * 8])]
    half = len(places) // 2
    pieces = [Piece(x, x + w % 300, y, y + h % 40 + 1, f"{x}. a") for x, w, y, h in places[:half]]
    flat = [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in places[half:]]
    text, _ = text_of([Page(pieces, grids_of(flat), 842), Page(pieces[::2], [], 842)])
    _try_reading(text)


def _try_docx(raw: bytes) -> None:
    _try_reading(text_or_refusal(lambda: extract(raw, Kind.DOCX)))


def _try_reading(text: str) -> None:
    for task in read_letter(text, name="any").tasks:
        assert 0 <= task.start <= task.end <= len(text)


TRIES = (try_text, try_document, try_numbering, try_archive, try_page)
