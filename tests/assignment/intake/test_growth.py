"""Whatever a text is made of, eight times as much of it takes about eight times as long.

A megabyte of it is read as the bounded process reads it, or refused by one limit. ``@`` in a shape
counts up, so that nothing comes twice.
"""

import itertools
import json
import time
from collections.abc import Callable

import pytest

from services.assignment.intake.files.child import answer
from services.assignment.intake.files.plain import read_plain
from services.assignment.intake.files.result import MAX_TEXT, Kind, UnreadableLetter
from services.assignment.intake.read import read_letter

LONG, TIMES = 96_000, 8
SHAPES = (
    "1", "1.1", "1. ", "1.2.3.4. ", ";", ", ", "(", "(a", "“", "- ", "\n- a:\n",
    "\n1. a:\na) b:\n", "A", "SỞ Y TẾ ", "các ", "và ", "của ", "giao ", "giao Sở ", "phối hợp ",
    "báo cáo ", "trước ngày ", "trước ngày 1/1/2025 ", "hằng tháng ", "UBND các xã, ", "Sở Y tế, ",
    "Sở A@, ", "\n@. Giao Sở A@ rà soát, báo cáo UBND tỉnh A@ trước ngày 1/1/2025.",
    "giao Sở A@ rà soát; ", "Trên cơ sở, ", "Về a: ", "Chủ trì: ", "Kính gửi: ", "\n\n", " ", "\t",
    "\u200b", "\u0301", "e\u0301", "| 1 | a |\n", "| Nội dung | Chủ trì |\n", "|", "Thứ nhất, ",
    "(qua Sở Y tế) ", "phối hợp với lực lượng a, lực lượng b, ", "thông báo để ",
    "@1/NĐ-CP, ", "Công văn này thay thế Công văn số @/UBND. ", "trước ngày 1/1/2025 và rà soát; ",
    "Giao Sở A@ rà soát. Hoàn thành trước ngày 1/1/2025. ", "Phối hợp với Sở A@ rà soát; ",
    "\nđồng thời phối hợp với Sở A@; ", "[", "\n@. a", "Quân khu 3, 4, ", "Chủ đầu tư (Sở A@) ",
    "Sở A@ rà soát (thời hạn hoàn thành trong tháng 5/2026); ",
    "Bí thư Đảng ủy, Chủ tịch UBND các xã, ", "STT\nNội dung\nChủ trì\n1\na\n",
    "|\nNội dung\n|\nChủ trì\n|\n|\n", "Nội dung\tChủ trì\tHạn\n", "a | b\n",
    "Sở A@ chủ trì, Sở B@ phối hợp; ", "các xã chưa có a@ khẩn trương báo cáo; ",
    "chủ tri dé nghị ",
    "lập a@, đề nghị Sở A@ rà soát; ", "do Sở A@ chủ trì, ",
    "\n1. Cơ quan chủ trì\na) Cơ quan chủ trì\n- Sở A@", "\n1. a b\n- Cơ quan thực hiện: Sở A@",
    "\nĐiều 3. Sở A@ chịu trách nhiệm thi hành Quyết định này. ", "\n1. rà soát a 1.1.",
    "BộCông Thương ", "Thống nhất chủ trương. ", "Tổng công ty A@ (HT@), ", "Hai Bộ thẩm định. ",
    "Đồng ý giao Sở A@ rà soát. ", "Gói thầu số @ (Sở A@): hoàn thành. ", "gửi Sở A@, báo cáo ",
    "Điều động a@. Giao Sở A@ chủ trì thực hiện. ", "\n- Cơ quan chủ trì: Sở A@;\nSở B@.",
    "Việc a@, Sở A@ rà soát, ", "báo cáo trước ngày 1/1/2025 và hằng quý; ", "\n(Sở A\nI)",
)  # fmt: skip

WHOLE = (
    "1. ", ";", "(", "“", "A", " ", "\n\n", "\u200b", "e\u0301", "\n- a:\n", "Sở A@, ",
    "@1/NĐ-CP, ", "| Nội dung | Chủ trì |\n", "giao Sở A@ rà soát; ",
    "trước ngày 1/1/2025 và rà soát; ", "Phối hợp với Sở A@ rà soát; ",
    "Giao Sở A@ rà soát. Hoàn thành trước ngày 1/1/2025. ",
)  # fmt: skip
"""Read to a megabyte each time; the others were once, and take minutes together."""


def letter(piece: str, size: int) -> bytes:
    """At most so many bytes."""
    head = "Kính gửi: A\nyêu cầu:\n1. ".encode()
    written, room = [head], size - len(head)
    for number in itertools.count(1):
        one = piece.replace("@", str(number)).encode()
        if (room := room - len(one)) < 0:
            return b"".join(written)
        written.append(one)
    raise AssertionError


def seconds(raw: bytes, read: Callable[[bytes], object]) -> float:
    begun = time.process_time()
    read(raw)
    return time.process_time() - begun


def read_by_rules(raw: bytes) -> None:
    read_letter(read_plain(raw).text, name="nasty")


def read_or_refused(raw: bytes) -> tuple[str, str]:
    """The text that was read, or by which limit it was refused."""
    try:
        return json.loads(answer(raw, Kind.TEXT, None))["reading"]["text"], ""
    except UnreadableLetter as refused:
        return "", str(refused)


def grows(piece: str, size: int, read: Callable[[bytes], object]) -> bool:
    short, long = letter(piece, size // TIMES), letter(piece, size)
    return seconds(long, read) < 2.5 * TIMES * seconds(short, read) + 0.1


@pytest.mark.parametrize("piece", SHAPES)
def test_reading_grows_with_the_length_of_the_text(piece: str) -> None:
    # again where something else held the processor up
    assert any(grows(piece, LONG, read_by_rules) for _ in range(6))


@pytest.mark.parametrize("piece", WHOLE)
def test_a_megabyte_is_read_whole_or_refused_by_one_limit(piece: str) -> None:
    raw = letter(piece, MAX_TEXT)
    told: list[tuple[bytes, tuple[str, str]]] = []

    assert any(
        grows(piece, MAX_TEXT, lambda raw: told.append((raw, read_or_refused(raw))))
        for _ in range(4)
    )
    read, refused = next(answered for sent, answered in told if sent == raw)
    limits = ("it holds more than 5000 orders", "it names more than 20000 bodies")
    assert read == raw.decode() or refused.startswith(limits)
