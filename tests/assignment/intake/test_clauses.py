"""Where one paragraph holds several orders, and where it holds only one."""

from datetime import date

import pytest

from services.assignment.intake.clause import Above, Clause
from services.assignment.intake.clauses import clauses
from services.assignment.intake.sentences import demands, is_statement

WRITTEN = date(2025, 11, 17)


def read(text: str) -> list[Clause]:
    return clauses(text, 0, len(text), Above(), WRITTEN)


@pytest.mark.parametrize(
    "text",
    [
        "Sở Y tế rà soát cơ sở vật chất; tăng cường kiểm tra; xử lý nghiêm vi phạm.",
        "Sở Y tế rà soát cơ sở vật chất, báo cáo UBND tỉnh trước ngày 05/12/2025.",
        "Sở Y tế rà soát cơ sở vật chất; báo cáo UBND tỉnh kết quả trước ngày 05/12/2025.",
        "Sở Y tế rà soát cơ sở vật chất; hướng dẫn các xã, hoàn thành trước ngày 05/12/2025.",
        "Sở Y tế đề xuất UBND tỉnh đề án; báo cáo UBND tỉnh trước ngày 05/12/2025.",
        "Sở Y tế chủ trì rà soát cơ sở vật chất; Sở Nội vụ, Sở Tài chính phối hợp thực hiện.",
        "Sở Y tế rà soát cơ sở vật chất. Chậm nhất ngày 05/12/2025 phải hoàn thành.",
        "Sở Y tế rà soát cơ sở vật chất. Thời gian hoàn thành trước ngày 05/12/2025.",
        "Sở Y tế tập trung vào các nội dung: rà soát hồ sơ; báo cáo số liệu; xử lý tồn đọng.",
        "Sở Y tế rà soát cơ sở vật chất; đồng thời phối hợp với Sở Nội vụ kiểm tra nhân lực.",
        "Sở Y tế, phối hợp với Sở Nội vụ, rà soát hồ sơ; hướng dẫn các xã; lập danh mục; "
        "trình UBND tỉnh phương án trước ngày 05/12/2025.",
        "Sở Y tế lập đề án trước ngày 05/12/2025. Trong đó, phân công rõ các đơn vị.",
        "Sở Y tế rà soát thủ tục; kiến nghị cơ quan có thẩm quyền bãi bỏ quy định thừa.",
        "Sở Y tế báo cáo những vụ việc phức tạp; đề xuất khen thưởng và kiến nghị Bộ Y tế xử lý.",
        "Sở Y tế hướng dẫn (rà soát hồ sơ; báo cáo UBND tỉnh) theo quy định.",
        'Sở Y tế thực hiện phương châm "rà soát kỹ; báo cáo Sở Nội vụ; xử lý nhanh".',
    ],
)
def test_what_does_not_differ_is_one_order(text: str) -> None:
    (one,) = read(text)

    assert one.lead.names == ("Sở Y tế",)


@pytest.mark.parametrize(
    ("text", "leads", "days"),
    [
        ("Sở Y tế rà soát cơ sở vật chất; Sở Nội vụ kiểm tra nhân lực.",
         ["Sở Y tế", "Sở Nội vụ"], [None, None]),
        ("Sở Y tế lập danh mục trước ngày 01/12/2025; lập dự toán trước ngày 15/12/2025.",
         ["Sở Y tế", "Sở Y tế"], ["2025-12-01", "2025-12-15"]),
        ("Sở Y tế bàn giao trước ngày 15/12/2025; chậm nhất ngày 01/12/2025 phải lập danh mục.",
         ["Sở Y tế", "Sở Y tế"], ["2025-12-15", "2025-12-01"]),
        ("Sở Y tế chủ trì lập danh mục; Sở Nội vụ phối hợp với các xã rà soát nhân lực.",
         ["Sở Y tế", "Sở Nội vụ"], [None, None]),
        ("Sở Y tế lập danh mục; tổ chức tiêm, xong trước ngày 01/12/2025; xây trạm, hoàn thành "
         "trước ngày 15/12/2025.", ["Sở Y tế", "Sở Y tế"], ["2025-12-01", "2025-12-15"]),
        ("Sở Y tế lập danh mục; tổng hợp nhu cầu, đề nghị Bộ Tài chính bổ sung vốn trước ngày "
         "01/12/2025.", ["Sở Y tế", "Sở Y tế"], [None, "2025-12-01"]),
        ("Sở Y tế lập danh mục thuốc, vật tư... Đối với các xã, Sở Nội vụ rà soát nhân lực.",
         ["Sở Y tế", "Sở Nội vụ"], [None, None]),
        ("Sở Y tế lập danh mục. Chậm nhất ngày 01/12/2025, Sở Nội vụ rà soát nhân lực.",
         ["Sở Y tế", "Sở Nội vụ"], [None, "2025-12-01"]),
        ("Sở Y tế lập danh mục; báo cáo UBND tỉnh đề án (thời hạn hoàn thành trong tháng 12/2025).",
         ["Sở Y tế", "Sở Y tế"], ["2025-12-31", "2025-12-31"]),
        ("Sở Y tế lập danh mục; báo cáo UBND tỉnh đề án (xong trong tháng 12/2025).",
         ["Sở Y tế", "Sở Y tế"], [None, "2025-12-31"]),
        ("Sở Y tế lập đề án trước ngày 05/12/2025. Trong đó, Sở Nội vụ rà soát biên chế.",
         ["Sở Y tế", "Sở Nội vụ"], ["2025-12-05", None]),
        ("Sở Y tế rà soát các xã; báo cáo UBND tỉnh trước ngày 20 hằng tháng.",
         ["Sở Y tế", "Sở Y tế"], [None, None]),
        ("Sở Y tế theo dõi các xã; tổng hợp, báo cáo những vụ việc phức tạp.",
         ["Sở Y tế", "Sở Y tế"], [None, None]),
        ("Sở Y tế theo dõi các xã. Kịp thời báo cáo UBND tỉnh những vấn đề phát sinh.",
         ["Sở Y tế", "Sở Y tế"], [None, None]),
        ("Sở Y tế báo cáo trước ngày 15/6 hằng năm và trước ngày 15/12/2025 báo cáo tổng kết.",
         ["Sở Y tế", "Sở Y tế"], [None, "2025-12-15"]),
        ("Sở Y tế hướng dẫn các xã; phối hợp với Sở Nội vụ rà soát. Kịp thời báo cáo UBND tỉnh.",
         ["Sở Y tế", "Sở Y tế"], [None, None]),
        ("Sở Y tế hằng năm mở lớp; tập trung vào các xã nghèo; phối hợp với Sở Nội vụ rà soát.",
         ["Sở Y tế", "Sở Y tế", "Sở Y tế"], [None, None, None]),
        ("Các sở báo cáo số liệu. Trên cơ sở đó, Sở Y tế tổng hợp, báo cáo UBND tỉnh.",
         ["Các sở", "Sở Y tế"], [None, None]),
    ],
)  # fmt: skip
def test_what_differs_in_who_to_whom_or_when_is_another_order(
    text: str, leads: list[str], days: list[str | None]
) -> None:
    found = read(text)

    assert [one.lead.names[0] for one in found] == leads
    assert [one.deadline.date if one.deadline else None for one in found] == days


def test_a_list_of_leads_may_go_on_behind_a_semicolon() -> None:
    (one,) = read("Các sở, ngành; UBND các xã: Căn cứ nhiệm vụ được giao triển khai thực hiện.")

    assert one.lead.names == ("Các sở, ngành", "UBND các xã")


def test_each_words_of_evidence_lie_inside_their_order() -> None:
    text = "Sở Y tế lập danh mục trước ngày 01/12/2025; lập dự toán kinh phí, báo cáo UBND tỉnh."
    first, second = read(text)

    assert text[slice(first.evidence["deadline"].start, first.evidence["deadline"].end)] == (
        "trước ngày 01/12/2025"
    )
    assert second.evidence["budget"].start >= first.end
    assert second.evidence["report_to"].start >= first.end


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("Sở Y tế chủ trì, phối hợp với Sở Nội vụ: Lập đề án. Chủ động báo cáo UBND tỉnh.",
         [("Sở Nội vụ",), ("Sở Nội vụ",)]),
        ("Sở Y tế chủ trì, phối hợp với Sở Nội vụ lập đề án. Chủ động báo cáo UBND tỉnh.",
         [("Sở Nội vụ",), ()]),
    ],
)  # fmt: skip
def test_who_takes_part_holds_for_all_behind_a_colon(
    text: str, beside: list[tuple[str, ...]]
) -> None:
    assert [one.coordinate.names for one in read(text)] == beside


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Văn phòng Bộ xin thông báo kết luận để các đơn vị biết", True),
        ("Trước ngày 08 tháng 3 năm 2026, Phó Thủ tướng Chính phủ sẽ chủ trì cuộc họp", True),
        ("Sở Y tế thông báo kết quả kiểm tra", False),
        ("Căn cứ nội dung này, yêu cầu Giám đốc Sở Y tế triển khai thực hiện.", True),
        ("Căn cứ nội dung này, yêu cầu Giám đốc Sở Y tế triển khai tiêm chủng.", False),
        ("Giám đốc các sở chịu trách nhiệm trước UBND tỉnh về việc thực hiện Chỉ thị này", True),
        ("Giám đốc các sở chịu trách nhiệm rà soát việc thực hiện Chỉ thị số 5", False),
        ("Tùy theo nội dung, cơ quan chủ trì có thể chọn hình thức lấy ý kiến", True),
        ("Trước mắt, tập trung kiểm tra nơi có thể xảy ra sạt lở", False),
        ("Các sở, trong điều kiện có thể, lấy ý kiến chuyên gia", False),
        ("Các sở trong lúc chờ có thể lấy ý kiến chuyên gia", True),
        ("Trường hợp hẹn khám lại thì lần khám đó vẫn là khám trái tuyến", True),
        ("Trường hợp cơ quan thẩm định chậm thì phải chịu trách nhiệm trước UBND tỉnh", True),
        ("Trường hợp có vướng mắc, báo cáo UBND tỉnh", False),
        ("Tổng cục thông báo các Cục được biết và thực hiện", True),
        ("Về khó khăn: biên chế còn thiếu", True),
        ("Về khó khăn: giao Sở Nội vụ bổ sung biên chế", False),
        ("Năm 2026: 1.300.000.000đ", True),
        ("Chi 1.300.000.000đ mua thuốc", False),
        ("Căn cứ Luật Lưu trữ ngày 21 tháng 6 năm 2024", True),
        ("Căn cứ Luật Lưu trữ, rà soát tài liệu của cơ quan", False),
        ("Dự kiến trong năm 2026 khởi công nhiều dự án", True),
        ("Trước ngày 08 tháng 3 năm 2026, Sở Y tế báo cáo Thủ tướng Chính phủ", False),
    ],
)
def test_what_an_office_makes_known_orders_nothing(text: str, stated: bool) -> None:
    assert is_statement(text, 0, len(text)) is stated


@pytest.mark.parametrize(
    ("text", "rhythm"),
    [
        ("Thường xuyên kiểm tra các chợ.", "unspecified"),
        ("Sở Y tế thường xuyên theo dõi tình hình dịch bệnh.", "unspecified"),
        ("Sở Y tế duy trì chế độ trực, thường xuyên cập nhật tình hình.", "unspecified"),
        ("Sở Y tế phải liên tục ra quân, thường xuyên, không ngừng nghỉ.", None),
        ("Sở Y tế kiểm tra các cơ sở hoạt động thường xuyên.", None),
        ("Sở Y tế bố trí chi thường xuyên và chi đầu tư.", None),
    ],
)
def test_what_is_to_be_done_all_the_time(text: str, rhythm: str | None) -> None:
    (one,) = read(text)

    assert (one.recurrence, one.deadline) == (rhythm, None)


@pytest.mark.parametrize(
    ("text", "demanded"),
    [
        ("Việc kết nối, chia sẻ dữ liệu phải bảo đảm an toàn thông tin", True),
        ("Các dự án chậm tiến độ cần được rà soát", True),
        ("Công tác tuyên truyền phải được tổ chức ở từng xã", True),
        ("Việc kết nối dữ liệu là quan trọng", False),
        ("Các khó khăn mà doanh nghiệp phải giải quyết rất lớn", False),
        ("Công tác này rất nặng nề, phải tập trung nhiều người", False),
    ],
)
def test_a_demand_may_name_nobody(text: str, demanded: bool) -> None:
    assert demands(text, 0, len(text)) is demanded
    assert not (demanded and is_statement(text, 0, len(text)))
