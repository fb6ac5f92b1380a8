"""PDFs with a text layer: lines become paragraphs, columns and tables what they look like."""

import re
import textwrap
import zlib

import pytest

import services.assignment.register as register
from services.assignment.intake.files.layout import text_of
from services.assignment.intake.files.page import Page, Piece
from services.assignment.intake.files.reading import read_file
from services.assignment.intake.files.result import Kind, UnreadableLetter
from services.assignment.intake.read import read_letter
from tests.assignment.intake.pages import Line, Rule, packed, pdf

LETTER = (register.DATA / "letters" / "6050_ubnd-kt.txt").read_text(encoding="utf-8")
FULL = 76
"""Characters of a full line from x = 60, as typeset() breaks them."""


def typeset(text: str) -> list[list[Line]]:
    """Each line of the text is set from the left; a blank one is space; page numbers on top."""
    lines: list[str] = []
    for line in text.splitlines():
        lines += textwrap.wrap(line, FULL) or [""]
    pages = [lines[at : at + 40] for at in range(0, len(lines), 40)]
    return [
        [
            Line(295, 40, str(number)),
            *(Line(60, 80 + 17 * at, line) for at, line in enumerate(page) if line),
        ]
        for number, page in enumerate(pages, start=1)
    ]


def lines(*pages: list[Line | Rule]) -> list[str]:
    return [line for line in read_file(pdf(*pages)).reading.text.splitlines() if line]


def test_the_letter_of_2016_gives_the_same_tasks_from_a_pdf() -> None:
    reading = read_file(pdf(*typeset(LETTER)), name="6050.pdf").reading

    plain = read_letter(LETTER, name="txt").as_annotation()
    found = read_letter(reading.text, name="pdf").as_annotation()

    assert reading.kind is Kind.PDF
    assert [_told(task) for task in found["tasks"]] == [_told(task) for task in plain["tasks"]]
    assert found["header"] == plain["header"]
    assert found["citations"] == plain["citations"]


def _told(task: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in task.items() if name not in ("start", "end")}


def test_a_letterhead_of_two_columns_is_read_side_after_side() -> None:
    head = [
        Line(70, 60, "UBND THÀNH PHỐ HÀ NỘI"),
        Line(320, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        Line(110, 77, "SỞ CÔNG THƯƠNG"),
        Line(350, 77, "Độc lập - Tự do - Hạnh phúc"),
        Line(110, 100, "Số: 12/SCT-KT"),
        Line(330, 100, "Hà Nội, ngày 20 tháng 10 năm 2016"),
        Line(100, 117, "V/v khuyến công"),
        Line(200, 160, "Kính gửi: Sở Tài chính"),
        Line(60, 190, "Thực hiện Nghị định số 45/2012/NĐ-CP của Chính phủ, Sở Công Thương đề nghị"),
    ]

    assert lines(list(head)) == [
        "|", "UBND THÀNH PHỐ HÀ NỘI", "SỞ CÔNG THƯƠNG", "Số: 12/SCT-KT", "V/v khuyến công",
        "|", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        "Hà Nội, ngày 20 tháng 10 năm 2016", "|", "Kính gửi: Sở Tài chính",
        "Thực hiện Nghị định số 45/2012/NĐ-CP của Chính phủ, Sở Công Thương đề nghị",
    ]  # fmt: skip


def test_the_order_in_the_file_is_not_the_order_of_reading() -> None:
    page = [
        Line(60, 200, "2. Sở Nội vụ báo cáo."), Line(60, 100, "Yêu cầu:"),
        Line(60, 150, "1. Sở Y tế rà soát."),
    ]  # fmt: skip

    assert lines(list(page)) == ["Yêu cầu:", "1. Sở Y tế rà soát.", "2. Sở Nội vụ báo cáo."]


def test_a_paragraph_goes_on_over_lines_hyphens_and_pages() -> None:
    first = [
        Line(
            60, 700, "1. Sở Y tế chủ trì, phối hợp với Sở Nội vụ rà soát theo Nghị định số 45/NĐ-"
        ),
        Line(
            60, 717, "CP của Chính phủ và các văn bản hướng dẫn; tham mưu Ủy ban nhân dân tỉnh ban"
        ),
        Line(290, 800, "- 1 -"),
    ]
    second = [
        Line(60, 80, "hành kế hoạch."),
        Line(60, 97, "2. Sở Nội vụ báo cáo."),
        Line(290, 800, "- 2 -"),
    ]

    assert lines(list(first), list(second)) == [
        "1. Sở Y tế chủ trì, phối hợp với Sở Nội vụ rà soát theo Nghị định số 45/NĐ-CP của Chính"
        " phủ và các văn bản hướng dẫn; tham mưu Ủy ban nhân dân tỉnh ban hành kế hoạch.",
        "2. Sở Nội vụ báo cáo.",
    ]


def test_a_label_that_a_tab_keeps_apart_stays_with_its_text() -> None:
    page = [
        Line(60, 100, "a)"), Line(110, 100, "Sở Y tế;"),
        Line(60, 117, "b)"), Line(110, 117, "Sở Nội vụ."),
    ]  # fmt: skip

    assert lines(list(page)) == ["a) Sở Y tế;", "b) Sở Nội vụ."]


def a_table(top: float, rows: list[list[list[str]]]) -> list[Line | Rule]:
    """Lined; each cell has its lines."""
    xs, y = [60, 100, 320, 530], top
    drawn: list[Line | Rule] = [Rule(60, y, 530, y)]
    for row in rows:
        high = 18 * max(len(cell) for cell in row)
        for x, cell in zip(xs, row, strict=False):
            drawn += [Line(x + 4, y + 14 + 18 * at, text) for at, text in enumerate(cell)]
        drawn += [Rule(x, y, x, y + high) for x in xs]
        y += high
        drawn.append(Rule(60, y, 530, y))
    return drawn


HEAD = [["STT"], ["Nhiệm vụ"], ["Chủ trì"]]


def test_a_table_is_rows_whatever_lines_its_cells_have() -> None:
    page = [
        Line(60, 80, "Phụ lục"),
        *a_table(100, [HEAD, [["1"], ["Rà soát quy hoạch", "xây dựng"], ["Sở Xây dựng"]]]),
        Line(60, 300, "Hết."),
    ]

    assert lines(page) == [
        "Phụ lục",
        "| STT | Nhiệm vụ | Chủ trì |",
        "| 1 | Rà soát quy hoạch xây dựng | Sở Xây dựng |",
        "Hết.",
    ]


def test_a_table_goes_on_over_pages_with_its_head_once() -> None:
    first = a_table(600, [HEAD, [["1"], ["Rà soát"], ["Sở Xây dựng"]]])
    again = a_table(80, [HEAD, [["2"], ["Báo cáo"], ["Sở Y tế"]]])
    cut = a_table(80, [[[""], ["hằng năm"], [""]], [["3"], ["Tổ chức"], ["Sở Nội vụ"]]])

    assert lines(first, again, cut) == [
        "| STT | Nhiệm vụ | Chủ trì |",
        "| 1 | Rà soát | Sở Xây dựng |",
        "| 2 | Báo cáo hằng năm | Sở Y tế |",
        "| 3 | Tổ chức | Sở Nội vụ |",
    ]


def test_running_lines_of_most_pages_are_left_out() -> None:
    pages: list[list[Line | Rule]] = [
        [
            Line(60, 40, f"Ký số ngày 1/2/2020 trang {at}"),
            Line(60, 200, f"{at}. Sở Y tế thực hiện việc thứ {at}."),
        ]
        for at in range(1, 5)
    ]

    assert lines(*pages) == [f"{at}. Sở Y tế thực hiện việc thứ {at}." for at in range(1, 5)]


def test_a_legacy_font_is_seen_by_the_words_it_makes() -> None:
    page = [Line(60, 100, "Céng hßa x· héi chñ nghÜa ViÖt Nam"), Line(60, 160, "Së Néi vô b¸o c¸o")]

    reading = read_file(pdf(list(page))).reading

    assert reading.text.split("\n\n") == [
        "Cộng hòa xã hội chủ nghĩa Việt Nam",
        "Sở Nội vụ báo cáo\n",
    ]
    assert "encoding TCVN3" in reading.notes


def bomb() -> bytes:
    """A page of ten million letters, packed into four kilobytes."""
    packer = zlib.compressobj(9)
    letters = b"BT /F 12 Tf 60 700 Td <0061> Tj ET\n" * 100_000
    once = b"".join(packer.compress(letters) for _ in range(100)) + packer.flush()
    return packed(zlib.compress(once, 9), times=2)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"%PDF-1.7\n", "damaged"),
        (pdf([Line(60, 60, "Sở Y tế")]).replace(b"/Kids[5 0 R]", b"/Kids[2 0 R]"), "empty|damaged"),
        (pdf(*[[] for _ in range(501)]), "501 pages"),
        (pdf([Line(60, 60, "Sở")]).replace(b"/Count 1", b"/Count 1000000"), "pages"),
        (bomb(), "damaged|longer"),
    ],
    ids=["truncated", "loop", "many pages", "pages that are not there", "packed a thousand times"],
)
def test_a_hostile_pdf_gives_one_refusal(raw: bytes, told: str) -> None:
    with pytest.raises(UnreadableLetter, match=told):
        read_file(raw)


def test_columns_of_which_one_side_is_left_are_lines() -> None:
    right = [Piece(x, 500, y, y + 12, f"b{y}") for x, y in ((300, 100), (300, 120), (299, 140))]
    both = [Piece(60, 296, 160, 172, "a160"), Piece(400, 500, 160, 172, "b160")]

    text, _ = text_of([Page([*right, *both], [], 842)])

    assert text.split() == ["b100", "b120", "b140", "a160", "b160"]


UNMAPPED = "\U0001f600"
"""Two codes of the page's font that stand for no character the file explains."""


def test_glyphs_that_stand_for_nothing_move_no_word_from_its_place() -> None:
    last = "Một dòng dưới hai cột"
    left, right = "Các đơn vị " + UNMAPPED * 3 + "báo cáo", "Sở Y tế " + UNMAPPED + " tổng hợp"
    page: list[Line | Rule] = [
        *(Line(60, 60 + 20 * at, left) for at in range(3)),
        *(Line(330, 60 + 20 * at, right) for at in range(3)),
        Line(60, 200, last),
    ]

    found = [" ".join(re.findall(r"\w+", line)) for line in lines(page)]

    assert found == ["", *["Các đơn vị báo cáo"] * 3, "", *["Sở Y tế tổng hợp"] * 3, "", last]


def test_a_line_that_goes_on_with_a_number_begins_no_item() -> None:
    first = "Sở Tư pháp tổng hợp, báo cáo Ủy ban nhân dân tỉnh trước ngày 05 tháng"
    second = "12 năm 2025; đồng thời gửi Sở Tài chính để theo dõi, đôn đốc việc làm."
    page: list[Line | Rule] = [Line(60, 60, first), Line(60, 77, second)]
    listed: list[Line | Rule] = [Line(60, 60, f"{first[:-1]}:"), Line(60, 77, second)]

    assert lines(page) == [f"{first} {second}"]
    assert lines(listed) == [f"{first[:-1]}:", second]


def test_on_a_page_of_few_short_lines_none_is_full() -> None:
    full = "Các đơn vị tổ chức thực hiện nghiêm túc nội dung của văn bản này, gửi"
    signed = ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Trần Văn An"]
    last = [Line(60, 60 + 17 * at, one) for at, one in enumerate(signed)]

    assert lines([Line(60, 60, full), Line(60, 77, "báo cáo.")], [*last])[-3:] == signed


def test_a_table_parts_no_words_of_the_lines_above_it() -> None:
    above = ["Kính gửi: Sở Công Thương; Sở Tài chính,", "Sở Y tế, Hội Nông dân, Hội Phụ nữ."]
    gap = 60 + 6 * len("Kính gửi: Sở") + 3
    rules = [Rule(x, 200, x, 260) for x in (60, gap, 400)]
    across = [Rule(60, y, 400, y) for y in (200, 230, 260)]
    cells = [Line(65, 220, "Chợ"), Line(gap + 5, 220, "Bên"), Line(65, 250, "Xã")]

    text = [Line(60, 60 + 17 * at, one) for at, one in enumerate(above)]

    assert lines([*text, *rules, *across, *cells])[0] == " ".join(above)
