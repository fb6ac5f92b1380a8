"""Tables as lines of text: rows of cells, or text that only stands side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from services.assignment.intake.files.styles import value
from services.assignment.intake.tables.heads import columns

MOST_COLUMNS = 3
MOST_ROWS = 6


@dataclass(frozen=True)
class Cell:
    """``goes_on``: it is merged with the cell above."""

    lines: list[str]
    goes_on: bool = False


def row_line(cells: Sequence[Cell]) -> str:
    """``| 1 | Rà soát quy hoạch | Sở Xây dựng |``; a bar inside a cell becomes a slash."""
    written = [" ".join(" ".join(cell.lines).split()).replace("|", "/") for cell in cells]
    return f"| {' | '.join(written)} |" if any(written) else ""


def layout_lines(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Cell after cell as paragraphs, lines ``|`` between them."""
    lines: list[str] = []
    for row in rows:
        for cell in row:
            if cell.lines and not cell.goes_on:
                lines += ["|", *cell.lines]
    return [*lines, "|"] if lines else []


def is_layout(table: Element, rows: Sequence[Sequence[Cell]], ns: str) -> bool:
    """Few cells without lines between them: a letterhead or a block of signatures; or a frame."""
    if all(len(row) == 1 for row in rows):
        return True
    if columns([" ".join(cell.lines) for cell in rows[0]]):
        return False
    if len(rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in rows):
        return False
    return not _has_lines(table, ns)


def _has_lines(table: Element, ns: str) -> bool:
    properties = table.find(f"{ns}tblPr")
    if properties is None:
        return False
    borders = properties.find(f"{ns}tblBorders")
    if borders is not None:
        inside = [borders.find(f"{ns}{side}") for side in ("insideH", "insideV")]
        return any(one is not None and value(one, ns) not in ("nil", "none") for one in inside)
    style = properties.find(f"{ns}tblStyle")
    return style is not None and value(style, ns) not in ("TableNormal", "NormalTable")
