"""Word documents that tests write part by part."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def run(text: str, font: str | None = None, more: str = "") -> str:
    named = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>' if font else ""
    return f'<w:r><w:rPr>{named}{more}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(
    content: str, *, list_of: tuple[int, int] | None = None, style: str | None = None
) -> str:
    """``content``: text, or runs as XML; ``list_of``: number and level of its list."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if list_of is not None:
        number, level = list_of
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    runs = content if content.startswith("<") else run(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def table(rows: Sequence[Sequence[str]], *, lined: bool = True) -> str:
    """Cells are text or paragraphs as XML."""
    style = '<w:tblStyle w:val="TableGrid"/>' if lined else ""
    written = "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr>{style}</w:tblPr>{written}</w:tbl>"


def cell(content: str, properties: str = "") -> str:
    if content.startswith("<w:tc>"):
        return content
    inner = content if content.startswith("<w:p>") else paragraph(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def level(at: int, format: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{format}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(levels: Sequence[str], *, numbers: str = "") -> str:
    """One list with these levels as number 1; ``numbers`` adds others of the same list."""
    first = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    return (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{"".join(levels)}'
        f"</w:abstractNum>{first}{numbers}</w:numbering>"
    )


def docx(*blocks: str, parts: dict[str, str | bytes] | None = None) -> bytes:
    """A document of these blocks; ``parts`` adds or replaces parts by name."""
    body = (
        f'<w:document xmlns:w="{W}" xmlns:mc="{MC}"><w:body>{"".join(blocks)}</w:body></w:document>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": body,
            **(parts or {}),
        }.items():
            archive.writestr(name, content)
    return packed.getvalue()
