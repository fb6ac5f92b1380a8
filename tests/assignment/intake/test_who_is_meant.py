"""Who is meant by longer names and by what is said of them; each beside one to leave alone."""

from datetime import date

import pytest

from services.assignment.intake.bodies import read_bodies
from services.assignment.intake.clause import Above, Clause
from services.assignment.intake.clauses import clauses
from services.assignment.intake.partners import coordinating, receivers
from services.assignment.intake.read import read_letter
from services.assignment.intake.roles import lead


def leads(text: str) -> list[str]:
    return list(lead(text, 0, len(text)).names)


def names(text: str) -> list[str]:
    return [one.name for one in read_bodies(text, 0, len(text))]


def read(text: str) -> list[Clause]:
    return clauses(text, 0, len(text), Above(), date(2025, 11, 5))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Các Bộ trưởng, Bí thư Tỉnh ủy, Chủ tịch UBND tỉnh tập trung chỉ đạo",
         ["các Bộ", "Tỉnh ủy", "UBND tỉnh"]),
        ("Các Bộ trưởng: Giáo dục và Đào tạo, Y tế cùng các Bộ, ngành khác theo chức năng",
         ["Bộ Giáo dục và Đào tạo", "Bộ Y tế", "các Bộ, ngành khác"]),
        ("Các Bộ trưởng, Thủ trưởng cơ quan ngang Bộ, cơ quan thuộc Chính phủ tập trung",
         ["các Bộ, cơ quan ngang Bộ, cơ quan thuộc Chính phủ"]),
        ("Bộ trưởng Bộ Y tế, Bộ trưởng Bộ Công an chỉ đạo", ["Bộ Y tế", "Bộ Công an"]),
        ("Ủy ban Mặt trận Tổ quốc tỉnh và các tổ chức thành viên phối hợp vận động",
         ["Ủy ban Mặt trận Tổ quốc tỉnh", "các tổ chức thành viên"]),
        ("Các bệnh viện, trung tâm y tế tổ chức trực", ["Các bệnh viện, trung tâm y tế"]),
        ("Các sở, Trung tâm Y tế tổ chức trực", ["Các sở", "Trung tâm Y tế"]),
        ("Chi cục Chăn nuôi, Thú y và Thủy sản lấy mẫu",
         ["Chi cục Chăn nuôi, Thú y và Thủy sản"]),
        ("Chi cục Kiểm lâm, Sở Y tế và Công an tỉnh lấy mẫu",
         ["Chi cục Kiểm lâm", "Sở Y tế", "Công an tỉnh"]),
        ("UBND tỉnh đi kiểm tra các xã", ["UBND tỉnh"]),
        ("UBND các tỉnh từ Quảng Ninh đến Hà Tĩnh hoãn các cuộc họp",
         ["UBND các tỉnh từ Quảng Ninh đến Hà Tĩnh"]),
        ("Các lực lượng Công an, Quân đội, Bộ đội Biên phòng tuần tra",
         ["Các lực lượng Công an", "Quân đội", "Bộ đội Biên phòng"]),
        ("Công an tỉnh và các đơn vị liên quan; mỗi đoàn kiểm tra tối thiểu 20 cơ sở",
         ["Công an tỉnh", "các đơn vị liên quan"]),
        ("Viện trưởng Viện Quy hoạch xây dựng Hà Nội hoàn thiện hồ sơ",
         ["Viện Quy hoạch xây dựng Hà Nội"]),
        ("Chủ tịch UBND các xã còn lại sẵn sàng phương án", ["UBND các xã còn lại"]),
        ("Bộ phận tiếp nhận và trả kết quả kiểm tra hồ sơ", []),
        ("Sở Y tế cũng có trách nhiệm chỉ đạo", ["Sở Y tế"]),
    ],
)  # fmt: skip
def test_names_end_and_go_on(text: str, named: list[str]) -> None:
    assert names(text) == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Ban Quản lý dự án A, Công ty B, là các đơn vị có số vốn lớn, bố trí cán bộ bám sát",
         ["Ban Quản lý dự án A", "Công ty B"]),
        ("Các xã, là nơi ít người nhất tỉnh, nằm ở phía bắc.", []),
        ("Các địa phương bị thiệt hại do bão số 10, 11 và mưa lũ tiếp tục sửa nhà",
         ["Các địa phương bị thiệt hại do bão số 10, 11 và mưa lũ"]),
        ("Các địa phương bị thiệt hại do bão số 10.", []),
        ("Các xã chịu ảnh hưởng trực tiếp của bão chủ động sơ tán dân",
         ["Các xã chịu ảnh hưởng trực tiếp của bão"]),
        ("Các xã chịu trách nhiệm sơ tán dân", ["Các xã"]),
        ("Những xã có tỷ lệ tiêm dưới 70% phải tiêm bù", ["Những xã có tỷ lệ tiêm dưới 70%"]),
        ("Những xã có tỷ lệ tiêm dưới 70%.", []),
        ("Các đơn vị có tên trong Phụ lục kèm theo Văn bản của Sở Y tế kiểm điểm trách nhiệm",
         ["Các đơn vị có tên trong Phụ lục kèm theo Văn bản của Sở Y tế"]),
        ("Về phía Sở Công Thương: yêu cầu các chủ đập thông báo sớm", ["Sở Công Thương"]),
        ("Tuyến tỉnh: Thành lập 03 đoàn kiểm tra do Sở Y tế, Sở Công Thương chủ trì",
         ["Sở Y tế", "Sở Công Thương"]),
        ("Tuyến tỉnh: nhiều đoàn kiểm tra do Sở Y tế thành lập", []),
    ],
)  # fmt: skip
def test_who_is_to_do_it(text: str, named: list[str]) -> None:
    assert leads(text) == named


def test_who_takes_part_is_named_to_the_verb() -> None:
    text = "Phối hợp với chính quyền địa phương thăm, động viên già làng"
    within = "phối hợp Công an tỉnh và các lực lượng trong Ban Chỉ đạo 389 tỉnh kiểm soát chợ"

    assert coordinating(text, 0, len(text)).names == ("chính quyền địa phương",)
    assert coordinating(within, 0, len(within)).names == (
        "Công an tỉnh",
        "các lực lượng trong Ban Chỉ đạo 389 tỉnh",
    )


@pytest.mark.parametrize(
    "text",
    [
        "trình UBND tỉnh kinh phí mua sắm",
        "trình UBND tỉnh kịch bản trước ngày 31/3/2026",
        "báo cáo UBND tỉnh lần 1 trước 31/3/2026",
    ],
)
def test_who_receives_is_named_to_what_he_receives(text: str) -> None:
    assert receivers(text, 0, len(text)).names == ("UBND tỉnh",)


def test_a_colon_before_names_opens_no_list_of_topics() -> None:
    names_follow = (
        "Bộ Tài chính kiểm tra giá; phối hợp với các Bộ: Công an, Công Thương chống buôn lậu; "
        "tổng hợp tình hình báo cáo Thủ tướng Chính phủ chậm nhất ngày 25 tháng 02 năm 2026."
    )
    topics_follow = "Sở Y tế rà soát thu, chi của các viện: thu phí; báo cáo UBND tỉnh hằng tháng."

    assert len(read(names_follow)) == 2
    assert len(read(topics_follow)) == 1


def test_a_plan_keeps_what_a_body_is_told_by_its_side() -> None:
    plan = "KẾ HOẠCH\nPhòng dịch\n\n- Sở Y tế rà soát.\n\n- Về phía Sở Nội vụ: chỉ đạo các hội.\n"

    assert [one.lead for one in read_letter(plan, name="letter").tasks] == [
        ["Sở Y tế"],
        ["Sở Nội vụ"],
    ]
