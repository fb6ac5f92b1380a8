"""Who leads, takes part and receives; what is about money; and sentences that name nobody so."""

import pytest

from services.assignment.intake.money import about_money
from services.assignment.intake.partners import coordinating, receivers
from services.assignment.intake.roles import heading_lead, lead


@pytest.mark.parametrize(
    ("text", "rule", "names"),
    [
        ("Sở Y tế khẩn trương rà soát", "lead-before-order", ["Sở Y tế"]),
        ("Giao Sở Y tế chủ trì rà soát", "lead-before-order", ["Sở Y tế"]),
        ("Đề nghị Ủy ban Mặt trận Tổ quốc tỉnh vận động", "lead-before-order",
         ["Ủy ban Mặt trận Tổ quốc tỉnh"]),
        ("UBND tỉnh yêu cầu các sở, ngành thực hiện", "lead-after-opener", ["các sở, ngành"]),
        ("UBND tỉnh chỉ thị các sở, ngành thực hiện", "lead-after-opener", ["các sở, ngành"]),
        ("UBND tỉnh yêu cầu các sở, ngành và đề nghị nhân dân", "lead-after-opener",
         ["các sở, ngành"]),
        ("Các cơ quan thẩm định (Sở Y tế, Sở Nội vụ) trả lời", "lead-before-order",
         ["Sở Y tế", "Sở Nội vụ"]),
        ("Chủ đầu tư (Ban Quản lý dự án đường bộ) đẩy nhanh", "lead-before-order",
         ["Ban Quản lý dự án đường bộ"]),
        ("Cơ quan thường trực Ban Chỉ đạo (Sở Y tế) tổng hợp", "lead-before-order", ["Sở Y tế"]),
        ("Chủ đầu tư (nếu chậm) đẩy nhanh", "lead-before-order", ["Chủ đầu tư"]),
        ("Đối với Sở Y tế: khẩn trương rà soát", "lead-concerned", ["Sở Y tế"]),
        ("Theo đề nghị Sở Nội vụ rà soát biên chế, UBND tỉnh giao Sở Y tế chủ trì",
         "lead-after-opener", ["Sở Y tế"]),
        ("Các cơ quan thẩm định (gồm Sở Y tế và nhiều sở khác) trả lời", "lead-before-order",
         ["Các cơ quan thẩm định"]),
        ("Sở Nội vụ (Ban Thi đua, Chi cục Văn thư) trả lời", "lead-before-order", ["Sở Nội vụ"]),
        ("Các doanh nghiệp bưu chính, viễn thông, Internet phải lập quy hoạch",
         "lead-before-order", ["Các doanh nghiệp bưu chính, viễn thông, Internet"]),
        ("Lãnh đạo các cơ quan, đơn vị phân công cán bộ trực", "lead-before-order",
         ["các cơ quan, đơn vị"]),
        ("UBND tỉnh phân công Sở Y tế chủ trì", "lead-after-opener", ["Sở Y tế"]),
        ("Hằng quý, Sở Y tế tổng hợp", "lead-behind-preface", ["Sở Y tế"]),
        ("Trên cơ sở đề nghị của các sở, cơ quan liên quan, Sở Y tế tổng hợp",
         "lead-behind-preface", ["Sở Y tế"]),
        ("Trường hợp có vướng mắc, đề nghị các cơ quan, đơn vị phản ánh",
         "lead-after-opener", ["các cơ quan, đơn vị"]),
        ("Báo cáo tháng: Sở Y tế tổng hợp", "lead-behind-topic", ["Sở Y tế"]),
        ("Về đề nghị bố trí vốn của tỉnh: giao Sở Y tế chủ trì", "lead-behind-topic", ["Sở Y tế"]),
        ("Đối với các chủ đầu tư cần đẩy nhanh tiến độ", "lead-concerned", ["các chủ đầu tư"]),
        ("Thứ trưởng A chỉ đạo Vụ Pháp chế chủ trì soạn thảo", "lead-directed", ["Vụ Pháp chế"]),
        ("Xây dựng đề án thí điểm (Sở Y tế chủ trì)", "lead-in-brackets", ["Sở Y tế"]),
        ("Thành lập đoàn kiểm tra do Sở Y tế làm đầu mối", "lead-by-whom", ["Sở Y tế"]),
        ("Tăng cường kiểm tra, do Sở Y tế chủ trì", "lead-by-whom", ["Sở Y tế"]),
        ("Xây dựng đề án do Sở Y tế chủ trì, phối hợp với Sở Nội vụ thực hiện", "lead-by-whom",
         ["Sở Y tế"]),
        ("Trên cơ sở kế hoạch của Bộ, các Cục quản lý chuyên ngành, các Sở GTVT rà soát",
         "lead-behind-preface", ["các Cục quản lý chuyên ngành", "các Sở GTVT"]),
        ("Thực hiện ý kiến của Chính phủ, Thủ tướng Chính phủ, các bộ, ngành khẩn trương rà soát",
         "lead-behind-preface", ["các bộ, ngành"]),
        ("Để hoàn thành kế hoạch năm, toàn Ngành cần tập trung rà soát", "lead-behind-preface",
         ["toàn Ngành"]),
        ("Ngành Y tế chủ trì tuyên truyền", "lead-before-order", ["Ngành Y tế"]),
        ("Cơ sở giáo dục xây dựng kế hoạch dạy học", "lead-before-order", ["Cơ sở giáo dục"]),
        ("Các cơ quan báo chí của tỉnh: Báo An Giang, Đài Phát thanh và Truyền hình An Giang"
         " tuyên truyền", "lead-before-order",
         ["Các cơ quan báo chí của tỉnh"]),
        ("Mọi cơ quan, tổ chức, cá nhân phải chấp hành quy định", "lead-before-order",
         ["Mọi cơ quan, tổ chức, cá nhân"]),
        ("Cơ quan chủ trì soạn thảo phải gửi lấy ý kiến", "lead-before-order",
         ["Cơ quan chủ trì soạn thảo"]),
        ("Trường hợp kê thêm giường, cơ sở điều trị có trách nhiệm bổ sung nhân lực",
         "lead-behind-preface", ["cơ sở điều trị"]),
        ("Đề nghị quận, huyện, thị xã tích cực vận động", "lead-before-order",
         ["quận, huyện, thị xã"]),
        ("Đối với các đơn vị chưa đăng ký, đề nghị đơn vị làm thủ tục", "lead-concerned",
         ["các đơn vị"]),
        ("Đối với các đơn vị chưa đăng ký, yêu cầu khẩn trương đăng ký", "lead-concerned",
         ["các đơn vị"]),
        ("Để thuận tiện, Sở Y tế có văn bản đề nghị các bệnh viện cập nhật",
         "lead-behind-preface", ["Sở Y tế"]),
        ("Cấp huyện tổ chức bồi dưỡng cán bộ", "lead-before-order", ["Cấp huyện"]),
        ("Tổ trưởng Tổ công tác kiểm tra", "lead-before-order", ["Tổ công tác"]),
        ("Đề nghị UB MTTQ, các hội phối hợp vận động", "lead-before-order",
         ["UB MTTQ", "các hội"]),
        ("UBND các tỉnh Đồng bằng sông Cửu Long theo dõi xâm nhập mặn", "lead-before-order",
         ["UBND các tỉnh Đồng bằng sông Cửu Long"]),
        ("Cơ quan thẩm định văn bản (Sở Tư pháp) phải trả lời", "lead-before-order",
         ["Sở Tư pháp"]),
        ("các cơ quan báo chí của tỉnh: Báo An Giang, Đài Phát thanh và Truyền hình An Giang"
         " tuyên truyền", "lead-members-after-colon",
         ["Báo An Giang", "Đài Phát thanh và Truyền hình An Giang"]),
    ],
)  # fmt: skip
def test_who_is_to_do_it(text: str, rule: str, names: list[str]) -> None:
    found = lead(text, 0, len(text))

    assert list(found.names) == names
    assert found.evidence is not None
    assert found.evidence.rule == rule


@pytest.mark.parametrize(
    "text",
    ["Tăng cường kiểm tra các cơ sở", "Chỉ đạo Công an các xã tuần tra",
     "Trên cơ sở kế hoạch, chọn trước các cơ sở, các doanh nghiệp chưa được kiểm tra",
     "Tham gia đoàn kiểm tra do Sở Y tế chủ trì", "Đẩy nhanh các đề án do Sở Y tế chủ trì",
     "Báo cáo gửi về: Vụ Pháp chế, Bộ Y tế tổng hợp", "Giao 01 phòng làm đầu mối thực hiện",
     "Triển khai trong toàn tỉnh",
     "Xây dựng đề án (theo đề nghị của Sở Y tế)", "Phân công cán bộ theo dõi", "Cấp xã",
     "Căn cứ chức năng, nhiệm vụ, chỉ đạo các trường, các bệnh viện trực thuộc lập danh sách",
     "Đối với các hộ chưa di dời, vận động họ di dời", "Thực hiện Chỉ thị của Thủ tướng Chính phủ"],
)  # fmt: skip
def test_an_order_that_names_no_lead_has_none(text: str) -> None:
    assert lead(text, 0, len(text)).names == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sở Y tế:", ["Sở Y tế"]),
        ("Giao Sở Y tế", ["Sở Y tế"]),
        ("Đối với Ủy ban nhân dân các xã, phường:", ["Ủy ban nhân dân các xã, phường"]),
        ("Trách nhiệm của Sở Tài chính", ["Sở Tài chính"]),
        ("Các sở, ngành chủ trì các dự án", ["Các sở, ngành chủ trì các dự án"]),
        ("Sở Tài chính - thường trực kế hoạch", ["Sở Tài chính"]),
        ("Cơ quan quản lý: Sở Y tế:", ["Sở Y tế"]),
        ("Các cơ sở đào tạo, bồi dưỡng giáo viên", ["Các cơ sở đào tạo, bồi dưỡng giáo viên"]),
        ("Các doanh nghiệp sản xuất, kinh doanh xăng dầu:",
         ["Các doanh nghiệp sản xuất, kinh doanh xăng dầu"]),
        ("Chủ rừng:", ["Chủ rừng"]),
        ("Về công tác tuyên truyền", []),
        ("Nhiệm vụ trọng tâm", []),
    ],
)  # fmt: skip
def test_whom_a_heading_names(text: str, names: list[str]) -> None:
    assert list(heading_lead(text, 0, len(text)).names) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("phối hợp với Sở Nội vụ đào tạo", ["Sở Nội vụ"]),
        ("phối hợp chặt chẽ với Sở Nội vụ, Công an tỉnh kiểm tra", ["Sở Nội vụ", "Công an tỉnh"]),
        ("chủ trì cùng các ngành liên quan kiểm tra", ["các ngành liên quan"]),
        ("Cùng với Sở Nội vụ triển khai", ["Sở Nội vụ"]),
        ("phối hợp và hướng dẫn UBND các xã rà soát", ["UBND các xã"]),
        ("phối hợp hiệp đồng với Sở Nội vụ", ["Sở Nội vụ"]),
        ("Sở Y tế chủ trì, Sở Nội vụ phối hợp rà soát", ["Sở Nội vụ"]),
        ("Kiểm tra (Sở Y tế chủ trì; Sở Nội vụ, Công an tỉnh phối hợp)",
         ["Sở Nội vụ", "Công an tỉnh"]),
        ("Sở Y tế chủ trì lập đề án, các sở, ngành liên quan tham gia",
         ["các sở, ngành liên quan"]),
        ("Sở Y tế là đầu mối tổng hợp, các xã phối hợp cung cấp số liệu", ["các xã"]),
        ("Sở Y tế chủ trì, với sự tham gia của Sở Nội vụ", ["Sở Nội vụ"]),
        ("Sở Y tế chủ trì, có sự phối hợp chặt chẽ của Sở Nội vụ", ["Sở Nội vụ"]),
        ("phối hợp với các xã và với Sở Nội vụ rà soát", ["các xã", "Sở Nội vụ"]),
        ("phối hợp với các xã, nhất là với Sở Nội vụ rà soát", ["các xã", "Sở Nội vụ"]),
        ("phối hợp với các tổ chức hữu quan rà soát", ["các tổ chức hữu quan"]),
        ("phối hợp với bộ phận quản lý nợ rà soát", ["bộ phận quản lý nợ"]),
        ("Sở Y tế, Sở Nội vụ phối hợp rà soát", []),
        ("Sở Y tế chủ trì, hướng dẫn các xã, Sở Nội vụ rà soát", []),
        ("bảo đảm có sự phối hợp giữa các sở", []),
        ("bàn giao rừng có sự tham gia của các hộ liền kề", []),
        (
            "phối hợp với trưởng thôn, tổ trưởng dân phố vận động",
            ["trưởng thôn", "tổ trưởng dân phố"],
        ),
        ("tăng cường phối hợp trong thực hiện", []),
        ("hướng dẫn Sở Nội vụ đào tạo", []),
    ],
)  # fmt: skip
def test_who_takes_part(text: str, names: list[str]) -> None:
    assert list(coordinating(text, 0, len(text)).names) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("báo cáo Ủy ban nhân dân tỉnh kết quả", ["Ủy ban nhân dân tỉnh"]),
        ("báo cáo kết quả về Sở Y tế trước ngày 5/12", ["Sở Y tế"]),
        ("gửi Sở Y tế để tổng hợp, báo cáo UBND tỉnh", ["Sở Y tế", "UBND tỉnh"]),
        ("báo cáo UBND tỉnh (qua Sở Y tế)", ["UBND tỉnh", "Sở Y tế"]),
        ("gửi báo cáo về Bộ Y tế qua Cục Quản lý khám, chữa bệnh",
         ["Bộ Y tế", "Cục Quản lý khám, chữa bệnh"]),
        ("Báo cáo gửi về: Vụ Pháp chế, Bộ Y tế", ["Vụ Pháp chế", "Bộ Y tế"]),
        ("báo cáo UBND tỉnh thông qua Sở Y tế", ["UBND tỉnh", "Sở Y tế"]),
        ("trình cấp có thẩm quyền phương án", ["cấp có thẩm quyền"]),
        ("trình ủy ban nhân dân cấp huyện phê duyệt", ["ủy ban nhân dân cấp huyện"]),
        ("báo cáo kết quả cho UBND tỉnh", ["UBND tỉnh"]),
        ("báo cáo Sở Y tế đúng quy định", ["Sở Y tế"]),
        ("kiến nghị Chính phủ sửa đổi", ["Chính phủ"]),
        ("Sau khi báo cáo UBND tỉnh, Sở Y tế công bố", []),
        ("Khi lập dự toán trình Sở Tài chính, chủ đầu tư phải rà soát", []),
        ("Khi phát hiện vi phạm, báo cáo UBND tỉnh", ["UBND tỉnh"]),
        ("gửi báo cáo về Tổng cục Thuế (Vụ Kê khai)", ["Tổng cục Thuế", "Vụ Kê khai"]),
        ("gửi báo cáo về Tổng cục Thuế (Vụ Kê khai tổng hợp)", ["Tổng cục Thuế"]),
        ("phát hiện vướng mắc để kiến nghị Chính phủ sửa đổi", []),
        ("trình ngay Thủ tướng Chính phủ quyết định", ["Thủ tướng Chính phủ"]),
        ("xây dựng chương trình UBND tỉnh đã giao", []),
        ("hướng dẫn quy trình Sở Y tế ban hành", []),
        ("bảo đảm thời hạn trình Chính phủ", []),
        ("chấp hành chế độ báo cáo", []),
        ("tham mưu UBND tỉnh rà soát", []),
    ],
)  # fmt: skip
def test_who_receives(text: str, names: list[str]) -> None:
    assert list(receivers(text, 0, len(text)).names) == names


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("cân đối, bố trí kinh phí thực hiện", True),
        ("lập dự toán ngân sách", True),
        ("xác định nhu cầu kinh phí hằng năm", True),
        ("đẩy nhanh tiến độ, góp phần thúc đẩy giải ngân vốn đầu tư công", False),
        ("rà soát thủ tục hành chính", False),
        ("bảo đảm nguồn thu ngân sách nhà nước", False),
        ("giúp doanh nghiệp thực hiện nghĩa vụ ngân sách nhà nước", False),
        ("sử dụng ngân sách nhà nước, tăng nguồn thu", True),
        ("thu hồi tiền phạt vào ngân sách nhà nước", False),
        ("giao dịch của doanh nghiệp có vốn đầu tư nước ngoài", False),
        ("Để sử dụng kinh phí hợp lý, rà soát hồ sơ", False),
        ("hướng dẫn thanh toán, quyết toán theo quy định", True),
        ("thanh toán điện tử hoạt động thông suốt", False),
        ("tham mưu phương án điều chỉnh kế hoạch vốn giữa các dự án", True),
        ("kiểm soát chi bảo đảm đúng quy định", True),
        ("kiểm soát chi tiết từng hồ sơ", False),
        ("đẩy nhanh tiến độ giải ngân các dự án", True),
        ("công khai tiến độ giải ngân của từng chủ đầu tư", False),
        ("gửi số liệu giải ngân vốn đầu tư về Sở Tài chính", False),
        ("rút ngắn thời gian thẩm định thiết kế, dự toán", False),
    ],
)
def test_what_is_about_public_money(text: str, money: bool) -> None:
    assert (about_money(text, 0, len(text)) is not None) is money
