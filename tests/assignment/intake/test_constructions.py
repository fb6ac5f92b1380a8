"""Constructions of directives: each with a sentence it was made for and one it leaves alone."""

from datetime import date

import pytest

from services.assignment.intake.bodies import read_bodies
from services.assignment.intake.clause import Above, Clause
from services.assignment.intake.clauses import clauses
from services.assignment.intake.letter import FoundTask
from services.assignment.intake.read import read_letter
from services.assignment.intake.roles import lead
from services.assignment.intake.sentences import (
    begins_order,
    demands,
    goes_over_to_order,
    is_statement,
    is_thing,
)

WRITTEN = date(2010, 3, 1)


def named(text: str) -> tuple[str, ...]:
    return lead(text, 0, len(text)).names


def read(text: str) -> list[Clause]:
    return clauses(text, 0, len(text), Above(), WRITTEN)


def orders(text: str) -> list[FoundTask]:
    return read_letter(text, name="letter").tasks


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("Do mưa lũ ở mỗi nơi khác nhau, vì vậy các xã cần lập lịch riêng.", ("các xã",)),
        ("Nguồn nước đã cạn, do đó UBND các huyện phải điều tiết.", ("UBND các huyện",)),
        ("Trường hợp hồ bị vỡ thì Sở Y tế phải cử đội cấp cứu.", ("Sở Y tế",)),
        ("Sở Y tế lập đội cấp cứu, vì vậy được khen.", ("Sở Y tế",)),
        ("Hồ đã cạn nên dân thiếu nước.", ()),
        ("Tiếp thu ý kiến các sở, Sở Xây dựng sớm hoàn chỉnh đề án.", ("Sở Xây dựng",)),
        ("Tiếp thu ý kiến của Sở Xây dựng và Sở Y tế để hoàn chỉnh đề án.", ()),
        ("Các hộ nuôi cá cần được lập thành tổ.", ()),
        ("Sở Y tế phải được sự đồng ý của UBND tỉnh trước khi ký.", ("Sở Y tế",)),
        ("Chủ tàu, thuyền trưởng và thuyền viên có trách nhiệm mang đủ giấy tờ.",
         ("Chủ tàu", "thuyền trưởng", "thuyền viên")),
        ("Chủ các cơ sở giết mổ căn cứ quy hoạch để di dời.", ("Chủ các cơ sở giết mổ",)),
        ("Bến phà phải có bảng giá.", ("Bến phà",)),
        ("Những nơi có nguy cơ sạt lở phải di dời dân.", ("Những nơi có nguy cơ sạt lở",)),
        ("Những nơi có nguy cơ sạt lở đã được cắm biển.", ()),
        ("Chủ trương xây bến phải được giữ.", ()),
        ("Trường hợp UBND xã giao cho tổ chức hoặc cá nhân mở bến thì tổ chức hoặc cá nhân đó phải "
         "đủ điều kiện.", ("tổ chức hoặc cá nhân đó",)),
        ("Khi các sở mua xe yêu cầu bắt buộc phải báo cáo.", ("các sở",)),
        ("Khi các sở mua xe, giá xe tăng.", ()),
        ("Chủ tịch Hội đồng quản trị Công ty Cấp nước rà soát giếng.", ("Công ty Cấp nước",)),
        ("Hội đồng quản trị Công ty Cấp nước rà soát giếng.",
         ("Hội đồng quản trị Công ty Cấp nước",)),
    ],
)  # fmt: skip
def test_who_is_named_behind_a_reason_or_as_an_owner(text: str, leads: tuple[str, ...]) -> None:
    assert named(text) == leads


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ban Chỉ đạo công tác trẻ em tỉnh họp", "Ban Chỉ đạo công tác trẻ em tỉnh"),
        ("Ban Chỉ đạo về công tác này", "Ban Chỉ đạo"),
        ("Hội đồng giáo dục quốc phòng, an ninh tỉnh họp",
         "Hội đồng giáo dục quốc phòng, an ninh tỉnh"),
        ("Hội đồng giáo dục học sinh", "Hội đồng"),
        ("Thanh tra Giao thông tỉnh xử phạt", "Thanh tra Giao thông tỉnh"),
        ("Tổng công ty xây dựng cầu đường rà soát", "Tổng công ty xây dựng cầu đường"),
        ("Tổng công ty xây dựng phương án", "Tổng công ty"),
    ],
)  # fmt: skip
def test_names_that_hold_a_work(text: str, name: str) -> None:
    assert [one.name for one in read_bodies(text, 0, len(text))] == [name]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Sở Y tế đã đạt được nhiều kết quả trong phòng dịch.", True),
        ("Sở Y tế đã lập đề án, phải trình UBND tỉnh.", False),
        ("Sở Y tế đã được giao lập đề án.", False),
        ("Đề án nước sạch, với vốn lớn, là đề án quan trọng của tỉnh.", True),
        ("Số lượng phao theo quy định tại Điều 5 của Quy chuẩn.", True),
        ("Trang bị phao theo quy định tại Điều 5 của Quy chuẩn.", False),
        ("Việc mở lớp mới, yêu cầu Sở Y tế cân nhắc kỹ.", False),
        ("Việc mở lớp mới theo yêu cầu của các xã, Sở Y tế đề nghị từ năm 2009.", True),
        ("Về nhân lực: Việc mở lớp phải được xem xét kỹ.", False),
        ("Về nhân lực: Việc mở lớp gặp nhiều khó khăn.", True),
        ("Hiện nay giếng đã cạn, do đó chỉ dùng nước máy.", False),
        ("Hiện nay giếng đã cạn, do đó dân thiếu nước.", True),
    ],
)  # fmt: skip
def test_what_only_says_how_things_are(text: str, stated: bool) -> None:
    assert is_statement(text, 0, len(text)) is stated


@pytest.mark.parametrize(
    ("text", "orders_something"),
    [
        ("Đặc biệt là phải tuyên truyền đến từng hộ.", True),
        ("Trước hết, tập trung rà soát hồ sơ.", True),
        ("Đặc biệt là các hộ nghèo.", False),
        ("Hiện nay giếng đã cạn, do đó chỉ dùng nước máy.", True),
        ("Hiện nay giếng đã cạn, do đó dân thiếu nước.", False),
    ],
)
def test_what_may_stand_before_the_verb(text: str, orders_something: bool) -> None:
    assert begins_order(text, 0, len(text)) is orders_something


@pytest.mark.parametrize(
    ("text", "thing"),
    [("100% áo phao cho người được chở", True), ("02 phao tròn", True), ("Mua phao", False)],
)
def test_a_quantity_is_a_thing(text: str, thing: bool) -> None:
    assert is_thing(text, 0, len(text)) is thing


@pytest.mark.parametrize(
    ("text", "receivers"),
    [
        ("Sở Y tế báo cáo tình hình dịch của tỉnh, địa phương hàng quý cho UBND tỉnh.",
         ("UBND tỉnh",)),
        ("Sở Y tế báo cáo tình hình dịch, hướng dẫn phòng dịch cho UBND các xã.", ()),
        ("Sở Y tế, Sở Xây dựng khi lập hồ sơ trình UBND tỉnh, phải hỏi ý kiến dân.", ()),
        ("Sở Y tế, Sở Xây dựng lập hồ sơ trình UBND tỉnh.", ("UBND tỉnh",)),
    ],
)  # fmt: skip
def test_to_whom_it_is_reported(text: str, receivers: tuple[str, ...]) -> None:
    assert read(text)[0].report_to.names == receivers


@pytest.mark.parametrize(
    ("text", "limit", "rhythm"),
    [
        ("Lập quỹ khi Luật Giá có hiệu lực thi hành.", "conditional", None),
        ("Lập quỹ theo Luật Giá đang có hiệu lực thi hành.", None, None),
        ("Báo cáo Sở Y tế định kỳ 06 tháng một lần (tháng 01 và tháng 6 hàng năm).",
         "recurring", "half-yearly"),
        ("Báo cáo Sở Y tế trước ngày 15 tháng 6 hàng năm.", "recurring", "yearly"),
        ("Tổ chức lực lượng thường xuyên kiểm tra bến phà.", None, "unspecified"),
        ("Mở trung tâm giáo dục thường xuyên kiểm tra trình độ.", None, None),
        ("Báo cáo thường xuyên, kịp thời với cấp trên.", None, "unspecified"),
        ("Báo cáo thường xuyên và đột xuất với cấp trên.", None, None),
        ("Chỉ đạo thành lập trạm y tế trong năm 2010 ở các xã.", "year", None),
        ("Chỉ đạo phát triển trạm y tế trong năm 2010 ở các xã.", None, None),
    ],
)  # fmt: skip
def test_limits_and_rhythms(text: str, limit: str | None, rhythm: str | None) -> None:
    (one,) = read(text)

    assert (one.deadline.kind if one.deadline else None, one.recurrence) == (limit, rhythm)


@pytest.mark.parametrize(
    ("text", "about_money"),
    [
        ("Sớm bố trí vốn để xây bến phà.", True),
        ("Sớm bố trí chỗ để xây bến phà.", False),
    ],
)
def test_money_that_is_called_vốn(text: str, about_money: bool) -> None:
    assert (read(text)[0].money is not None) is about_money


def test_orders_behind_a_colon_that_says_that_they_follow() -> None:
    begun = "UBND các xã chủ động phòng dịch, trước mắt thực hiện một số công việc sau"
    row = "lập ban chỉ đạo; tập huấn cán bộ trước ngày 01/4/2010; tuyên truyền đến hộ."

    assert len(read(f"{begun}: {row}")) == 3
    assert len(read(f"UBND các xã chủ động phòng dịch, gồm: {row}")) == 1


def test_a_unit_that_is_a_sentence_of_its_own_heads_with_its_lead_only() -> None:
    found = orders(
        "UBND tỉnh yêu cầu:\n1. Các sở:\na) Sở Y tế quản lý chặt chẽ việc cấp phép trên địa bàn.\n"
        "Tăng cường kiểm tra các cơ sở.\nb) Sở Nội vụ rà soát biên chế."
    )

    assert [one.lead for one in found] == [["Sở Y tế"], ["Sở Y tế"], ["Sở Nội vụ"]]


@pytest.mark.parametrize(
    ("text", "demanded"),
    [
        ("Cầu cảng phải bảo đảm chắc chắn, thuận tiện.", True),
        ("Quy mô lớp học phải phù hợp với số phòng.", True),
        ("Cầu cảng đã xây nhưng chưa phải bảo đảm gì.", False),
        ("Nhiều nơi mà cầu phải bảo đảm an toàn thì hư hỏng.", False),
        ("Cầu cảng phải đóng từ năm 2009.", False),
    ],
)
def test_what_a_thing_must_be(text: str, demanded: bool) -> None:
    assert demands(text, 0, len(text)) is demanded


@pytest.mark.parametrize(
    ("text", "goes_over"),
    [
        ("Nghị quyết số 5/NQ-HĐND, Quyết định số 7/QĐ-UBND; chú trọng đổi mới nội dung.", True),
        ("Nghị quyết số 5/NQ-HĐND; Quyết định số 7/QĐ-UBND.", False),
        ("Thời tiết năm nay xấu; chú trọng đổi mới nội dung.", False),
    ],
)
def test_a_broken_sentence_that_goes_on_with_an_order(text: str, goes_over: bool) -> None:
    assert goes_over_to_order(text, 0, len(text)) is goes_over


def test_the_rest_of_a_broken_sentence_is_an_order_of_its_own() -> None:
    begun = (
        "UBND tỉnh yêu cầu các sở thực hiện như sau:\n1. Tiếp tục thực hiện Chỉ thị số 3/CT-TTg.\n"
    )

    assert len(orders(f"{begun}Nghị quyết số 5/NQ-HĐND; chú trọng đổi mới nội dung.")) == 2
    assert len(orders(f"{begun}Nghị quyết số 5/NQ-HĐND; nội dung chưa đổi mới.")) == 1


@pytest.mark.parametrize(
    ("text", "kind", "issuer"),
    [
        ("Điện: UBND tỉnh Cà Mau\nThủ tướng Chính phủ yêu cầu:\n1. Sở Y tế lập đội cấp cứu.",
         "công điện", "Thủ tướng Chính phủ"),
        ("Điện tử: Thủ tướng Chính phủ yêu cầu:\n1. Sở Y tế lập đội cấp cứu.",
         "công văn", "Thủ tướng Chính phủ"),
        ("Thông báo kết luận của thứ trưởng tại hội nghị\n1. Các địa phương rà soát giống cây.\n"
         "Văn phòng Bộ Nông nghiệp xin thông báo để các đơn vị biết.", "thông báo",
         "Bộ Nông nghiệp"),
        ("Thông báo kết luận của thứ trưởng tại hội nghị\n1. Các địa phương rà soát giống cây.\n"
         "Văn phòng Bộ Nông nghiệp đã gửi tài liệu.", "thông báo", None),
    ],
)  # fmt: skip
def test_heads_that_a_copy_lost(text: str, kind: str, issuer: str | None) -> None:
    header = read_letter(text, name="letter").header

    assert (header.kind, header.issuer) == (kind, issuer)


def test_what_a_section_rests_on_orders_nothing() -> None:
    ground = "Thực hiện Chỉ thị số 31/CT-TTg của Thủ tướng Chính phủ về an toàn bến phà.\n"
    asked = "Để giữ an toàn, UBND tỉnh yêu cầu các sở, UBND các huyện thực hiện như sau:\n"
    rest = "1. Kiểm tra bến phà.\n2. Xử phạt vi phạm."

    def texts(section: str) -> list[str]:
        return [
            one.text for one in orders(f"UBND tỉnh chỉ thị:\nI. Đường bộ\n1. Sửa đường.\n{section}")
        ]

    assert texts(f"II. Bến phà\n{ground}{asked}{rest}") == [
        "Sửa đường.",
        "Kiểm tra bến phà.",
        "Xử phạt vi phạm.",
    ]  # fmt: skip
    assert len(texts(f"II. Bến phà\n{ground}{rest}")) == 4


@pytest.mark.parametrize(
    ("first", "second"),
    [("UBND các cấp, các ngành", ["các sở", "UBND các huyện"]), ("Sở Y tế", ["Sở Y tế"])],
)
def test_paragraphs_behind_one_that_names_everybody_again(first: str, second: list[str]) -> None:
    found = orders(
        "UBND tỉnh yêu cầu các sở, UBND các huyện thực hiện các nội dung sau:\n"
        f"1. Công tác phòng dịch\n{first} tiếp tục tuyên truyền trong nhân dân.\n"
        "Rà soát, bổ sung thuốc men.\n2. Kiểm tra nguồn nước."
    )

    assert found[1].lead == second
    assert found[2].lead == ["các sở", "UBND các huyện"]
