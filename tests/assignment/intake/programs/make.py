"""Write the letter as files by four programs: python -m tests.assignment.intake.programs.make FONT

FONT is a TrueType file with Vietnamese letters, of which the PDFs hold the ones they use. Needs
reportlab, fpdf2, typst and python-docx, which are not among the requirements: what they wrote lies
beside this.
"""

import sys
from pathlib import Path

import docx
import typst
from fpdf import FPDF
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from tests.assignment.intake.programs.letter import (
    LEFT,
    ORDERS,
    RIGHT,
    SIGNED,
    SITUATION,
    TABLE,
    TO,
)

HERE = Path(__file__).parent
GRID = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONTNAME", (0, 0), (-1, -1), "Font")]


def by_reportlab(font: Path) -> None:
    pdfmetrics.registerFont(TTFont("Font", str(font)))
    body = ParagraphStyle("body", fontName="Font", fontSize=12, leading=17, alignment=TA_JUSTIFY)
    middle = ParagraphStyle("middle", parent=body, fontSize=10, leading=14, alignment=TA_CENTER)
    head = Table([[Paragraph("<br/>".join(one), middle) for one in (LEFT, RIGHT)]])
    signed = Table([["", Paragraph("<br/>".join(SIGNED), middle)]])
    parts = [head, Spacer(1, 14), Paragraph(TO, middle), Spacer(1, 10), Paragraph(SITUATION, body)]
    parts += [Paragraph(one, body) for one in ORDERS]
    parts += [signed, Spacer(1, 20), Table(TABLE, style=GRID)]
    document = SimpleDocTemplate(str(HERE / "reportlab.pdf"), pagesize=A4, invariant=1)
    document.build(parts)


def by_fpdf2(font: Path) -> None:
    page = FPDF()
    page.add_font("font", fname=str(font))
    page.add_page()
    page.set_font("font", size=10)
    top = page.get_y()
    page.multi_cell(75, 6, "\n".join(LEFT), align="C")
    page.set_xy(95, top)
    page.multi_cell(95, 6, "\n".join(RIGHT), align="C")
    page.set_xy(page.l_margin, top + 34)
    page.set_font("font", size=12)
    for text in (TO, SITUATION, *ORDERS):
        page.multi_cell(0, 7, text, align="J", new_x="LMARGIN", new_y="NEXT")
        page.ln(2)
    page.set_font("font", size=10)
    for text in SIGNED:
        page.set_x(110)
        page.cell(80, 7, text, align="C", new_x="LMARGIN", new_y="NEXT")
    page.ln(6)
    with page.table(TABLE, first_row_as_headings=False):
        pass
    page.output(str(HERE / "fpdf2.pdf"))


def by_typst() -> None:
    """Its own serif has Vietnamese letters, and it hyphenates, justifies and numbers the pages."""
    cells = ", ".join(f"[{cell}]" for row in TABLE for cell in row)
    columns = ", ".join(f"align(center)[{' #linebreak() '.join(one)}]" for one in (LEFT, RIGHT))
    orders = "\n\n".join(one.replace(". ", "\\. ", 1) for one in ORDERS)
    source = f"""#set page(paper: "a4", numbering: "1", number-align: center)
#set text(lang: "vi", size: 13pt)
#set par(justify: true)
#grid(columns: (2fr, 3fr), {columns})
#align(center)[{TO}]
{SITUATION}

{orders}

#grid(columns: (1fr, 1fr), [], align(center)[{" #linebreak() ".join(SIGNED)}])
#table(columns: 4, {cells})
"""
    written = HERE / "letter.typ"
    written.write_text(source, encoding="utf-8")
    typst.compile(str(written), output=str(HERE / "typst.pdf"))
    written.unlink()


def by_python_docx() -> None:
    """The labels of the orders are a list's, so they are nowhere in the text."""
    document = docx.Document()
    head = document.add_table(rows=1, cols=2)
    for cell, lines in zip(head.rows[0].cells, (LEFT, RIGHT), strict=True):
        cell.text = "\n".join(lines)
    for text in (TO, SITUATION):
        document.add_paragraph(text)
    for text in ORDERS:
        document.add_paragraph(text.partition(" ")[2], style="List Number")
    for text in SIGNED:
        document.add_paragraph(text)
    annex = document.add_table(rows=0, cols=len(TABLE[0]), style="Table Grid")
    for row in TABLE:
        for cell, text in zip(annex.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(HERE / "python-docx.docx"))


if __name__ == "__main__":
    by_python_docx()
    by_reportlab(Path(sys.argv[1]))
    by_fpdf2(Path(sys.argv[1]))
    by_typst()
