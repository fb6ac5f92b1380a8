"""Names of bodies: each way of the genre to write one or several, and what is no name."""

import pytest

from services.assignment.intake.bodies import read_bodies, read_loose, read_told


def names(text: str, *, heading: bool = False) -> list[str]:
    return [one.name for one in read_bodies(text, 0, len(text), heading=heading)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sở Y tế, Sở Nội vụ chủ trì rà soát", ["Sở Y tế", "Sở Nội vụ"]),
        ("Sở Xây dựng xây dựng kế hoạch", ["Sở Xây dựng"]),
        ("Sở Nông nghiệp và Môi trường và Công an tỉnh kiểm tra",
         ["Sở Nông nghiệp và Môi trường", "Công an tỉnh"]),
        ("các Sở: Tài chính, Văn hóa, Thể thao và Du lịch, Y tế rà soát",
         ["Sở Tài chính", "Sở Văn hóa, Thể thao và Du lịch", "Sở Y tế"]),
        ("Các Bộ: Công an, Quốc phòng và Ủy ban nhân dân tỉnh Lào Cai khẩn trương",
         ["Bộ Công an", "Bộ Quốc phòng", "Ủy ban nhân dân tỉnh Lào Cai"]),
        ("các Vụ: Pháp chế, Tổ chức cán bộ chủ trì", ["Vụ Pháp chế", "Vụ Tổ chức cán bộ"]),
        ("UBND các huyện, thị xã, thành phố tiếp tục", ["UBND các huyện, thị xã, thành phố"]),
        ("các cơ quan, tổ chức tiếp tục rà soát", ["các cơ quan, tổ chức"]),
        ("các cơ quan, tổ chức thực hiện", ["các cơ quan"]),
        ("các cơ quan liên quan, tổ chức rà soát", ["các cơ quan liên quan"]),
        ("Bộ Quốc phòng đúng quy định", ["Bộ Quốc phòng"]),
        ("Sở Y tế chốt số liệu", ["Sở Y tế"]),
        ("các cơ quan có dự án đang triển khai khẩn trương báo cáo",
         ["các cơ quan có dự án đang triển khai"]),
        ("những cơ quan, đơn vị đã có trang thông tin điện tử phải đăng tải",
         ["những cơ quan, đơn vị đã có trang thông tin điện tử"]),
        ("các đơn vị chưa nộp báo cáo khẩn trương gửi", ["các đơn vị chưa nộp báo cáo"]),
        ("các bộ, ngành đã ban hành kế hoạch nhưng chưa thực hiện", ["các bộ, ngành"]),
        ("các đơn vị được giao làm chủ đầu tư khẩn trương giải ngân",
         ["các đơn vị được giao làm chủ đầu tư"]),
        ("các sở, ngành quản lý quy hoạch có trách nhiệm cung cấp",
         ["các sở, ngành quản lý quy hoạch"]),
        ("các sở, ngành quản lý chặt chẽ biên chế, có trách nhiệm báo cáo", ["các sở, ngành"]),
        ("các trường thực hiện phòng dịch khẩn trương, hiệu quả", ["các trường"]),
        ("Sở Y tế, cơ quan chủ quản các dự án đang thi công tiếp tục chỉ đạo",
         ["Sở Y tế", "cơ quan chủ quản các dự án đang thi công"]),
        ("Cục Khoa học, Công nghệ và Thông tin chủ trì",
         ["Cục Khoa học, Công nghệ và Thông tin"]),
        ("các đơn vị thuộc, trực thuộc Bộ rà soát", ["các đơn vị thuộc, trực thuộc Bộ"]),
        ("Văn phòng Ban Chỉ huy Phòng chống thiên tai tỉnh trực ban",
         ["Văn phòng Ban Chỉ huy Phòng chống thiên tai tỉnh"]),
        ("Bộ trưởng các biện pháp xử lý", ["Bộ trưởng"]),
        ("Bộ trưởng các Bộ rà soát", ["các Bộ"]),
        ("các nhà đầu tư trong các khu công nghệ cao, khu công nghiệp chủ động bố trí vốn",
         ["các nhà đầu tư trong các khu công nghệ cao, khu công nghiệp"]),
        ("các sở, ngành trong tháng 6 phải rà soát", ["các sở, ngành"]),
        ("các Vụ: Năng lượng, Thị trường trong nước chủ trì",
         ["Vụ Năng lượng", "Vụ Thị trường trong nước"]),
        ("các sở ngành, địa phương rà soát", ["các sở ngành, địa phương"]),
        ("Cục Quản lý Dược, Sở Y tế và Công an tỉnh kiểm tra",
         ["Cục Quản lý Dược", "Sở Y tế", "Công an tỉnh"]),
        ("Cục Giáo dục thường xuyên hướng dẫn", ["Cục Giáo dục thường xuyên"]),
        ("Sở Y tế cùng Sở Nội vụ rà soát", ["Sở Y tế", "Sở Nội vụ"]),
        ("Ủy ban nhân dân quận - huyện phải", ["Ủy ban nhân dân quận - huyện"]),
        ("Chủ tịch Ủy ban nhân dân các tỉnh: Nghệ An, Hà Tĩnh chỉ đạo",
         ["Ủy ban nhân dân tỉnh Nghệ An", "Ủy ban nhân dân tỉnh Hà Tĩnh"]),
        ("Ủy ban nhân dân các tỉnh, thành phố: Huế, Quảng Trị theo dõi",
         ["Ủy ban nhân dân thành phố Huế", "Ủy ban nhân dân tỉnh Quảng Trị"]),
        ("Thành phố Cần Thơ và các tỉnh An Giang, Cà Mau rà soát",
         ["Thành phố Cần Thơ", "tỉnh An Giang", "tỉnh Cà Mau"]),
        ("các sở, ban, ngành, đoàn thể Thành phố nghiên cứu",
         ["các sở, ban, ngành, đoàn thể Thành phố"]),
        ("Các tập đoàn, tổng công ty nhà nước và các doanh nghiệp liên quan bố trí",
         ["Các tập đoàn, tổng công ty nhà nước", "các doanh nghiệp liên quan"]),
        ("Ban Quản lý các khu công nghiệp tỉnh chủ trì", ["Ban Quản lý các khu công nghiệp tỉnh"]),
        ("Ban Chỉ đạo phòng thủ dân sự tỉnh theo dõi", ["Ban Chỉ đạo phòng thủ dân sự tỉnh"]),
        ("Văn phòng Đoàn ĐBQH và HĐND tỉnh phối hợp", ["Văn phòng Đoàn ĐBQH và HĐND tỉnh"]),
        ("các đơn vị của Bộ Y tế, Bộ Công an rà soát",
         ["các đơn vị của Bộ Y tế", "các đơn vị của Bộ Công an"]),
        ("các cơ quan, đơn vị có liên quan triển khai", ["các cơ quan, đơn vị có liên quan"]),
        ("các hội quần chúng và các tổ chức xã hội vận động",
         ["các hội quần chúng", "các tổ chức xã hội"]),
        ("Đài Truyền hình thành phố đưa tin", ["Đài Truyền hình thành phố"]),
        ("Đài Tiếng nói nhân dân hình thành chuyên mục", ["Đài Tiếng nói nhân dân"]),
        ("Chủ tịch Hội đồng Quản trị, Tổng Giám đốc các doanh nghiệp trực thuộc báo cáo",
         ["các doanh nghiệp trực thuộc"]),
        ("Các cơ quan báo chí ở Trung ương và địa phương đưa tin",
         ["Các cơ quan báo chí ở Trung ương và địa phương"]),
        ("Cơ quan đăng ký đầu tư đăng ký kế hoạch", ["Cơ quan đăng ký đầu tư"]),
        ("Chi cục An toàn vệ sinh thực phẩm kiểm tra", ["Chi cục An toàn vệ sinh thực phẩm"]),
        ("Báo và Phát thanh, truyền hình tỉnh tuyên truyền",
         ["Báo và Phát thanh, truyền hình tỉnh"]),
        ("Bí thư Tỉnh ủy và Chủ tịch UBND các tỉnh: Sơn La, Lai Châu chỉ đạo",
         ["Tỉnh ủy Sơn La", "Tỉnh ủy Lai Châu", "UBND tỉnh Sơn La", "UBND tỉnh Lai Châu"]),
        ("Bí thư Đảng ủy, Chủ tịch UBND các xã, phường chỉ đạo",
         ["Đảng ủy các xã, phường", "UBND các xã, phường"]),
        ("Bí thư Đảng ủy, Chủ tịch UBND xã A Dơi chỉ đạo", ["Đảng ủy", "UBND xã A Dơi"]),
        ("Đảng ủy, UBND các xã, phường chỉ đạo", ["Đảng ủy", "UBND các xã, phường"]),
        ("Bộ Tư lệnh Quân khu 3, 4, 5 sẵn sàng", ["Bộ Tư lệnh Quân khu 3, 4, 5"]),
        ("Khu Quản lý đường bộ I, II và III tổ chức", ["Khu Quản lý đường bộ I, II và III"]),
        ("Ban Chỉ đạo 389, 2 đơn vị trực thuộc kiểm tra",
         ["Ban Chỉ đạo 389", "2 đơn vị trực thuộc"]),
        ("Phó Chủ tịch UBND tỉnh phụ trách khối kiểm tra", ["UBND tỉnh"]),
        ("Phó Thủ tướng phụ trách lĩnh vực kiểm tra", ["Phó Thủ tướng phụ trách lĩnh vực"]),
        ("các sở trực tiếp quản lý dự án kiểm tra", ["các sở trực tiếp quản lý dự án"]),
        ("các sở trực tiếp chỉ đạo dự án", ["các sở"]),
        ("Sở Y tế họp bàn phương án", ["Sở Y tế"]),
        ("các đơn vị họp tác xã", ["các đơn vị họp tác xã"]),
        ("Các xã có hộ nghèo (A Dơi, A Túc) kiểm điểm", ["Các xã có hộ nghèo"]),
        ("Viettel An Giang, VNPT An Giang bảo đảm", ["Viettel An Giang", "VNPT An Giang"]),
        ("Lãnh đạo Bộ kết quả", ["Lãnh đạo Bộ"]),
        ("Lãnh đạo Bộ Y tế kiểm tra", ["Bộ Y tế"]),
        ("Tỉnh ủy, UBND tỉnh chỉ đạo", ["Tỉnh ủy", "UBND tỉnh"]),
        ("các Sở Y tế chịu trách nhiệm", ["các Sở Y tế"]),
        ("các Sở Y tế các tỉnh, thành phố báo cáo", ["các Sở Y tế các tỉnh, thành phố"]),
        ("các Sở Y tế, Sở Nội vụ rà soát", ["Sở Y tế", "Sở Nội vụ"]),
        ("Các đơn vị trực thuộc Bộ, đặc biệt là các Cục tập trung",
         ["Các đơn vị trực thuộc Bộ", "các Cục"]),
        ("các sở, ngành, nhất là trong mùa mưa", ["các sở, ngành"]),
        ("Chính quyền các cấp vận động", ["Chính quyền các cấp"]),
        ("Chính quyền số phục vụ người dân", []),
        ("Ban Quản lý Khu Nông nghiệp ứng dụng công nghệ cao tỉnh báo cáo",
         ["Ban Quản lý Khu Nông nghiệp ứng dụng công nghệ cao tỉnh"]),
        ("UBND xã ứng dụng công nghệ cao vào sản xuất", ["UBND xã"]),
        ("Các cơ sở giáo dục tổ chức", ["Các cơ sở giáo dục"]),
        ("các cơ sở dữ liệu được kết nối", []),
        ("Các bộ, cơ quan trung ương và địa phương khẩn trương",
         ["Các bộ, cơ quan trung ương và địa phương"]),
        ("các cơ quan trung ương, Sở Y tế rà soát", ["các cơ quan trung ương", "Sở Y tế"]),
        ("mỗi đoàn thanh tra, kiểm tra phải", ["mỗi đoàn thanh tra, kiểm tra"]),
        ("các đoàn thanh tra kiểm tra hồ sơ", ["các đoàn thanh tra"]),
        ("các cơ quan thông tấn, báo chí đưa tin", ["các cơ quan thông tấn, báo chí"]),
        ("các cơ quan thông tấn, Báo Nhân dân đưa tin",
         ["các cơ quan thông tấn", "Báo Nhân dân"]),
        ("các Bộ: Văn hóa, Thể thao và Du lịch, Tài chính rà soát",
         ["Bộ Văn hóa, Thể thao và Du lịch", "Bộ Tài chính"]),
        ("Ban Tuyên giáo Trung ương và chủ trì biên soạn", ["Ban Tuyên giáo Trung ương"]),
        ("Ủy ban Quản lý vốn nhà nước tại doanh nghiệp chỉ đạo",
         ["Ủy ban Quản lý vốn nhà nước tại doanh nghiệp"]),
        ("Ủy ban quản lý tốt địa bàn", ["Ủy ban"]),
        ("Sở Giao thông vận tải, Khu Quản lý đường thủy nội địa rà soát",
         ["Sở Giao thông vận tải", "Khu Quản lý đường thủy nội địa"]),
        ("Khu vực ven sông phải rà soát", []),
        ("Trạm Y tế các xã, Vườn quốc gia Cát Tiên tổ chức",
         ["Trạm Y tế các xã", "Vườn quốc gia Cát Tiên"]),
        ("Trạm dừng nghỉ phải có nước", []),
        ("Các Ban Quản lý đầu tư xây dựng công trình quận - huyện lập dự án",
         ["Các Ban Quản lý đầu tư xây dựng công trình quận - huyện"]),
        ("Sở Nội vụ trình phương án", ["Sở Nội vụ"]),
        ("UBND các huyện, thị xã Long Khánh, thành phố Biên Hòa chỉ đạo",
         ["UBND các huyện, thị xã Long Khánh, thành phố Biên Hòa"]),
        ("UBND các huyện, Sở Y tế chỉ đạo", ["UBND các huyện", "Sở Y tế"]),
        ("Các sở giáo dục và đào tạo chỉ đạo", ["Các sở giáo dục và đào tạo"]),
        ("Các sở giáo dục nhân viên", ["Các sở"]),
        ("Các đại học, học viện, cao đẳng tổ chức", ["Các đại học, học viện, cao đẳng"]),
        ("Các cơ quan báo, đài thành phố đưa tin", ["Các cơ quan báo, đài thành phố"]),
        ("Các cơ quan truyền thông, báo chí đưa tin", ["Các cơ quan truyền thông, báo chí"]),
        ("Các chủ đầu tư, nhà thầu thi công khẩn trương", ["Các chủ đầu tư, nhà thầu thi công"]),
        ("Các đơn vị treo cờ Tổ quốc", ["Các đơn vị"]),
        ("Các cơ quan, trường học, hộ gia đình trên địa bàn tỉnh treo cờ",
         ["Các cơ quan, trường học, hộ gia đình trên địa bàn tỉnh"]),
        ("Các cơ quan, Trường Chính trị tỉnh rà soát",
         ["Các cơ quan", "Trường Chính trị tỉnh"]),
    ],
)  # fmt: skip
def test_a_list_ends_where_its_order_begins(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Giám đốc các Sở Tài chính, Nội vụ khẩn trương", ["Sở Tài chính", "Sở Nội vụ"]),
        ("Bộ trưởng Bộ Y tế chỉ đạo", ["Bộ Y tế"]),
        ("Thủ trưởng các cơ quan, đơn vị chịu trách nhiệm", ["các cơ quan, đơn vị"]),
        ("Tổng Thanh tra Chính phủ chủ trì", ["Thanh tra Chính phủ"]),
        ("Trưởng phòng Giáo dục và Đào tạo các huyện, thị xã chỉ đạo",
         ["phòng Giáo dục và Đào tạo các huyện, thị xã"]),
        ("Thống đốc Ngân hàng Nhà nước Việt Nam chỉ đạo", ["Ngân hàng Nhà nước Việt Nam"]),
        ("Bộ trưởng, Thủ trưởng cơ quan ngang bộ, cơ quan thuộc Chính phủ rà soát",
         ["các Bộ, cơ quan ngang Bộ, cơ quan thuộc Chính phủ"]),
        ("các Bộ trưởng, Thủ trưởng cơ quan ngang Bộ, cơ quan thuộc Chính phủ rà soát",
         ["các Bộ, cơ quan ngang Bộ, cơ quan thuộc Chính phủ"]),
        ("Bộ trưởng Bộ Xây dựng - Phó Trưởng ban Chỉ đạo chủ trì", ["Bộ Xây dựng"]),
        ("Phó Thủ tướng Chính phủ - Trưởng Ban Chỉ đạo trước ngày",
         ["Phó Thủ tướng Chính phủ - Trưởng Ban Chỉ đạo"]),
    ],
)  # fmt: skip
def test_a_persons_title_is_the_body_that_he_heads(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    ["Tổ chức hội nghị tổng kết", "Báo cáo kết quả", "Thanh tra, kiểm tra các cơ sở",
     "Trường hợp có vướng mắc", "Ban hành kế hoạch", "Phòng, chống dịch", "tăng cường quản lý"],
)  # fmt: skip
def test_an_order_that_begins_like_a_name_is_none(text: str) -> None:
    assert names(text) == []


def test_a_heading_is_a_name_to_its_colon() -> None:
    heading = "các đơn vị được giao làm chủ đầu tư dự án:"

    assert names(heading, heading=True) == [heading.rstrip(":")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("địa phương tổ chức kiểm tra", ["địa phương"]),
        ("lực lượng Công an, Thanh tra giao thông xử lý",
         ["lực lượng Công an", "Thanh tra giao thông"]),
    ],
)  # fmt: skip
def test_who_takes_part_may_be_a_common_noun(text: str, expected: list[str]) -> None:
    assert [one.name for one in read_loose(text, 0, len(text))] == expected
    assert names("địa phương tổ chức") == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("- Sở Y tế\n- Sở Nội vụ", ["Sở Y tế", "Sở Nội vụ"]),
        ("- Sở Y tế; - UBND các xã", ["Sở Y tế", "UBND các xã"]),
        ("Sở Y tế\nSở Nội vụ", ["Sở Y tế", "Sở Nội vụ"]),
        ("Sở Y tế Sở Nội vụ UBND các xã", ["Sở Y tế", "Sở Nội vụ", "UBND các xã"]),
        ("Ủy ban nhân dân\ncác xã", ["Ủy ban nhân dân các xã"]),
        ("Sở Lao động - Thương binh và Xã hội", ["Sở Lao động - Thương binh và Xã hội"]),
        ("Thanh tra Sở Y tế, Văn phòng UBND tỉnh", ["Thanh tra Sở Y tế", "Văn phòng UBND tỉnh"]),
    ],
)
def test_names_in_a_cell_may_have_nothing_between_them(said: str, told: list[str]) -> None:
    assert [one.name for one in read_told(said, 0, len(said))] == told
