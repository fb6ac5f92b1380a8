"""What stands at a letter's head and foot, in the shapes that issuers give it."""

import pytest

from services.assignment.intake.letter import Header
from services.assignment.intake.read import read_letter

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n-------\n"
NUMBER = "Số: 12/VP-TH\nV/v phòng dịch\nHuế, ngày 3 tháng 2 năm 2025\n"
BODY = "\nKính gửi: Sở Y tế\n\nĐề nghị:\n1. Sở Y tế kiểm tra.\n2. Sở Tài chính rà soát./.\n\n"
FOOT = "Nơi nhận:\n- Như trên;\n- Lưu: VT.\n\n"


def header(text: str) -> Header:
    return read_letter(text, name="one").header


@pytest.mark.parametrize(
    ("head", "issuer"),
    [
        ("UBND TỈNH LÂM ĐỒNG\nSỞ Y TẾ\n----\n", "Sở Y tế"),
        ("BỘ TÀI CHÍNH\nTỔNG CỤC HẢI QUAN\n----\n", "Tổng cục Hải quan"),
        ("BỘ CÔNG THƯƠNG\n", "Bộ Công Thương"),
        ("VĂN\nPHÒNG CHÍNH PHỦ\n", "Văn phòng Chính phủ"),
        ("THỦ TƯỚNG CHÍNH\nPHỦ\n", "Thủ tướng Chính phủ"),
        ("HỎA TỐC\nBỘ NÔNG NGHIỆP\nVÀ MÔI TRƯỜNG\n", "Bộ Nông nghiệp và Môi trường"),
        ("BẢO HIỂM XÃ HỘI\nVIỆT NAM\n", "Bảo hiểm xã hội Việt Nam"),
        (
            "ỦY BAN NHÂN DÂN\nTỈNH CÀ MAU\nVĂN PHÒNG\n",
            "Văn phòng Ủy ban nhân dân tỉnh Cà Mau",
        ),
        (
            "BAN CHỈ ĐẠO TRUNG ƯƠNG VỀ\nPHÒNG, CHỐNG THIÊN TAI\n",
            "Ban chỉ đạo trung ương về phòng, chống thiên tai",
        ),
        ("Y BAN NHÂN DÂN\nTỈNH CÀ MAU\n", "Ủy ban nhân dân tỉnh Cà Mau"),
        ("Ủy ban nhân dân tỉnh Cà Mau\n", "Ủy ban nhân dân tỉnh Cà Mau"),
        ("Trang tin của tỉnh.\n\n\nTÌM KIẾM\nBỘ Y TẾ\n", "Bộ Y tế"),
    ],
)
def test_the_last_body_of_the_letterhead_issues(head: str, issuer: str) -> None:
    assert header(head + NATION + NUMBER + BODY).issuer == issuer


def test_the_nation_may_stand_beside_the_issuer() -> None:
    one_line = (
        "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "TỈNH CÀ MAU Độc Lập - Tự Do - Hạnh Phúc\n\n"
        "Số: 4/UBND-TH Cà Mau, ngày 6 tháng 4 năm 2011\n\nV/v bầu chọn vịnh\n"
    )
    found = header(one_line + BODY)

    assert found.issuer == "Ủy ban nhân dân tỉnh Cà Mau"
    assert (found.number_symbol, found.date) == ("4/UBND-TH", "2011-04-06")
    assert found.subject == "bầu chọn vịnh"


def test_a_markdown_table_as_letterhead() -> None:
    head = (
        "| **BỘ Y TẾ** <br><br> Số: 6 /BYT-DP <br> V/v tiêm chủng | **CỘNG HÒA XÃ HỘI CHỦ NGHĨA "
        "VIỆT NAM** <br> **Độc lập - Tự do - Hạnh phúc** <br> *Hà Nội, ngày 5 tháng 9 năm 2026* |\n"
        "| :--- | :--- |\n"
    )
    foot = (
        "| **Nơi nhận:** | **KT. BỘ TRƯỞNG** <br> **THỨ TRƯỞNG** |\n| :--- | :--- |\n"
        "| - Như trên;<br>- Lưu: VT. | *(Đã ký)* <br><br> **Lê Văn Hải** |\n"
    )
    letter = read_letter(head + BODY + foot, name="one")

    assert letter.header.issuer == "Bộ Y tế"
    assert (letter.header.number_symbol, letter.header.date) == ("6/BYT-DP", "2026-09-05")
    assert letter.header.subject == "tiêm chủng"
    assert letter.header.capacity == ["KT."]
    assert (letter.header.signer, letter.header.signer_title) == ("Lê Văn Hải", "Thứ trưởng")
    number = letter.header_evidence["number_symbol"]
    assert (head + BODY + foot)[number.start : number.end] == "Số: 6 /BYT-DP"


def test_a_party_letter() -> None:
    found = header(
        "ĐẢNG BỘ TỈNH AN GIANG\nĐẢNG ỦY XÃ BÌNH HÒA\n*\nSố 15-CV/ĐU\nV/v triển khai nghị quyết\n"
        "ĐẢNG CỘNG SẢN VIỆT NAM\nBình Hòa, ngày 3 tháng 2 năm 2025\n"
        + BODY
        + FOOT
        + "T/M BAN THƯỜNG VỤ\nPHÓ BÍ THƯ THƯỜNG TRỰC\n\nLê Văn Hải\n"
    )

    assert (found.number_symbol, found.issuer) == ("15-CV/ĐU", "Đảng ủy xã Bình Hòa")
    assert found.subject == "triển khai nghị quyết"
    assert (found.capacity, found.signer_title) == (["TM."], "Phó Bí thư Thường trực")


@pytest.mark.parametrize(
    ("under", "subject"),
    [
        ("V/v phòng dịch\nmùa hè.\n", "phòng dịch mùa hè"),
        ("Về thực hiện quy hoạch\n", "thực hiện quy hoạch"),
        ("Tham mưu triển khai\nKế hoạch số 8-KH/TU\n", "Tham mưu triển khai Kế hoạch số 8-KH/TU"),
        ("Huế, ngày 3 tháng 2 năm 2025\n", None),
        ("- Lưu: VT\n", None),
        ("\nVề việc mở chợ, Chủ tịch UBND tỉnh có ý kiến chỉ đạo như sau:\n", None),
    ],
)
def test_the_subject_stands_under_the_number(under: str, subject: str | None) -> None:
    head = "SỞ Y TẾ\n" + NATION + "Số: 12/SYT-NVY\n" + under + "\n"

    assert header(head + BODY).subject == subject


@pytest.mark.parametrize(
    ("title", "kind", "subject"),
    [
        (
            "KẾ HOẠCH\nCHỐNG HẠN NĂM 2019 -\n2020\nThực hiện Chỉ",
            "kế hoạch",
            "CHỐNG HẠN NĂM 2019 - 2020",
        ),
        ("CHỈ THỊ CỦA UBND TỈNH\n\nVề việc chữa cháy\nrừng\n\n", "chỉ thị", "chữa cháy rừng"),
        ("CÔNG ĐIỆN KHẨN\nỨNG PHÓ BÃO\n\n", "công điện", "ỨNG PHÓ BÃO"),
        ("CÔNG ĐIỆN\n\nTHỦ TƯỚNG CHÍNH PHỦ\n\nĐIỆN: Bộ Y tế\n", "công điện", None),
        ("THÔNG BÁO TỚI MỌI NGƯỜI\n", "công văn", None),
        (
            "Số: 9/KH-SYT\nKẾ HOẠCH TUYÊN TRUYỀN PHÒNG DỊCH\nCăn cứ Luật;\n",
            "kế hoạch",
            "TUYÊN TRUYỀN PHÒNG DỊCH",
        ),
        (
            "Số: 9/CT-SYT\nHuế, ngày 3 tháng 2 năm 2025 CHỈ THỊ VỀ CHỐNG DỊCH MÙA MƯA Năm qua, "
            "dịch giảm.\n",
            "chỉ thị",
            "VỀ CHỐNG DỊCH MÙA MƯA",
        ),
    ],
)
def test_the_title_says_the_kind(title: str, kind: str, subject: str | None) -> None:
    head = "SỞ Y TẾ\n" + NATION + "Huế, ngày 3 tháng 2 năm 2025\n\n"
    found = header(head + title + "\n1. Sở Y tế kiểm tra.\n")

    assert (found.kind, found.subject) == (kind, subject)


def test_a_page_that_tells_of_a_letter_without_its_head() -> None:
    found = header(
        "Ngày 5/3/2025, Chủ tịch UBND tỉnh vừa ban hành Công điện khẩn số 15 /CĐ-UBND về việc ứng "
        "phó bão số 3. Theo đó:\n\n1. Sở Y tế kiểm tra.\n"
    )

    assert (found.number_symbol, found.date, found.kind) == (
        "15/CĐ-UBND",
        "2025-03-05",
        "công điện",
    )
    assert (found.issuer, found.subject) == ("UBND tỉnh", "ứng phó bão số 3")


@pytest.mark.parametrize(
    ("who", "issuer", "signer", "title"),
    [
        ("Thủ tướng Chính phủ Lê Văn Hải vừa ký", "Thủ tướng Chính phủ", "Lê Văn Hải", "Thủ tướng"),
        ("Phó Thủ tướng Lê Hải đã ký", "Thủ tướng Chính phủ", "Lê Hải", "Phó Thủ tướng"),
        ("Thủ tướng Chính phủ vừa ban hành", "Thủ tướng Chính phủ", None, None),
    ],
)
def test_a_page_may_tell_who_signed(
    who: str, issuer: str, signer: str | None, title: str | None
) -> None:
    found = header(f"{who} Công điện số 15/CĐ-TTg về chống bão.\n\n1. Bộ Y tế kiểm tra.\n")

    assert (found.issuer, found.signer, found.signer_title) == (issuer, signer, title)


@pytest.mark.parametrize(
    ("joined", "issuer"),
    [
        ("BẢO HIỂM XÃ HỘI VIỆT NAM -----", "Bảo hiểm xã hội Việt Nam"),
        ("BỘ TÀI CHÍNH TỔNG CỤC THUẾ -----", "Tổng cục Thuế"),
        ("UBND TỈNH CÀ MAU SỞ Y TẾ -----", "Sở Y tế"),
        ("THANH TRA BỘ -----", "Thanh tra bộ"),
    ],
)
def test_the_letterhead_may_stand_in_one_line_behind_the_title_of_a_page(
    joined: str, issuer: str
) -> None:
    found = header(
        f"Công văn số 8 hướng dẫn thu phí do cơ quan A ban hành. {joined}\n{NATION}{BODY}"
    )

    assert found.issuer == issuer


def test_the_title_of_a_notice_that_addresses_nobody_orders_nothing() -> None:
    letter = read_letter(
        f"SỞ Y TẾ\n{NATION}\nTHÔNG BÁO\nVề việc trực Tết\n\nCác bệnh viện bố trí người trực.\n",
        name="one",
    )

    assert [one.text for one in letter.tasks] == ["Các bệnh viện bố trí người trực."]


@pytest.mark.parametrize(
    "text",
    [
        "Thực hiện Công văn số 8/BTC-NS ngày 5/3/2025, UBND tỉnh yêu cầu:\n1. Sở Y tế kiểm tra.\n",
        "Công điện nêu: Ngày 5/3/2025, Thủ tướng đã có Công điện số 8/CĐ-TTg về chống bão.\n",
        "Mưa to.\n\nNước lên.\n\nNgày 5/3/2025, UBND tỉnh đã ban hành Công văn số 8/UBND-NN.\n",
    ],
)
def test_a_letter_that_is_only_cited_gives_no_number(text: str) -> None:
    assert header(text).number_symbol is None


@pytest.mark.parametrize(
    ("block", "capacity", "title", "signer"),
    [
        ("TL. BỘ TRƯỞNG\nCHÁNH VĂN PHÒNG\n(Đã ký)\nLê Hải", ["TL."], "Chánh văn phòng", "Lê Hải"),
        ("TUQ. CHỦ TỊCH\nGIÁM ĐỐC SỞ Y TẾ\nĐã ký: Lê Hải", ["TUQ."], "Giám đốc sở y tế", "Lê Hải"),
        ("Q. GIÁM ĐỐC\n\nThS. BS. Lê Thị Ý", ["Q."], "Giám đốc", "Lê Thị Ý"),
        ("KT. CỤC TRƯỞNG\nPHÓ TỔNG CỤC TRƯỞNG\nLê Hải", ["KT."], "Phó Tổng cục trưởng", "Lê Hải"),
        ("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nLÊ VĂN HẢI", ["TM."], "Chủ tịch", "Lê Văn Hải"),
        ("KT. BỘ TRƯỞNG\nTHỨ TRƯỞNG\nThượng tướng Lê Văn Hải", ["KT."], "Thứ trưởng", "Lê Văn Hải"),
        ("BỘ TRƯỞNG, CHỦ NHIỆM\n\nLê Văn Hải", [], "Bộ trưởng, Chủ nhiệm", "Lê Văn Hải"),
        ("Ký thay Bộ trưởng\nThứ trưởng\nLê Văn Hải", ["KT."], "Thứ trưởng", "Lê Văn Hải"),
        ("KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nLê Hải\n\nHà Nội\nCà Mau", ["KT."], "Phó Chủ tịch", "Lê Hải"),
        ("Thứ trưởng ký thay Bộ trưởng khi vắng.\n", [], None, None),
        ("KT. BỘ TRƯỞNG THỨ TRƯỞNG Lê Văn Hải", ["KT."], "Thứ trưởng", "Lê Văn Hải"),
        ("TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH Lê Hải", ["TM.", "KT."], "Phó Chủ tịch",
         "Lê Hải"),
        ("TL. BỘ TRƯỞNG\nVỤ TRƯỞNG VỤ BA\nLê Hải", ["TL."], "Vụ trưởng vụ ba", "Lê Hải"),
        ("- Phó Chủ tịch Lê Hải (để b/c);", [], None, None),
        ("KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n- Lưu: VT. Lê Hải", ["KT."], "Phó Chủ tịch", "Lê Hải"),
        ("Q. GIÁM ĐỐC\n\nPHỤ LỤC\n| Sở Công Thương | Lê Hải |", ["Q."], "Giám đốc", "Lê Hải"),
    ],
)  # fmt: skip
def test_the_signature(
    block: str, capacity: list[str], title: str | None, signer: str | None
) -> None:
    found = header("BỘ Y TẾ\n" + NATION + NUMBER + BODY + FOOT + block + "\n")

    assert (found.capacity, found.signer_title, found.signer) == (capacity, title, signer)
