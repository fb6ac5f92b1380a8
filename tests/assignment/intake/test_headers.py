"""What heads and ends a letter, as other issuers and other copies of it write that."""

import pytest

from services.assignment.intake.read import read_letter

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
BODY = "\n\nKính gửi: Các trường.\n\nYêu cầu các trường rà soát hồ sơ./.\n\n"


@pytest.mark.parametrize(
    ("top", "issuer"),
    [
        ("UBND TỈNH LẠNG SƠN\nSỞ Y TẾ\n-----\n", "Sở Y tế"),
        ("BỘ TÀI CHÍNH\nTỔNG CỤC THUẾ\n-----\n", "Tổng cục Thuế"),
        ("ỦY\nBAN NHÂN DÂN TỈNH LẠNG SƠN\n-----\n", "Ủy ban nhân dân tỉnh Lạng Sơn"),
        ("VĂN\nPHÒNG CHÍNH PHỦ\n-----\n", "Văn phòng Chính phủ"),
        ("BỘ TÀI CHÍNH", "Bộ Tài chính"),
    ],
)
def test_the_issuer_stands_below_the_body_it_belongs_to(top: str, issuer: str) -> None:
    beside = "" if top.endswith("\n") else " "
    letter = read_letter(f"{top}{beside}{NATION}\nSố: 8/SYT-VP{BODY}", name="one")

    assert letter.header.issuer == issuer


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Số: 8/SYT-VP\nV/v rà soát hồ sơ\n", "rà soát hồ sơ"),
        ("Số: 8/SYT-VP\n\nVề việc rà soát hồ sơ, Sở có ý kiến như sau:\n", None),
        ("Số: 8/CĐ-SYT\nCÔNG\nĐIỆN\n\nPHÒNG DỊCH\n", "PHÒNG DỊCH"),
        ("Số: 8/CĐ-SYT\nCÔNG ĐIỆN KHẨN\n\nVỀ VIỆC PHÒNG DỊCH\n", "PHÒNG DỊCH"),
    ],
)
def test_subjects(text: str, subject: str | None) -> None:
    assert read_letter(f"SỞ Y TẾ\n{NATION}\n{text}{BODY}", name="one").header.subject == subject


@pytest.mark.parametrize(
    ("foot", "expected"),
    [
        ("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n\nLê Văn An\n", ("Lê Văn An", "Phó Giám đốc", ["KT."])),
        ("T/M BAN THƯỜNG VỤ\nPHÓ BÍ THƯ\n\nLê Văn An\n", ("Lê Văn An", "Phó Bí thư", ["TM."])),
        ("KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH THƯỜNG TRỰC\nLê Văn An\n",
         ("Lê Văn An", "Phó Chủ tịch Thường trực", ["KT."])),
        ("Nơi nhận: KT. GIÁM ĐỐC\n- Như trên; PHÓ GIÁM ĐỐC\n- Lưu: VT.\n\nLê Văn An\n",
         ("Lê Văn An", "Phó Giám đốc", ["KT."])),
        ("Nơi nhận: BỘ TRƯỞNG, CHỦ NHIỆM\n- Như trên;\n- Lưu: VT.\n\nLê Văn An\n",
         ("Lê Văn An", "Bộ trưởng, Chủ nhiệm", [])),
        ("Nơi nhận: Bộ trưởng (để b/c);\n- Lưu: VT.\n", (None, None, [])),
        ("Nơi nhận:\n- Như trên;\n- Giám đốc (để b/c);\n- Lưu: VT, KT.\n", (None, None, [])),
    ],
)  # fmt: skip
def test_signatures(foot: str, expected: tuple[str | None, str | None, list[str]]) -> None:
    header = read_letter(f"SỞ Y TẾ\n{NATION}\nSố: 8/SYT-VP{BODY}{foot}", name="one").header

    assert (header.signer, header.signer_title, header.capacity) == expected


def test_a_letterhead_in_a_table_of_markdown() -> None:
    text = (
        "| **SỞ Y TẾ** <br><br> Số: 8 /SYT-VP <br> V/v rà soát hồ sơ | **CỘNG HÒA XÃ HỘI CHỦ NGHĨA"
        " VIỆT NAM** <br> Độc lập - Tự do - Hạnh phúc <br> Huế, ngày 5 tháng 3 năm 2026 |\n"
        "| :--- | :--- |\n\n**Kính gửi:** Các trường.\n\nSở Y tế yêu cầu:\n\n"
        "### 1. Các trường mầm non\n\n- Rà soát hồ sơ.\n\n> Ghi chú\n"
    )
    letter = read_letter(text, name="one")

    header = letter.header
    assert (header.number_symbol, header.date, header.issuer, header.subject) == (
        "8/SYT-VP",
        "2026-03-05",
        "Sở Y tế",
        "rà soát hồ sơ",
    )
    assert [(one.path, one.lead) for one in letter.tasks] == [("1.-1", ["Các trường mầm non"])]
    assert text[letter.tasks[0].start : letter.tasks[0].end] == "Rà soát hồ sơ."


@pytest.mark.parametrize(
    ("text", "kind", "number", "day"),
    [
        ("Thủ tướng yêu cầu:\n1. Bộ Y tế đôn đốc việc thực hiện Công điện này.\n",
         "công điện", None, None),
        ("Thủ tướng yêu cầu:\n1. Bộ Y tế đôn đốc việc thực hiện Công điện số 5.\n",
         "công văn", None, None),
        (f"SỞ Y TẾ\n{NATION}\nSố: 8/SYT-VP\nHuế, ngày 05tháng 4 năm 2026\n\n"
         "Kính gửi: Các trường.\n\n1. Thực hiện Kế hoạch này.\n",
         "công văn", "8/SYT-VP", "2026-04-05"),
        ("PHỤ LỤC\nTHỰC HIỆN NGHỊ QUYẾT SỐ 57-NQ/TW NGÀY 22/12/2024\n1. Bộ Y tế rà soát.\n",
         "công văn", None, None),
        ("TỈNH ỦY HUẾ\nSố 57-CV/TU\n1. Bộ Y tế rà soát.\n", "công văn", "57-CV/TU", None),
    ],
)  # fmt: skip
def test_what_a_letter_says_of_itself(
    text: str, kind: str, number: str | None, day: str | None
) -> None:
    header = read_letter(text, name="one").header

    assert (header.kind, header.number_symbol, header.date) == (kind, number, day)


def test_a_title_without_a_letterhead_may_end_with_whose_it_is() -> None:
    title = "Thông báo kết luận của Bộ trưởng tại hội nghị tổng kết của {}.\nBộ trưởng yêu cầu:\n"

    found = [
        read_letter(title.format(one) + "1. Vụ A rà soát.\n", name="one").header.issuer
        for one in ("Bộ Xây dựng", "ngành đường sắt")
    ]

    assert found == ["Bộ Xây dựng", None]


@pytest.mark.parametrize(
    ("title", "lead"), [("", [["UBND các tỉnh"]] * 2), ("KẾ HOẠCH\n\n", [["UBND các tỉnh"]])]
)
def test_where_nobody_is_addressed_orders_are_for_those_named_before(
    title: str, lead: list[list[str]]
) -> None:
    """A plan says much that nobody in particular is to do."""
    letter = read_letter(
        f"{title}Thủ tướng Chính phủ yêu cầu Chủ tịch UBND các tỉnh rà soát việc đấu giá đất.\n\n"
        "Tập trung xử lý nghiêm vi phạm.\n",
        name="one",
    )

    assert [one.lead for one in letter.tasks] == lead
