"""Words that a scan lost the marks of: which are written right, and which are other words."""

import pytest

from services.assignment.intake.mending import mended
from services.assignment.intake.read import read_letter


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("Bộ Công an chủ tri, phối hợp", "Bộ Công an chủ trì, phối hợp"),
        ("trình cấp có thâm quyền", "trình cấp có thẩm quyền"),
        ("dé nghị các tô\nchức", "đề nghị các tổ\nchức"),
        ("BO TÀI CHÍNH", "BỘ TÀI CHÍNH"),
        ("TONG CỤC THUÊ", "TỔNG CỤC THUẾ"),
        ("Uy ban nhân dân", "Ủy ban nhân dân"),
    ],
)
def test_a_word_that_lost_its_marks_is_written_right(said: str, right: str) -> None:
    assert mended(said) == right


@pytest.mark.parametrize(
    "said",
    ["để xuất khẩu gạo", "văn bản có quan hệ", "theo đối tượng", "Uỷ ban nhân dân", "chủ trì",
     "tranh chấp", "Nhà máy đường", "hoàn thành trả hồ sơ", "bao cao su", "mỗi trường học"],
)  # fmt: skip
def test_other_words_of_the_same_letters_stay(said: str) -> None:
    assert mended(said) == said


def test_a_scan_is_read_right_and_quoted_as_it_is() -> None:
    letter = read_letter("1. Sở Y tế chủ tri, phối hợp với Sở Nội vụ rà soát.", name="scan")

    (task,) = letter.tasks
    assert task.lead == ["Sở Y tế"]
    assert task.coordinate == ["Sở Nội vụ"]
    assert "chủ tri" in task.text


def test_a_letter_without_a_head_is_no_scan() -> None:
    said = "Nhà thầu thi công hoặc sửa đường.\nĐài Tiếng nói nhân dân thành phố đưa tin."

    assert mended(said) == said
    assert mended("CONG HOA XA HOI CHU NGHIA\nNoi nhan:").endswith("\nNơi nhận:")


def test_a_quarter_is_read_in_both_spellings() -> None:
    letter = read_letter("1. Sở Y tế báo cáo UBND tỉnh trong quí 2 năm 2026.\n", name="letter")

    (deadline,) = (one.deadline for one in letter.tasks)
    assert deadline is not None
    assert (deadline.date, deadline.kind) == ("2026-06-30", "quarter")
