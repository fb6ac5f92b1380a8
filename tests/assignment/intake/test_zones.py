"""Where a letter begins: at its letterhead, not where its words name the country."""

import pytest

from services.assignment.intake.read import read_letter
from services.assignment.intake.zones import read_zones

PAGE = "Trang thông tin điện tử, ngày 5 tháng 3\nTìm kiếm | Văn bản\n"
MOTTO = "Độc lập - Tự do - Hạnh phúc\n"
BODY = "Kính gửi: Sở Công Thương\nỦy ban nhân dân thành phố giao Sở Công Thương kiểm tra.\n"


@pytest.mark.parametrize(
    "head",
    [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n" + MOTTO,
        "Cộng hòa xã hội chủ nghĩa Việt Nam\n" + MOTTO,
        "Cộng hoà xã hội chủ nghĩa Việt Nam\nĐộc Lập – Tự Do – Hạnh Phúc\n",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n",
    ],
)
def test_what_a_page_says_before_the_letterhead_is_no_part_of_the_letter(head: str) -> None:
    assert read_zones(PAGE + head + BODY).start == len(PAGE)


def test_the_country_named_in_an_order_heads_nothing() -> None:
    letter = (
        "Ủy ban nhân dân tỉnh yêu cầu:\n"
        "1. Sở Tài chính lập dự toán năm 2017.\n"
        "2. Sở Nội vụ tổ chức kỷ niệm Quốc khánh nước Cộng hòa xã hội chủ nghĩa Việt Nam.\n"
        "3. Sở Công Thương kiểm tra các chợ.\n"
    )

    assert [task.path for task in read_letter(letter, name="one").tasks] == ["1", "2", "3"]


@pytest.mark.parametrize("words", ["Nơi nhận:", "NƠI NHẬN", "Noi nhận:", "Nơi nhân: KT. CHỦ TỊCH"])
def test_recipients_end_a_letter_also_where_a_scan_lost_an_accent(words: str) -> None:
    text = "1. Sở Y tế nơi nhận hồ sơ: kiểm tra.\n" + words + "\n- Như trên;\n"

    assert read_zones(text).end == text.index(words)


DECISION = (
    "UBND TỈNH CÀ MAU\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
    "Số: 9/QĐ-UBND\n\nQUYẾT ĐỊNH\nVề việc ban hành Kế hoạch chống hạn\n\nQUYẾT ĐỊNH:\n\n"
    "Điều 1. Sở Tài chính bố trí vốn.\n\nĐiều 2. Sở Y tế báo cáo kết quả./.\n\n"
    "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nLê Văn Hải\n\nKẾ HOẠCH\nCHỐNG HẠN\n{}\n\n"
    "I. NHIỆM VỤ\n1. Sở Xây dựng nạo vét kênh mương.\n"
)


@pytest.mark.parametrize(
    ("under", "leads"),
    [
        ("(Ban hành kèm theo Quyết định số 9/QĐ-UBND ngày 5/3/2025)", [["Sở Xây dựng"]]),
        ("(Tài liệu tham khảo)", [["Sở Tài chính"], ["Sở Y tế"]]),
    ],
)
def test_a_plan_that_a_decision_issues_stands_behind_its_signature(
    under: str, leads: list[list[str]]
) -> None:
    letter = read_letter(DECISION.format(under), name="one")

    assert [one.lead for one in letter.tasks] == leads
    assert letter.header.signer == "Lê Văn Hải"
