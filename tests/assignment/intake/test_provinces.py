"""Letters of provinces and ministries: each rule with a sentence of its kind and one it spares."""

from datetime import date

import pytest

from services.assignment.intake.bodies import read_bodies
from services.assignment.intake.letter import Letter
from services.assignment.intake.partners import receivers
from services.assignment.intake.read import read_letter
from services.assignment.intake.roles import lead
from services.assignment.intake.sentences import begins_order
from services.assignment.intake.times import read_stated, read_time

WRITTEN = date(2025, 12, 8)
HEAD = "UBND TỈNH CÀ MAU\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 7/KH-UBND\n\nKẾ HOẠCH\n"


def read(text: str) -> Letter:
    return read_letter(f"{HEAD}{text}", name="letter")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Báo và Đài Phát thanh - Truyền hình Cà Mau đưa tin",
         ["Báo và Đài Phát thanh - Truyền hình Cà Mau"]),
        ("Cục Nhà giáo và Cán bộ quản lý giáo dục khảo sát",
         ["Cục Nhà giáo và Cán bộ quản lý giáo dục"]),
        ("Phòng An ninh mạng và phòng, chống tội phạm sử dụng công nghệ cao rà soát",
         ["Phòng An ninh mạng và phòng, chống tội phạm sử dụng công nghệ cao"]),
        ("Cảng hàng không quốc tế Cần Thơ, các hãng hàng không tăng chuyến",
         ["Cảng hàng không quốc tế Cần Thơ", "các hãng hàng không"]),
        ("Các cơ sở khám bệnh, chữa bệnh công khai giá", ["Các cơ sở khám bệnh, chữa bệnh"]),
        ("Nhà xuất bản Giáo dục và các tổ chức quốc tế biên soạn",
         ["Nhà xuất bản Giáo dục", "các tổ chức quốc tế"]),
        ("Nhà xuất bản Giáo dục và tổ chức lại kho sách", ["Nhà xuất bản Giáo dục"]),
    ],
)  # fmt: skip
def test_names_that_hold_a_comma_or_a_work(text: str, names: list[str]) -> None:
    assert [one.name for one in read_bodies(text, 0, len(text))] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("trình Bộ trưởng ban hành Thông tư", ("Bộ trưởng",)),
        ("gửi 01 bản chính về Bộ Công an", ("Bộ Công an",)),
        ("gửi cơ quan tài chính cùng cấp tổng hợp", ("cơ quan tài chính cùng cấp",)),
        ("báo cáo thôn, bản gần nhất", ()),
    ],
)
def test_who_receives_and_what_is_sent(text: str, names: tuple[str, ...]) -> None:
    assert receivers(text, 0, len(text)).names == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sở Công Thương, Ban Quản lý khu kinh tế yêu cầu các nhà máy tiết kiệm điện",
         ("Sở Công Thương", "Ban Quản lý khu kinh tế")),
        ("UBND tỉnh yêu cầu các nhà máy tiết kiệm điện", ("các nhà máy",)),
        ("Vụ Giáo dục Phổ thông là đơn vị thường trực, đôn đốc", ("Vụ Giáo dục Phổ thông",)),
        ("Vụ Giáo dục Phổ thông là nơi có nhiều chuyên viên", ()),
    ],
)  # fmt: skip
def test_agencies_told_to_ask_others_lead(text: str, names: tuple[str, ...]) -> None:
    assert lead(text, 0, len(text)).names == names


@pytest.mark.parametrize(
    ("text", "limit", "rhythm"),
    [
        ("đón khách vào sáng ngày 17 tháng 02 năm 2026", "2026-02-17", None),
        ("mở chợ hoa từ ngày 03 đến ngày 12 tháng 02 năm 2026", "2026-02-12", None),
        ("tổ chức sơ kết Kế hoạch vào năm 2028", "2028-12-31", None),
        ("nhân rộng mô hình vào năm 2028", None, None),
        ("đưa vào kế hoạch phát triển hằng năm và 5 năm", None, None),
        ("báo cáo trước 15 giờ mỗi ngày", None, "daily"),
        ("định kỳ cuối năm học báo cáo Bộ", None, "yearly"),
        ("định kỳ 6 tháng (trước ngày 10/6) và năm (trước ngày 10/12) báo cáo", None,
         "half-yearly"),
    ],
)  # fmt: skip
def test_limits_and_rhythms(text: str, limit: str | None, rhythm: str | None) -> None:
    time = read_time(text, 0, len(text), WRITTEN)

    assert (time.deadline and time.deadline.date, time.recurrence) == (limit, rhythm)


def test_a_stated_time_may_begin_with_a_capital() -> None:
    text = "Theo lộ trình của Bộ Công an"

    stated = read_stated(text, 0, len(text), WRITTEN).deadline

    assert stated is not None
    assert stated.kind == "relative"


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("những trường hợp không kịp hoàn thành thì báo cáo UBND tỉnh", True),
        ("những trường hợp không kịp hoàn thành đều có lý do", False),
        ("xóa bỏ các điểm tồn lưu rác", True),
    ],
)
def test_what_begins_an_order(text: str, order: bool) -> None:
    assert begins_order(text, 0, len(text)) is order


def test_a_heading_without_an_end_stops_before_a_body_and_its_order() -> None:
    wide = "- Hoạt động được tổ chức thiết thực, an toàn\nvà tiết kiệm cho người dân trong tỉnh;\n"
    food = "5. Y tế, an toàn thực phẩm\nSở Y tế chỉ đạo các bệnh viện trực.\n"

    last = read(f"Đón Tết\n\nI. NHIỆM VỤ\n{wide * 4}{food}").tasks[-1]

    assert last.text == "Sở Y tế chỉ đạo các bệnh viện trực."
    assert last.lead == ["Sở Y tế"]


@pytest.mark.parametrize(
    ("below", "subject"),
    [
        ("Tổ chức đón Tết\nnăm 2026 trên địa bàn tỉnh\nThực hiện Chỉ thị số 55-CT/TW ngày 20/11\n",
         "Tổ chức đón Tết năm 2026 trên địa bàn tỉnh"),
        ("Thực hiện Nghị quyết số 72-NQ/TW của Bộ Chính trị\n", 
         "Thực hiện Nghị quyết số 72-NQ/TW của Bộ Chính trị"),
    ],
)  # fmt: skip
def test_a_subject_ends_where_the_text_begins(below: str, subject: str) -> None:
    assert read(f"{below}1. Sở Y tế rà soát.\n").header.subject == subject


def done(text: str) -> list[tuple[list[str], list[str], str | None]]:
    """Lead, receivers and limit of each order of a unit."""
    tasks = read(f"Chống hạn\n\n1. Nhiệm vụ\na) {text}\n").tasks
    return [(one.lead, one.report_to, one.deadline.raw if one.deadline else None) for one in tasks]


def test_who_is_handed_what_stands_before_leads_it() -> None:
    handed = done("Điều động bác sĩ về trạm y tế xã. Giao Sở Y tế chủ trì thực hiện.")
    another = done("Sở Nội vụ điều động bác sĩ. Giao Sở Y tế chủ trì rà soát trạm.")
    each = done(
        "Điều động bác sĩ. Giao Sở Y tế chủ trì thực hiện. Lập danh sách hộ nghèo."
        " Giao Sở Nội vụ chủ trì thực hiện."
    )

    assert [one[0] for one in each] == [["Sở Y tế"], ["Sở Nội vụ"]]
    assert handed == [(["Sở Y tế"], [], None)]
    assert [one[0] for one in another] == [["Sở Nội vụ"], ["Sở Y tế"]]


def test_fields_behind_an_order_are_no_order() -> None:
    told = done("Rà soát, trình UBND tỉnh đề án. Đơn vị chủ trì: Sở Y tế. Thời gian: tháng 6/2026.")

    assert told == [(["Sở Y tế"], ["UBND tỉnh"], "tháng 6/2026")]


def test_parts_of_a_report_go_to_the_same() -> None:
    often = done(
        "Sở Y tế báo cáo kết quả về UBND tỉnh trước ngày 15/01/2026 và định kỳ hằng quý trước "
        "ngày 10 của tháng cuối quý."
    )
    twice = done(
        "Sở Y tế báo cáo nhanh (trước ngày 20/02/2026) và báo cáo tổng hợp (trước ngày "
        "24/02/2026) về UBND tỉnh."
    )
    other = done("Sở Y tế trình UBND tỉnh trước ngày 15/01/2026 và rà soát trước ngày 20/01/2026.")

    assert [one[1] for one in often] == [["UBND tỉnh"], ["UBND tỉnh"]]
    assert [one[1] for one in twice] == [["UBND tỉnh"], ["UBND tỉnh"]]
    assert [one[1] for one in other] == [["UBND tỉnh"], []]


def test_a_limit_may_stand_before_the_verb_of_an_order() -> None:
    told = done(
        "Sở Y tế rà soát trước ngày 20/12/2025; trước 16 giờ thứ Năm hằng tuần gửi số liệu về "
        "Sở Nội vụ."
    )

    assert [one[1] for one in told] == [[], ["Sở Nội vụ"]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Đối với các xã có điểm nóng về phá rừng (Tuy Đức, Đắk Wil) phải lập kế hoạch",
         ("các xã có điểm nóng về phá rừng",)),
        ("Đối với các xã có điểm nóng về phá rừng, Sở Y tế phải lập kế hoạch", ("Sở Y tế",)),
        ("UBND các phường, xã: Quy Nhơn Đông, Đề Gi thống kê thiệt hại",
         ("UBND các phường, xã: Quy Nhơn Đông, Đề Gi",)),
        ("Các sở, ngành và địa phương tùy theo điều kiện, tổ chức trồng cây",
         ("Các sở, ngành và địa phương",)),
    ],
)  # fmt: skip
def test_whom_a_group_means(text: str, names: tuple[str, ...]) -> None:
    assert lead(text, 0, len(text)).names == names


def test_a_field_may_remark_on_one_body_before_the_next() -> None:
    told = done(
        "Rà soát văn bản.\n- Cơ quan chủ trì: Các sở theo chức năng được giao; UBND các xã.\n"
        "- Thời gian thực hiện: Quý I/2026."
    )

    assert told == [(["Các sở", "UBND các xã"], [], "Quý I/2026")]


def test_what_only_points_to_an_annex_orders_nothing() -> None:
    pointed = done("Sở Y tế rà soát. Phân công nhiệm vụ cụ thể tại Phụ lục kèm theo Kế hoạch này.")

    assert len(pointed) == 1


@pytest.mark.parametrize(
    "name",
    [
        "Các Ban Quản lý dự án đầu tư xây dựng thuộc Thành phố",
        "Trung tâm Xúc tiến Đầu tư, Thương mại và Du lịch tỉnh",
        "các Trung tâm giáo dục nghề nghiệp - giáo dục thường xuyên",
        "Trung tâm Văn hóa - Thông tin và Thể thao các xã, phường",
        "đơn vị quản lý, khai thác công trình thủy lợi",
        "Cục Công nghệ thông tin",
    ],
)
def test_names_that_hold_their_work(name: str) -> None:
    text = f"{name} tổ chức trực ban"

    assert [one.name for one in read_bodies(text, 0, len(text))] == [name]


def test_a_field_goes_on_in_the_line_below_and_explains_in_brackets() -> None:
    broken = "".join(f"- Tổ chức hội nghị quán triệt cho lãnh đạo số {at}\n" for at in range(6))
    told = done(
        "Giải quyết phản ánh của dân.\n- Cơ quan chủ trì: Công an tỉnh;\nUBND các xã, phường.\n"
        "- Cơ quan phối hợp: Sở Tư pháp; Sở Y tế (đối với bệnh viện).\n"
    )
    orders = read(f"Đón Tết\n\n1. Quán triệt\n{broken}").tasks

    assert told == [(["Công an tỉnh", "UBND các xã, phường"], [], None)]
    assert len(orders) == 0


def test_dashes_in_a_cell_are_orders_each() -> None:
    text = (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nKẾ HOẠCH\nChống hạn\n./.\nPHỤ LỤC\n"
        "|STT|Nhiệm vụ|Cơ quan chủ trì|Thời gian|\n|---|---|---|---|\n"
        "|1|- Rà soát giếng khoan;<br>- Lập bản đồ nguồn nước.|Sở Y tế|Quý I/2026|\n"
        "|2|Nạo vét kênh - mương|Sở Xây dựng|Quý I/2026|\n"
    )
    tasks = read_letter(text, name="letter").tasks

    assert [one.path for one in tasks] == ["PL.1.-1", "PL.1.-2", "PL.2"]
    assert {tuple(one.lead) for one in tasks[:2]} == {("Sở Y tế",)}


def test_a_heading_in_capitals_ends_with_its_line() -> None:
    wide = "".join(f"- Tổ chức trực ban đủ quân số tại hồ chứa số {at};\n" for at in range(6))
    money = "III. KINH PHÍ\nKinh phí từ ngân sách tỉnh. Sở Tài chính cân đối kinh phí.\n"

    tasks = read(f"Đón Tết\n\nII. NHIỆM VỤ\n1. Sở Y tế\n{wide}{money}").tasks

    assert [one.text for one in tasks[6:]] == ["Sở Tài chính cân đối kinh phí."]


def test_who_is_assigned_and_when_it_is_done_may_be_told_shortly() -> None:
    told = done("Số hóa giấy chứng nhận.\nPhân công: Công an tỉnh. Hoàn thành: 15/12/2025.\n")

    assert told == [(["Công an tỉnh"], [], "15/12/2025")]
