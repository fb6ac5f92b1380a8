"""What holds on: receivers and leads from before, times in other words; and what does not."""

from datetime import date

import pytest

from services.assignment.intake.bodies import read_bodies
from services.assignment.intake.clause import Above, Clause
from services.assignment.intake.clauses import clauses
from services.assignment.intake.letter import FoundTask
from services.assignment.intake.read import read_letter
from services.assignment.intake.roles import lead
from services.assignment.intake.times import Time, read_time

WRITTEN = date(2025, 11, 5)


def read(text: str) -> list[Clause]:
    return clauses(text, 0, len(text), Above(), WRITTEN)


def orders(text: str) -> list[FoundTask]:
    return read_letter(text, name="letter").tasks


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("Sở Y tế tăng cường kiểm tra; yêu cầu các bệnh viện tổ chức trực.", [("Sở Y tế",)]),
        ("Giao Sở Y tế kiểm tra; yêu cầu các bệnh viện tổ chức trực.",
         [("Sở Y tế",), ("các bệnh viện",)]),
        ("Sở Y tế kiểm tra; yêu cầu các sở, ngành tổ chức trực.",
         [("Sở Y tế",), ("các sở, ngành",)]),
    ],
)  # fmt: skip
def test_whom_a_body_asks_is_not_asked_by_the_letter(
    text: str, leads: list[tuple[str, ...]]
) -> None:
    assert [one.lead.names for one in read(text)] == leads


def test_below_a_bodys_heading_it_is_that_body_who_asks() -> None:
    text = "1. Sở Y tế\n\n1.1. Rà soát giá thuốc.\n\n1.2. Yêu cầu các bệnh viện tổ chức trực.\n"
    handed = "1. Giao Sở Y tế:\n\n1.1. Rà soát.\n\n1.2. Yêu cầu các bệnh viện tổ chức trực.\n"
    all_again = (
        "1. Sở Y tế\n\n1.1. Rà soát giá thuốc.\n\n1.2. Yêu cầu các sở, ngành tổ chức trực.\n"
    )

    assert [one.lead for one in orders(text)] == [["Sở Y tế"], ["Sở Y tế"]]
    assert [one.lead for one in orders(handed)] == [["Sở Y tế"], ["Sở Y tế"]]
    assert orders(all_again)[1].lead == ["các sở, ngành"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Đồng ý để Văn phòng Chính phủ bố trí cuộc họp", ("Văn phòng Chính phủ",)),
        ("UBND tỉnh thống nhất về chủ trương, giao Sở Y tế lập đề án", ("Sở Y tế",)),
        ("Đồng ý để nguyên giá cũ", ()),
    ],
)
def test_who_is_let_do_it_is_to_do_it(text: str, named: tuple[str, ...]) -> None:
    assert lead(text, 0, len(text)).names == named


def test_consent_that_charges_somebody_is_an_order() -> None:
    assert [one.lead for one in orders("1. Đồng ý giao Sở Y tế lập đề án.\n")] == [["Sở Y tế"]]
    assert orders("1. Đồng ý với đề xuất của Sở Y tế.\n") == []


def test_reports_listed_below_go_to_whom_the_heading_names() -> None:
    text = (
        "12. Các sở gửi kế hoạch, báo cáo kết quả về Sở Y tế theo mốc sau:\n\n"
        "- Báo cáo nhanh: trước ngày 15/01/2026;\n\n- Rà soát chợ trước ngày 01/4/2026.\n"
    )

    assert [one.report_to for one in orders(text)] == [["Sở Y tế"], []]


def test_a_second_report_goes_to_whom_the_first_went() -> None:
    text = (
        "Sở Y tế báo cáo UBND tỉnh trước ngày 20/01/2026; kiểm tra chợ trong tháng 02/2026; "
        "báo cáo tổng kết trước ngày 10/4/2026."
    )

    assert [one.report_to.names for one in read(text)] == [("UBND tỉnh",), (), ("UBND tỉnh",)]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Sở Y tế rà soát chợ; tổ chức tiêm phòng; gửi kết quả rà soát về UBND tỉnh trước ngày "
         "15/12/2025.", [None, "2025-12-15"]),
        ("Sở Y tế lập danh sách; gửi về UBND tỉnh trước ngày 15/12/2025.", ["2025-12-15"]),
        ("Sở Y tế bố trí thuốc; báo cáo UBND tỉnh trong vòng 24 giờ khi có ca bệnh.", [None, None]),
        ("Sở Y tế lập quy chế; phối hợp Sở Nội vụ trình UBND tỉnh trong quý I năm 2026.",
         ["2026-03-31"]),
        ("Sở Y tế lập quy chế; phối hợp Sở Nội vụ trình UBND tỉnh đề án khác trong quý I/2026.",
         [None, "2026-03-31"]),
        ("UBND các xã khảo sát hồ; việc cắm biển phải xong trước ngày 15/5/2026.",
         [None, "2026-05-15"]),
        ("UBND các xã khảo sát hồ; việc cắm biển do dân làm.", [None]),
    ],
)  # fmt: skip
def test_which_orders_one_limit_holds_for(text: str, days: list[str | None]) -> None:
    found = read(text)

    assert [one.deadline.date if one.deadline else None for one in found] == days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hoàn thành trước Tết Nguyên đán", ("relative", None)),
        ("tu sửa lớp học trước năm học mới", ("relative", None)),
        ("gia cố đê xong trước mùa mưa bão", ("relative", None)),
        ("kiểm tra thực địa ít nhất 01 lần/tháng", ("recurring", "monthly")),
        ("họp mỗi tháng ít nhất 01 lần", ("recurring", "monthly")),
        ("giải quyết hồ sơ trong 01 ngày làm việc", ("relative", None)),
        ("thẩm định hồ sơ trong 15 ngày.", ("relative", None)),
        ("làm đường băng cản lửa xong trước 31/5.", ("date", None)),
        ("gửi báo cáo trước 15/11 hằng năm", ("recurring", "yearly")),
        ("đã tiêm trước 1/3 tổng đàn", (None, None)),
        ("trực trong 05 ngày Tết", (None, None)),
        ("có ý kiến ngay trong tuần này", ("relative", None)),
        ("báo cáo tình hình trước Tết", (None, None)),
        ("bình ổn giá trước, trong và sau Tết", (None, None)),
        ("chương trình “Xuân Quê hương” năm 2026, làm tốt công tác bảo hộ", (None, None)),
        ("kiểm tra 02 lần trong năm 2025", (None, None)),
    ],
)
def test_a_time_in_other_words(text: str, expected: tuple[str | None, str | None]) -> None:
    time: Time = read_time(text, 0, len(text), WRITTEN)

    assert (time.deadline.kind if time.deadline else None, time.recurrence) == expected


def test_two_days_of_one_rhythm_are_one_order() -> None:
    text = "Định kỳ 6 tháng trước ngày 05/6 và một năm trước ngày 05/12, báo cáo về Sở Y tế."
    apart = "Báo cáo trước ngày 15/6 hằng năm và trước ngày 15/12/2025 báo cáo tổng kết."

    assert [one.recurrence for one in read(text)] == ["half-yearly"]
    assert len(read(apart)) == 2


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Bí thư Tỉnh ủy, Thành ủy và Chủ tịch UBND các tỉnh chỉ đạo",
         ["Tỉnh ủy, Thành ủy", "UBND các tỉnh"]),
        ("Tỉnh ủy và Thành ủy chỉ đạo", ["Tỉnh ủy", "Thành ủy"]),
    ],
)  # fmt: skip
def test_committees_of_the_party_in_a_row_are_one_group(text: str, named: list[str]) -> None:
    assert [one.name for one in read_bodies(text, 0, len(text))] == named


def test_what_a_body_is_told_behind_a_fields_label_is_an_order() -> None:
    text = (
        "1. Sở Y tế rà soát chợ.\n\n2. Về tiến độ: các xã báo cáo Sở Y tế vào ngày 25 hằng tháng, "
        "Sở Y tế tổng hợp báo cáo UBND tỉnh trước ngày 30 hằng tháng.\n"
    )
    field = "1. Sở Y tế rà soát chợ.\n\nThời gian thực hiện: Quý IV/2025.\n"

    assert [one.lead for one in orders(text)] == [["Sở Y tế"], ["các xã"], ["Sở Y tế"]]
    assert orders(text)[0].deadline is None
    assert [one.deadline.date for one in orders(field) if one.deadline] == ["2025-12-31"]


def test_what_the_issuer_agrees_to_is_no_order() -> None:
    agreed = "1. Thống nhất danh mục 24 chợ như đề xuất của Sở Y tế.\n\n2. Sở Y tế rà soát chợ.\n"
    to_agree = "1. Sở Y tế:\n\na) Thống nhất với Sở Nội vụ phương án, trình UBND tỉnh.\n"

    assert [one.path for one in orders(agreed)] == ["2"]
    assert [one.lead for one in orders(to_agree)] == [["Sở Y tế"]]
