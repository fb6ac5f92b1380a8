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
