"""Heads and feet that a scan misread, or that a copy lost."""

import pytest

from services.assignment.intake.letter import Header
from services.assignment.intake.mending import mended
from services.assignment.intake.read import read_letter

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n-------\n"
ORDERS = "1. Sở Y tế kiểm tra.\n2. Sở Tài chính rà soát./.\n\n"
SCAN = (
    "BO XÂY DỰNG CONG HOA XÃ HOI CHU NGHIA VIET NAM\nCUC HAI QUAN Doc lập - Tự do - Hanh phúc\n"
    "Số: 8/HQ-TH\nv/v phòng dịch\n\n"
)


def header(text: str) -> Header:
    return read_letter(text, name="one").header


def test_a_scan_lost_the_marks_of_its_head_and_foot() -> None:
    foot = "Noi nhan:\n+ Nhu trên: . PHO CUC TRUONG\n- Lưu: VT.\n\nLê Văn Hải\n"
    found = header(f"{SCAN}Kinh gui: Sở Y tế\n\nĐề nghị:\n{ORDERS}{foot}")

    assert found.issuer == "Cục Hải quan"
    assert (found.number_symbol, found.subject) == ("8/HQ-TH", "phòng dịch")
    assert (found.signer_title, found.signer) == ("Phó Cục trưởng", "Lê Văn Hải")


@pytest.mark.parametrize("lost", ["ngửi: ", "`.“ gửi: ", "Kính gửi: "])
def test_a_scan_lost_the_beginning_of_whom_it_addresses(lost: str) -> None:
    letter = read_letter(f"{SCAN}{lost}Sở Y tế\n\nĐề nghị:\n1. Kiểm tra.\n", name="one")

    assert [one.lead for one in letter.tasks] == [["Sở Y tế"]]


def test_gifts_sent_to_somebody_address_nobody() -> None:
    letter = read_letter(f"{NATION}\nQuà đã gửi: Sở Y tế.\n1. Sở Nội vụ kiểm tra.\n", name="one")

    assert [one.lead for one in letter.tasks] == [["Sở Nội vụ"]]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("PHO TONG CUC TRUONG", "PHÓ TỔNG CỤC TRƯỞNG"),
        ("Dong chi Cuc truong", "Đồng chí Cục trưởng"),
        ("tu do den nay", "tu do den nay"),
    ],
)
def test_fixed_words_are_known_by_their_letters_in_a_scan_alone(said: str, meant: str) -> None:
    assert mended(f"{SCAN}\n{said}").endswith(f"\n{meant}")
    assert mended(f"{NATION}\n{said}").endswith(f"\n{said}")


@pytest.mark.parametrize(
    ("title", "kind", "issuer"),
    [
        ("Quyết định về việc giao đất\nỦy ban nhân dân tỉnh Cà Mau\n", "quyết định",
         "Ủy ban nhân dân tỉnh Cà Mau"),
        ("Chỉ thị về phòng dịch\nNăm qua dịch giảm\n", "chỉ thị", None),
        ("Thông báo kết luận của lãnh đạo bộ tư pháp tại hội nghị cuối năm\n", "thông báo",
         "Bộ Tư pháp"),
        ("Thông báo ý kiến kết luận của phó thủ tướng lê văn hải về dạy nghề\n"
         "Tại Văn phòng Chính phủ đã họp.\n", "thông báo", "Văn phòng Chính phủ"),
        ("Thông báo kết luận của thứ trưởng lê văn hải về dạy nghề\n"
         "Tại Văn phòng Chính phủ đã họp.\n", "thông báo", None),
        ("Điện: Ủy ban nhân dân tỉnh Cà Mau\n", "công điện", None),
        ("Điện lực tỉnh đã báo cáo.\n", "công văn", None),
    ],
)  # fmt: skip
def test_a_copy_without_its_letterhead(title: str, kind: str, issuer: str | None) -> None:
    found = header(f"{title}{ORDERS}")

    assert (found.kind, found.issuer) == (kind, issuer)


def test_a_decision_is_told_as_one() -> None:
    found = header(
        f"UBND TỈNH CÀ MAU\n{NATION}Số: 7/QĐ-UBND\nCà Mau, ngày 6 tháng 0 4 năm 2025\n"
        f"QUYẾT ĐỊNH\nBAN HÀNH KẾ HOẠCH PHÒNG DỊCH\n\nQUYẾT ĐỊNH:\nĐiều 1. Ban hành Kế hoạch.\n"
    )

    assert (found.kind, found.date) == ("quyết định", "2025-04-06")
    assert found.subject == "BAN HÀNH KẾ HOẠCH PHÒNG DỊCH"


def test_a_steering_committee_speaks() -> None:
    found = header(f"Ban Chỉ đạo quốc gia 389 xây dựng kế hoạch như sau:\n{ORDERS}")

    assert found.issuer == "Ban Chỉ đạo quốc gia 389"


def test_a_page_has_titles_above_what_it_tells() -> None:
    told = "Ngày 5/3/2025, Thủ tướng đã có Công điện 15/CĐ-TTg về chống bão.\n\n"
    page = f"# Chống bão\n\n### Nội dung\n\n## Chống bão\n\n{told}1. Bộ Y tế kiểm tra.\n"
    found = header(page)

    assert (found.number_symbol, found.issuer) == ("15/CĐ-TTg", "Thủ tướng Chính phủ")


@pytest.mark.parametrize("head", ["BỘ TÀI CHÍNH C0NG H\n", "ngửi: Sở Y tế\n"])
def test_what_a_letter_tells_of_another_below_its_own_head_is_not_its_own(head: str) -> None:
    told = "Ngày 5/3/2025, Thủ tướng đã có Công điện 15/CĐ-TTg về chống bão.\n\n"

    assert header(f"{head}\n{told}1. Bộ Y tế kiểm tra.\n").number_symbol is None


def test_what_a_letter_tells_of_another_in_its_third_paragraph_is_not_its_own() -> None:
    before = "Bão số 3 đang đến gần.\n\nMưa lớn ở nhiều nơi.\n\n"
    told = "Ngày 5/3/2025, Thủ tướng đã có Công điện 15/CĐ-TTg về chống bão.\n\n"

    assert header(f"{before}{told}1. Bộ Y tế kiểm tra.\n").number_symbol is None
