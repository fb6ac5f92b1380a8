"""Word documents: what their reader sees is what is read."""

import pytest

import services.assignment.register as register
from services.assignment.intake.files.docx import BOXES, FOOTNOTES, HIDDEN, TRACKED, read_docx
from services.assignment.intake.files.numbering import spelled
from services.assignment.intake.files.reading import read_file
from services.assignment.intake.files.result import Kind
from services.assignment.intake.read import read_letter
from tests.assignment.intake.documents import (
    MC,
    W,
    cell,
    docx,
    level,
    numbering,
    paragraph,
    run,
    table,
)

LETTER = (register.DATA / "letters" / "6050_ubnd-kt.txt").read_text(encoding="utf-8")
LIST = numbering(
    [
        level(0, "upperRoman", "%1."),
        level(1, "decimal", "%2."),
        level(2, "decimal", "%2.%3."),
        level(3, "lowerLetter", "%4)"),
        level(4, "bullet", "\uf0b7"),
    ]
)


def broken(text: str) -> str:
    """Runs with a line break where the text has one."""
    return "<w:r><w:br/></w:r>".join(run(line) for line in text.splitlines())


def lines(raw: bytes) -> list[str]:
    return [line for line in read_docx(raw).text.splitlines() if line]


def test_the_letter_of_2016_gives_the_same_tasks_from_a_docx() -> None:
    blocks = [paragraph(broken(block)) for block in LETTER.split("\n\n") if block.strip()]
    reading = read_file(docx(*blocks), name="6050.docx").reading

    plain = read_letter(LETTER, name="txt").as_annotation()
    found = read_letter(reading.text, name="docx").as_annotation()

    assert reading.kind is Kind.DOCX
    assert [_told(task) for task in found["tasks"]] == [_told(task) for task in plain["tasks"]]
    assert found["header"] == plain["header"]


def _told(task: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in task.items() if name not in ("start", "end")}


def test_labels_that_are_nowhere_in_the_text_are_counted() -> None:
    blocks = [
        paragraph(text, list_of=(1, depth))
        for text, depth in [
            ("Nhiệm vụ", 0), ("Sở Y tế", 1), ("rà soát", 2), ("báo cáo", 2), ("một", 3),
            ("hai", 3), ("gạch", 4), ("Sở Nội vụ", 1), ("một", 3), ("Tổ chức", 0), ("Sở Y tế", 1),
        ]
    ]  # fmt: skip

    found = lines(docx(*blocks, parts={"word/numbering.xml": LIST}))

    assert [line.split()[0] for line in found] == [
        "I.", "1.", "1.1.", "1.2.", "a)", "b)", "-", "2.", "a)", "II.", "1.",
    ]  # fmt: skip


def test_a_second_number_of_a_list_goes_on_unless_it_starts_anew() -> None:
    more = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    made = numbering([level(0, "decimal", "%1.")], numbers=more)
    blocks = [paragraph("việc", list_of=(one, 0)) for one in (1, 1, 2, 3, 3)]

    found = lines(docx(*blocks, parts={"word/numbering.xml": made}))

    assert [line.split()[0] for line in found] == ["1.", "2.", "3.", "5.", "6."]


def test_a_style_may_give_the_label_and_the_paragraph_may_refuse_it() -> None:
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:styleId="Muc"><w:pPr><w:numPr>'
        '<w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Con"><w:basedOn w:val="Muc"/></w:style></w:styles>'
    )
    raw = docx(
        paragraph("Sở Y tế", style="Con"),
        paragraph("Sở Nội vụ", style="Con", list_of=(0, 0)),
        parts={"word/numbering.xml": LIST, "word/styles.xml": styles},
    )

    assert lines(raw) == ["1. Sở Y tế", "Sở Nội vụ"]


@pytest.mark.parametrize(
    ("number", "format", "label"),
    [
        (4, "lowerRoman", "iv"), (14, "upperRoman", "XIV"), (5, "lowerLetter", "e"),
        (28, "lowerLetter", "bb"), (3, "upperLetter", "C"), (7, "decimalZero", "07"),
        (0, "lowerLetter", ""), (9999, "upperRoman", "9999"),
    ],
)  # fmt: skip
def test_numbers_are_spelled_as_word_does(number: int, format: str, label: str) -> None:
    assert spelled(number, format) == label


def test_a_table_is_rows_of_cells_and_a_merged_cell_counts_for_each_row() -> None:
    restart = cell("Sở Y tế", '<w:vMerge w:val="restart"/>')
    goes_on = cell("", "<w:vMerge/>")
    raw = docx(
        table([["STT", "Nhiệm vụ", "Chủ trì"], ["1", "Rà soát", restart], ["2", "A|B", goes_on]])
    )

    assert lines(raw) == [
        "| STT | Nhiệm vụ | Chủ trì |",
        "| 1 | Rà soát | Sở Y tế |",
        "| 2 | A/B | Sở Y tế |",
    ]


def test_a_letterhead_is_read_side_after_side() -> None:
    left = paragraph("UBND TỈNH") + paragraph("Số: 12/UBND-TH")
    raw = docx(table([[left, "Hà Nội, ngày 1 tháng 2 năm 2020"]], lined=False))

    assert lines(raw) == [
        "|", "UBND TỈNH", "Số: 12/UBND-TH", "|", "Hà Nội, ngày 1 tháng 2 năm 2020", "|",
    ]  # fmt: skip


def test_a_column_of_counted_numbers_has_its_labels() -> None:
    raw = docx(
        table([["STT", "Nhiệm vụ"], [paragraph("", list_of=(1, 0)), "Rà soát"]]),
        paragraph("", list_of=(1, 0)),
        parts={"word/numbering.xml": numbering([level(0, "decimal", "%1.")])},
    )

    assert lines(raw) == ["| STT | Nhiệm vụ |", "| 1. | Rà soát |"]


def test_a_table_of_orders_without_lines_is_no_letterhead_and_a_frame_is_no_table() -> None:
    orders = [["Nhiệm vụ", "Đơn vị thực hiện"], ["Rà soát", "Sở Y tế"]]
    plain = docx(table(orders, lined=False))
    framed = docx(table([[f"<w:tc>{paragraph('Phụ lục')}{table(orders)}</w:tc>"]]))

    assert lines(plain) == ["| Nhiệm vụ | Đơn vị thực hiện |", "| Rà soát | Sở Y tế |"]
    assert lines(framed) == ["|", "Phụ lục", *lines(plain), "|"]


def test_tracked_changes_are_taken_as_accepted_and_noted() -> None:
    changed = (
        run("Giao ")
        + '<w:del w:id="1"><w:r><w:delText>Sở Y tế</w:delText></w:r></w:del>'
        + f'<w:ins w:id="2">{run("Sở Nội vụ")}</w:ins>'
        + run(" báo cáo")
    )
    joined = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + run("Sở Tài ") + "</w:p>"
    reading = read_docx(docx(paragraph(changed), joined, paragraph("chính")))

    assert reading.text.split("\n\n") == ["Giao Sở Nội vụ báo cáo", "Sở Tài chính\n"]
    assert reading.notes == [TRACKED]


def test_what_stands_beside_the_text_is_read_once_or_noted() -> None:
    box = f"<w:txbxContent>{paragraph('HỎA TỐC')}</w:txbxContent>"
    twice = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    reading = read_docx(
        docx(
            paragraph(run("Công điện") + twice),
            paragraph(run("Sở Y tế") + '<w:r><w:footnoteReference w:id="1"/></w:r>'),
            paragraph(run("ẩn", more="<w:vanish/>") + run("thấy", more="<w:caps/>")),
        )
    )

    assert reading.text.split() == ["Công", "điện", "HỎA", "TỐC", "Sở", "Y", "tế", "THẤY"]
    assert reading.notes == [BOXES, FOOTNOTES, HIDDEN]


@pytest.mark.parametrize(
    ("font", "typed", "read"),
    [
        (".VnTime", "Së Néi vô", "Sở Nội vụ"),
        (".VnTimeH", "Së Néi vô", "SỞ NỘI VỤ"),
        ("VNI-Times", "Sôû Noäi vuï", "Sở Nội vụ"),
        ("Times New Roman", "Sở Nội vụ", "Sở Nội vụ"),
        (".VnTime", "Sở Nội vụ", "Sở Nội vụ"),
    ],
)
def test_each_run_is_read_in_the_coding_of_its_font(font: str, typed: str, read: str) -> None:
    reading = read_docx(docx(paragraph(run(typed, font) + run(" và Sở Y tế", "Arial"))))

    assert reading.text == f"{read} và Sở Y tế\n"


def test_the_legacy_font_of_a_style_counts_too() -> None:
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:default="1" w:styleId="N"><w:rPr>'
        '<w:rFonts w:ascii=".VnTime"/></w:rPr></w:style></w:styles>'
    )
    soft = "<w:r><w:t>®­</w:t></w:r><w:r><w:t>îc gi</w:t></w:r><w:r><w:softHyphen/></w:r>"
    reading = read_docx(docx(paragraph(soft), parts={"word/styles.xml": styles}))

    assert reading.text == "được giư\n"
    assert reading.notes == ["encoding TCVN3"]


def test_breaks_tabs_and_hyphens_are_what_they_look_like() -> None:
    raw = docx(
        paragraph(
            "<w:r><w:t>V/v</w:t><w:br/><w:t>khuyến</w:t><w:softHyphen/><w:t>công</w:t><w:tab/>"
            "<w:t>2016</w:t><w:noBreakHyphen/><w:t>2020</w:t></w:r>"
        )
    )

    assert lines(raw) == ["V/v", "khuyếncông\t2016-2020"]


def test_the_namespace_of_strict_documents_is_read_too() -> None:
    raw = docx(
        parts={"word/document.xml": docx_body(paragraph("Sở Y tế")).replace(W, "http://purl/w")}
    )

    assert lines(raw) == ["Sở Y tế"]


def docx_body(*blocks: str) -> str:
    return (
        f'<w:document xmlns:w="{W}" xmlns:mc="{MC}"><w:body>{"".join(blocks)}</w:body></w:document>'
    )
