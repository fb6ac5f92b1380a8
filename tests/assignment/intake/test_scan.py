"""Pictures of letters: recognised where Tesseract is installed, else refused with what to do."""

import shutil
import subprocess

import pypdfium2
import pytest

from services.assignment.intake.files.reading import read_file
from services.assignment.intake.files.result import Kind, UnreadableLetter
from services.assignment.intake.files.scan import INSTALL, UNSURE
from tests.assignment.intake.pages import Line, pdf, png, scanned

SCALE = 200 / 72


def _can_recognise() -> bool:
    program = shutil.which("tesseract")
    if program is None:
        return False
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=True)
    return "vie" in listed.stdout.split()


tesseract = pytest.mark.skipif(
    not _can_recognise(), reason="tesseract-ocr and tesseract-ocr-vie are not installed"
)


def picture() -> tuple[bytes, int, int]:
    """Two lines in the one font that PDFium brings; it has no Vietnamese letters."""
    drawn = pdf([Line(60, 100, "x", 20)]).replace(
        b"<0078> Tj", b"(1. Giao cho) Tj 0 -60 Td (2. Trong quy) Tj"
    )
    drawn = drawn.replace(b"/F 3 0 R", b"/F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    (page,) = pypdfium2.PdfDocument(drawn)
    bitmap = page.render(scale=SCALE, grayscale=True)
    rows = bytes(bitmap.buffer)
    starts = range(0, bitmap.stride * bitmap.height, bitmap.stride)
    gray = b"".join(rows[at : at + bitmap.width] for at in starts)
    return gray, bitmap.width, bitmap.height


@tesseract
@pytest.mark.parametrize("made", [scanned, png])
def test_a_picture_is_recognised_and_said_to_be_unsure(made: object) -> None:
    assert callable(made)
    reading = read_file(made(*picture())).reading

    assert reading.kind is Kind.SCAN
    assert reading.text.split("\n\n") == ["1. Giao cho", "2. Trong quy\n"]
    assert any(UNSURE in note for note in reading.notes)


@pytest.mark.parametrize("made", [scanned, png])
def test_without_tesseract_a_picture_is_refused_with_what_to_install(
    made: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert callable(made)

    with pytest.raises(UnreadableLetter) as refused:
        read_file(made(*picture()))

    assert str(refused.value) == INSTALL


@tesseract
@pytest.mark.parametrize(
    "raw",
    [
        b"\x89PNG\r\n\x1a\n broken",
        b"\xff\xd8\xff broken",
        b"II*\x00 broken",
        png(b"\0", 60_000, 60_000),
    ],
    ids=["png", "jpeg", "tiff", "claims to be huge"],
)
def test_a_broken_picture_gives_one_refusal(raw: bytes) -> None:
    with pytest.raises(UnreadableLetter, match=r"damaged|longer|memory|empty"):
        read_file(raw)
