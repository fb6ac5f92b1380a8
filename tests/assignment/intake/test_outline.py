"""Paragraphs and the tree of labels, however lines are broken and labels written."""

import pytest

from services.assignment.intake.outline import Unit, outline
from services.assignment.intake.paragraphs import paragraphs
from services.assignment.intake.source import plain


def paths(text: str) -> list[str]:
    """The path of every unit, in the order of the text."""
    plain_text = plain(text).text

    def walk(units: list[Unit]) -> list[str]:
        return [path for one in units for path in (one.path, *walk(one.below))]

    return walk(outline(plain_text, paragraphs(plain_text, 0, len(plain_text))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I. A\n1. B\na) C\n- D\n+ E\n2. F\nII. G\n1. H\n",
         ["I", "I.1", "I.1.a", "I.1.a.-1", "I.1.a.-1.+1", "I.2", "II", "II.1"]),
        ("1. A\n1.1. B\n1.2. C\n2. D\n", ["1", "1.1", "1.2", "2"]),
        ("1. A\na) B\nd) C\nđ) D\ne) E\n", ["1", "1.a", "1.d", "1.đ", "1.e"]),
        ("1/ A\n2/ B\n", ["1", "2"]),
        ("Phần I\n1. A\nPhần II\n1. B\n", ["p", "p.1", "p", "p.1"]),
        ("B. NỘI DUNG\nMục I. A\n1. B\nMục II. C\nC . GIẢI PHÁP\nMục D. KINH PHÍ\n",
         ["B", "B.I", "B.I.1", "B.II", "C", "D"]),
        ("V I. ĐẨY MẠNH\n1. A\nVII I. KIỂM TRA\n", ["VI", "VI.1", "VIII"]),
        ("1. A b c d e f 1.1. Rà soát\n1.2. Lập\n2. Kiểm tra các nơi 2.1.\nNêu rõ\n",
         ["1", "1.1", "1.2", "2", "2.1"]),
        ("Quyết định 9/QĐ-UBND năm 2025. KẾ HOẠCH. I. A\nKế hoạch 9/KH-UBND năm 2025. II. B\n",
         ["I", "II"]),
        ("a) A\nb ) B\n", ["a", "b"]),
        ("Thứ nhất, A b\nThứ hai, C d\n", ["nhất", "hai"]),
        ("- Sở A:\na) B\nb) C\n- Sở D:\n", ["-1", "-1.a", "-1.b", "-2"]),
        ("Sở A có trách nhiệm:\n- B\n- C\n", ["p1", "p1.-1", "p1.-2"]),
        ("1. A b.\nC d.\nE f.\n", ["1", "1.p1", "1.p2"]),
        ("• A\n• B\n", ["-1", "-2"]),
        ("1. Sở A: a) Rà soát; b) Kiểm tra. 2. Sở B: a) Rà soát; b) Lập danh mục các dự án.\n",
         ["1", "1.a", "1.b", "2", "2.a", "2.b"]),
    ],
)  # fmt: skip
def test_labels_make_a_tree(text: str, expected: list[str]) -> None:
    assert paths(text) == expected


@pytest.mark.parametrize(
    "text",
    ["Theo điểm a) khoản 1. Điều 5 của Luật, các cơ quan rà soát; việc này do các sở thực hiện.\n",
     "Quyết định 9/QĐ-UBND năm 2025. Sở A rà soát\n", "C . giải pháp\n", "V I. Ông A\n",
     "Tổng số 12.500 hộ\n", "Năm 2025. Kế hoạch\n"],
)  # fmt: skip
def test_what_only_looks_like_a_label_is_none(text: str) -> None:
    assert paths(text) == ["p1"]


LINES = (
    "1. Sở Lao động - Thương binh và Xã hội rà soát các đối tượng được hưởng chế\n"
    "độ theo quy định; tổng hợp danh sách các hộ có hoàn cảnh khó khăn tại địa bàn\n"
    "để hỗ trợ kịp thời.\n"
    "2. Sở Y tế phối hợp với các cơ quan liên quan kiểm tra việc bảo quản thuốc tại\n"
    "các cơ sở y tế trên địa bàn tỉnh, nhất là các cơ sở ở vùng sâu, vùng xa; kịp\n"
    "thời bổ sung vật tư.\n"
    "Định kỳ báo cáo kết quả.\n"
)


def test_a_place_in_the_plan_is_not_its_first_unit() -> None:
    assert paths("2. Thực hiện nội dung tại mục 2.1. Các sở báo cáo.\n") == ["2"]


def test_lines_broken_to_fit_a_page_are_one_paragraph() -> None:
    text = plain(LINES).text
    found = paragraphs(text, 0, len(text))

    assert [(one.kind, one.label) for one in found] == [
        ("number", "1"),
        ("number", "2"),
        ("text", ""),
    ]


def test_a_line_that_begins_with_a_dash_inside_a_name_goes_on_with_it() -> None:
    text = LINES.replace("được hưởng chế\nđộ theo quy định", "của Sở Lao động\n- Thương binh")

    assert [one.kind for one in paragraphs(text, 0, len(text))] == ["number", "number", "text"]


def test_a_heading_without_an_end_stops_where_a_verb_begins_a_line() -> None:
    text = "1. Giao Sở Xây dựng\nTheo dõi, đôn đốc các xã.\n"

    assert [one.kind for one in paragraphs(text, 0, len(text))] == ["number", "text"]


SPACED = LINES.replace(".\n", ".\n\n") * 3


def test_between_blank_lines_a_capital_or_a_figure_does_not_begin_a_paragraph() -> None:
    text = SPACED.replace(
        "khó khăn tại địa bàn\n", "khó khăn theo\nLuật Người cao tuổi\n100% số hộ "
    )

    assert [one.kind for one in paragraphs(text, 0, len(text))] == ["number", "number", "text"] * 3


def test_where_no_blank_lines_stand_a_capital_may_begin_one() -> None:
    text = (SPACED.replace(".\n\n", ".\n")).replace(
        "khó khăn tại địa bàn\n", "khó khăn theo\nLuật Người cao tuổi\n100% số hộ "
    )

    assert [one.kind for one in paragraphs(text, 0, len(text))][:3] == ["number", "text", "number"]


def test_the_end_of_a_page_ends_no_sentence() -> None:
    cut = SPACED.replace("chế\nđộ", "chế\n\n 2\n\n\n--- PAGE BREAK ---\n\nđộ", 1)
    text = cut.replace("bổ sung vật tư.\n", "bổ sung vật tư.\n\n--- PAGE BREAK ---\n", 1)

    assert [one.kind for one in paragraphs(text, 0, len(text))] == ["number", "number", "text"] * 3
