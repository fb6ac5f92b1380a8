"""Small letters of each kind, of our own making, read from their first line to their last."""

import pytest

from services.assignment.intake.letter import FoundTask, Letter
from services.assignment.intake.read import read_letter

HEAD = """ỦY BAN NHÂN DÂN
TỈNH AN GIANG
-------
|
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
|
Số: {number}
|
An Giang, ngày 17 tháng 11 năm 2025
|
"""
FOOT = """
Nơi nhận:
- Như trên;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
Nguyễn Văn An
"""


def read(text: str) -> Letter:
    return read_letter(text, name="one")


def told(task: FoundTask) -> tuple[str, list[str], list[str], str | None]:
    """The first words, who leads, who receives, and the day."""
    day = task.deadline.date if task.deadline else None
    return " ".join(task.text.split()[:3]), task.lead, task.report_to, day


def test_an_ordinary_letter() -> None:
    letter = read(
        HEAD.format(number="123/UBND-KT")
        + "V/v tăng cường quản lý chợ\n\nKính gửi:\n- Sở Công Thương;\n- UBND các xã, phường.\n\n"
        "Thời gian qua, các sở, ngành đã tích cực kiểm tra; tuy nhiên vẫn còn tồn tại.\n\n"
        "UBND tỉnh yêu cầu:\n\n"
        "1. Sở Công Thương:\n"
        "a) Rà soát quy hoạch chợ, báo cáo UBND tỉnh trước ngày 05/12/2025.\n"
        "b) Phối hợp với Công an tỉnh kiểm tra.\n"
        "2. UBND các xã, phường chịu trách nhiệm quản lý chợ trên địa bàn.\n\n"
        "Đề nghị các sở, ngành quan tâm phối hợp./.\n" + FOOT
    )

    assert letter.header.issuer == "Ủy ban nhân dân tỉnh An Giang"

    assert letter.header.number_symbol == "123/UBND-KT"
    assert letter.header.date == "2025-11-17"
    assert letter.header.subject == "tăng cường quản lý chợ"
    assert letter.header.signer == "Nguyễn Văn An"
    assert letter.header.signer_title == "Phó Chủ tịch"
    assert letter.header.capacity == ["TM.", "KT."]
    assert [told(one) for one in letter.tasks] == [
        ("Rà soát quy", ["Sở Công Thương"], ["UBND tỉnh"], "2025-12-05"),
        ("Phối hợp với", ["Sở Công Thương"], [], None),
        ("UBND các xã,", ["UBND các xã, phường"], [], None),
    ]
    assert letter.tasks[1].coordinate == ["Công an tỉnh"]


def test_an_order_that_names_nobody_is_for_those_the_letter_is_addressed_to() -> None:
    letter = read(
        "Kính gửi: Sở Y tế, Sở Nội vụ.\n\nUBND tỉnh yêu cầu:\n"
        "1. Rà soát nhân lực.\n2. Lập kế hoạch.\n"
    )

    assert [one.lead for one in letter.tasks] == [["Sở Y tế", "Sở Nội vụ"]] * 2
    assert letter.tasks[0].evidence["lead"].rule == "lead-from-addressees"
    assert letter.tasks[0].sure <= 0.6


def test_a_telegram() -> None:
    letter = read(
        "THỦ TƯỚNG CHÍNH PHỦ\n-------\n|\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n|\n"
        "Số: 9/CĐ-TTg\n|\n"
        "Hà Nội, ngày 17 tháng 11 năm 2025\n|\nCÔNG ĐIỆN\nVỀ VIỆC ỨNG PHÓ BÃO\n\n"
        "THỦ TƯỚNG CHÍNH PHỦ điện:\n\n- Các Bộ: Quốc phòng, Công an;\n\n"
        "Bão đang mạnh lên. Thủ tướng Chính phủ yêu cầu:\n\n"
        "1. Các Bộ: Quốc phòng, Công an sẵn sàng lực lượng.\n"
        "2. Văn phòng Chính phủ theo dõi; kịp thời báo cáo Thủ tướng Chính phủ các việc mới./.\n"
        "\nKT. THỦ TƯỚNG\nPHÓ THỦ TƯỚNG\nTrần Văn Bình\n"
    )

    assert letter.header.kind == "công điện"
    assert letter.header.subject == "ỨNG PHÓ BÃO"
    assert letter.header.issuer == "Thủ tướng Chính phủ"
    assert [(one.lead, one.report_to) for one in letter.tasks] == [
        (["Bộ Quốc phòng", "Bộ Công an"], []),
        (["Văn phòng Chính phủ"], []),
        (["Văn phòng Chính phủ"], ["Thủ tướng Chính phủ"]),
    ]


PLAN = (
    HEAD.format(number="45/KH-UBND")
    + "KẾ HOẠCH\nPHÁT TRIỂN CHỢ\n\nUBND tỉnh ban hành Kế hoạch như sau:\n\n"
    "I. MỤC ĐÍCH, YÊU CẦU\n1. Mục đích\nNâng cao hiệu quả quản lý.\n"
    "2. Yêu cầu\n- Bảo đảm đồng bộ.\n\n"
    "II. NHIỆM VỤ\n1. Rà soát quy hoạch chợ.\n- Cơ quan chủ trì: Sở Công Thương.\n"
    "- Cơ quan phối hợp: Sở Xây dựng, UBND các xã.\n- Thời gian: Quý I/2026.\n"
    "2. Kiểm tra an toàn cháy nổ.\n- Cơ quan chủ trì: Công an tỉnh.\n- Thời gian: Thường xuyên.\n\n"
    "III. PHƯƠNG PHÁP\n1. Thu thập số liệu.\n"
)


def test_a_plan_with_fields_under_each_of_its_tasks() -> None:
    tasks = read(PLAN + FOOT).tasks

    assert [told(one) for one in tasks] == [
        ("Rà soát quy", ["Sở Công Thương"], [], "2026-03-31"),
        ("Kiểm tra an", ["Công an tỉnh"], [], None),
    ]
    assert tasks[0].coordinate == ["Sở Xây dựng", "UBND các xã"]
    assert tasks[0].evidence["lead"].rule == "lead-field"
    assert tasks[1].recurrence == "unspecified"


ROWS = (
    ["TT", "Nội dung công việc", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành"],
    ["1", "Lập danh mục chợ", "Sở Công Thương", "UBND các xã", "Tháng 12/2025"],
    ["2", "Tập huấn", "Sở Nội vụ", "Sở Công Thương", "Hằng năm"],
)


def in_lines(rows: tuple[list[str], ...]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def in_cells(rows: tuple[list[str], ...]) -> str:
    return "\n|\n".join("\n|\n".join(row) for row in rows).join(("|\n", "\n|\n"))


def test_the_rows_of_an_annex_are_orders_however_its_cells_are_laid_out() -> None:
    for table in (in_lines(ROWS), in_cells(ROWS)):
        tasks = read(PLAN + FOOT + "\nPHỤ LỤC\n\n" + table + "\n").tasks[2:]

        assert [told(one) for one in tasks] == [
            ("Lập danh mục", ["Sở Công Thương"], [], "2025-12-31"),
            ("Tập huấn", ["Sở Nội vụ"], [], None),
        ]
        assert tasks[0].coordinate == ["UBND các xã"]
        assert tasks[1].recurrence == "yearly"
        assert tasks[0].evidence["task"].rule == "order-in-table"


def test_a_table_that_orders_nobody_is_left_alone() -> None:
    table = in_lines((["STT", "Tên chợ", "Diện tích"], ["1", "Chợ Mới", "500 m2"]))

    assert len(read(PLAN + FOOT + "\nPHỤ LỤC\n\n" + table + "\n").tasks) == 2


def test_conclusions_whose_closing_says_for_whom_they_are() -> None:
    letter = read(
        "VĂN PHÒNG CHÍNH PHỦ\n|\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n|\nSố: 7/TB-VPCP\n|\n"
        "Hà Nội, ngày 17 tháng 11 năm 2025\n|\nTHÔNG BÁO\nKẾT LUẬN CUỘC HỌP\n\n"
        "Thủ tướng Chính phủ kết luận như sau:\n\n"
        "1. Đánh giá cao các bộ đã nỗ lực trong thời gian qua.\n"
        "2. Đẩy nhanh tiến độ giải phóng mặt bằng.\n"
        "3. Về vốn: giao Bộ Tài chính bố trí kinh phí trong tháng 12 năm 2025.\n\n"
        "Văn phòng Chính phủ thông báo để các bộ, ngành, địa phương biết, thực hiện./.\n"
    )

    assert [told(one)[1:] for one in letter.tasks] == [
        (["các bộ, ngành, địa phương"], [], None),
        (["Bộ Tài chính"], [], "2025-12-31"),
    ]
    assert letter.tasks[0].evidence["lead"].rule == "lead-from-closing"
    assert letter.tasks[1].budget


def test_a_letter_of_one_paragraph_without_labels() -> None:
    letter = read(
        "Kính gửi: Sở Y tế.\n\nChủ tịch UBND tỉnh có ý kiến như sau:\n"
        "Giao Sở Y tế chủ trì rà soát, báo cáo UBND tỉnh trước ngày 05/12/2025. Sở Nội vụ bố trí"
        " nhân lực theo quy định.\n\n"
        "Văn phòng UBND tỉnh thông báo để các đơn vị biết, thực hiện./.\n"
    )

    assert [one.lead for one in letter.tasks] == [["Sở Y tế"], ["Sở Nội vụ"]]


def test_words_tied_by_underscores_and_lost_line_breaks() -> None:
    letter = read(
        "Chỉ_thị về tăng_cường quản_lý chợ\nUBND tỉnh chỉ_thị :\n"
        "1. Sở Công_Thương : a) Rà_soát quy_hoạch chợ ; b) Kiểm_tra các chợ trên địa_bàn tỉnh .\n"
    )

    assert letter.header.kind == "chỉ thị"
    assert [(one.lead, one.path) for one in letter.tasks] == [
        (["Sở Công Thương"], "1.a"),
        (["Sở Công Thương"], "1.b"),
    ]


def test_a_page_that_speaks_of_the_letter_before_it_begins_is_no_part_of_it() -> None:
    about = "Tin nổi bật\n- Sở Y tế rà soát nhân lực trước ngày 01/12/2025.\n"
    letter = (
        about + HEAD.format(number="1/UBND-VX") + "Kính gửi: Sở Y tế.\n\nYêu cầu:\n1. Rà soát.\n"
    )

    assert [one.text for one in read(letter + FOOT).tasks] == ["Rà soát."]


def test_what_stands_before_the_last_words_that_lead_to_orders_is_none() -> None:
    text = (
        "Thay mặt lãnh đạo Bộ, Bộ trưởng đã kết luận như sau:\n"
        "Trong năm qua, các đơn vị tiếp tục phối hợp chặt chẽ, tập trung hoàn thành kế hoạch.\n"
        "Bộ trưởng yêu cầu các Cục, Vụ thực hiện một số nhiệm vụ sau:\n"
        "1. Rà soát quy hoạch.\n2. Tăng cường kiểm tra.\n"
    )

    tasks = read_letter(text, name="tb").tasks

    assert [(one.path, one.lead) for one in tasks] == [
        ("1", ["các Cục, Vụ"]),
        ("2", ["các Cục, Vụ"]),
    ]


SITUATION = (
    "Kính gửi: UBND các xã.\n\nKết quả kiểm tra như sau:\n\nNhiều xã làm tốt.\n\n"
    "- Kiểm tra 12 chợ, đạt 60% kế hoạch.\n\n- Xử phạt 5 hộ.\n\n"
)


def test_a_situation_may_have_a_list_of_its_own() -> None:
    letter = read(SITUATION + "Sở Y tế yêu cầu các xã:\n\n1. Rà soát.\n\n2. Kiểm tra các chợ.\n")

    assert [one.path for one in letter.tasks] == ["1", "2"]


def test_a_list_before_words_that_ask_nothing_is_read() -> None:
    letter = read("UBND tỉnh yêu cầu:\n\n- Rà soát.\n\nCác chợ cần kiểm tra gồm:\n\n1. Chợ Mới.\n")

    assert letter.tasks[0].path == "-1"


def test_a_long_list_of_those_who_are_asked_is_whom_the_orders_are_for() -> None:
    letter = read(
        "Để phòng, chống dịch, Thủ tướng Chính phủ yêu cầu các Bộ trưởng, Thủ trưởng cơ quan"
        " ngang Bộ, cơ quan thuộc Chính phủ, Chủ tịch UBND các tỉnh (sau đây gọi là các bộ và"
        " địa phương) và đề nghị nhân dân cả nước:\n1. Tập trung dập dịch.\n2. Hỗ trợ sản xuất.\n"
    )

    assert letter.tasks[0].lead == [
        "các Bộ, cơ quan ngang Bộ, cơ quan thuộc Chính phủ",
        "UBND các tỉnh",
    ]


@pytest.mark.parametrize(
    ("words", "leads"),
    [
        ("Bộ Y tế hướng dẫn các cơ sở y tế triển khai như sau:", ["các cơ sở y tế"]),
        ("Theo hướng dẫn của Bộ Y tế, nay thực hiện như sau:", ["UBND các xã"]),
    ],
)
def test_guidance_is_for_those_whom_it_guides(words: str, leads: list[str]) -> None:
    letter = read(f"Kính gửi: UBND các xã.\n\n{words}\n\n1. Rà soát thuốc.\n2. Kiểm tra kho.\n")

    assert [one.lead for one in letter.tasks] == [leads, leads]


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        ("Các xã phân loại các chợ theo mức độ rủi ro, tập trung vào chợ ven sông.", ["1", "1.p1"]),
        ("Các xã nghiêm túc thực hiện.", ["1"]),
        ("Đề nghị các sở, ngành quan tâm phối hợp.", ["1"]),
        ("Trong quá trình thực hiện, các xã chủ động tháo gỡ khó khăn.", ["1"]),
        ("Đề nghị BHXH các tỉnh triển khai thực hiện theo hướng dẫn nêu trên.", ["1"]),
        ("Đề nghị BHXH các tỉnh triển khai việc cấp thẻ cho trẻ em.", ["1", "1.p1"]),
    ],
)
def test_behind_the_last_label_stand_orders_and_courtesies(words: str, paths: list[str]) -> None:
    letter = read(f"Kính gửi: UBND các xã.\nYêu cầu:\n1. Rà soát các chợ.\n\n{words}\n")

    assert [one.path for one in letter.tasks] == paths


def test_without_a_letterhead_the_kind_is_no_part_of_the_issuer() -> None:
    letter = read("UBND TỈNH\nTHÔNG BÁO\nVề việc treo cờ\n\nYêu cầu:\n1. Sở Y tế treo cờ.\n")

    assert (letter.header.issuer, letter.header.kind) == ("Ubnd tỉnh", "thông báo")


@pytest.mark.parametrize("words", ["Trong đó tập trung", "Tập trung"])
def test_what_goes_on_with_an_order_is_for_the_same(words: str) -> None:
    letter = read(
        "Thủ tướng Chính phủ yêu cầu Chủ tịch UBND các tỉnh rà soát việc đấu giá đất.\n\n"
        f"{words} xử lý nghiêm vi phạm.\n"
    )

    assert letter.tasks[-1].lead == ["UBND các tỉnh"]
    assert letter.tasks[-1].evidence["lead"].sure < 0.5
