"""A Word document's text: what its reader sees, in the order in which it is read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from services.assignment.intake.files.archive import Archive
from services.assignment.intake.files.legacy import coding_of_font, converted_run
from services.assignment.intake.files.numbering import Numbering
from services.assignment.intake.files.result import Kind, Reading, UnreadableLetter
from services.assignment.intake.files.styles import Styles, font_of, is_on, value
from services.assignment.intake.files.tables import Cell, is_layout, layout_lines, row_line

_ADDED = {"ins", "moveTo"}
_TAKEN = {"del", "moveFrom"}
_INLINE = {"hyperlink", "smartTag", "fldSimple", "customXml", "dir", "bdo"}
_SPACES = {"tab": "\t", "br": "\n", "cr": "\n", "ptab": "\t", "noBreakHyphen": "-"}
_BULLETS = {"f02d": "-", "f0b7": "-", "f02b": "+"}
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

TRACKED = "tracked changes taken as accepted"
HIDDEN = "hidden text left out"
FOOTERS = "headers and footers left out"
FOOTNOTES = "footnotes left out"
BOXES = "text boxes follow the paragraph they hang on"
SIGNED = "digital signature not checked"


def read_docx(raw: bytes) -> Reading:
    """Labels of lists are counted, tracked changes accepted; UnreadableLetter if it is no docx."""
    archive = Archive(raw)
    _check_kind(archive.names)
    root = archive.xml("word/document.xml")
    if root is None:
        raise UnreadableLetter("the Word document has no text")
    ns = root.tag[: root.tag.index("}") + 1] if "}" in root.tag else ""
    styles = Styles.of(archive.xml("word/styles.xml"), ns)
    numbering = Numbering.of(archive.xml("word/numbering.xml"), ns, styles)
    document = _Document(ns, styles, numbering)
    body = root.find(f"{ns}body")
    blocks = [] if body is None else list(document.blocks(body))
    if any(name.startswith(("word/header", "word/footer")) for name in archive.names):
        document.notes[FOOTERS] = None
    if any(name.startswith("_xmlsignatures/") for name in archive.names):
        document.notes[SIGNED] = None
    return Reading("\n\n".join(blocks) + "\n", Kind.DOCX, list(document.notes))


def _check_kind(names: set[str]) -> None:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableLetter("the document holds macros; save it as .docx without them")
    if "word/document.xml" in names:
        return
    for folder, kind in (("xl/", "an Excel workbook"), ("ppt/", "a PowerPoint presentation")):
        if any(name.startswith(folder) for name in names):
            raise UnreadableLetter(f"the file is {kind}; send the letter as .docx or .pdf")
    if "content.xml" in names:
        raise UnreadableLetter("the file is an OpenDocument text; save it as .docx")
    raise UnreadableLetter("the file is a zip archive but no Word document")


@dataclass
class _Document:
    """Walks once, in order: labels are counted on the way. ``notes`` keeps their first order."""

    ns: str
    styles: Styles
    numbering: Numbering
    notes: dict[str, None] = field(default_factory=dict)

    def blocks(self, parent: Element, *, in_cell: bool = False) -> Iterator[str]:
        """Paragraphs and tables, each as its lines; empty ones are left out.

        A label alone counts in a cell: the column of numbers often has nothing else.
        """
        held = ""
        for one in self._children(parent, {"p", "tbl"}):
            if one.tag == f"{self.ns}tbl":
                lines = self._table(one)
            else:
                boxes: list[Element] = []
                text = held + self._paragraph(one, boxes, in_cell)
                held = text if self._joins_next(one) else ""
                lines = [] if held else [text.strip()]
                for box in boxes:
                    self.notes[BOXES] = None
                    lines += list(self.blocks(box))
            if block := "\n".join(line for line in lines if line.strip()):
                yield block
        if held.strip():
            yield held.strip()

    def _children(self, parent: Element, wanted: set[str]) -> Iterator[Element]:
        """The wanted ones in whatever is wrapped around them, without what was deleted."""
        for one in parent:
            name = one.tag.removeprefix(self.ns)
            if name in wanted:
                yield one
            elif name in _TAKEN:
                self.notes[TRACKED] = None
            elif name in _ADDED:
                self.notes[TRACKED] = None
                yield from self._children(one, wanted)
            elif name == "sdt":
                content = one.find(f"{self.ns}sdtContent")
                yield from self._children(content, wanted) if content is not None else ()
            elif name in _INLINE:
                yield from self._children(one, wanted)
            elif name == f"{_ALTERNATE}AlternateContent":
                yield from self._children(_chosen(one), wanted)

    def _joins_next(self, paragraph: Element) -> bool:
        """Its end was deleted, so the next paragraph goes on in it."""
        return paragraph.find(f"{self.ns}pPr/{self.ns}rPr/{self.ns}del") is not None

    def _paragraph(self, paragraph: Element, boxes: list[Element], in_cell: bool) -> str:
        ns = self.ns
        properties = paragraph.find(f"{ns}pPr")
        named = None if properties is None else value(properties.find(f"{ns}pStyle"), ns)
        style = named or self.styles.default
        font = self.styles.font(style) or self.styles.default_font
        label = self.numbering.label(properties, style)
        text = "".join(self._run(run, font, boxes) for run in self._children(paragraph, {"r"}))
        return f"{label} {text}" if label and (in_cell or text.strip()) else text

    def _run(self, run: Element, font: str | None, boxes: list[Element]) -> str:
        ns = self.ns
        properties = run.find(f"{ns}rPr")
        if properties is not None:
            if is_on(properties.find(f"{ns}vanish"), ns):
                self.notes[HIDDEN] = None
                return ""
            named = value(properties.find(f"{ns}rStyle"), ns)
            font = font_of(properties, ns) or self.styles.font(named) or font
        text = converted_run("".join(self._pieces(run, font, boxes)), font)
        if coding := coding_of_font(font):
            self.notes[f"encoding {coding}"] = None
        capitals = properties is not None and is_on(properties.find(f"{ns}caps"), ns)
        return text.upper() if capitals else text

    def _pieces(self, run: Element, font: str | None, boxes: list[Element]) -> Iterator[str]:
        for one in run:
            name = one.tag.removeprefix(self.ns)
            if name == "t":
                yield one.text or ""
            elif name in _SPACES:
                yield _SPACES[name]
            elif name == "softHyphen" and coding_of_font(font) is not None:
                yield "\u00ad"  # TCVN3's code for ư
            elif name == "sym":
                yield _BULLETS.get((value(one, self.ns, "char") or "").lower(), " ")
            elif name in ("footnoteReference", "endnoteReference"):
                self.notes[FOOTNOTES] = None
            elif name in ("drawing", "pict"):
                boxes += _outermost(one, f"{self.ns}txbxContent")
            elif name == f"{_ALTERNATE}AlternateContent":
                yield from self._pieces(_chosen(one), font, boxes)

    def _table(self, table: Element) -> list[str]:
        rows = [
            [cell for one in self._children(row, {"tc"}) for cell in self._cell(one)]
            for row in self._children(table, {"tr"})
            if not self._was_deleted(row)
        ]
        if is_layout(table, rows, self.ns):
            return layout_lines(rows)
        above: dict[int, Cell] = {}
        lines = []
        for row in rows:
            # a cell that spans rows counts for each of them
            filled = [above.get(at, cell) if cell.goes_on else cell for at, cell in enumerate(row)]
            above = dict(enumerate(filled))
            lines.append(row_line(filled))
        return lines

    def _was_deleted(self, row: Element) -> bool:
        deleted = row.find(f"{self.ns}trPr/{self.ns}del") is not None
        if deleted:
            self.notes[TRACKED] = None
        return deleted

    def _cell(self, cell: Element) -> list[Cell]:
        """The cell, and an empty one for each further column that it spans."""
        properties = cell.find(f"{self.ns}tcPr")
        wide, goes_on = "1", False
        if properties is not None:
            wide = value(properties.find(f"{self.ns}gridSpan"), self.ns) or "1"
            merge = properties.find(f"{self.ns}vMerge")
            goes_on = merge is not None and value(merge, self.ns) != "restart"
        columns = min(int(wide), 60) if wide.isdecimal() and len(wide) < 4 else 1
        paragraphs = [
            line for block in self.blocks(cell, in_cell=True) for line in block.splitlines()
        ]
        return [Cell(paragraphs, goes_on), *[Cell([], goes_on)] * (columns - 1)]


def _chosen(alternate: Element) -> Element:
    """Word shows the first choice; an empty one would lose what the fallback has."""
    for one in alternate:
        if one.tag == f"{_ALTERNATE}Choice" and len(one):
            return one
    fallback = alternate.find(f"{_ALTERNATE}Fallback")
    return fallback if fallback is not None else Element("nothing")


def _outermost(parent: Element, tag: str) -> list[Element]:
    found, open_ = [], list(reversed(parent))
    while open_:
        one = open_.pop()
        if one.tag == tag:
            found.append(one)
        else:
            open_ += reversed(one)
    return found
