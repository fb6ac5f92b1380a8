"""What directives of 2006-2012 and letters of departments taught: each rule, and what it leaves."""

import pytest

from services.assignment.intake.bodies import read_bodies
from services.assignment.intake.clause import Above
from services.assignment.intake.clauses import clauses
from services.assignment.intake.labels import label_at
from services.assignment.intake.money import about_money
from services.assignment.intake.partners import coordinating, receivers
from services.assignment.intake.read import read_letter
from services.assignment.intake.roles import lead
from services.assignment.intake.sentences import begins_with_verb, demands, is_statement
from services.assignment.intake.times import read_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vụ Điều trị, Vụ Đào tạo rà soát", ["Vụ Điều trị", "Vụ Đào tạo"]),
        ("Vụ Đông Xuân năm nay rà soát", []),
        ("Sở Y tế, Thủ trưởng Y tế các ngành báo cáo", ["Sở Y tế", "Y tế các ngành"]),
        ("Uỷ ban nhân dân các huyện còn có trách nhiệm", ["Uỷ ban nhân dân các huyện"]),
        ("Các Sở Tài chính các tỉnh ven biển rà soát", ["Các Sở Tài chính các tỉnh ven biển"]),
        ("Sở Tài chính các tỉnh An Giang, Kiên Giang rà soát",
         ["Sở Tài chính tỉnh An Giang", "Sở Tài chính tỉnh Kiên Giang"]),
        ("Văn phòng Hội đồng nhân dân và Uỷ ban nhân dân tỉnh theo dõi",
         ["Văn phòng Hội đồng nhân dân và Uỷ ban nhân dân tỉnh"]),
        ("Thường trực Uỷ ban nhân dân tỉnh xem xét", ["Thường trực Uỷ ban nhân dân tỉnh"]),
        ("Các doanh nghiệp sản xuất, kinh doanh trên địa bàn xây dựng phương án",
         ["Các doanh nghiệp sản xuất, kinh doanh trên địa bàn"]),
        ("Sở Giao thông - Công chính bố trí mặt bằng", ["Sở Giao thông - Công chính"]),
    ],
)  # fmt: skip
def test_bodies(text: str, expected: list[str]) -> None:
    assert [one.name for one in read_bodies(text, 0, len(text))] == expected


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("Về phân cấp: chủ trì cùng Sở Nội vụ, Sở Tư pháp rà soát quy định.", ()),
        ("Về phân cấp: theo đề nghị của tỉnh, Sở Tư pháp rà soát quy định.", ("Sở Tư pháp",)),
        ("Kể từ ngày ký Công văn này, các huyện chỉ được trình dự án mới.", ("các huyện",)),
        ("Sở Xây dựng theo chuyên ngành tăng cường kiểm tra công trình.", ("Sở Xây dựng",)),
    ],
)
def test_who_is_to_do_it(text: str, leads: tuple[str, ...]) -> None:
    assert lead(text, 0, len(text)).names == leads


def test_who_takes_part() -> None:
    assert coordinating("phối hợp với Điện lực sở tại kiểm tra", 0, 37).names == (
        "Điện lực sở tại",
    )


@pytest.mark.parametrize(
    ("lead_in", "leads"),
    [
        ("Sở đề nghị UBND các xã, yêu cầu Giám đốc các trung tâm thực hiện:",
         ["UBND các xã", "các trung tâm"]),
        ("Sở đề nghị UBND các xã rà soát và yêu cầu các trung tâm thực hiện:", ["UBND các xã"]),
    ],
)  # fmt: skip
def test_a_lead_in_may_ask_some_and_order_others(lead_in: str, leads: list[str]) -> None:
    letter = read_letter(f"{lead_in}\n\n1. Kiện toàn tổ tư vấn.\n\n2. Lập đội.", name="letter")

    assert [one.lead for one in letter.tasks] == [leads, leads]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Đơn vị nào báo cáo chậm sẽ bị xem xét trách nhiệm.", True),
        ("Xã nào thiếu nước thì UBND huyện phải bố trí xe bồn.", False),
        ("Kết quả rà soát gửi về Sở Y tế trước ngày 15/11/2012.", False),
        ("Kết quả rà soát cho thấy nhiều thiếu sót.", True),
        ("Chủ tịch UBND các xã chịu trách nhiệm trước UBND huyện nếu để cháy rừng.", False),
    ],
)
def test_statements(text: str, stated: bool) -> None:
    assert is_statement(text, 0, len(text)) is stated


def test_those_things_that_must_be_done() -> None:
    assert demands("Những vụ việc phức tạp phải có báo cáo riêng.", 0, 45)
    assert not demands("Những vụ việc phức tạp đã có báo cáo riêng.", 0, 43)


@pytest.mark.parametrize(
    ("text", "rhythm"),
    [
        ("Mỗi tuần tổ chức bình bệnh án tại khoa.", "weekly"),
        ("Sinh hoạt dưới cờ mỗi tháng ít nhất 01 lần.", "monthly"),
        ("Sản lượng mỗi tháng đạt tối thiểu 20%.", None),
    ],
)
def test_rhythms(text: str, rhythm: str | None) -> None:
    assert read_time(text, 0, len(text), None).recurrence == rhythm


def test_a_report_on_a_plan_is_no_end_of_the_orders_before_it() -> None:
    text = (
        "Ủy ban nhân dân tỉnh yêu cầu:\n\n1. Sở Công Thương:\n\na) Theo dõi giá cả; dự trữ gạo. "
        "Báo cáo kế hoạch dự trữ cho UBND tỉnh trước ngày 20/12/2007.\n\nb) Kiểm tra chợ."
    )

    found = [one.deadline is not None for one in read_letter(text, name="letter").tasks]

    assert found == [False, True, False]
    assert receivers("Báo cáo kế hoạch cho UBND tỉnh", 0, 30).names == ("UBND tỉnh",)


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("Thu hồi dứt điểm số dư tạm ứng quá hạn của các hợp đồng.", True),
        ("Có phương án thu hồi vốn ứng trước kế hoạch các năm sau.", True),
        ("Xây dựng lộ trình xử lý nợ đọng của đơn vị.", True),
        ("Ưu tiên kinh phí khuyến nông cho các mô hình.", True),
        ("Quyết định mức chi quà Tết cho từng đối tượng.", True),
        ("Chỉ chọn nhà thầu khi dự án đã được bố trí vốn.", False),
        ("Tăng cường giám sát việc bố trí vốn.", False),
        ("Phân cấp cho xã các việc mà ngân sách xã tự lo.", False),
        ("Bố trí vốn cho các dự án chuyển tiếp.", True),
    ],
)
def test_what_is_about_public_money(text: str, money: bool) -> None:
    assert (about_money(text, 0, len(text)) is not None) is money


@pytest.mark.parametrize(
    ("text", "ordered"),
    [
        ("thứ năm hàng tuần tổng hợp tình hình dịch hại", True),
        ("thứ năm hàng tuần có nhiều vụ cháy", False),
        ("Nơi nào thiếu nước thì lập hồ sơ gửi Bộ", True),
        ("Nơi nào thiếu nước thì dân khổ", False),
    ],
)
def test_what_begins_an_order(text: str, ordered: bool) -> None:
    assert begins_with_verb(text, 0, len(text)) is ordered


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Kế hoạch toàn vùng là 1,6 triệu ha, sản lượng 7,7 triệu tấn.", True),
        ("Bộ sẽ tổ chức hội nghị tại Đồng Tháp.", True),
        ("Bộ Y tế tổ chức hội nghị tại Đồng Tháp.", False),
    ],
)
def test_figures_and_what_the_issuer_will_do_order_nothing(text: str, stated: bool) -> None:
    assert is_statement(text, 0, len(text)) is stated


def test_the_owner_of_a_case_acts_behind_then() -> None:
    text = "Dự án nào chưa có mặt bằng thì chủ đầu tư báo cáo Sở Tài chính."

    assert lead(text, 0, len(text)).names == ("chủ đầu tư",)


def test_an_occasion_before_the_body_is_no_order_of_its_own() -> None:
    text = (
        "Ngay sau khi nhận được Chỉ thị, các đơn vị phải lập kế hoạch và gửi về Bộ Y tế trước "
        "ngày 31 tháng 12 năm 2007."
    )

    found = clauses(text, 0, len(text), Above(), None)

    assert [one.deadline.date for one in found if one.deadline] == ["2007-12-31"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [("38/CĐ-TTg và các văn bản", "text"), ("3/ Rà soát hồ đập", "number"), ("3. Rà", "number")],
)
def test_the_number_of_a_document_is_no_label(line: str, kind: str) -> None:
    assert label_at(line, 0, len(line))[0] == kind


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sở báo cáo danh sách cơ sở nấu ăn cho các trường về Sở Y tế.", ("Sở Y tế",)),
        ("Sở gửi danh sách cơ sở nấu ăn cho các trường.", ("các trường",)),
        ("Gửi lấy ý kiến các địa phương.", ("các địa phương",)),
        ("Báo cáo UBND tỉnh để trình kỳ họp HĐND tỉnh.", ("UBND tỉnh", "HĐND tỉnh")),
    ],
)
def test_who_receives(text: str, names: tuple[str, ...]) -> None:
    assert receivers(text, 0, len(text)).names == names
