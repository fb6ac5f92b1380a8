"""Words inside names of bodies, as data: what a name holds and where it ends."""

COMPOUNDS = (
    "Ban Quản lý đầu tư xây dựng", "Ban quản lý đầu tư xây dựng", "Khu Quản lý", "Khu quản lý",
    "Khu bảo tồn", "Ban quản lý", "Ban Quản lý", "ban quản lý", "Ban chỉ đạo", "Ban Chỉ đạo",
    "Ban chỉ huy",
    "Ban Chỉ huy", "Ban tổ chức", "Ban Tổ chức", "Ban điều phối", "Ban điều hành", "Ban vận động",
    "Ban giải phóng mặt bằng", "Ban đại diện", "Ban tiếp công dân", "Văn phòng đăng ký",
    "Văn phòng điều phối", "Văn phòng thường trực", "Trung tâm kiểm soát", "Trung tâm hỗ trợ",
    "Trung tâm xúc tiến", "Trung tâm đào tạo", "Trung tâm quan trắc", "Trung tâm khuyến nông",
    "Trung tâm giám sát", "Trung tâm điều hành", "Tổ công tác", "Tổ giúp việc", "Tổ biên tập",
    "Hội đồng phối hợp", "Hội đồng thẩm định", "Hội đồng thi đua", "Hội đồng tư vấn",
    "Hội đồng quản trị", "Hội đồng Quản trị",
    "cơ quan quản lý", "cơ quan thanh tra", "cơ quan kiểm tra", "cơ quan thông tin",
    "cơ quan truyền thông", "cơ quan truyền thông, báo chí",
    "cơ quan đăng ký kinh doanh", "cơ quan điều tra", "cơ quan bảo vệ",
    "cơ quan giám định", "cơ quan thường trực", "cơ quan chủ trì", "cơ quan thẩm định",
    "cơ quan giám sát", "cơ quan xúc tiến", "cơ quan kiểm định", "cơ quan chuẩn bị",
    "cơ quan soạn thảo", "cơ quan thực hiện", "cơ quan tham mưu", "đơn vị tư vấn",
    "đơn vị quản lý", "đơn vị thi công", "đơn vị vận hành", "đơn vị sử dụng", "đơn vị cung cấp",
    "đơn vị dự toán", "cơ quan thẩm định văn bản", "Cơ quan thẩm định văn bản", "đơn vị đầu mối",
    "đơn vị trực thuộc", "cơ quan trực thuộc", "lực lượng quản lý thị trường",
    "lực lượng thanh tra", "lực lượng kiểm soát", "vụ quản lý", "Vụ quản lý", "Chi cục quản lý",
    "Cục quản lý", "tổ chức hành nghề", "Phòng quản lý", "đội quản lý", "Đội quản lý",
    "bộ quản lý", "Bộ quản lý", "sở quản lý", "Sở quản lý",
    "Đoàn thanh tra, kiểm tra", "Đoàn Thanh tra, kiểm tra", "đoàn thanh tra, kiểm tra",
    "Đoàn kiểm tra", "Đoàn thanh tra", "Đoàn công tác", "tổ công tác", "Thanh tra xây dựng",
    "thanh tra xây dựng", "Thanh tra chuyên ngành", "Công an xây dựng", "Cơ quan thường trực",
    "Cơ quan đăng ký kinh doanh", "Cơ quan điều tra", "cơ quan đăng ký đầu tư",
    "Cơ quan đăng ký đầu tư",
    "cơ sở giáo dục", "cơ sở đào tạo", "cơ sở bảo trợ xã hội", "cơ sở khám", "cơ sở điều trị",
    "cơ sở cung cấp", "cơ sở quản lý", "cơ sở chăn nuôi", "cơ sở kiểm định", "Cơ sở giáo dục",
    "Cơ sở đào tạo", "Cơ sở khám", "Cơ sở điều trị", "Cơ sở chăn nuôi", "bộ phận quản lý",
    "bộ phận tiếp nhận", "cơ sở nghiên cứu", "cơ sở bồi dưỡng",
    "cơ quan phối hợp", "Cơ quan phối hợp", "Cơ quan chủ trì", "Cơ quan thẩm định",
    "Cơ quan soạn thảo", "Cơ quan quản lý", "đơn vị phối hợp", "đơn vị chủ trì", "Đơn vị chủ trì",
    "viện nghiên cứu", "Viện nghiên cứu", "đơn vị tổ chức",
    "Cục quản lý chất lượng", "Quỹ bảo vệ", "quỹ bảo vệ", "Trung tâm bảo vệ", "Chi cục bảo vệ",
)  # fmt: skip
"""Names whose second word is no order although it looks like one."""

INNER_WORDS = (
    "an toàn vệ sinh", "An toàn vệ sinh", "bảo vệ thực vật", "bảo vệ môi trường",
    "bảo vệ và phát triển rừng",
    "kiểm soát bệnh tật", "phát triển nông thôn", "phát triển quỹ đất", "ứng dụng công nghệ cao",
    "ứng dụng Công nghệ cao", "phòng, chống thiên tai", "phòng chống thiên tai",
    "Phòng, chống thiên tai", "Phòng chống thiên tai", "Phòng thủ dân sự", "Phòng, chống tội phạm",
    "phòng, chống tham nhũng", "phòng, chống dịch", "phòng, chống tội phạm", "đào tạo nghề",
    "tìm kiếm cứu nạn", "cứu hộ", "thi đua, khen thưởng", "cải cách hành chính", "nuôi trồng",
    "giáo dục quốc phòng và an ninh", "giáo dục quốc phòng, an ninh",
    "giáo dục quốc phòng - an ninh",
    "giáo dục quốc phòng an ninh", "giáo dục quốc phòng", "xây dựng nông thôn mới",
    "thực hiện quy chế dân chủ", "thực hiện Quy chế dân chủ", "chống buôn lậu",
    "thi đua - khen thưởng",
    "giảm nghèo", "nghĩa vụ quân sự",
    "chuyển đổi số", "Đồng bằng", "đồng bằng", "giáo dục thường xuyên", "Giáo dục thường xuyên",
)  # fmt: skip
"""Words of orders that stand inside a name: "Ban Chỉ đạo phòng, chống thiên tai tỉnh"."""

WORK_WORDS = (
    "triển khai Đề án 06", "triển khai Đề án",
    "đầu tư xây dựng các công trình", "đầu tư xây dựng công trình", "đầu tư xây dựng",
    "xây dựng công trình", "phát triển đường cao tốc", "phát triển nhà",
    "khai thác công trình thủy lợi",
    "hỗ trợ doanh nghiệp", "xúc tiến đầu tư", "bảo trợ xã hội", "nuôi dưỡng", "giới thiệu việc làm",
    "bồi dưỡng nghiệp vụ", "đào tạo, bồi dưỡng", "thi hành án", "quản lý rừng",
)  # fmt: skip
"""Work that bodies are named by: "Ban Quản lý dự án đầu tư xây dựng tỉnh"."""

FIXED_NAMES = (
    "tổ chức hoặc cá nhân",
    "Vụ Kế hoạch đầu tư", "Vụ Kế hoạch - Đầu tư", "Hội đồng Phổ biến, giáo dục pháp luật",
    "Hội đồng phổ biến, giáo dục pháp luật", "Hội đồng Phối hợp phổ biến, giáo dục pháp luật",
    "Hội đồng phối hợp phổ biến, giáo dục pháp luật",
    "Cấp ủy, chính quyền các cấp", "Cấp uỷ, chính quyền các cấp", "cấp ủy, chính quyền các cấp",
    "cấp uỷ, chính quyền các cấp", "Cấp ủy, chính quyền địa phương",
    "cấp ủy, chính quyền địa phương",
    "Các ngành, các cấp", "các ngành, các cấp", "Các cấp, các ngành", "các cấp, các ngành",
    "Ủy ban quản lý vốn nhà nước tại doanh nghiệp", "Uỷ ban quản lý vốn nhà nước tại doanh nghiệp",
    "Ủy ban Quản lý vốn nhà nước tại doanh nghiệp", "Uỷ ban Quản lý vốn nhà nước tại doanh nghiệp",
    "Văn phòng Đoàn ĐBQH và HĐND", "Văn phòng Đoàn đại biểu Quốc hội và HĐND",
    "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân", "Văn phòng HĐND và UBND",
    "Văn phòng Đoàn Đại biểu Quốc hội và Hội đồng nhân dân",
    "Cục Cảnh sát Quản lý hành chính về trật tự xã hội",
    "Cục Cảnh sát quản lý hành chính về trật tự xã hội",
    "Cảnh sát quản lý hành chính về trật tự xã hội",
    "Cảnh sát phòng cháy chữa cháy và cứu nạn cứu hộ", "Ủy ban Kiểm tra",
    "Ban Tuyên giáo và Dân vận", "Vụ Phổ biến, giáo dục pháp luật", "các cấp thẩm quyền",
    "cấp thẩm quyền", "cơ quan nhà nước có thẩm quyền", "các cơ quan nhà nước có thẩm quyền",
    "Vụ Xuất nhập khẩu", "Vụ Thị trường trong nước", "Vụ Thị trường ngoài nước",
    "Cục Xuất nhập khẩu", "Phòng Văn hoá, Thể thao và Du lịch",
    "cơ quan được giao chủ trì soạn thảo", "Cơ quan được giao chủ trì soạn thảo",
    "cơ quan được giao chủ trì soạn thảo văn bản", "Cơ quan được giao chủ trì soạn thảo văn bản",
    "cơ quan chủ trì soạn thảo", "Cơ quan chủ trì soạn thảo", "cơ quan chủ trì soạn thảo văn bản",
    "Báo và phát thanh, truyền hình", "Báo và Phát thanh, truyền hình",
    "Báo và Phát thanh, Truyền hình", "Báo và Đài Phát thanh, truyền hình",
    "Báo và Đài Phát thanh và Truyền hình", "Báo và Đài Phát thanh, Truyền hình",
    "Báo và Đài Phát thanh - Truyền hình", "Báo và Đài phát thanh - truyền hình",
    "Báo và Đài Phát thanh và truyền hình", "Báo và Phát thanh - Truyền hình",
    "Báo và phát thanh - truyền hình", "Báo và Đài phát thanh và truyền hình",
    "Đài Phát thanh và Truyền hình", "Đài Phát thanh - Truyền hình", "Cổng Thông tin điện tử",
    "Cục Quản lý Khám, chữa bệnh", "Cục Quản lý khám, chữa bệnh",
    "Tổ chức pháp chế Bộ, ngành", "tổ chức pháp chế Bộ, ngành", "tổ chức pháp chế bộ, ngành",
    "cấp có thẩm quyền", "cơ quan có thẩm quyền", "các cấp có thẩm quyền",
    "các cơ quan có thẩm quyền", "người có thẩm quyền",
)  # fmt: skip
"""Names that hold words at which others would end."""

NAME_ENDS = (
    "(?<!công\\s)lập", "gửi", "(?<!hương\\s)(?<!công\\s)trình(?! độ)",
    "giao(?! (?:thông|dịch|lưu|ban))",
    "cử", "nắm",
    "giữ", "dừng", "coi", "xem", "đưa", "đặt", "dành", "tạo", "mở", "(?<![đĐ]ăng\\s)ký", "nộp",
    "nêu",
    "thu thập", "thu hồi", "tăng", "giảm(?! nghèo)", "làm", "mời", "bám sát", "rà", "chống", "xác",
    "hình thành(?! phố)", "treo", "họp(?! tác)", "đúng", "đầy đủ", "hoàn chỉnh", "đảm nhận", "cắm",
    "chốt", "cùng(?! (?:cấp|với|các|[A-ZĐƯ]))",
    "(?<!iết\\s)(?<!huẩn\\s)(?<!rang\\s)bị", "thăm(?! dò)", "tặng", "chúc",
    "đi(?= (?:kiểm|thực|khảo|cơ|thăm|công tác|làm))",
)  # fmt: skip
"""Verbs at which a name ends: of one syllable, or seen in others ("Truyền hình thành phố")."""

COMPLETE_NAMES = (
    "Thủ tướng Chính phủ", "Thủ tướng chính phủ", "Chính phủ", "Bộ Chính trị", "Ban Bí thư",
    "Quốc hội", "cấp có thẩm quyền", "các cấp có thẩm quyền", "cấp thẩm quyền",
    "các cấp thẩm quyền", "người có thẩm quyền", "Lãnh đạo Bộ", "lãnh đạo Bộ",
    "Văn phòng Chính phủ", "Bộ trưởng(?! (?:Bộ|các))", "Tổng Bí thư", "Chủ tịch nước",
    "Ủy ban Thường vụ Quốc hội",
    "(?:Tỉnh|Thành phố|Huyện|Thị xã|Đặc khu)"
    "(?! (?:lộ|lỵ|đội|trưởng|thông minh|đáng sống|trực|thuộc|[ủuđ][ỷyo]|[A-ZĐÁÀẢẤẦÂĂÔƠƯÍÚÝ]))",
)  # fmt: skip
"""Names that nothing is added to."""
