"""Where an order ends and until when: results that are due, how long a thing lasts, statements."""

from datetime import date

import pytest

from services.assignment.intake.clause import Above, Clause
from services.assignment.intake.clauses import clauses
from services.assignment.intake.partners import coordinating
from services.assignment.intake.read import read_letter
from services.assignment.intake.sentences import is_statement
from services.assignment.intake.times import read_time


def read(text: str) -> list[Clause]:
    return clauses(text, 0, len(text), Above(), date(2025, 11, 5))


def kind(text: str) -> str | None:
    deadline = read_time(text, 0, len(text), date(2025, 11, 5)).deadline
    return deadline.kind if deadline else None


def test_a_result_that_is_due_is_an_order_of_its_own() -> None:
    due = (
        "Sở Y tế tổ chức đoàn kiểm tra các cơ sở. Kết quả kiểm tra báo cáo Ủy ban nhân dân tỉnh"
        " trước ngày 31/12/2025."
    )
    told = "Sở Y tế tổ chức đoàn kiểm tra các cơ sở. Kết quả kiểm tra công khai trên mạng."

    assert [one.report_to.names for one in read(due)] == [(), ("Ủy ban nhân dân tỉnh",)]
    assert len(read(told)) == 1


def test_what_the_issuer_agrees_to_does_not_hide_the_order_behind_it() -> None:
    text = (
        "Kết luận như sau:\n1. Ủy ban nhân dân tỉnh Hà Nam\n"
        "a) Thống nhất về chủ trương bổ cập nước sông Nhuệ. Giao Ủy ban nhân dân tỉnh Hà Nam"
        " chủ trì lựa chọn phương án kỹ thuật.\n"
    )

    found = read_letter(text, name="x").tasks

    assert [one.text[:4] for one in found] == ["Giao"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Niêm yết công khai danh sách tại trụ sở trong 20 ngày.", None),
        ("Hoàn thành việc kiểm tra trong 20 ngày.", "relative"),
        ("Thanh toán khối lượng, không để tồn đọng hồ sơ quá 07 ngày.", "relative"),
        ("Gửi giấy mời bảo đảm trước 15 ngày theo luật định.", "relative"),
        ("Gửi bản tin dự báo trước khi xảy ra tối thiểu 48 giờ.", "relative"),
        ("Nạo vét cống rãnh vào chủ nhật tuần đầu của tháng.", "recurring"),
        ("Nạo vét cống rãnh vào tuần đầu tháng 12.", "month"),
    ],
)
def test_how_long_it_lasts_is_no_limit(said: str, found: str | None) -> None:
    assert kind(said) == found


def test_who_is_directed_with_others_takes_part_beside_them() -> None:
    text = "Chỉ đạo Thanh tra Sở cùng với Công an xã phát hiện, tháo dỡ công trình."

    assert coordinating(text, 0, len(text)).names == ("Công an xã",)


def test_a_limit_that_is_strived_for_belongs_to_the_order_before() -> None:
    text = "Gia cố các đoạn bờ bao xung yếu; phấn đấu hoàn thành trước ngày 30/12/2025."

    (one,) = read(text)

    assert one.deadline
    assert one.deadline.date == "2025-12-30"


@pytest.mark.parametrize(
    "text",
    [
        "Chủ tịch Ủy ban nhân dân tỉnh sẽ xem xét trách nhiệm người đứng đầu.",
        "nếu để phát sinh vi phạm mới thì Chủ tịch Ủy ban nhân dân xã phải bị xem xét kỷ luật",
        "những hộ không che chắn chuồng trại thì không xem xét hỗ trợ",
    ],
)
def test_what_befalls_those_who_do_not_is_no_order(text: str) -> None:
    assert is_statement(text, 0, len(text))


def test_only_what_was_drawn_up_is_issued_by_the_limit() -> None:
    text = (
        "Sở Y tế chỉ đạo các bệnh viện. Sở Nội vụ xây dựng kịch bản ứng phó;"
        " ban hành trước ngày 25/12/2025."
    )

    assert [one.deadline is not None for one in read(text)] == [False, True]
