"""From pieces on pages to text as it is read: columns, tables, paragraphs, no page numbers."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.assignment.intake.files.page import LABEL, Grid, Page, Piece, joined, rows_of
from services.assignment.intake.files.tables import Cell, layout_lines, row_line

_PAGE_NUMBER = re.compile(r"(?:trang\s*)?[-–—\s]*\d{1,4}\s*(?:/\s*\d{1,4})?[-–—\s]*", re.IGNORECASE)
_STARTS = re.compile(LABEL.pattern + r"\s")
_BARE_NUMBER = re.compile(r"\d{1,2}\s")
_ENDED = (".", ";", ":", "!", "?", ".”", '."')
NUMBERS = "page numbers and running lines left out"
_FEW_ROWS = 6
_MARGIN = 0.1
"""Of the page's height, at top and bottom, is where numbers and running lines stand."""


@dataclass(frozen=True)
class Line:
    """A line of running text, and how far to the right such lines go on its page."""

    piece: Piece
    right: float


@dataclass(frozen=True)
class Sides:
    """Columns side by side, such as a letterhead, each with its lines."""

    columns: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Row:
    """A row of a table."""

    cells: Sequence[str]


Block = Line | Sides | Row


def text_of(pages: Sequence[Page]) -> tuple[str, list[str]]:
    """Paragraphs with an empty line between them, rows of a table on lines of their own; notes."""
    kept = list(_without_running_lines(pages))
    wide = max((_right(page) for page in kept), default=0.0)
    text = "\n".join(_written(_connected(list(_blocks(page, wide)) for page in kept))) + "\n"
    fewer = sum(len(one.pieces) for one in kept) < sum(len(one.pieces) for one in pages)
    return text, [NUMBERS] if fewer else []


def _without_running_lines(pages: Sequence[Page]) -> Iterator[Page]:
    """Pages without their numbers, and without what stands in a margin of most of them."""
    seen = Counter(
        _told(piece) for page in pages for piece in {p.text: p for p in _marginal(page)}.values()
    )
    often = max(3, len(pages) // 2)
    for page in pages:
        dropped = {
            id(piece)
            for piece in _marginal(page)
            if _is_number(piece, page) or seen[_told(piece)] >= often
        }
        yield Page([one for one in page.pieces if id(one) not in dropped], page.grids, page.height)


def _marginal(page: Page) -> list[Piece]:
    low, high = page.height * _MARGIN, page.height * (1 - _MARGIN)
    return [one for one in page.pieces if one.middle < low or one.middle > high]


def _told(piece: Piece) -> str:
    return re.sub(r"\d+", "#", piece.text.strip())


def _is_number(piece: Piece, page: Page) -> bool:
    """Digits alone on their line, not a label that something follows."""
    beside = [one for one in page.pieces if abs(one.middle - piece.middle) < piece.height / 2]
    return len(beside) == 1 and _PAGE_NUMBER.fullmatch(piece.text.strip()) is not None


def _right(page: Page) -> float:
    return max((one.x1 for one in page.pieces), default=0.0)


def _blocks(page: Page, wide: float) -> Iterator[Block]:
    """``wide`` is how far the letter's lines go: a page of a few says little of it itself."""
    placed: list[tuple[float, Sequence[Block]]] = []
    loose = list(page.pieces)
    for grid in page.grids:
        inside = [one for one in loose if grid.holds(one)]
        if inside:
            loose = [one for one in loose if not grid.holds(one)]
            placed.append((grid.ys[0], list(_table(grid, inside))))
    tops = sorted(top for top, _ in placed)
    rows = rows_of(loose)
    right = max((one.x1 for row in rows for one in row), default=0.0)
    if len(rows) < _FEW_ROWS:
        right = max(right, wide)
    for part in _between(rows, tops):
        placed.append((part[0][0].y0, list(_flow(part, right))))
    for _, blocks in sorted(placed, key=lambda one: one[0]):
        yield from blocks


def _between(rows: list[list[Piece]], tops: Sequence[float]) -> list[list[list[Piece]]]:
    """Rows of text cut where a table stands between them."""
    parts: list[list[list[Piece]]] = []
    last = -1
    for row in rows:
        above = sum(top < row[0].middle for top in tops)
        if above != last:
            parts.append([])
            last = above
        parts[-1].append(row)
    return parts


def _table(grid: Grid, pieces: Sequence[Piece]) -> Iterator[Row]:
    for top, bottom in zip(grid.ys, grid.ys[1:], strict=False):
        cells = []
        for left, right in zip(grid.xs, grid.xs[1:], strict=False):
            inside = [
                one
                for one in pieces
                if top <= one.middle < bottom and left <= (one.x0 + one.x1) / 2 < right
            ]
            cells.append(" ".join(joined(row).text for row in rows_of(inside)))
        if any(cells):
            yield Row(cells)


def _flow(rows: Sequence[Sequence[Piece]], right: float) -> Iterator[Line | Sides]:
    """Lines of text, and columns where lines keep a gutter free."""
    at = 0
    while at < len(rows):
        end, gutter = _sides_end(rows, at)
        inside = [one for row in rows[at:end] for one in row]
        left = [one.text.strip() for one in inside if one.x0 < gutter]
        beside = [one.text.strip() for one in inside if one.x0 >= gutter]
        if end - at > 1 and left and beside:
            yield Sides([left, beside])
        else:
            end = at + 1
            yield Line(joined(rows[at]), right)
        at = end


def _sides_end(rows: Sequence[Sequence[Piece]], begin: int) -> tuple[int, float]:
    """Where the columns that begin here end, and what parts them; ``begin`` if none do."""
    free = _gutter(rows, begin)
    end = begin
    while free is not None and end < len(rows):
        left = [one.x1 for one in rows[end] if one.x0 < free[0]]
        right = [one.x0 for one in rows[end] if one.x0 >= free[0]]
        narrowed = max([free[0], *left]), min([free[1], *right])
        if narrowed[1] - narrowed[0] < 4:
            break
        free, end = narrowed, end + 1
    while end > begin and len(rows[end - 1]) == 1 and _is_body(rows, end - 1):
        end -= 1
    return end, free[0] if free else 0.0


def _is_body(rows: Sequence[Sequence[Piece]], at: int) -> bool:
    """A line far below the columns above it that begins a paragraph of the letter."""
    return rows[at][0].y0 - rows[at - 1][0].y1 > 1.5 * rows[at][0].height


def _gutter(rows: Sequence[Sequence[Piece]], begin: int) -> tuple[float, float] | None:
    """The gap in this row, or, at the top of a page, in the first row below that has one."""
    for at in range(begin, min(begin + 4, len(rows)) if begin == 0 else begin + 1):
        if len(rows[at]) == 2:
            return rows[at][0].x1, rows[at][1].x0
    return None


def _connected(pages: Iterable[list[Block]]) -> Iterator[Block]:
    """Rows that a page break cut are whole again, heads of tables stand once."""
    head: Row | None = None
    last: Block | None = None
    for blocks in pages:
        for at, block in enumerate(blocks):
            if isinstance(block, Row) and at == 0 and isinstance(last, Row):
                if block == head:
                    continue
                if not block.cells[0] and len(block.cells) == len(last.cells):
                    last = Row(
                        [f"{a} {b}".strip() for a, b in zip(last.cells, block.cells, strict=True)]
                    )
                    continue
            elif isinstance(block, Row) and not isinstance(last, Row):
                head = block
            if last is not None:
                yield last
            last = block
    if last is not None:
        yield last


def _written(blocks: Iterable[Block]) -> Iterator[str]:
    """Lines, with an empty one after each paragraph, table and letterhead."""
    before: Block | None = None
    paragraph: list[Piece] = []
    for block in blocks:
        if isinstance(before, Line) and not (isinstance(block, Line) and _goes_on(before, block)):
            yield from (_paragraph(paragraph), "")
            paragraph = []
        if isinstance(before, Row) and not isinstance(block, Row):
            yield ""
        if isinstance(block, Line):
            paragraph.append(block.piece)
        elif isinstance(block, Row):
            yield row_line([Cell([cell]) for cell in block.cells])
        else:
            yield from (*layout_lines([[Cell(list(column)) for column in block.columns]]), "")
        before = block
    if paragraph:
        yield _paragraph(paragraph)


def _goes_on(before: Line, line: Line) -> bool:
    """Whether a line continues the one before: that was full, and this begins nothing new."""
    text, last = line.piece.text.strip(), before.piece
    if line.piece.y0 - last.y1 > line.piece.height:
        return False
    ended = last.text.rstrip().endswith(_ENDED)
    first = text.split(" ", 1)[0]
    word = (line.piece.x1 - line.piece.x0) / max(len(text), 1) * (len(first) + 1)
    full = last.x1 + word > before.right
    if _STARTS.match(text + " ") and (ended or not full or not _BARE_NUMBER.match(text)):
        return False
    if not full:
        return not ended and first[:1].islower()
    indented = line.piece.x0 > last.x0 + 2 * line.piece.height
    return not (ended and indented)


def _paragraph(lines: Sequence[Piece]) -> str:
    text = ""
    for line in lines:
        piece = line.text.strip()
        if text.endswith("\u00ad"):
            text = text[:-1] + piece
        elif not text or (text.endswith("-") and text[-2:-1].isalnum()):
            text += piece
        else:
            text += " " + piece
    return text
