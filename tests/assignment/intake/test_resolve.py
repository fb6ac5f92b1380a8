"""Names and the register: as of a day, however they are shortened, and never taken silently."""

from datetime import date

import pytest

from services.assignment.intake.amends import read_amended
from services.assignment.intake.resolve import Entry, Register, resolve

MERGED = date(2025, 2, 28)
REGISTER = Register.of(
    [
        Entry("SKHDT", ("Sở Kế hoạch và Đầu tư",), valid_to=MERGED, successors=("STC",)),
        Entry("STC", ("Sở Tài chính",)),
        Entry("SNNMT", ("Sở Nông nghiệp và Môi trường",), valid_from=date(2025, 3, 1)),
        Entry("CA", ("Công an tỉnh An Giang",)),
        Entry("X1", ("Ủy ban nhân dân xã Mỹ Đức",)),
        Entry("BV1", ("Trung tâm Y tế tỉnh An Giang",)),
        Entry("BV2", ("Trung tâm Y tế tỉnh Cà Mau",)),
    ]
)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Sở Tài chính", "STC"),
        ("SỞ TÀI CHÍNH", "STC"),
        ("Sở KH&ĐT", "SKHDT"),
        ("Công an tỉnh", "CA"),
        ("UBND xã Mỹ Đức", "X1"),
        ("Sở Tài chính tỉnh", "STC"),
    ],
)
def test_a_name_is_known_however_it_is_written(name: str, code: str) -> None:
    assert resolve(name, REGISTER, date(2024, 5, 1)).code == code


def test_a_name_means_whom_it_meant_on_the_day_of_the_letter() -> None:
    assert resolve("Sở Kế hoạch và Đầu tư", REGISTER, MERGED).code == "SKHDT"

    later = resolve("Sở Kế hoạch và Đầu tư", REGISTER, date(2025, 11, 17))
    assert (later.code, later.nearest) == (None, "STC")
    assert later.reason == "Sở Kế hoạch và Đầu tư was there only until 2025-02-28"

    before = resolve("Sở NN&MT", REGISTER, MERGED)
    assert (before.code, before.nearest) == (None, "SNNMT")
    assert resolve("Sở NN&MT", REGISTER, date(2025, 3, 1)).code == "SNNMT"


def test_without_a_day_only_who_lives_still_is_meant() -> None:
    assert resolve("Sở Kế hoạch và Đầu tư", REGISTER).code is None
    assert resolve("Sở Tài chính", REGISTER).code == "STC"


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("Trung tâm Y tế", "BV1"), ("Sở Tài chánh", "STC"), ("Ngân hàng Thế giới", None)],
)
def test_what_is_not_sure_is_at_most_offered(name: str, nearest: str | None) -> None:
    found = resolve(name, REGISTER)

    assert (found.code, found.nearest) == (None, nearest)
    assert (found.reason is None) == (nearest is None)


@pytest.mark.parametrize(
    ("text", "subject", "amended"),
    [
        ("", "sửa đổi, bổ sung Kế hoạch số 12/KH-UBND ngày 01/3/2025", ["12/KH-UBND"]),
        ("", "đính chính Công văn số 5/UBND-KT", ["5/UBND-KT"]),
        ("Công văn này thay thế Công văn số 77/UBND-VX ngày 01/3/2025.", None, ["77/UBND-VX"]),
        ("UBND tỉnh điều chỉnh một số nội dung của Kế hoạch số 12/KH-UBND.", None, ["12/KH-UBND"]),
        ("Luật Đấu thầu được sửa đổi, bổ sung bởi Luật số 90/2025/QH15.", None, []),
        ("Sở Y tế rà soát, đề xuất sửa đổi Nghị định số 9/2019/NĐ-CP.", "rà soát văn bản", []),
    ],
)
def test_a_letter_that_amends_another_is_recognised(
    text: str, subject: str | None, amended: list[str]
) -> None:
    assert read_amended(text, subject, "99/UBND-KT") == amended
