"""A PDF's text layer through PDFium, with the place of each piece of text."""

import ctypes
import re
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from services.assignment.intake.files.layout import text_of
from services.assignment.intake.files.page import WORD_GAP, Page, Piece, grids_of
from services.assignment.intake.files.result import MAX_TEXT, Kind, Reading, UnreadableLetter
from services.assignment.intake.files.scan import UNSURE, recognised_pages

MOST_PAGES = 500
MOST_DRAWN = 20_000
"""Lines and frames of a page that are looked at."""
FEWEST_LETTERS = 20
MOST_RECOGNISED = 30
DPI = 300
MOST_PIXELS = 20_000_000
_PICTURES = (pdfium.FPDF_PAGEOBJ_IMAGE,)
_HYPHEN = "\x02"
"""PDFium's mark for a hyphen at the end of a line."""
_LINE_END = re.compile("[\x02\n\r]")
_WORD = re.compile("([\x00-\x20\xa0]*)([^\x00-\x20\xa0]+|$)")
_HALF = re.compile("[\ud800-\udfff]")
_UNKNOWN = "\ufffd"
_Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
_Stop = tuple[float, float, float]
"""A line of a table that goes down: where it stands, its foot and its head."""


def read_pdf(raw: bytes) -> Reading:
    """UnreadableLetter if it is broken, locked, or longer than a letter may be."""
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableLetter(
                "the PDF is locked with a password; save it without one"
            ) from None
        raise UnreadableLetter(f"the PDF is damaged ({error}); save it again") from error
    if len(document) > MOST_PAGES:
        raise UnreadableLetter(f"the PDF has {len(document)} pages; at most {MOST_PAGES} are read")
    pages: list[Page] = []
    pictures: list[int] = []
    characters = 0
    for at in range(len(document)):
        page, is_picture = _page(document, at)
        if is_picture:
            pictures.append(at + 1)
            page = _recognised(document, at, len(pictures))
        pages.append(page)
        characters += sum(len(piece.text) for piece in page.pieces)
        if characters > MAX_TEXT:
            raise UnreadableLetter(f"its text is longer than {MAX_TEXT} characters; send less")
    text, notes = text_of(pages)
    if pictures:
        told = f"pages {', '.join(map(str, pictures))} {UNSURE}"
        return Reading(text, Kind.SCAN, [told, *notes])
    return Reading(text, Kind.PDF, notes)


def _recognised(document: pypdfium2.PdfDocument, at: int, count: int) -> Page:
    """The page as a picture, in black on white as it prints, given to Tesseract."""
    if count > MOST_RECOGNISED:
        raise UnreadableLetter(
            f"more than {MOST_RECOGNISED} pages are pictures; send a PDF with text in it"
        )
    page = document[at]
    wide, high = page.get_size()
    scale = min(DPI / 72, (MOST_PIXELS / max(wide * high, 1)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    rows = memoryview(bitmap.buffer).cast("B")
    gray = b"".join(
        rows[start : start + bitmap.width]
        for start in range(0, bitmap.stride * bitmap.height, bitmap.stride)
    )
    page.close()
    found = recognised_pages(b"P5 %d %d 255\n%s" % (bitmap.width, bitmap.height, gray))
    return found[0] if found else Page([], [], high)


def _page(document: pypdfium2.PdfDocument, at: int) -> tuple[Page, bool]:
    """What stands on it, and whether it is a picture whose text has to be recognised."""
    try:
        page = document[at]
    except pypdfium2.PdfiumError as error:
        raise UnreadableLetter(f"page {at + 1} of the PDF is damaged; save it again") from error
    height = page.get_height()
    grids = grids_of(_drawn(page, height))
    stops = [(x, height - grid.ys[-1], height - grid.ys[0]) for grid in grids for x in grid.xs]
    textpage = page.get_textpage()
    pieces = list(_pieces(textpage, height, stops))
    is_picture = not _is_text(pieces) and any(page.get_objects(filter=_PICTURES, max_depth=2))
    textpage.close()
    page.close()
    return Page(pieces, grids, height), is_picture


def _is_text(pieces: list[Piece]) -> bool:
    """More than a stamp or a page number, and in letters that the file explains."""
    text = "".join(piece.text for piece in pieces)
    letters = sum(character.isalpha() for character in text)
    unknown = sum(character == "\ufffd" or "\ue000" <= character < "\uf900" for character in text)
    return letters >= FEWEST_LETTERS and unknown < letters / 4


def _drawn(page: pypdfium2.PdfPage, height: float) -> Iterator[tuple[float, float, float, float]]:
    for number, one in enumerate(page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,), max_depth=2)):
        if number == MOST_DRAWN:
            return
        left, bottom, right, top = one.get_bounds()
        yield left, height - top, right, height - bottom


def _pieces(page: pypdfium2.PdfTextPage, height: float, stops: list[_Stop]) -> Iterator[Piece]:
    """Cut at line ends, at wide gaps and at the lines of tables."""
    text = ""
    x0 = x1 = top = bottom = 0.0
    for blank, word, (left, high, right, low) in _words(page):
        if ended := _LINE_END.search(blank):
            text += "-" if ended[0] == _HYPHEN else ""
            yield from _piece(text, x0, x1, top, bottom, height)
            text = ""
        elif text and (blank or left < x0):
            size = top - bottom
            moved = abs((high + low) - (top + bottom)) > size or left < x1 - size
            wide = left - x1 > WORD_GAP * size
            crossed = (stop for stop in stops if x1 - 1 < stop[0] <= left + 1)
            if moved or wide or any(foot < high and low < head for _, foot, head in crossed):
                yield from _piece(text, x0, x1, top, bottom, height)
                text = ""
        if not text:
            text, x0, top, bottom = word, left, high, low
        else:
            text += " " * len(blank) + word
        x1 = right
    yield from _piece(text, x0, x1, top, bottom, height)


def _words(page: pypdfium2.PdfTextPage) -> Iterator[tuple[str, str, _Box]]:
    """Words with the blank before each, where they begin and how far they go."""
    box = pdfium.FS_RECTF()
    place = ctypes.byref(box)
    box_at, raw = pdfium.FPDFText_GetLooseCharBox, page.raw
    for found in _WORD.finditer(_characters(page)):
        blank, word = found.groups()
        start = found.start(2)
        box_at(raw, start, place)
        left, top, right, bottom = box.left, box.top, box.right, box.bottom
        if len(word) > 1:
            box_at(raw, start + len(word) - 1, place)
            right = max(right, box.right)
        yield blank, word, (left, top, right, bottom)


def _characters(page: pypdfium2.PdfTextPage) -> str:
    """One for each place that has a box."""
    count = page.count_chars()
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(page.raw, 0, count, buffer) - 1
    text = bytes(buffer)[: 2 * written].decode("utf-16-le", errors="surrogatepass")
    if len(text) != count or _HALF.search(text):
        # places without a character, or beyond UTF-16's half: each is asked for, which is slower
        codes = (pdfium.FPDFText_GetUnicode(page.raw, at) for at in range(count))
        text = "".join(chr(one) if one < 0x110000 else _UNKNOWN for one in codes)
    return _HALF.sub(_UNKNOWN, text).replace("\ufffe", _HYPHEN)


def _piece(
    text: str, x0: float, x1: float, top: float, bottom: float, height: float
) -> Iterator[Piece]:
    written = text.strip()
    if written:
        yield Piece(x0, x1, height - top, height - bottom, written)
