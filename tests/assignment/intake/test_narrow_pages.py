"""Lines broken to fit a narrow column are paragraphs again."""

import pytest

from services.assignment.intake.paragraphs import paragraphs
from services.assignment.intake.roles import heading_lead

COLUMN = """\
2. Sở Nông nghiệp và Môi trường

a) Chủ trì, phối hợp với Sở Xây
dựng, UBND các xã, phường rà soát,
bổ sung các bãi tiếp nhận, trình
UBND Thành phố phê duyệt trong quý
I năm 2026.

b) Phối hợp Công an Thành phố xử lý
các vụ việc vi phạm về môi trường.
"""

ONE_LINE_EACH = """\
Sở Y tế tiêm phòng cho trẻ em ở xã
Sở Xây dựng rà soát các công trình
Công an tỉnh tuần tra ban đêm nhé
UBND các xã báo cáo mỗi tuần một lần
Sở Tài chính bố trí kinh phí cho các đơn vị theo đúng quy định của Luật Ngân sách nhà nước
"""


def said(text: str) -> list[str]:
    return [" ".join(text[one.body : one.end].split()) for one in paragraphs(text, 0, len(text))]


def test_a_name_that_goes_on_in_capitals_stays_in_its_paragraph() -> None:
    assert said(COLUMN)[1:] == [
        "Chủ trì, phối hợp với Sở Xây dựng, UBND các xã, phường rà soát, "
        "bổ sung các bãi tiếp nhận, trình UBND Thành phố phê duyệt trong quý I năm 2026.",
        "Phối hợp Công an Thành phố xử lý các vụ việc vi phạm về môi trường.",
    ]


def test_short_lines_beside_a_long_one_are_paragraphs_of_their_own() -> None:
    assert len(said(ONE_LINE_EACH)) == 5


@pytest.mark.parametrize(
    ("heading", "leads"),
    [
        ("Giám đốc Sở Giao thông vận tải có\ntrách nhiệm:", ("Sở Giao thông vận tải",)),
        ("Sở Y tế có nhiệm\nvụ:", ("Sở Y tế",)),
        ("Sở Nông nghiệp và Môi\ntrường:", ("Sở Nông nghiệp và Môi trường",)),
    ],
)
def test_a_line_may_break_where_a_name_ends(heading: str, leads: tuple[str, ...]) -> None:
    assert heading_lead(heading, 0, len(heading)).names == leads
