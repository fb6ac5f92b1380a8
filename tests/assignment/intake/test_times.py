"""Time limits and rhythms: each way to write one, and dates that limit nothing."""

from datetime import date

import pytest

from services.assignment.intake.times import Time, read_limits, read_stated, read_time

WRITTEN = date(2025, 11, 17)


def told(time: Time) -> tuple[str | None, str | None, str | None]:
    """The kind, the day and the rhythm."""
    kind = time.deadline.kind if time.deadline else None
    return kind, time.deadline.date if time.deadline else None, time.recurrence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trước ngày 05/12/2025", ("date", "2025-12-05", None)),
        ("chậm nhất là ngày 5 tháng 12 năm 2025", ("date", "2025-12-05", None)),
        ("trước 17 giờ 00 ngày 05/12/2025", ("date", "2025-12-05", None)),
        ("trước 17h00 ngày 05/12/2025", ("date", "2025-12-05", None)),
        ("hoàn thành vào ngày 05/12/2025", ("date", "2025-12-05", None)),
        ("trước 10 tháng 3 năm 2026", ("date", "2026-03-10", None)),
        ("Tháng 7 năm 2026: sơ kết đề án", ("month", "2026-07-31", None)),
        ("Năm 2026: rà soát giếng khoan", ("year", "2026-12-31", None)),
        ("xử lý trong 24-48 giờ sau khi nước rút", ("relative", None, None)),
        ("trước ngày 20/11", ("date", "2025-11-20", None)),
        ("trước ngày 01/6", ("date", "2026-06-01", None)),
        ("trước ngày 31/02/2026", ("date", None, None)),
        ("hoàn thành trong tháng 12/2025", ("month", "2025-12-31", None)),
        ("trong tháng 2 năm 2028", ("month", "2028-02-29", None)),
        ("Hoàn thành trong quý I/2026", ("quarter", "2026-03-31", None)),
        ("hoàn thành việc rà soát trong năm 2026", ("year", "2026-12-31", None)),
        ("trong thời hạn 15 ngày làm việc", ("relative", None, None)),
        ("trước ngày 20 hằng tháng", ("recurring", None, "monthly")),
        ("trước ngày 15 của tháng cuối quý", ("recurring", None, "quarterly")),
        ("báo cáo 6 tháng trước ngày 15/6", ("recurring", None, "half-yearly")),
        ("hằng năm báo cáo trước ngày 10 tháng 12", ("recurring", None, "yearly")),
        ("trước 16 giờ hằng ngày", ("recurring", None, "daily")),
        ("định kỳ hàng quý báo cáo", ("recurring", None, "quarterly")),
        ("định kỳ báo cáo", ("recurring", None, "unspecified")),
        ("Đến ngày 30 tháng 6 năm 2026 phải hoàn thành đền bù", ("date", "2026-06-30", None)),
        (
            "treo cờ từ 07 giờ 00 ngày 29/4/2026 đến 17 giờ 00 ngày 02/5/2026",
            ("date", "2026-05-02", None),
        ),
        ("Phấn đấu đến hết năm 2026 hoàn thành di dời", ("year", "2026-12-31", None)),
        ("Kiểm tra doanh nghiệp trong quý I năm 2026", ("quarter", "2026-03-31", None)),
        ("Không để tồn đọng, xong trước ngày 05/12/2025", ("date", "2025-12-05", None)),
        ("hàng tuần giao ban", ("recurring", None, "weekly")),
        ("đánh giá học sinh sau mỗi năm học", ("recurring", None, "yearly")),
        ("báo cáo khi kết thúc năm học", ("conditional", None, None)),
        ("Ngay sau khi kết thúc đợt kiểm tra, báo cáo", ("conditional", None, None)),
        ("Khi nhận được hồ sơ, Sở Y tế thẩm định", ("conditional", None, None)),
        ("triển khai đề án sau khi được phê duyệt", ("conditional", None, None)),
        ("Kết thúc năm 2026, tổng kết công tác", ("year", "2026-12-31", None)),
        ("kiểm tra trong vòng một năm", ("relative", None, None)),
    ],
)
def test_a_limit_is_read(text: str, expected: tuple[str | None, ...]) -> None:
    assert told(read_time(text, 0, len(text), WRITTEN)) == expected


def test_a_day_may_be_called_by_its_feast() -> None:
    text = "chuyển quà xong trước ngày Quốc khánh 02/9/2026"

    assert told(read_time(text, 0, len(text), WRITTEN)) == ("date", "2026-09-02", None)


@pytest.mark.parametrize(
    "text",
    ["Quyết định số 12/QĐ-UBND ngày 05/12/2025", "giai đoạn 2026-2030", "khẩn trương, ngay",
     "Năm 2026: 5 tỷ đồng", "Kinh phí năm 2026: rà soát sau", "trong 24 giờ trực",
     "sơ kết 6 tháng đầu năm 2025", "nhiệm vụ được giao trong năm 2025", "từ nay đến cuối năm",
     "những tháng cuối năm 2025", "thường xuyên kiểm tra",
     "dân số đến ngày 30 tháng 6 năm 2025 là 2 triệu người", "tầm nhìn đến năm 2030",
     "từ Quốc lộ 1 đến cầu Mới",
     "Không thanh tra doanh nghiệp trong quý I năm 2026", "phục vụ báo cáo thường xuyên, định kỳ",
     "kiểm tra định kỳ, đột xuất", "kiểm tra định kỳ hay đột xuất",
     "Căn cứ dự toán hằng năm, bố trí kinh phí",
     "Chưa tăng giá trong tháng 12 năm 2025",
     "Tháng 7 năm 2025 có mưa lớn", "Kết luận ngày 5 tháng 7 năm 2025: thống nhất"],
)  # fmt: skip
def test_what_limits_nothing_is_left_alone(text: str) -> None:
    assert read_time(text, 0, len(text), WRITTEN) == Time()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quý IV/2025", ("quarter", "2025-12-31", None)),
        ("Quý IV/2025 - Quý II/2026", ("quarter", "2026-06-30", None)),
        ("Tháng 11-12/2025", ("month", "2025-12-31", None)),
        ("Năm 2026", ("year", "2026-12-31", None)),
        ("Thường xuyên", (None, None, "unspecified")),
        ("Hằng năm", ("recurring", None, "yearly")),
        ("năm 2026 và các năm tiếp theo", ("recurring", None, "unspecified")),
        ("theo lộ trình của Bộ Y tế", ("relative", None, None)),
        ("sau khi Nghị định được ban hành", ("conditional", None, None)),
        ("theo nhiệm vụ", (None, None, None)),
        ("Tháng 6/2026 và thường xuyên", ("month", "2026-06-30", "unspecified")),
        ("Tháng 5, 6/2026 và bổ sung hằng năm", ("month", "2026-06-30", "yearly")),
        ("Định kỳ hằng năm; riêng năm 2026 xong trong quý II/2026",
         ("quarter", "2026-06-30", "yearly")),
        ("6 tháng, hằng năm và định kỳ", ("recurring", None, "half-yearly")),
        ("Từ tháng 6/2026 trở đi", ("recurring", None, "unspecified")),
        ("Từ năm 2026 đến năm 2030 và tiếp theo", ("recurring", None, "unspecified")),
        ("Từ 01/7/2026", (None, None, None)),
        ("Từ năm 2026 đến năm 2028", ("year", "2028-12-31", None)),
        ("Giai đoạn 2026 - 2030", (None, None, None)),
        ("6/2026", ("month", "2026-06-30", None)),
        ("Quyết định số 6/2026/QĐ-UBND", ("month", "2026-06-30", None)),
    ],
)  # fmt: skip
def test_where_a_time_is_stated_as_such_fewer_words_are_enough(
    text: str, expected: tuple[str | None, ...]
) -> None:
    assert told(read_stated(text, 0, len(text), WRITTEN)) == expected


def test_every_limit_of_an_order_is_found_in_its_order() -> None:
    text = "báo cáo lần một trước ngày 01/12/2025, lần hai trước ngày 01/3/2026"

    assert [told(one)[1] for one in read_limits(text, 0, len(text), WRITTEN)] == [
        "2025-12-01",
        "2026-03-01",
    ]


def test_without_the_letters_date_a_day_without_a_year_has_no_date() -> None:
    assert told(read_time("trước ngày 01/6", 0, 15, None)) == ("date", None, None)
