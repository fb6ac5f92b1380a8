"""Annexes with a row for each order, as files and pages lay them out."""

from collections.abc import Callable

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


COLUMNS = ["STT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành"]
ONE = ["1", "Rà soát chợ tạm", "Sở Công Thương", "Công an tỉnh, UBND các xã", "Quý II/2026"]
TWO = ["2", "Di dời chợ tạm", "Sở Xây dựng", "Sở Tài chính", "15/12/2026"]
READ_ONE = ("PL.1", ["Sở Công Thương"], ["Công an tỉnh", "UBND các xã"], "2026-06-30")
READ_TWO = ("PL.2", ["Sở Xây dựng"], ["Sở Tài chính"], "2026-12-15")


def on_lines(*table: list[str]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in table)


def stacked(*table: list[str]) -> str:
    """As pages on the web give it: a cell on a line, an empty one nothing between two bars."""
    return "".join(
        "".join(f"|\n{cell}\n" if cell else "|\n" for cell in row) + "|\n" for row in table
    )


def typed(gap: str) -> Callable[..., str]:
    return lambda *table: "".join(f"{gap.join(row)}\n" for row in table)


LAYOUTS = [on_lines, stacked, typed("\n"), typed("\t"), typed("    "), typed(" | ")]


@pytest.mark.parametrize("laid", LAYOUTS)
def test_a_table_reads_alike_however_it_is_laid_out(laid: Callable[..., str]) -> None:
    assert rows(laid(COLUMNS, ONE, TWO)) == [READ_ONE, READ_TWO]


@pytest.mark.parametrize("laid", [on_lines, stacked, typed("\t")])
def test_empty_cells_and_groups_move_nothing(laid: Callable[..., str]) -> None:
    group = ["II", "Đầu tư hạ tầng", "", "", ""]
    table = laid(COLUMNS, ["1", "Mở lớp", "Sở Nội vụ", "", "15/12/2026"], group, TWO)

    assert rows(table) == [("PL.1", ["Sở Nội vụ"], [], "2026-12-15"), READ_TWO]


@pytest.mark.parametrize("laid", [on_lines, stacked])
def test_a_lead_merged_over_rows_holds_for_each(laid: Callable[..., str]) -> None:
    table = laid(COLUMNS, ONE, ["2", "Lập danh mục chợ", "", "", "30/9/2026"])

    assert rows(table)[1] == ("PL.2", READ_ONE[1], READ_ONE[2], "2026-09-30")


def test_cells_left_out_because_others_span_rows_are_known_by_what_the_rest_says() -> None:
    short = [["2", "Lập danh mục chợ", "30/9/2026"], ["3", "Di dời chợ tạm", "Sở Y tế", "5/2026"]]

    assert rows(stacked(COLUMNS, ONE, *short))[1:] == [
        ("PL.2", READ_ONE[1], READ_ONE[2], "2026-09-30"),
        ("PL.3", ["Sở Y tế"], READ_ONE[2], "2026-05-31"),
    ]


def test_a_group_ends_what_was_merged_above_it() -> None:
    table = on_lines(COLUMNS, ONE, ["II", "Đầu tư", "", "", ""], ["1", "Lập dự án", "", "", ""])

    assert rows(table) == [READ_ONE]


def test_a_row_that_says_as_above_has_what_stands_there() -> None:
    table = on_lines(COLUMNS, ONE, ["2", "Lập danh mục chợ", "nt", "Sở Y tế", "Như trên"])

    assert rows(table)[1] == ("PL.2", READ_ONE[1], ["Sở Y tế"], READ_ONE[3])


@pytest.mark.parametrize(
    "head",
    [
        stacked(["TT", "Nội dung", "Phân công thực hiện", "Thời gian"], ["Chủ trì", "Phối hợp"]),
        on_lines(["TT", "Nội dung", "Cơ quan thực hiện", "", "Thời gian"],
                 ["", "", "Chủ trì", "Phối hợp", ""]),
        on_lines(["TT", "Nội dung", "Chủ trì", "Phối hợp", "Hạn"], ["1", "2", "3", "4", "5"]),
    ],
)  # fmt: skip
def test_a_head_of_two_rows_is_one_head(head: str) -> None:
    laid = stacked if head.startswith("|\n") else on_lines

    assert rows(head + laid(ONE, TWO)) == [READ_ONE, READ_TWO]


@pytest.mark.parametrize(
    ("who", "lead", "coordinate"),
    [
        ("Sở Y tế chủ trì, phối hợp với Sở Nội vụ", ["Sở Y tế"], ["Sở Nội vụ"]),
        ("Chủ trì: Sở Y tế. Phối hợp: Sở Nội vụ, các xã", ["Sở Y tế"], ["Sở Nội vụ", "các xã"]),
        ("Sở Y tế (chủ trì); Sở Nội vụ (phối hợp)", ["Sở Y tế"], ["Sở Nội vụ"]),
        ("Sở Y tế, Sở Nội vụ", ["Sở Y tế"], ["Sở Nội vụ"]),
        ("Sở Y tế", ["Sở Y tế"], []),
    ],
)
def test_one_column_tells_who_leads_and_who_takes_part(
    who: str, lead: list[str], coordinate: list[str]
) -> None:
    head = ["TT", "Nội dung công việc", "Cơ quan chủ trì, phối hợp"]

    assert rows(on_lines(head, ["1", "Mở lớp", who])) == [("PL.1", lead, coordinate, None)]


def test_in_a_column_of_who_does_it_all_lead_unless_it_says_otherwise() -> None:
    head = ["TT", "Nội dung công việc", "Đơn vị thực hiện"]
    told = ["Sở Y tế, Sở Nội vụ", "Sở Y tế chủ trì; phối hợp: Sở Nội vụ"]
    table = on_lines(head, *([str(at), "Mở lớp", who] for at, who in enumerate(told, 1)))

    assert rows(table) == [
        ("PL.1", ["Sở Y tế", "Sở Nội vụ"], [], None),
        ("PL.2", ["Sở Y tế"], ["Sở Nội vụ"], None),
    ]


def test_a_unit_beside_what_it_is_handed_leads_it() -> None:
    handed = on_lines(["TT", "Đơn vị", "Nhiệm vụ được giao"], ["1", "Sở Y tế", "Mở lớp"])
    counted = on_lines(["TT", "Đơn vị", "Nội dung"], ["1", "Sở Y tế", "Mở 5 lớp"])

    assert rows(handed) == [("PL.1", ["Sở Y tế"], [], None)]
    assert rows(counted) == []


def test_words_behind_a_table_are_no_row_of_it() -> None:
    table = stacked(COLUMNS, ONE).rstrip() + "\n\nGhi chú: Sở Y tế rà soát.\n|\nA\n|\nB\n|\n"

    assert rows(table) == [READ_ONE]


@pytest.mark.parametrize("laid", [stacked, typed("\n"), typed("\t")])
def test_a_table_between_units_is_read_once(laid: Callable[..., str]) -> None:
    plan = PLAN.partition("./.")[0] + ".\n\nI. NHIỆM VỤ\n\n"
    table = laid(COLUMNS, ["1", "Sở Y tế rà soát chợ", *ONE[2:]], TWO)
    letter = read_letter(f"{plan}{table}\n\n1. Sở Tài chính rà soát dự toán.\n", name="one")

    assert [(task.path, task.lead) for task in letter.tasks] == [
        ("PL.1", ["Sở Công Thương"]),
        ("PL.2", ["Sở Xây dựng"]),
        ("I.1", ["Sở Tài chính"]),
    ]


def test_a_title_that_looks_like_a_column_is_no_part_of_the_head() -> None:
    table = f"|\nPHỤ LỤC: Phân công nhiệm vụ\n{on_lines(COLUMNS, ONE)}|\n"

    assert rows(table) == [READ_ONE]


def test_a_table_without_gaps_between_its_rows_is_read_by_the_width_of_its_head() -> None:
    told = ["Nhiệm vụ", "Đơn vị thực hiện", "Mở lớp", "Sở Y tế", "Rà soát", "Sở Nội vụ"]
    table = "".join(f"|\n{one}\n" for one in told) + "|\n"

    assert rows(table) == [("PL", ["Sở Y tế"], [], None), ("PL", ["Sở Nội vụ"], [], None)]
