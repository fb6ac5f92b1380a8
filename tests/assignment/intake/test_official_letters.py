"""Constructions of plans and official letters, each beside one that must be left alone."""

from datetime import date

import pytest

from services.assignment.intake.bodies import read_bodies
from services.assignment.intake.clause import Above, Clause
from services.assignment.intake.clauses import clauses
from services.assignment.intake.money import about_money
from services.assignment.intake.paragraphs import paragraphs
from services.assignment.intake.partners import coordinating, receivers
from services.assignment.intake.roles import heading_lead, lead
from services.assignment.intake.sentences import begins_with_verb, is_statement
from services.assignment.intake.times import read_time

WRITTEN = date(2025, 12, 10)


def read(text: str) -> list[Clause]:
    return clauses(text, 0, len(text), Above(), WRITTEN)


def names(text: str) -> list[str]:
    return [one.name for one in read_bodies(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("UBND tỉnh 10 đơn vị xếp cuối", ["UBND tỉnh"]),
        ("Ủy ban nhân dân 11 phường", ["Ủy ban nhân dân 11 phường"]),
        (
            "Ban Chỉ đạo quốc gia phòng, chống đại dịch cúm ở người thành lập các đoàn công tác",
            ["Ban Chỉ đạo quốc gia phòng, chống đại dịch cúm ở người"],
        ),
        (
            "Công an xã và Tổ bảo vệ an ninh, trật tự ở cơ sở tuần tra",
            ["Công an xã", "Tổ bảo vệ an ninh, trật tự ở cơ sở"],
        ),
        ("lực lượng Công an xã, phường tuần tra", ["lực lượng Công an xã, phường"]),
        ("Tổ công tác bảo vệ an ninh, trật tự", ["Tổ công tác"]),
    ],
)
def test_where_a_name_ends(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Chủ tịch UBND tỉnh sẽ xem xét trách nhiệm của người đứng đầu.",
        "Chủ tịch UBND tỉnh ghi nhận, biểu dương tinh thần đó.",
        "Ủy ban nhân dân Thành phố ghi nhận và biểu dương nỗ lực của các lực lượng.",
        "Người đứng đầu các cơ quan chịu trách nhiệm trước UBND tỉnh về kết quả thực hiện "
        "Chỉ thị này; kết quả thực hiện là một tiêu chí xếp loại.",
    ],
)
def test_what_the_issuer_will_do_or_praises_is_no_order(text: str) -> None:
    assert is_statement(text, 0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "UBND các xã biểu dương, khen thưởng các hộ gương mẫu.",
        "Kết quả chuẩn bị phòng, chống dịch cho năm học mới gửi Bộ Y tế trước ngày 25/8/2026.",
    ],
)
def test_praise_that_others_are_to_give_and_results_to_be_sent_are_orders(text: str) -> None:
    assert not is_statement(text, 0, len(text))


def test_a_report_in_writing_goes_to_who_is_named_behind_it() -> None:
    text = "Kết thúc từng đợt có báo cáo bằng văn bản với UBND tỉnh."

    assert receivers(text, 0, len(text)).names == ("UBND tỉnh",)


def test_a_limit_behind_a_semicolon_holds_for_the_orders_before_it() -> None:
    found = read("Khắc phục các lỗi của hệ thống; nâng cấp đường truyền; xong trong tháng 12/2025.")

    assert [one.deadline and one.deadline.date for one in found] == ["2025-12-31"]


@pytest.mark.parametrize(
    ("text", "to"),
    [
        (
            "báo cáo Chính phủ và chịu trách nhiệm cung cấp thông tin cho các cơ quan báo chí",
            ("Chính phủ",),
        ),
        ("định kỳ thông báo kết quả giải ngân cho Bộ Xây dựng", ("Bộ Xây dựng",)),
        ("thông báo kế hoạch nghỉ cho các trường", ()),
    ],
)
def test_who_is_told(text: str, to: tuple[str, ...]) -> None:
    assert receivers(text, 0, len(text)).names == to


def test_a_day_of_the_week_is_a_rhythm() -> None:
    text = "định kỳ vào thứ Sáu gửi báo cáo về Bộ Y tế"

    assert read_time(text, 0, len(text), WRITTEN).recurrence == "weekly"


def test_projects_that_begin_in_a_year_are_no_limit() -> None:
    attribute = "các địa phương chưa có dự án khởi công trong năm 2025"
    order = "khẩn trương khởi công trong năm 2026"

    assert read_time(attribute, 0, len(attribute), WRITTEN).deadline is None
    assert read_time(order, 0, len(order), WRITTEN).deadline is not None


def test_how_often_may_stand_before_who() -> None:
    text = "Căn cứ nhiệm vụ được giao, hằng năm các sở, ban, ngành, UBND các xã lập dự toán."

    assert lead(text, 0, len(text)).names == ("các sở, ban, ngành", "UBND các xã")


def test_what_is_paid_for_work_is_public_money() -> None:
    paid = "bảo đảm chi công tiêm phòng"
    office = "bảo đảm chi cục hoạt động"

    assert about_money(paid, 0, len(paid))
    assert about_money(office, 0, len(office)) is None


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        (
            "Bộ Y tế, Thông tấn xã Việt Nam theo đề nghị của Bộ Nội vụ, tăng thời lượng tin.",
            ("Bộ Y tế", "Thông tấn xã Việt Nam"),
        ),
        ("Bộ Y tế theo đề nghị của Bộ Nội vụ, Bộ Công an.", ()),
        (
            "Riêng các địa phương chưa có dự án khởi công (theo Phụ lục), UBND tỉnh kiểm điểm.",
            ("UBND tỉnh",),
        ),
        ("Các địa phương chưa có dự án, khẩn trương rà soát.", ("Các địa phương",)),
        ("Khi được lấy ý kiến, cơ quan được hỏi phải trả lời.", ("cơ quan được hỏi",)),
        (
            "Kiến nghị của tỉnh Bắc Ninh về việc cho phép đơn vị X làm chủ đầu tư các dự án thiết "
            "chế công đoàn đang thi công dở dang trên địa bàn: Bộ Xây dựng hướng dẫn tỉnh.",
            ("Bộ Xây dựng",),
        ),
    ],
)
def test_who_is_named_where_other_words_stand_between(text: str, leads: tuple[str, ...]) -> None:
    assert lead(text, 0, len(text)).names == leads


@pytest.mark.parametrize(
    ("heading", "leads"),
    [
        (
            "Chủ vật nuôi, tổ chức, cá nhân kinh doanh, giết mổ",
            ("Chủ vật nuôi, tổ chức, cá nhân kinh doanh, giết mổ",),
        ),
        ("Sở Y tế, Sở Nội vụ", ("Sở Y tế", "Sở Nội vụ")),
    ],
)
def test_persons_in_a_heading_are_one_group(heading: str, leads: tuple[str, ...]) -> None:
    assert heading_lead(heading, 0, len(heading)).names == leads


def test_who_is_invited_takes_part() -> None:
    invited = "Mời Hiệp hội Thương mại điện tử và các doanh nghiệp cùng tham gia khảo sát."
    dined = "Mời Sở Y tế ăn trưa."

    assert len(coordinating(invited, 0, len(invited)).names) == 2
    assert coordinating(dined, 0, len(dined)).names == ()


def test_a_numeral_that_closes_a_bracket_is_no_label() -> None:
    broken = "10. Các cơ quan ngành dọc (Thuế tỉnh, Kho bạc Nhà nước Khu vực\nVIII)\n"
    label = "1. Các cơ quan ngành dọc làm những việc sau:\na) Rà soát hồ sơ.\n"

    assert len(paragraphs(broken, 0, len(broken))) == 1
    assert len(paragraphs(label, 0, len(label))) == 2


def test_a_report_of_a_list_is_an_order_of_its_own() -> None:
    found = read(
        "Sắp xếp lại đội ngũ; báo cáo danh sách vị trí thiếu gửi Sở Nội vụ trước 25/12/2025."
    )
    whole = read("Sắp xếp lại đội ngũ; báo cáo Sở Nội vụ kết quả trước ngày 25/12/2025.")

    assert (len(found), len(whole)) == (2, 1)


def test_an_occasion_that_comes_again_begins_an_order() -> None:
    order = "kết thúc từng đợt có báo cáo bằng văn bản với UBND tỉnh"
    plain = "kết thúc từng đợt là buổi tổng kết"

    assert begins_with_verb(order, 0, len(order))
    assert not begins_with_verb(plain, 0, len(plain))


def test_a_blank_before_a_topic_hides_nobody() -> None:
    text = " Kiến nghị của tỉnh X về việc chuyển đổi đất: Bộ Xây dựng làm việc trực tiếp với tỉnh."

    assert lead(text, 0, len(text)).names == ("Bộ Xây dựng",)
