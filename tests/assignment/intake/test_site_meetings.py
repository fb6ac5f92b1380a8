"""What notices of meetings on railways and roads taught: each rule, and what it leaves."""

import pytest

from services.assignment.intake.bodies import read_bodies
from services.assignment.intake.clause import Above
from services.assignment.intake.clauses import clauses
from services.assignment.intake.mending import mended
from services.assignment.intake.partners import coordinating, receivers
from services.assignment.intake.roles import lead
from services.assignment.intake.sentences import is_statement


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("PMU2 phối hợp với Sở Giao thông vận tải rà soát", ("PMU2",)),
        ("PMU Thăng Long, Cienco 4 tập trung thi công", ("PMU Thăng Long", "Cienco 4")),
        ("TEDI khoan bổ sung", ("TEDI",)),
        ("Tư vấn giám sát bổ sung đủ nhân sự", ("Tư vấn giám sát",)),
        ("Nhà thầu nào chậm, Ban Quản lý dự án 2 lập hồ sơ xử phạt", ("Ban Quản lý dự án 2",)),
        ("Bộ Xây dựng - Cơ quan thường trực Ban Chỉ đạo tổng hợp tiến độ", ("Bộ Xây dựng",)),
        ("Trong quá trình nghiên cứu phải bám sát chủ trương đã được Trung ương, "
         "Bộ Chính trị thống nhất", ()),
        ("Trong quá trình nghiên cứu, Bộ Xây dựng thống nhất với các Bộ", ("Bộ Xây dựng",)),
    ],
)  # fmt: skip
def test_leads(text: str, leads: tuple[str, ...]) -> None:
    assert lead(text, 0, len(text)).names == leads


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("các trường đại học, viện nghiên cứu phê duyệt chương trình",
         ["các trường đại học, viện nghiên cứu"]),
        ("các tỉnh, thành phố Lào Cai, Hải\nPhòng",
         ["tỉnh Lào Cai", "thành phố Hải Phòng"]),
        ("Ban bồi thường giải phóng mặt bằng các huyện rà soát",
         ["Ban bồi thường giải phóng mặt bằng các huyện"]),
    ],
)  # fmt: skip
def test_bodies(text: str, expected: list[str]) -> None:
    assert [one.name for one in read_bodies(text, 0, len(text))] == expected


def test_who_acts_in_concert_takes_part() -> None:
    text = "chủ trì, hiệp đồng với Công an Thành phố lập phương án"

    assert coordinating(text, 0, len(text)).names == ("Công an Thành phố",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("báo ngay cho UBND cấp xã khi phát hiện", ("UBND cấp xã",)),
        ("dự báo, cảnh báo cho các địa phương", ()),
    ],
)
def test_receivers(text: str, expected: tuple[str, ...]) -> None:
    assert receivers(text, 0, len(text)).names == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Phát triển đường sắt là nhiệm vụ chính trị đặc biệt quan trọng", True),
        ("Xác định phát triển đường sắt là nhiệm vụ trọng tâm", False),
        ("trình tự, thủ tục lựa chọn chủ đầu tư còn chậm", True),
        ("Hầm Hoành Bồ đang chậm do địa chất phức tạp", True),
        ("Gói thầu số 1: tiến độ của gói thầu này quá chậm", True),
        ("Rà soát các dự án đang chậm tiến độ", False),
    ],
)
def test_statements(text: str, expected: bool) -> None:
    assert is_statement(text, 0, len(text)) is expected


def test_what_exceeds_a_power_is_reported() -> None:
    text = (
        "Cục Đường sắt Việt Nam theo dõi, kiểm tra việc thực hiện; "
        "những vấn đề vượt thẩm quyền kịp thời báo cáo Bộ Xây dựng để xử lý."
    )

    found = clauses(text, 0, len(text), Above(), None)

    assert [one.report_to.names for one in found] == [(), ("Bộ Xây dựng",)]


def test_a_time_not_to_be_exceeded_is_no_order_of_its_own() -> None:
    text = (
        "Sở Y tế giải quyết nhanh thủ tục cho các cơ sở; "
        "không để quá 07 ngày làm việc kể từ khi nhận đủ hồ sơ."
    )

    (found,) = clauses(text, 0, len(text), Above(), None)

    assert found.deadline is not None
    assert found.deadline.kind == "relative"


@pytest.mark.parametrize(
    "text", ["nhà thầu thi công hoặc rào chắn", "Đài Tiếng nói nhân dân thành phố đưa tin"]
)
def test_what_is_no_scan_is_left_alone(text: str) -> None:
    assert mended(f"thi công hoặc dừng thi công. {text}") == f"thi công hoặc dừng thi công. {text}"
