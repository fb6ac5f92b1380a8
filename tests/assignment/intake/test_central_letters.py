"""Constructions of letters of the Government and its office: one made for, one left alone."""

from datetime import date

import pytest

from services.assignment.intake.bodies import read_bodies
from services.assignment.intake.clause import Above, Clause
from services.assignment.intake.clauses import clauses
from services.assignment.intake.money import about_money
from services.assignment.intake.partners import coordinating, receivers
from services.assignment.intake.read import read_letter
from services.assignment.intake.roles import heading_lead, lead
from services.assignment.intake.sentences import is_statement

WRITTEN = date(2025, 8, 22)


def read(text: str) -> list[Clause]:
    return clauses(text, 0, len(text), Above(), WRITTEN)


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("Tỉnh rà soát, phân loại từng dự án.", ("Tỉnh",)),
        ("Thủ tướng yêu cầu Thành phố tập trung các việc sau.", ("Thành phố",)),
        ("Về khai thác cát: Tỉnh chịu trách nhiệm đánh giá tác động.", ("Tỉnh",)),
        ("Tỉnh lộ 5 tiếp tục xuống cấp.", ()),
        ("Tỉnh ủy Lào Cai chỉ đạo rà soát.", ("Tỉnh ủy Lào Cai",)),
        ("Thành phố Huế rà soát dự án.", ("Thành phố Huế",)),
        ("Các Tổ công tác thành lập theo Quyết định số 1508/QĐ-TTg và các Đoàn công tác theo Quyết "
         "định số 523/QĐ-TTg kiểm tra các dự án.",
         ("Các Tổ công tác thành lập theo Quyết định số 1508/QĐ-TTg",
          "các Đoàn công tác theo Quyết định số 523/QĐ-TTg")),
        ("Sở Y tế theo Quyết định số 12/QĐ-UBND kiểm tra các chợ.", ()),
        ("Riêng các tỉnh Cà Mau, Đắk Lắk và Thành phố Hồ Chí Minh kiểm điểm trách nhiệm.",
         ("tỉnh Cà Mau", "tỉnh Đắk Lắk", "thành phố Hồ Chí Minh")),
        ("Bộ Xây dựng, với vai trò là cơ quan thường trực Ban Chỉ đạo: chỉ đạo các nhà thầu.",
         ("Bộ Xây dựng",)),
        ("UBND thành phố Huế và các đô thị trực thuộc trung ương khác tham khảo cách làm này.",
         ("UBND thành phố Huế", "các đô thị trực thuộc trung ương khác")),
    ],
)  # fmt: skip
def test_whom_it_names(text: str, leads: tuple[str, ...]) -> None:
    assert lead(text, 0, len(text)).names == leads


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("các Bộ trưởng, Thủ trưởng cơ quan ngang bộ, cơ quan thuộc Chính phủ, cơ quan khác ở "
         "trung ương, Chủ tịch UBND các tỉnh",
         ["các Bộ, cơ quan ngang Bộ, cơ quan thuộc Chính phủ, cơ quan khác ở trung ương",
          "UBND các tỉnh"]),
        ("Các đồng chí Bộ trưởng, Thủ trưởng cơ quan ngang Bộ, Thủ trưởng cơ quan thuộc Chính phủ",
         ["các Bộ, cơ quan ngang Bộ, cơ quan thuộc Chính phủ"]),
        ("Bộ trưởng Bộ Y tế, Thủ trưởng các đơn vị", ["Bộ Y tế", "các đơn vị"]),
        ("Báo và Đài Phát thanh - Truyền hình Lạng Sơn", 
         ["Báo và Đài Phát thanh - Truyền hình Lạng Sơn"]),
        ("Báo Lạng Sơn và Đài Phát thanh - Truyền hình tỉnh",
         ["Báo Lạng Sơn", "Đài Phát thanh - Truyền hình tỉnh"]),
    ],
)  # fmt: skip
def test_names_in_a_row(text: str, names: list[str]) -> None:
    assert [one.name for one in read_bodies(text, 0, len(text))] == names


def test_a_heading_that_makes_somebody_answer_names_him_alone() -> None:
    for heading in ("UBND các tỉnh chịu trách nhiệm:", "UBND các tỉnh có nhiệm vụ:"):
        assert heading_lead(heading, 0, len(heading)).names == ("UBND các tỉnh",)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("cùng Bộ Xây dựng và Bộ Công an nghiên cứu lộ trình", ("Bộ Xây dựng", "Bộ Công an")),
        ("Bộ Y tế sớm trả lời, cùng UBND tỉnh hoàn tất hồ sơ.", ("UBND tỉnh",)),
        ("Bộ Y tế, cùng UBND tỉnh hoàn tất hồ sơ.", ()),
        ("Bộ Y tế xem xét, có sự phối hợp của Tỉnh và EVN.", ("Tỉnh", "EVN")),
        ("Các bộ phối hợp chặt chẽ, hỗ trợ Tỉnh triển khai.", ("Tỉnh",)),
        ("Các bộ phối hợp chặt chẽ, hỗ trợ kinh phí đào tạo.", ()),
    ],
)
def test_who_takes_part(text: str, names: tuple[str, ...]) -> None:
    assert coordinating(text, 0, len(text)).names == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("gửi Bộ Tài chính (cơ quan thường trực của Ban Chỉ đạo 751).", ("Bộ Tài chính",)),
        ("gửi Tổng cục Thuế (Vụ Kê khai).", ("Tổng cục Thuế", "Vụ Kê khai")),
        ("gửi Bộ Nội vụ và các bộ quản lý chuyên ngành để được hướng dẫn.",
         ("Bộ Nội vụ", "các bộ quản lý chuyên ngành")),
    ],
)  # fmt: skip
def test_who_receives(text: str, names: tuple[str, ...]) -> None:
    assert receivers(text, 0, len(text)).names == names


def test_what_goes_beyond_ones_powers_is_an_order_of_its_own() -> None:
    found = read("Bộ Y tế xử lý theo thẩm quyền; vượt thẩm quyền thì báo cáo Chính phủ.")

    assert [one.report_to.names for one in found] == [(), ("Chính phủ",)]


def test_a_role_before_a_colon_opens_no_list_of_topics() -> None:
    found = read(
        "Bộ Y tế, với vai trò là cơ quan thường trực: chỉ đạo các viện; "
        "hàng tuần báo cáo Chính phủ."
    )

    assert [one.recurrence for one in found] == [None, "weekly"]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Chủ tịch UBND các tỉnh chịu trách nhiệm tổ chức thực hiện nghiêm túc Chỉ thị này.",
         True),
        ("UBND các tỉnh chịu trách nhiệm kiểm tra việc thực hiện nghiêm túc Chỉ thị này.", False),
    ],
)  # fmt: skip
def test_who_answers_for_the_letter_is_told_nothing_more(text: str, stated: bool) -> None:
    assert is_statement(text, 0, len(text)) is stated


@pytest.mark.parametrize(
    ("closing", "ordered"),
    [
        ("Văn phòng Chính phủ theo dõi, đôn đốc việc thực hiện Công điện này.", True),
        ("Văn phòng Chính phủ tổ chức thực hiện Công điện này.", False),
    ],
)
def test_an_office_may_watch_over_the_letter(closing: str, ordered: bool) -> None:
    listed = "1. Bộ Y tế rà soát hồ sơ.\n2. Bộ Nội vụ lập đề án."
    text = f"Thủ tướng Chính phủ yêu cầu:\n{listed}\n\n{closing}"

    found = [one.lead for one in read_letter(text, name="letter").tasks]

    assert (["Văn phòng Chính phủ"] in found) is ordered


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("Bộ Y tế lập đoàn, báo cáo Thủ tướng. Bộ chủ động trình Chính phủ trong tháng 9 năm 2025.",
         [("Bộ Y tế",), ("Bộ Y tế",)]),
        ("Sở Y tế lập đoàn, báo cáo UBND tỉnh. Bộ chủ động trình Chính phủ.",
         [("Sở Y tế",), ("Bộ",)]),
        ("UBND tỉnh gửi Bộ Y tế, Bộ Nội vụ hồ sơ. Hai Bộ thẩm định, báo cáo Thủ tướng.",
         [("UBND tỉnh",), ("Bộ Y tế", "Bộ Nội vụ")]),
        ("UBND tỉnh gửi Bộ Y tế hồ sơ. Hai Bộ thẩm định, báo cáo Thủ tướng.",
         [("UBND tỉnh",), ("Hai Bộ",)]),
    ],
)  # fmt: skip
def test_a_short_name_is_of_those_named_before(text: str, leads: list[tuple[str, ...]]) -> None:
    assert [one.lead.names for one in read(text)] == leads


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Sở Y tế tổ chức kiểm tra toàn bộ các chợ của các xã; lập danh sách cơ sở vi phạm, "
         "hoàn thành trước ngày 20/12/2025.", [None, "date"]),
        ("Sở Y tế rà soát cơ sở; lập danh sách vi phạm, hoàn thành trước ngày 20/12/2025.",
         ["date"]),
        ("Sở Y tế điều tra, xử lý dứt điểm các vụ môi giới đưa người đi; sớm xét xử để răn "
         "đe, có kết quả trước ngày 15/11/2025.", ["date"]),
        ("Sở Y tế kiểm tra hồ sơ; hoàn thành trong tháng 11 năm 2025, chuyển công an xử lý.",
         ["month"]),
    ],
)  # fmt: skip
def test_how_far_back_a_limit_holds(text: str, kinds: list[str | None]) -> None:
    assert [one.deadline and one.deadline.kind for one in read(text)] == kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Bảo đảm đến ngày 15/10/2025 cung ứng đủ cát.", "date"),
        ("Thi công từ trước, đến ngày 15/10/2025 còn chậm.", None),
        ("Trình HĐND cùng cấp tại kỳ họp cuối năm 2025.", "relative"),
        ("Báo cáo tại kỳ họp Quốc hội.", None),
        ("Tiêu hủy lợn bệnh, không để quá 24 giờ kể từ khi có kết quả.", "relative"),
        ("Ban hành quy chuẩn về trạm sạc trong năm 2025.", "year"),
        ("Phổ biến các luật mới ban hành trong năm 2025.", None),
    ],
)
def test_limits_of_central_letters(text: str, kind: str | None) -> None:
    found = [one.deadline.kind for one in read(text) if one.deadline]

    assert found == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("Hoàn thiện hồ sơ thanh toán, không để dồn vào cuối năm.", True),
        ("Thu hồi dứt điểm số dư tạm ứng quá hạn.", True),
        ("Tham mưu phương án điều chỉnh kế hoạch vốn giữa các dự án.", True),
        ("Trường hợp vượt khả năng ngân sách, báo cáo Sở Tài chính.", True),
        ("Xây dựng chính sách hỗ trợ người dân chuyển sang xe điện.", True),
        ("Đẩy nhanh tiến độ giải ngân các dự án.", True),
        ("Đăng ký vốn trái phiếu Chính phủ năm 2011 cho dự án.", True),
        ("Mua trái phiếu Chính phủ năm 2011.", False),
        ("Công khai tiến độ giải ngân của từng chủ đầu tư.", False),
        ("Gửi số liệu giải ngân trước thứ Năm hằng tuần.", False),
        ("Kiểm tra các đơn vị có tỷ lệ giải ngân thấp.", False),
        ("Chỉ chọn nhà thầu khi dự án đã được bố trí vốn.", False),
        ("Tăng cường giám sát việc bố trí vốn ở các xã.", False),
        ("Quy định phân cấp đối với các dự án mà ngân sách xã tự lo.", False),
        ("Doanh nghiệp viễn thông bảo đảm kinh phí thực hiện kế hoạch.", False),
        ("Đôn đốc việc chi trả lương cho công nhân.", False),
        ("Hoàn thiện hồ sơ thiết kế.", False),
    ],
)
def test_what_is_about_the_states_spending(text: str, money: bool) -> None:
    assert (about_money(text, 0, len(text)) is not None) is money


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("Việc tăng vốn theo quy định của luật, Bộ Tài chính hướng dẫn.", ("Bộ Tài chính",)),
        ("Việc tăng vốn theo đề nghị của Bộ Xây dựng, Bộ Tài chính phải đúng luật.", ()),
        ("Trường hợp vượt khả năng, báo cáo bằng văn bản gửi Sở Y tế, Sở Tài chính xem xét.", ()),
        ("Sau khi có hồ sơ gửi Sở Y tế, Sở Tài chính thẩm định.", ("Sở Tài chính",)),
    ],
)  # fmt: skip
def test_who_is_named_behind_what_it_is_about(text: str, leads: tuple[str, ...]) -> None:
    assert lead(text, 0, len(text)).names == leads


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Sau thời hạn này, các bộ chịu trách nhiệm trước Chính phủ.", True),
        ("Sau thời hạn này, các bộ báo cáo Chính phủ.", False),
        ("Về nguyên tắc, không hợp thức hóa cái sai.", True),
        ("Về nguyên tắc, Bộ Y tế phải xử lý.", False),
    ],
)
def test_what_follows_from_a_limit_or_a_principle(text: str, stated: bool) -> None:
    assert is_statement(text, 0, len(text)) is stated


def test_for_whom_money_is_moved_receives_no_report() -> None:
    for text, names in (
        ("báo cáo Thủ tướng điều chuyển cho các địa phương khác.", ("Thủ tướng",)),
        ("báo cáo kết quả cho các địa phương khác.", ("các địa phương khác",)),
    ):
        assert receivers(text, 0, len(text)).names == names


def test_a_subject_in_capitals_loses_its_about() -> None:
    text = "THỦ TƯỚNG CHÍNH PHỦ\n\nCHỈ THỊ\n\nVỀ MỘT SỐ NHIỆM VỤ\n\n1. Bộ Y tế rà soát.\n"

    assert read_letter(text, name="letter").header.subject == "MỘT SỐ NHIỆM VỤ"
