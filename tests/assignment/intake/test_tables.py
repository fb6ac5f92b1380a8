"""Annexes with a row for each order, as files and pages lay them out."""

import pytest

from services.assignment.intake.letter import FoundTask
from services.assignment.intake.read import read_letter

PLAN = (
    "BỘ Y TẾ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 1/KH-BYT\nHà Nội, ngày 3 tháng 2 năm 2026\n"
    "KẾ HOẠCH\nPHÒNG DỊCH\n\nCăn cứ Luật số 3/2007/QH12./.\n\nNơi nhận:\n- Như trên.\n\nPHỤ LỤC\n"
)
HEAD = "| STT | Nhiệm vụ | Đơn vị chủ trì | Đơn vị phối hợp | Hạn hoàn thành | Ưu tiên |\n"


def rows(table: str) -> list[tuple[str, list[str], list[str], str | None]]:
    return [told(task) for task in read_letter(PLAN + table, name="one").tasks]


def told(task: FoundTask) -> tuple[str, list[str], list[str], str | None]:
    return task.path, task.lead, task.coordinate, task.deadline.date if task.deadline else None


def test_an_empty_cell_moves_no_other() -> None:
    table = (
        HEAD + "| 1 | Tiêm chủng | Sở Y tế | | 20/10/2026 | Khẩn |\n"
        "| 2 | Làm sạch dữ liệu | Công an tỉnh | Sở Y tế | | |\n"
        "| | Mở lớp | Sở Nội vụ | | | |\n"
    )

    assert rows(table) == [
        ("PL.1", ["Sở Y tế"], [], "2026-10-20"),
        ("PL.2", ["Công an tỉnh"], ["Sở Y tế"], None),
        ("PL", ["Sở Nội vụ"], [], None),
    ]


def test_the_rule_under_a_head_and_rows_that_name_a_group_are_no_orders() -> None:
    table = (
        HEAD + "| :---: | :--- | :--- | :--- | :---: | --- |\n"
        "| I. Chỉ đạo, điều hành ||||||\n"
        "| **II** | **Tuyên truyền** | | | | |\n"
        "| 1 | Tiêm chủng | Sở Y tế | Sở Nội vụ | 20/10/2026 | Khẩn |\n"
    )

    assert rows(table) == [("PL.1", ["Sở Y tế"], ["Sở Nội vụ"], "2026-10-20")]


@pytest.mark.parametrize(
    ("head", "row", "expected"),
    [
        ("| Đầu việc | Đơn vị chủ trì |", "| Mở lớp | Sở Y tế |", ("PL", ["Sở Y tế"], [], None)),
        (
            "| STT | Nhóm nhiệm vụ | Nội dung nhiệm vụ | Đơn vị chủ trì | Thời gian bắt đầu "
            "| Thời gian hoàn thành | Kết quả hoàn thành |",
            "| 1 | Đào tạo | Mở lớp | Sở Y tế | 01/3/2026 | 30/4/2026 | 5 lớp |",
            ("PL.1", ["Sở Y tế"], [], "2026-04-30"),
        ),
        (
            "| Mã | Công việc | Sản phẩm | Cơ quan thực hiện |",
            "| 1.1 | Mở lớp | Báo cáo | Sở Y tế |",
            ("PL.1.1", ["Sở Y tế"], [], None),
        ),
    ],
)
def test_columns_are_known_by_their_heads(
    head: str, row: str, expected: tuple[str, list[str], list[str], str | None]
) -> None:
    assert rows(f"{head}\n{row}\n") == [expected]


def test_a_head_broken_over_lines_is_read_cell_by_cell() -> None:
    table = "| TT | Nội dung | Cơ quan\nchủ trì |\n| 1 | Mở lớp | Sở Y tế |\n"

    assert rows(table) == [("PL.1", ["Sở Y tế"], [], None)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("| 1 | Mở lớp hằng năm | VTV, VOV, các xã | các bộ | 6/2026 | |",
         ("PL.1", ["VTV", "VOV", "các xã"], ["các bộ"], "2026-06-30")),
        ("| 1 | Mở lớp | Sở Y tế | | Tháng 10/2026 | |", ("PL.1", ["Sở Y tế"], [], "2026-10-31")),
        ("| 1 | Mở lớp | Sở Y tế | | 15/10/2026 | |", ("PL.1", ["Sở Y tế"], [], "2026-10-15")),
        ("| 1 | Mở lớp | (VTV) | | 1/2026/TT | |", None),
    ],
)  # fmt: skip
def test_cells_say_in_short_who_and_until_when(
    row: str, expected: tuple[str, list[str], list[str], str | None] | None
) -> None:
    assert rows(f"{HEAD}{row}\n") == ([expected] if expected else [])


def test_what_the_column_of_times_says_goes_before_the_words_of_the_order() -> None:
    table = HEAD + "| 1 | Lập kế hoạch hằng năm | Sở Y tế | | Thường xuyên | |\n"

    (task,) = read_letter(PLAN + table, name="one").tasks
    assert (task.deadline, task.recurrence) == (None, "unspecified")


def test_a_table_in_the_body_is_read_by_its_rows_alone() -> None:
    plan = PLAN.partition("./.")[0] + ".\n\nI. NHIỆM VỤ\n\n"
    table = HEAD + "| 1. | Sở Y tế rà soát | Sở Y tế | | | |\n| 2. | Mở lớp | Sở Nội vụ | | | |\n"
    letter = read_letter(f"{plan}{table}\n1. Sở Tài chính rà soát dự toán.\n", name="one")

    assert [(task.path, task.lead) for task in letter.tasks] == [
        ("PL.1", ["Sở Y tế"]),
        ("PL.2", ["Sở Nội vụ"]),
        ("I.1", ["Sở Tài chính"]),
    ]


@pytest.mark.parametrize(
    "table",
    [
        "| STT | Tên chợ | Diện tích |\n| 1 | Chợ Mới | 500 |\n",
        HEAD + "| 1 | Tiêm chủng | Sở Y tế |\n",
        HEAD,
    ],
)
def test_what_is_no_row_of_such_a_table_orders_nothing(table: str) -> None:
    assert rows(table) == []
