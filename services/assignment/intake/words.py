"""The vocabulary of the genre, as data."""

HEADS = (
    "Sở", "Bộ", "UBND", "Ủy ban", "Uỷ ban", "Văn phòng", "Thanh tra", "Công an", "Ban", "Ngân hàng",
    "Kho bạc", "Cục", "Chi cục", "Tổng cục", "Đài", "Báo", "Thông tấn xã", "Trung tâm", "Hội",
    "Hiệp hội", "Liên đoàn", "Liên minh", "Liên hiệp", "Bảo hiểm xã hội", "Tổng công ty",
    "Tập đoàn", "Viện", "Bộ Tư lệnh", "Bộ Chỉ huy", "Tòa án", "Viện kiểm sát", "Mặt trận",
    "Đoàn Thanh niên", "Thành đoàn", "Tỉnh đoàn", "Thành ủy", "Tỉnh ủy", "Thường trực",
    "Chính phủ", "Thủ tướng", "Quốc hội", "HĐND", "Hội đồng", "Thuế", "Hải quan", "Trường",
    "Công ty", "Cơ quan", "Phòng", "VPUB", "VPCP",
    "các ", "Các ", "những ", "cấp có thẩm quyền", "các cấp",
)  # fmt: skip
"""How the name of a body begins."""

PERSONS = (
    "Giám đốc", "Chủ tịch", "Bộ trưởng", "Thủ trưởng", "Trưởng", "Chánh", "Tổng Giám đốc",
    "Chủ nhiệm", "Người đứng đầu", "Các đồng chí Bộ trưởng",
)  # fmt: skip
"""Titles of persons who stand for the body that they head."""

VERBS = (
    "chủ trì", "phối hợp", "có trách nhiệm", "chịu trách nhiệm", "theo chức năng", "khẩn trương",
    "tiếp tục", "tổ chức", "chỉ đạo", "hàng năm", "hằng năm", "hàng tháng", "hằng tháng",
    "hàng quý", "hằng quý", "định kỳ", "đẩy mạnh", "xem xét", "rà soát", "tham mưu", "xây dựng",
    "thực hiện", "triển khai", "theo dõi", "đôn đốc", "hướng dẫn", "kiểm tra", "tăng cường",
    "chủ động", "nghiêm túc", "tập trung", "báo cáo", "tổng hợp", "đề xuất", "căn cứ", "bố trí",
    "cân đối", "bảo đảm", "đảm bảo", "đào tạo", "cung cấp", "gửi", "trình", "ban hành", "lập",
    "kịp thời", "thường xuyên", "trên cơ sở", "quán triệt", "phê duyệt", "thẩm định", "đánh giá",
    "nghiên cứu", "tuyên truyền", "phổ biến", "giám sát", "thanh tra", "xử lý", "hoàn thành",
    "hoàn thiện", "quản lý", "chuẩn bị", "phân công", "thông báo", "cập nhật", "công bố",
    "khảo sát", "đề nghị", "yêu cầu", "phát huy", "nâng cao", "huy động", "hỗ trợ", "vận động",
    "trực tiếp", "làm việc", "quyết định", "sớm", "tạo điều kiện", "kiến nghị", "để", "trong",
    "trước", "và các nhiệm vụ", "kế hoạch", "kết quả", "là", "sẵn sàng", "đẩy nhanh", "có ý kiến",
    "quan tâm", "chú trọng", "đa dạng hóa", "về", "theo",
)  # fmt: skip
"""Words after which the name of a body is over and its order begins."""

OPENERS = ("giao", "yêu cầu", "đề nghị", "chỉ đạo", "phân công")
"""Words that hand an order to the body named next."""

CAPITALS = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
"""For character classes: in Unicode capitals and small letters of Vietnamese alternate."""

SMALL = "a-zàáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
