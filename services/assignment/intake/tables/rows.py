"""Which cell of a row stands in which column, where some were left out."""

from services.assignment.intake.tables import cells
from services.assignment.intake.tables.grids import Line
from services.assignment.intake.tables.spans import Cell

_FITS_NOT = -100


def place(text: str, line: Line) -> dict[str, Cell] | None:
    """The cells by the names of their columns; None where they cannot be told."""
    head, row = line.head, line.cells
    if len(row) == len(head):
        chosen: list[int] | None = list(range(len(head)))
    elif not line.short or len(row) > len(head):
        return None
    else:
        chosen = _fitting(text, head, row)
    if chosen is None:
        return None
    found = {head[at]: cell for at, cell in zip(chosen, row, strict=True) if head[at] != "other"}
    if "number" in found and not found["number"].empty:
        number = cells.said(text, found["number"])
        if cells.NUMBER.fullmatch(number) is None:
            return None
    return _lead_or_part(text, head, found) if line.short and len(row) < len(head) else found


def _fitting(text: str, head: list[str], row: list[Cell]) -> list[int] | None:
    """The columns, in order, whose kinds the cells fit best; the order's is among them."""
    best: dict[int, tuple[int, list[int]]] = {-1: (0, [])}
    for cell in row:
        fits = {name: fit(text, name, cell) for name in set(head)}
        after: dict[int, tuple[int, list[int]]] = {}
        for last, (score, chosen) in best.items():
            for at in range(last + 1, len(head)):
                if "order" in head[last + 1 : at]:
                    break
                if fits[head[at]] == _FITS_NOT:
                    continue
                made = (score + fits[head[at]], [*chosen, at])
                if at not in after or made[0] > after[at][0]:
                    after[at] = made
        best = after
    full = [made for made in best.values() if "order" in [head[at] for at in made[1]]]
    return max(full, key=lambda made: made[0])[1] if full else None


def fit(text: str, name: str, cell: Cell) -> int:
    """How well a cell's words suit a column."""
    if name == "number":
        return 5 if cells.NUMBER.fullmatch(cells.said(text, cell)) else _FITS_NOT
    if name == "time":
        return 3 if cells.is_time(text, cell) else -1
    if name in ("lead", "coordinate", "both"):
        return 3 if cells.is_who(text, cell) else -1
    return 0


def _lead_or_part(text: str, head: list[str], found: dict[str, Cell]) -> dict[str, Cell]:
    """One cell of names where there are columns for two: a list takes part, one body leads."""
    if not {"lead", "coordinate"} <= set(head) or {"lead", "coordinate"} <= set(found):
        return found
    name = next((one for one in ("lead", "coordinate") if one in found), None)
    if name is None:
        return found
    cell = found.pop(name)
    return {**found, "coordinate" if cells.several(text, cell) else "lead": cell}
