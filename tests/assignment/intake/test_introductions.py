"""Paragraphs that introduce others, and whom they name."""

from services.assignment.intake.letter import Letter
from services.assignment.intake.read import read_letter


def read(text: str) -> Letter:
    return read_letter(text, name="letter")


def test_a_long_paragraph_that_only_introduces_those_below_orders_nothing() -> None:
    about = "Tổ chức bồi dưỡng kiến thức cho cán bộ, " + "chức sắc, nhà tu hành, " * 8
    letter = read(
        f"Kính gửi: UBND các xã.\nYêu cầu:\n1. Bồi dưỡng\n{about}cụ thể:\n"
        "Rà soát danh sách cán bộ.\n2. Kiểm tra kho.\n"
    )

    assert [one.text for one in letter.tasks][:1] == ["Rà soát danh sách cán bộ."]


def test_who_is_asked_belongs_to_the_words_of_the_order() -> None:
    letter = read(
        "Kính gửi: UBND các xã.\nYêu cầu:\n1. Đề nghị UB MTTQ, các hội: Hội Nông dân, "
        "Hội Cựu chiến binh vận động hội viên tham gia.\n"
    )

    (one,) = letter.tasks
    assert one.text.startswith("Đề nghị UB MTTQ")
    assert one.lead == ["UB MTTQ", "Hội Nông dân", "Hội Cựu chiến binh"]


def leads(body: str) -> list[tuple[str, list[str]]]:
    letter = read(f"Kính gửi: Sở Y tế.\nYêu cầu:\n1. Phòng dịch\n{body}\n2. Kiểm tra kho.\n")
    return [(" ".join(one.text.split()[:2]), one.lead) for one in letter.tasks][:-1]


def test_paragraphs_of_a_unit_go_on_with_whom_the_first_names() -> None:
    assert leads("UBND các xã lập danh sách hộ nuôi.\nTổ chức tiêm phòng đàn lợn.") == [
        ("UBND các", ["UBND các xã"]),
        ("Tổ chức", ["UBND các xã"]),
    ]


def test_paragraphs_of_a_unit_whose_first_names_nobody_are_for_the_addressees() -> None:
    assert leads("Lập danh sách.\nUBND các xã rà soát hộ nuôi.\nTổ chức tiêm phòng.") == [
        ("Lập danh", ["Sở Y tế"]),
        ("UBND các", ["UBND các xã"]),
        ("Tổ chức", ["Sở Y tế"]),
    ]


def test_what_follows_a_sentence_and_a_colon_is_for_whom_the_sentence_names() -> None:
    found = leads("UBND các xã lập danh sách. Cụ thể như sau:\n- Rà soát hộ nuôi.\n- Báo tin dịch.")

    assert ("Rà soát", ["UBND các xã"]) in found


def test_a_heading_says_who_takes_part_in_all_below() -> None:
    letter = read(
        "Kính gửi: Sở Y tế.\nYêu cầu:\n1. UBND các xã, thành phố Tân An phối hợp với Sở Nội vụ:\n"
        "- Rà soát hộ nghèo.\n- Lập danh sách.\n2. Kiểm tra kho.\n"
    )

    assert [(one.lead, one.coordinate) for one in letter.tasks[:2]] == [
        (["UBND các xã, thành phố Tân An"], ["Sở Nội vụ"])
    ] * 2


def test_a_long_sentence_above_numbered_ones_is_their_heading() -> None:
    general = "Tiếp tục đẩy mạnh công tác phòng dịch, " + "nâng cao hiệu quả tuyên truyền, " * 6
    letter = read(
        f"Kính gửi: Sở Y tế.\nYêu cầu:\n1. {general}góp phần bảo vệ sức khỏe.\n"
        "1.1. Rà soát hộ nuôi.\n1.2. Tổ chức tiêm phòng.\n2. Kiểm tra kho.\n"
    )

    assert [one.path for one in letter.tasks] == ["1.1", "1.2", "2"]


def test_a_long_sentence_with_a_limit_of_its_own_orders_something_above_others() -> None:
    general = "Tổ chức kiểm kê thuốc, " + "kiểm kê vật tư và trang thiết bị, " * 6
    letter = read(
        f"Kính gửi: Sở Y tế.\nYêu cầu:\n1. {general}hoàn thành trước ngày 5/12/2025.\n"
        "1.1. Rà soát kho.\n1.2. Lập danh mục.\n2. Kiểm tra kho.\n"
    )

    assert [one.path for one in letter.tasks] == ["1", "1.1", "1.2", "2"]
