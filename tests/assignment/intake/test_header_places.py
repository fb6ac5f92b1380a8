"""Each field of the header is marked by its own words, wherever they are broken."""

from services.assignment.intake.read import read_letter

LETTER = """|
ỦY BAN NHÂN DÂN
TỈNH AN SƠN
Số: 245/UBND-KT
V/v quản lý chợ
dân sinh năm 2025
|
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
An Sơn, ngày 12 tháng 3 năm 2025
|

Kính gửi: Sở Công Thương.

Ngày 5 tháng 2 năm 2025 Phó Chủ tịch Trần Thị Bình đã họp. Ủy ban nhân dân tỉnh yêu cầu:

1. Sở Công Thương rà soát các chợ, báo cáo trước ngày 15 tháng 4 năm 2025.

TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
Trần Thị Bình
"""


def marked(text: str) -> dict[str, str]:
    evidence = read_letter(text, name="one").header_evidence
    return {field: text[one.start : one.end] for field, one in evidence.items()}


def test_each_field_of_the_header_points_to_its_words() -> None:
    assert marked(LETTER) == {
        "number_symbol": "Số: 245/UBND-KT",
        "date": "ngày 12 tháng 3 năm 2025",
        "issuer": "ỦY BAN NHÂN DÂN\nTỈNH AN SƠN",
        "subject": "quản lý chợ\ndân sinh năm 2025",
        "signer": "Trần Thị Bình",
        "signer_title": "PHÓ CHỦ TỊCH",
    }


def test_who_signs_is_marked_at_the_end_where_the_letter_names_him_before() -> None:
    at = read_letter(LETTER, name="one").header_evidence["signer"].start
    title = read_letter(LETTER, name="one").header_evidence["signer_title"].start

    assert LETTER[title:at] == "PHÓ CHỦ TỊCH\n"
    assert at == LETTER.rindex("Trần Thị Bình")


def test_the_date_is_that_of_the_letter_and_not_one_above_it() -> None:
    other = LETTER.replace("dân sinh năm 2025", "dân sinh từ ngày 1 tháng 1 năm 2025")

    assert marked(other)["date"] == "ngày 12 tháng 3 năm 2025"
