"""Whatever a text is made of, four times as much of it takes about four times as long."""

import time

import pytest

from services.assignment.intake.read import read_letter

SHORT = 12_000
"""Code points; long enough that a quadratic step would show."""
SHAPES = (
    "1", "1.1", "1. ", "1.2.3.4. ", ";", ", ", "(", "“", "- ", "\n- a:\n", "\n1. a:\na) b:\n",
    "A", "SỞ Y TẾ ", "các ", "và ", "của ", "giao ", "giao Sở ", "phối hợp ", "báo cáo ",
    "trước ngày ", "trước ngày 1/1/2025 ", "hằng tháng ", "UBND các xã, ", "Sở Y tế, ",
    "Trên cơ sở, ", "Về a: ", "Chủ trì: ", "Kính gửi: ", "\n\n", "́", "| 1 | a |\n",
    "| Nội dung | Chủ trì |\n", "Thứ nhất, ", "(qua Sở Y tế) ",
    "phối hợp với lực lượng a, lực lượng b, ", "thông báo để ",
)  # fmt: skip


def seconds(piece: str, length: int) -> float:
    text = "Kính gửi: A\nyêu cầu:\n1. " + piece * (length // len(piece))
    best = float("inf")
    for _ in range(2):
        begun = time.process_time()
        read_letter(text, name="nasty")
        best = min(best, time.process_time() - begun)
    return best


@pytest.mark.parametrize("piece", SHAPES)
def test_reading_grows_with_the_length_of_the_text(piece: str) -> None:
    short = seconds(piece, SHORT)
    long = seconds(piece, 4 * SHORT)

    assert long < 9 * short + 0.05
