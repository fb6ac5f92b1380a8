"""Who builds: contractors, works packages and the letter's own short names."""

import pytest

from services.assignment.intake.read import read_letter
from services.assignment.intake.roles import lead


def leads(text: str) -> tuple[str, ...]:
    return lead(text, 0, len(text)).names


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Gói thầu số 5 (Tổng công ty Sông Đà) tập trung thi công mố.", ("Tổng công ty Sông Đà",)),
        (
            "Gói thầu số 1, 2 (Trường Thành, Cienco 4): hoàn thành nền.",
            ("Trường Thành", "Cienco 4"),
        ),
        ("Dự án cầu Vĩnh Thịnh (Ban QLDA 2): đẩy nhanh tiến độ.", ("Ban QLDA 2",)),
    ],
)
def test_behind_a_works_package_stands_who_builds(said: str, names: tuple[str, ...]) -> None:
    assert leads(said) == names


@pytest.mark.parametrize(
    "said",
    [
        "Đoạn tuyến (dài 12 km) hoàn thành trước ngày 30/6/2010.",
        "Dự án đường tránh (Nhật Tân): hoàn thành thủ tục.",
        "Gói thầu số 3 (giá trị 120 tỷ đồng) hoàn thành trong quý II/2010.",
    ],
)
def test_brackets_that_name_nobody_tell_of_the_works(said: str) -> None:
    assert leads(said) == ()


def test_a_letter_goes_on_with_the_short_name_that_it_gave() -> None:
    text = (
        "Tham dự họp có Tổng công ty Phát triển hạ tầng (HTD). Kết luận như sau:\n"
        "1. HTD hoàn thiện hồ sơ, trình Bộ trước ngày 20/4/2010.\n"
    )

    assert [one.lead for one in read_letter(text, name="x").tasks] == [["HTD"]]


def test_capitals_that_name_no_body_lead_nothing() -> None:
    assert leads("GDP tăng 6% và FDI thu hút được nhiều hơn.") == ()
    assert leads("ODA sử dụng đúng mục đích.") == ()


@pytest.mark.parametrize(
    "name",
    [
        "Cục Quản lý xây dựng và Chất lượng công trình giao thông",
        "Phòng Cảnh sát phòng chống tội phạm về môi trường",
        "Trung tâm Điều hành Chương trình chống ngập nước thành phố",
        "Tư vấn giám sát",
    ],
)
def test_the_work_that_a_body_is_named_by_does_not_end_its_name(name: str) -> None:
    assert leads(f"{name} kiểm tra chất lượng vật liệu.") == (name,)


def test_who_is_asked_does_not_issue_and_who_chaired_does() -> None:
    text = (
        "Ngày 18/3/2010, Thứ trưởng Bộ Giao thông vận tải A đã chủ trì cuộc họp, kết luận:\n"
        "1. Đề nghị UBND tỉnh Hà Nam chỉ đạo huyện Duy Tiên bàn giao mặt bằng.\n"
    )

    assert read_letter(text, name="x").header.issuer == "Bộ Giao thông vận tải"
