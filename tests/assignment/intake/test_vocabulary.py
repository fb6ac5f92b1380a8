"""What letters of other issuers taught: each rule with a sentence for it and one that it leaves."""

import pytest

from services.assignment.intake.bodies import read_bodies
from services.assignment.intake.citations import read_citations
from services.assignment.intake.clause import Above
from services.assignment.intake.clauses import clauses
from services.assignment.intake.read import read_letter
from services.assignment.intake.sentences import is_statement


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13 Cục Thuế có số thu lớn tập trung đôn đốc", ["13 Cục Thuế có số thu lớn"]),
        ("13 dự án chậm tiến độ tập trung giải ngân", []),
        ("Đồng chí Lê Văn An, Phó Chủ tịch UBND tỉnh chỉ đạo", ["UBND tỉnh"]),
        ("Đồng chí Lê Văn An phụ trách chung", []),
        ("Các hộ nuôi trồng thủy sản gia cố lồng bè", ["Các hộ nuôi trồng thủy sản"]),
        ("Các tổ chức, cá nhân hoạt động khai thác cát nộp báo cáo",
         ["Các tổ chức, cá nhân hoạt động khai thác cát"]),
        ("Các doanh nghiệp khai thác có hiệu quả thị trường", ["Các doanh nghiệp"]),
        ("Các doanh nghiệp khai thác cát, tăng cường kiểm tra", ["Các doanh nghiệp"]),
        ("Ủy ban nhân dân xã, phường có dự án đi qua phối hợp",
         ["Ủy ban nhân dân xã, phường có dự án đi qua"]),
        ("Ủy ban nhân dân xã, phường có trách nhiệm phối hợp", ["Ủy ban nhân dân xã, phường"]),
        ("UBND các phường: An Biên, Đông Sơn hoàn thành",
         ["UBND phường An Biên", "UBND phường Đông Sơn"]),
        ("UBND các phường hoàn thành việc rà soát", ["UBND các phường"]),
        ("UBND các phường: Chủ động rà soát", ["UBND các phường"]),
        ("Quỹ Đầu tư phát triển tỉnh rà soát", ["Quỹ Đầu tư phát triển tỉnh"]),
        ("Sở Tài chính phát triển thị trường vốn", ["Sở Tài chính"]),
        ("Ban Quản lý dự án đầu tư xây dựng các công trình giao thông tỉnh tập trung",
         ["Ban Quản lý dự án đầu tư xây dựng các công trình giao thông tỉnh"]),
        ("Ban Quản lý dự án xây dựng kế hoạch", ["Ban Quản lý dự án"]),
        ("Phòng Kinh tế, Hạ tầng và Đô thị phường tham mưu",
         ["Phòng Kinh tế, Hạ tầng và Đô thị phường"]),
        ("BTL Cảnh sát biển, Quân khu 4 kiểm đếm", ["BTL Cảnh sát biển", "Quân khu 4"]),
        ("Cấp ủy, chính quyền các cấp quán triệt", ["Cấp ủy, chính quyền các cấp"]),
        ("Các chi bộ trực thuộc tổ chức sinh hoạt", ["Các chi bộ trực thuộc"]),
        ("Các đơn vị sự nghiệp công lập lập dự toán", ["Các đơn vị sự nghiệp công lập"]),
        ("Văn phòng Đăng ký đất đai rà soát", ["Văn phòng Đăng ký đất đai"]),
        ("Văn phòng Sở ký hợp đồng", ["Văn phòng Sở"]),
        ("Tổ công tác triển khai Đề án 06 tỉnh duy trì", ["Tổ công tác triển khai Đề án 06 tỉnh"]),
        ("Tổ công tác triển khai kế hoạch", ["Tổ công tác"]),
        ("Thường trực Đảng ủy xã chỉ đạo", ["Thường trực Đảng ủy xã"]),
    ],
)  # fmt: skip
def test_bodies(text: str, expected: list[str]) -> None:
    assert [one.name for one in read_bodies(text, 0, len(text))] == expected


def test_a_citation_ends_with_its_sentence() -> None:
    text = "theo Công văn số 12/UBND-KT. Đồng thời thực hiện Quyết định 45/QĐ - TTg và 9/KH - UBND"

    assert read_citations(text, None) == ["12/UBND-KT", "45/QĐ-TTg", "9/KH-UBND"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trưởng các thôn thông báo đến từng hộ dân", False),
        ("Văn phòng Chính phủ thông báo để các bộ, ngành biết, thực hiện", True),
        ("Sở Y tế chịu trách nhiệm theo dõi, kiểm tra việc thực hiện Chỉ thị này", False),
        ("Giám đốc các sở chịu trách nhiệm thi hành Chỉ thị này", True),
        ("Về đề nghị của Sở Y tế: UBND tỉnh thống nhất chủ trương", True),
        ("Về đề nghị của Sở Y tế: UBND xã rà soát hồ sơ", False),
    ],
)
def test_statements(text: str, expected: bool) -> None:
    assert is_statement(text, 0, len(text)) is expected


def told(text: str) -> list[tuple[str, ...]]:
    return [one.lead.names for one in clauses(text, 0, len(text), Above(), None)]


def test_a_report_behind_several_orders_ends_all_of_them() -> None:
    orders = "Rà soát hồ sơ; lập danh sách; báo cáo Sở Y tế trước ngày 25/6/2026"

    assert len(told(orders)) == 1
    assert len(told("Rà soát hồ sơ; lập danh sách; báo cáo Sở Y tế")) == 2


def test_a_list_of_leads_goes_on_behind_a_semicolon() -> None:
    asked = "Nhận được Chỉ thị này, yêu cầu các sở, ngành; UBND các xã lập kế hoạch"

    assert len(told(asked)) == 1
    assert len(told("Yêu cầu các sở, ngành rà soát; UBND các xã lập kế hoạch")) == 2


HEADED = "Kính gửi: Các sở.\n\nUBND tỉnh yêu cầu:\n\n{}\n\n- Rà soát các dự án.\n"


@pytest.mark.parametrize(
    ("heading", "leads"),
    [
        ("1. Yêu cầu Chủ tịch UBND các xã, phường:", [["UBND các xã, phường"]]),
        ("1. Yêu cầu", []),
        ("1- Sở Tài chính:", [["Sở Tài chính"]]),
        ("I- Sở Tài chính:", [["Sở Tài chính"]]),
    ],
)
def test_headings(heading: str, leads: list[list[str]]) -> None:
    letter = read_letter(HEADED.format(heading), name="one")

    assert [one.lead for one in letter.tasks] == leads


def test_a_long_heading_does_not_swallow_the_dash_below_it() -> None:
    heading = (
        "3. Nâng cao nhận thức, trách nhiệm của các cơ quan, đơn vị trong việc " + "rà soát, " * 12
    )
    letter = read_letter(
        f"Kính gửi: Các sở.\n\nYêu cầu:\n\n{heading}đánh giá\n\n- Các sở rà soát hồ sơ.\n",
        name="one",
    )

    assert [one.path for one in letter.tasks] == ["3.-1"]
