"""What copies of real letters lost or put in, and how a committee of the Party writes."""

from datetime import date

import pytest

from services.assignment.intake.citations import read_citations
from services.assignment.intake.clause import Above
from services.assignment.intake.clauses import clauses
from services.assignment.intake.read import read_letter
from services.assignment.intake.roles import lead
from services.assignment.intake.sentences import is_statement
from services.assignment.intake.signature import read_signature
from services.assignment.intake.source import plain
from services.assignment.intake.times import read_time


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Cấp ủy, chính quyền, trước hết là người đứng đầu, phải gương mẫu",
         ("Cấp ủy", "chính quyền")),
        ("Các chi bộ, đặc biệt là người đứng đầu phải học tập", ("Các chi bộ",)),
        ("Việc kiểm tra do cấp ủy, chính quyền thực hiện", ()),
    ],
)  # fmt: skip
def test_committees_lead(text: str, named: tuple[str, ...]) -> None:
    assert lead(text, 0, len(text)).names == named


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Báo Lao động ngày 26 tháng 3 năm 2019 đưa tin, nhiều công trình thiếu nước.", True),
        ("Báo Lao động số ra ngày 14 tháng 4 năm 2011 đăng bài \"Thu từ dầu thô\", Thủ tướng Chính"
         " phủ giao Bộ Tài chính chủ trì kiểm tra.", False),
        ("Báo Đồng Nai, Đài Phát thanh tỉnh thông tin kịp thời về bão.", False),
    ],
)  # fmt: skip
def test_what_a_newspaper_wrote_is_no_order(text: str, stated: bool) -> None:
    assert is_statement(text, 0, len(text)) is stated


def test_above_of_that_matter_stands_no_order() -> None:
    text = (
        "VĂN PHÒNG CHÍNH PHỦ\nSố: 12/VPCP-KTN\nHà Nội, ngày 5 tháng 4 năm 2019\n"
        "Kính gửi: Bộ Xây dựng.\nNếu nhà chưa được kiểm định thì không được bán.\n"
        "Về nội dung nêu trên, Thủ tướng Chính phủ giao Bộ Xây dựng rà soát các quy định.\n"
    )

    tasks = read_letter(text, name="x").tasks

    assert [one.text[:10] for one in tasks] == ["Về nội dun"]


def test_a_name_that_lost_its_blank_is_read_in_its_place() -> None:
    text = "BộCông Thương rà soát. Sở Y tế lập kế hoạch."
    source = plain(text)

    assert source.text == "Bộ Công Thương rà soát. Sở Y tế lập kế hoạch."
    assert source.original(0, 14) == (0, 13)
    assert source.original(24, 30) == (23, 29)


def test_a_day_glued_to_a_number_is_no_part_of_it() -> None:
    assert read_citations("công văn số 1033/PTM-SMEngày 15 tháng 4; số 2/UBND-NN", None) == [
        "1033/PTM-SME",
        "2/UBND-NN",
    ]


def test_who_signs_may_stand_behind_the_last_copy() -> None:
    signed = read_signature("- Như trên;\n- Lưu: VT, ĐMDN (2b). BỘ TRƯỞNG, CHỦ NHIỆM Lê Văn An\n")

    assert (signed.signer, signed.title) == ("Lê Văn An", "Bộ trưởng, Chủ nhiệm")


def test_a_committee_issues_its_plan() -> None:
    text = (
        "Số 5-KH/ĐU\nKẾ HOẠCH\nphòng, chống lãng phí\n"
        "Ban Thường vụ Đảng uỷ xã ban hành Kế hoạch như sau:\n1. Văn phòng rà soát hồ sơ.\n"
    )

    assert read_letter(text, name="x").header.issuer == "Ban Thường vụ Đảng uỷ xã"


def test_two_reports_that_are_passed_on_go_to_the_same() -> None:
    text = (
        "Các xã báo cáo Sở Y tế trước ngày 20 của tháng cuối quý và trước ngày 15/11 hằng năm"
        " để tổng hợp, báo cáo UBND tỉnh."
    )

    found = clauses(text, 0, len(text), Above(), None)

    assert [one.report_to.names for one in found] == [("Sở Y tế", "UBND tỉnh")] * 2


def test_what_is_demanded_in_a_plan_to_be_made_is_an_order() -> None:
    text = (
        "CHỈ THỊ\nVề xây dựng kế hoạch\nỦy ban nhân dân tỉnh yêu cầu các sở, ngành thực hiện:\n"
        "A. Yêu cầu\nKế hoạch phải phù hợp với quy hoạch.\n"
        "B. Yêu cầu trong xây dựng kế hoạch\nKế hoạch năm phải phù hợp với quy hoạch.\n"
    )

    tasks = read_letter(text, name="x").tasks

    assert [one.text for one in tasks] == ["Kế hoạch năm phải phù hợp với quy hoạch."]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Quán triệt đến đảng viên trong sinh hoạt định kỳ tháng 6/2026", "2026-06-30"),
        ("Lập đề án, trình UBND tỉnh tại phiên họp thường kỳ tháng 9 năm 2026", "2026-09-30"),
        ("Thực hiện kết luận tại phiên họp thường kỳ tháng 5/2026", None),
    ],
)
def test_the_month_of_a_meeting_limits_what_is_brought_to_it(text: str, day: str | None) -> None:
    time = read_time(text, 0, len(text), date(2026, 6, 1))

    assert (time.deadline.date if time.deadline else None) == day
