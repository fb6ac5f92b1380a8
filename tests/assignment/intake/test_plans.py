"""Plans: who leads, who takes part and when, where it stands once for a group of orders."""

import pytest

from services.assignment.intake.letter import FoundTask, Letter
from services.assignment.intake.read import read_letter

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
HEAD = f"UBND TỈNH CÀ MAU\n{NATION}Số: 7/KH-UBND\n\nKẾ HOẠCH\nChống hạn\n\nUBND tỉnh ban hành:\n"
DECISION = f"UBND TỈNH CÀ MAU\n{NATION}Số: 9/QĐ-UBND\n\nQUYẾT ĐỊNH\nVề chống hạn\n\nQUYẾT ĐỊNH:\n"


def read(text: str) -> Letter:
    return read_letter(text, name="one")


def plan(text: str) -> list[FoundTask]:
    return read(HEAD + text).tasks


def who(one: FoundTask) -> tuple[str, list[str], list[str]]:
    return " ".join(one.text.split()[:2]), one.lead, one.coordinate


def test_a_heading_without_a_colon_tells_of_the_names_below_it() -> None:
    tasks = plan(
        "I. NƯỚC SẠCH\n1. Nội dung\na) Rà soát giếng khoan;\nb) Lập bản đồ nguồn nước.\n"
        "2. Cơ quan chủ trì, phối hợp\na) Cơ quan chủ trì\n- Sở Y tế.\n- Các sở, ngành liên quan.\n"
        "(Văn phòng Sở Y tế là đầu mối)\nb) Cơ quan phối hợp\nHội Nông dân tỉnh.\n"
        "3. Thời gian thực hiện: Tháng 6/2026.\n"
    )

    leads, parts = ["Sở Y tế", "Các sở, ngành liên quan"], ["Hội Nông dân tỉnh"]
    assert [who(one) for one in tasks] == [
        ("Rà soát", leads, parts),
        ("Lập bản", leads, parts),
    ]
    assert {one.deadline.date for one in tasks if one.deadline} == {"2026-06-30"}


def test_a_heading_with_orders_below_it_is_no_field() -> None:
    (one,) = plan("1. Cơ quan chủ trì\n- Sở Y tế tổ chức tập huấn cho cán bộ.\n")

    assert who(one) == ("Sở Y", ["Sở Y tế"], [])


@pytest.mark.parametrize(
    ("told", "leads", "parts"),
    [
        ("- Cơ quan thực hiện: Sở Y tế chủ trì, phối hợp với Sở Nội vụ; UBND các xã.",
         ["Sở Y tế"], ["Sở Nội vụ", "UBND các xã"]),
        ("- Cơ quan thực hiện: Sở Y tế đôn đốc, hướng dẫn các xã triển khai.", ["Sở Y tế"], []),
        ("- Cơ quan chủ trì: Sở Y tế. - Đơn vị thực hiện: Trung tâm y tế các huyện.",
         ["Sở Y tế", "Trung tâm y tế các huyện"], []),
        ("- Cơ quan chủ trì, phối hợp: Sở Y tế, Sở Nội vụ.", ["Sở Y tế"], ["Sở Nội vụ"]),
        ("- Cơ quan ch ủ tr ì: Ban Công tác đặc biệt, Sở Y tế.",
         ["Ban Công tác đặc biệt", "Sở Y tế"], []),
    ],
)  # fmt: skip
def test_what_a_field_tells(told: str, leads: list[str], parts: list[str]) -> None:
    (one,) = plan(f"1. Rà soát giếng khoan trên địa bàn.\n{told}\n")

    assert who(one) == ("Rà soát", leads, parts)


def test_fields_below_the_last_of_several_orders_hold_for_those_before() -> None:
    fields = "- Cơ quan thực hiện: {}.\n- Thời gian thực hiện: Quý II/2026.\n"
    tasks = plan(
        "1.1. Rà soát giếng khoan.\n1.2. Lập bản đồ nguồn nước.\n" + fields.format("Sở Y tế")
        + "1.3. Sở Công Thương kiểm tra giá nước.\n"
        "1.4. Khơi thông kênh mương.\n" + fields.format("Sở Xây dựng")
    )  # fmt: skip

    assert [one.lead for one in tasks] == [
        ["Sở Y tế"],
        ["Sở Y tế"],
        ["Sở Công Thương"],
        ["Sở Xây dựng"],
    ]
    assert [bool(one.deadline) for one in tasks] == [True, True, False, True]


def test_a_limit_below_the_last_order_is_its_own() -> None:
    tasks = plan("1. Sở Y tế\na) Rà soát giếng.\nb) Lập bản đồ.\n- Thời gian: Quý II/2026.\n")

    assert [bool(one.deadline) for one in tasks] == [False, True]


def test_where_the_time_is_stated_a_rhythm_inside_the_order_is_of_its_matter() -> None:
    text = "1. Lập kế hoạch hằng năm về chống hạn.\n- Cơ quan chủ trì: Sở Y tế.\n"
    (alone,), (stated,) = plan(text), plan(f"{text}- Thời gian: Tháng 6/2026.\n")

    assert alone.recurrence == "yearly"
    assert (stated.deadline and stated.deadline.date, stated.recurrence) == ("2026-06-30", None)


def test_a_role_before_a_name_in_a_heading_is_no_name() -> None:
    (one,) = plan("1. Cơ quan quản lý: Sở Xây dựng:\n- Nạo vét kênh mương.\n")

    assert one.lead == ["Sở Xây dựng"]


def test_a_common_noun_alone_may_head_orders() -> None:
    tasks = plan("1. Chủ rừng:\n- Tuần tra rừng.\n2. Rừng phòng hộ:\n- Sở Y tế rà soát.\n")

    assert [one.lead for one in tasks] == [["Chủ rừng"], ["Sở Y tế"]]


@pytest.mark.parametrize(
    ("closing", "leads"),
    [
        ("Hạn hán rất gay gắt. Đề nghị các sở, ngành khẩn trương thực hiện Kế hoạch này./.",
         [["các sở, ngành"]]),
        ("Hạn hán rất gay gắt. Người dân mong sớm có nước sạch để dùng./.", []),
    ],
)  # fmt: skip
def test_whom_the_closing_asks_is_meant_where_nobody_is_named(
    closing: str, leads: list[list[str]]
) -> None:
    assert [one.lead for one in plan(f"1. Rà soát giếng khoan.\n{closing}\n")] == leads


def test_a_closing_below_the_money_may_still_ask_for_reports() -> None:
    tasks = plan(
        "1. Sở Y tế rà soát giếng.\n2. Kinh phí thực hiện\n- Từ ngân sách tỉnh.\n"
        "Đề nghị các sở, ngành thực hiện Kế hoạch này; "
        "kịp thời báo cáo UBND tỉnh các vấn đề vướng mắc./.\n"
    )

    assert [(one.lead, one.report_to) for one in tasks[1:]] == [(["các sở, ngành"], ["UBND tỉnh"])]


def test_a_sum_of_money_orders_nothing() -> None:
    tasks = plan("1. Sở Y tế:\n- Rà soát giếng khoan.\n- 2.500.000.000đ\n")

    assert [one.text for one in tasks] == ["Rà soát giếng khoan."]


@pytest.mark.parametrize(
    ("text", "ordered"),
    [
        ("Năm 2026: Rà soát giếng khoan", True),
        ("Biểu dương, nhân rộng gương điển hình tiết kiệm nước", True),
        ("Biểu dương các xã đã tiết kiệm nước", False),
        ("Đến năm 2028, phấn đấu đạt 95% hộ dân có nước sạch", False),
        ("Đến năm 2028, trên 95% hộ dân dùng nước sạch", False),
        ("Đến năm 2028, hoàn thành nạo vét kênh mương", True),
        ("Được hưởng chế độ hỗ trợ tiền nước", False),
        ("Ví dụ: Rà soát một hộ có hai giếng khoan", False),
        ("Hằng quý, Bộ Y tế sẽ kiểm tra việc tiết kiệm nước", False),
        ("Giám đốc chịu trách nhiệm trước Bộ trưởng nếu để thiếu nước", True),
        ("Giám đốc Sở chịu trách nhiệm trước Bộ trưởng về nước sạch", True),
    ],
)
def test_what_a_plan_orders_and_what_it_only_says(text: str, ordered: bool) -> None:
    assert bool(plan(f"1. Sở Y tế:\na) {text}.\nb) Kiểm tra kho.\n")[:-1]) is ordered


def test_what_only_the_closing_asks_for_must_begin_as_an_order() -> None:
    asked = "Hạn hán rất gay gắt. Đề nghị các sở, ngành khẩn trương thực hiện Kế hoạch này./.\n"
    tasks = plan(f"1. Giếng bị nhiễm mặn.\n2. Rà soát giếng khoan.\n{asked}")

    assert [one.text for one in tasks] == ["Rà soát giếng khoan."]


LAST = "Điều 3. Giám đốc các Sở: Y tế, Nội vụ chịu trách nhiệm thi hành Quyết định này./.\n"


def test_those_who_answer_for_a_decision_are_meant_where_nobody_is_named() -> None:
    letter = read(
        f"{DECISION}Điều 1. Ban hành Kế hoạch chống hạn như sau:\n1. Rà soát giếng khoan.\n"
        "2. Ngày nghỉ lễ: theo quy định của Bộ luật Lao động.\n"
        "Điều 2. Quyết định này có hiệu lực kể từ ngày ký.\n" + LAST
    )

    assert letter.header.kind == "quyết định"
    assert [(one.text, one.lead) for one in letter.tasks] == [
        ("Rà soát giếng khoan.", ["Sở Y tế", "Sở Nội vụ"])
    ]


def test_what_a_decision_approves_is_only_described_in_it() -> None:
    letter = read(
        f"{DECISION}Điều 1. Phê duyệt Đề án chống hạn như sau:\n1. Rà soát giếng khoan.\n"
        "Điều 2. Tổ chức thực hiện:\n1. Sở Xây dựng nạo vét kênh mương.\n" + LAST
    )

    assert [one.lead for one in letter.tasks] == [["Sở Xây dựng"]]


def test_those_who_take_part_may_be_told_behind_a_semicolon() -> None:
    one, *more = plan(
        "1. Sở Y tế:\na) Chủ trì, phối hợp với Sở Nội vụ; các ngành liên quan tổ chức tập huấn.\n"
    )

    assert not more
    assert who(one) == ("Chủ trì,", ["Sở Y tế"], ["Sở Nội vụ", "các ngành liên quan"])
