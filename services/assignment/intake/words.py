"""The vocabulary of the genre, as data: what begins a name, a statement, a section."""

CAPITALS = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
"""For character classes: in Unicode capitals and small letters of Vietnamese alternate."""

SMALL = "a-zàáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"

HEADS = (
    "[uủ][ỷy] ban nhân dân(?= (?:các|cấp|tỉnh|thành|huyện|quận|xã|phường))",
    "Sở", "Bộ(?! (?:máy|phận|chỉ số|tiêu chí|đội|luật|thủ tục))", "UBND", "Ủy ban", "Uỷ ban",
    "Văn phòng", "VP",
    "Thanh tra(?= (?:Chính|Bộ|Cục|Tổng cục|tỉnh|[Tt]hành|Sở|[Gg]iao|[Xx]ây|huyện|Nhà|[Nn]gành"
    "|lao|môi|các|quận))",
    "Công an", "Ban(?! (?:hành|đầu))", "Ngân hàng", "Kho bạc", "Cục(?! bộ)", "Chi cục", "Tổng cục",
    "Vụ(?! (?:việc|án|mùa|Mùa|Hè|Xuân|Đông(?! (?:Bắc|Nam))))", "Đài(?! Loan)",
    "Báo(?! (?:cáo|hiệu|động))", "Thông tấn xã",
    "Trung tâm", "Hội(?! (?:nghị|thảo|nhập|họp))", "Hiệp hội", "Liên đoàn", "Liên minh",
    "Liên hiệp", "Bảo hiểm xã hội", "Tổng công ty", "Tổng Công ty", "Tập đoàn",
    "Viện(?! (?:trợ|dẫn))", "Bộ Tư lệnh", "Bộ Chỉ huy", "Tòa án", "Toà án", "Mặt trận",
    "Ủy ban Mặt trận", "Đoàn(?= (?:Thanh|TN|ĐBQH|[Đđ]ại biểu|thể|kiểm|thanh|Đ))", "Thành đoàn",
    "Tỉnh đoàn", "Thành Đoàn", "Tỉnh Đoàn", "Thành ủy", "Tỉnh ủy", "Thành uỷ", "Tỉnh uỷ",
    "Đảng ủy", "Đảng uỷ", "Huyện ủy", "Huyện uỷ", "Quận ủy", "Quận uỷ", "Cấp ủy", "Cấp uỷ",
    "Thường trực(?= (?:Tỉnh|Thành|HĐND|Hội|Huyện|Ban|Chính|UBND|[UỦ][ỷy] ban|Đảng))",
    "Chính phủ", "Thủ tướng",
    "Phó Thủ tướng", "Quốc hội", "HĐND", "Hội đồng", "Thuế(?= (?:tỉnh|[Tt]hành|Hà|cơ|các|Thành))",
    "Hải quan", "Trường(?! hợp)", "Công ty",
    "Phòng(?!,? (?:chống|ngừa|cháy|tránh|dịch|bệnh|thủ|trừ))",
    "Tổ(?! (?:chức|quốc))", "VPUB", "VPCP", "Đơn vị", "Cổng", "Học viện", "Đại học", "Bệnh viện",
    "Quỹ(?! đất)", "Cảnh sát(?! nhân)", "Bộ đội", "Quản lý thị trường", "Kiểm toán", "Kiểm lâm",
    "Tạp chí", "Nhà xuất bản", "Cảng vụ", "Điện lực", "Bưu điện", "Viettel", "VNPT",
    "MobiFone", "EVN",
    "TAND", "VKSND", "UBMTTQ", "MTTQ", "KBNN", "Trưởng ban", "Ban Chỉ đạo",
    "Cơ quan",
    "Lãnh đạo(?= (?:các|Sở|Bộ|UBND|tỉnh|đơn|cơ|ngành))", "Văn phòng Chính phủ", "Tổng Liên đoàn",
    "Tổ chức(?= (?:pháp chế|chính trị|đoàn thể|hành nghề|tín dụng))", "Lực lượng", "Nhà đầu tư",
    "UB(?= (?:MTTQ|Mặt|Kiểm))",
    "Cấp(?= (?:tỉnh|huyện|xã)(?: (?:tổ chức|phải|có|chịu|thực hiện)|, ))",
    "Chủ đầu tư", "Chủ rừng", "Chủ cơ sở", "Chủ tàu", "Chủ hộ",
    "Nhà thầu(?! nào)", "Doanh nghiệp(?! nào)",
    "Viễn thông(?= (?:[A-ZĐ]|tỉnh|thành))", "Đội", "Thương vụ",
    "[Cc]hính quyền(?= (?:các|địa phương|cấp))",
    "Hệ thống(?= (?:các cơ quan|cơ quan|ngân hàng|Ngân hàng))", "Vườn quốc gia", "Vườn Quốc gia",
    "Trạm(?= (?:[Yy] tế|[Tt]hú y|[Kk]huyến nông|[Kk]iểm lâm|[Bb]ảo vệ))",
    "Khu(?= (?:công nghiệp|chế xuất|công nghệ cao) [A-ZĐ])",
    "Khu(?= (?:[Qq]uản lý|[Bb]ảo tồn|[Dd]ự trữ))", "Nhà trường", "Quân khu", "Quân đoàn",
    "Quân đội", "Quân chủng", "Binh chủng", "Giáo viên(?= (?!được))",
    "Biên phòng(?= (?:tỉnh|các|thành|Thành))", "Đồn(?= [Bb]iên)", "Hạt(?= (?:[Kk]iểm|[Qq]uản))",
    "BTL",
    "BCH", "BCĐ", "BQL", "BHXH", "NHNN", "LĐLĐ", "CHK", "Thống kê(?= (?:tỉnh|[Tt]hành|cơ sở|các))",
    "Hợp tác xã", "Chi bộ", "Đảng bộ", "Thường vụ(?= (?:Tỉnh|Thành|Huyện|Đảng))", "Công đoàn",
    "Nhà máy", "Xí nghiệp", "Bảo tàng", "Thư viện", "Nhà hát", "Bến xe",
    "Trung ương(?= (?:Hội|Đoàn))",
    "Cơ sở(?= (?:giáo dục|đào tạo|dạy nghề|khám|y tế|điều trị|sản xuất|kinh doanh|chăn nuôi))",
    "Ngành(?= (?:Y tế|Giáo dục|Công|Nông nghiệp|Tư pháp|Tài chính|Thuế|Hải quan|Văn hóa))",
    "[Tt]oàn(?= (?:[Nn]gành|tỉnh|thành phố|huyện|Đảng bộ|lực lượng) (?:cần|phải|tiếp|tập|khẩn))",
    "Tổng hội", "Huyện đoàn", "Quận đoàn", "Xã đoàn", "Cảng(?= (?:hàng không|[Hh]àng|biển))",
    "Thanh niên xung phong", "Y tế(?= (?:các )?(?:[Bb]ộ|ngành|cơ quan))", "Tổng phụ trách",
    "Chủ(?= (?:các|những|bến|tàu|phương tiện|cơ sở|hộ|nuôi|vật nuôi|trang trại|công trình|xe))",
    "Bến(?= (?:khách|tàu|phà|thủy|thuỷ|xe))",
    "VEC", "TEDI", "Cienco", "CIENCO", "PMU(?:\\d{1,2})?", "VNR",
    "Vinaconex", "VINACONEX", "Vinashin", "Vinalines",
    "Vinacomin", "PVN", "TKV", "ACV", "VATM", "VIDIFI", "Petrolimex", "Vinachem", "Vinafood",
    "Liên danh(?! mục)",
)  # fmt: skip
"""How the name of a body begins."""

FIELDS = (
    "Nông nghiệp và Phát triển nông thôn", "Nông nghiệp và Phát triển Nông thôn",
    "Nông nghiệp và Môi trường", "Nông nghiệp và PTNT", "Nông nghiệp & PTNT", "NN&PTNT", "NN&MT",
    "Nông nghiệp", "Tài nguyên và Môi trường", "Tài nguyên & Môi trường", "TN&MT",
    "Lao động - Thương binh và Xã hội", "Lao động, Thương binh và Xã hội", "LĐ-TB&XH", "LĐTBXH",
    "LĐTB&XH", "Lao động Thương binh và Xã hội", "Thương mại", "Công nghiệp",
    "Văn hóa, Thể thao và Du lịch", "Văn hoá, Thể thao và Du lịch", "VHTT&DL", "VHTTDL",
    "Văn hóa - Thể thao và Du lịch", "Văn hóa và Thể thao", "Văn hoá và Thể thao",
    "Văn hóa - Thông tin", "Văn hoá - Thông tin", "Văn hóa Thông tin", "Văn hóa, Thể thao",
    "Thông tin và Truyền thông", "Thông tin & Truyền thông", "TT&TT", "Bưu chính, Viễn thông",
    "Khoa học và Công nghệ", "Khoa học & Công nghệ", "KH&CN", "Giáo dục và Đào tạo",
    "Giáo dục & Đào tạo", "GD&ĐT", "Kế hoạch và Đầu tư", "Kế hoạch & Đầu tư", "KH&ĐT",
    "Giao thông vận tải", "Giao thông Vận tải", "Giao thông công chính",
    "Giao thông - Công chính", "Giao thông Công chính", "GTVT",
    "Quy hoạch - Kiến trúc", "Quy hoạch và Kiến trúc", "Quy hoạch Kiến trúc", "QHKT",
    "Dân tộc và Tôn giáo", "Dân tộc - Tôn giáo", "Công Thương", "Công thương", "Tài chính",
    "Nội vụ", "Tư pháp", "Xây dựng", "Y tế", "Du lịch", "Ngoại vụ", "Ngoại giao", "Quốc phòng",
    "Kinh tế, Hạ tầng và Đô thị", "Kinh tế, Hạ tầng", "Kinh tế - Hạ tầng",
    "Kinh tế và Hạ tầng", "Tài chính - Kế hoạch", "Văn hóa - Xã hội", "Văn hoá - Xã hội",
    "Văn hóa, Khoa học và Thông tin", "Văn hóa và Thông tin", "Văn hoá và Thông tin",
    "Quản lý đô thị", "Thị trường trong nước", "Thị trường ngoài nước",
    "Công an", "Công An", "Thủy sản", "Thuỷ sản", "Văn hóa", "Văn hoá", "Thể dục Thể thao",
    "Thể dục - Thể thao", "Thể dục, Thể thao", "Thương mại - Du lịch", "Thương mại và Du lịch",
    "Du lịch - Thương mại", "Bưu chính - Viễn thông", "Bưu chính Viễn thông", "Tài chính - Vật giá",
    "Khoa học, Công nghệ và Môi trường", "Địa chính - Nhà đất", "Công nghiệp và Thương mại",
)  # fmt: skip
"""What ministries and departments are for: their names end where one of these ends."""

UNITS = (
    "cơ quan ngang Bộ", "cơ quan ngang bộ", "cơ quan thuộc Chính phủ", "cơ quan thông tấn, báo chí",
    "cơ quan thông tấn", "cơ quan truyền thông, báo chí", "cơ quan báo chí, truyền thông",
    "cơ quan thông tin, báo chí", "cơ quan báo, đài", "sở",
    "ban(?! hành)", "ngành", "bộ(?! (?:máy|phận|chỉ số|tiêu chí|đội))", "đoàn thể",
    "hội(?! (?:nghị|thảo|đồng|viên))", "hiệp hội", "quận", "huyện", "thị xã", "thị trấn",
    "sở ngành", "bộ ngành", "ban ngành",
    "thành phố", "tỉnh", "xã(?! hội)", "phường", "đặc khu", "địa phương", "cơ quan", "đơn vị",
    "tổ chức(?= (?:pháp chế|chính trị|xã hội|có liên|liên quan|đoàn thể|tín dụng|hội)|,|:| và)",
    "tổ chức(?= (?:hữu quan|thành viên|quốc tế|phi|[Đđ]ảng))",
    "(?<=cơ\\squan,\\s)tổ chức(?! (?:lại|thực hiện|triển khai))",
    "(?<=ấp\\s[uủ][ỷy],\\s)chính quyền",
    "doanh nghiệp", "cá nhân", "hộ gia đình", "hộ kinh doanh",
    "cấp(?= (?:ủy|uỷ|chính quyền|có thẩm|,)|,)", "khối(?! lượng)",
    "trường(?! hợp)(?: học)?", "chi cục", "cục(?! bộ)", "vụ(?! (?:việc|án|mùa))",
    "viện(?! (?:trợ|dẫn))"
    "(?: nghiên cứu(?! (?:,|giải|các|về|đề|xây|cơ|phương|ứng)))?",
    "tổng cục", "hợp tác xã", "chủ đầu tư", "nhà đầu tư",
    "nhà thầu(?: thi công)?", "học viện", "đại học(?! [Qq]uốc)", "cao đẳng", "trung cấp",
    "ban quản lý(?: dự án)?", "thôn",
    "bản(?! (?:tin|đồ|án|chất|quyền|chính|sao|gốc|giấy|in|điện|cứng|mềm|cam|kết|thuyết))",
    "ấp", "khu phố",
    "tổ dân phố", "đảng viên",
    "chi bộ", "đảng bộ", "chi đoàn", "cán bộ", "công chức", "viên chức", "người lao động",
    "công nhân", "công đoàn", "nhà máy", "xí nghiệp", "bệnh viện", "trung tâm",
)  # fmt: skip
"""Common nouns for bodies; a row of them is one group: "các sở, ban, ngành, đoàn thể"."""

OTHER_GROUPS = (
    "cơ quan báo chí", "cơ quan truyền thông", "lực lượng chức năng", "lực lượng",
    "phương tiện thông tin đại chúng", "đồng chí", "thành viên", "chủ rừng", "nhà mạng",
    "ngân hàng", "hãng hàng không", "quân khu",
    "cha mẹ học sinh", "phụ huynh học sinh", "gia đình học sinh", "phụ huynh",
    "gia đình(?= (?:người|trẻ|bệnh))",
    "phòng(?!,? (?:chống|ngừa|cháy|tránh))", "Mặt trận", "đại học", "học viện",
    "cán bộ(?=,? (?:công chức|đảng viên))", "hộ(?= (?:dân|nuôi|trồng|chăn|sản|kinh|nông))",
    "hệ thống", "cảng vụ", "báo, đài", "báo đài",
    "bộ phận(?= (?:quản lý|chuyên môn|chức năng|liên quan|nghiệp vụ|một cửa|tiếp nhận|pháp chế))",
    "trưởng thôn", "trưởng ấp", "trưởng bản", "trưởng khu phố", "tổ trưởng", "già làng",
    "trưởng ban công tác mặt trận", "trưởng ban công tác Mặt trận", "bí thư chi bộ",
    "đoàn thanh tra, kiểm tra", "đoàn thanh tra", "đoàn kiểm tra", "tổ chức thành viên",
    "chính quyền(?= (?:các|địa|cấp|cơ sở|tỉnh|thành|xã|huyện))",
    "cơ sở(?! (?:vật chất|dữ liệu|hạ tầng|pháp lý|để|đó|này|lý luận|thực tiễn))",
    "chủ(?= (?:các|bến|tàu|phương tiện|cơ sở|hộ|nuôi|vật nuôi|trang trại|công trình|xe|hồ|đập|đò|mỏ"
    "|rừng|kho|cửa hàng|nhà hàng|doanh nghiệp|lồng bè|nguồn thải|sử dụng|sở hữu))",
    "nơi(?= có (?:điều|nguy|nhu))", "bến(?= (?:khách|tàu|phà|xe))", "thuyền trưởng", "thuyền viên",
    "lái xe", "đô thị(?= (?:trực thuộc|đặc biệt|loại|lớn))",
    "người(?= (?:lái|điều khiển|sử dụng lao động|chăn nuôi|nuôi|vận chuyển))",
)  # fmt: skip
"""Common nouns that begin a group of their own."""

CITIES = ("Hà Nội", "Hồ Chí Minh", "Hải Phòng", "Đà Nẵng", "Cần Thơ", "Huế")
"""Governed from the centre, hence "thành phố" and not "tỉnh"."""

TITLES = (
    "Các đồng chí", "các đồng chí", "Đồng chí", "đồng chí", "Đ/c", "Phó Tổng Giám đốc",
    "Tổng Giám đốc", "Tổng giám đốc", "Phó Giám đốc", "Giám đốc", "Phó Chủ tịch", "Chủ tịch",
    "Thứ trưởng", "Bộ trưởng", "Thủ trưởng", "Phó Chánh", "Chánh", "Chủ nhiệm", "Thống đốc",
    "Người đứng đầu", "người đứng đầu", "Phó Cục trưởng", "Cục trưởng", "Chi cục trưởng",
    "Chi Cục trưởng", "Thứ trưởng thường trực", "Tổng cục trưởng", "Vụ trưởng", "Viện trưởng",
    "Hiệu trưởng", "Trưởng phòng", "Tổng Biên tập", "Tổng biên tập", "Tư lệnh", "Chỉ huy trưởng",
    "Tổ trưởng", "Đội trưởng", "Trưởng đoàn", "Trưởng Đoàn",
    "Bí thư", "Tổng(?= (?:Thanh tra|Kiểm toán))", "Trưởng", "thủ trưởng", "giám đốc", "chủ tịch",
    "lãnh đạo", "Lãnh đạo", "Chủ tịch Hội đồng thành viên", "Chủ tịch Hội đồng Thành viên",
    "Chủ tịch Hội đồng quản trị", "Chủ tịch Hội đồng Quản trị", "Chủ tịch HĐQT", "Chủ tịch HĐTV",
)  # fmt: skip
"""Of persons who stand for the body that they head."""

ADVERBS = (
    "trên tinh thần", "với tinh thần", "với vai trò", "quyết tâm", "cần nhanh chóng", "gấp",
    "khẩn trương", "tiếp tục", "chủ động", "nghiêm túc", "tập trung", "kịp thời", "thường xuyên",
    "hàng năm", "hằng năm", "hàng tháng", "hằng tháng", "hàng quý", "hằng quý", "hàng tuần",
    "hằng tuần", "hằng ngày", "hàng ngày", "định kỳ", "sớm", "trực tiếp", "tích cực", "quyết liệt",
    "cần", "phải", "có trách nhiệm", "chịu trách nhiệm", "có nhiệm vụ", "theo chức năng",
    "theo nhiệm vụ", "theo thẩm quyền", "theo phạm vi", "theo lĩnh vực", "căn cứ", "trên cơ sở",
    "trong phạm vi", "trong tháng", "trong quý", "trong năm", "khi", "trước ngày", "trước mắt",
    "đồng thời", "nhanh chóng", "kiên quyết", "không", "chưa", "cùng", "nghiêm cấm",
    "sẵn sàng", "được giao", "theo dõi", "gương mẫu", "thực sự", "chậm nhất", "liên tục", "ngay",
    "nếu", "tùy", "tuỳ", "trong quá trình", "tự", "sẽ", "hết sức", "đặc biệt", "có kế hoạch",
    "có phương án", "có biện pháp", "có giải pháp", "có văn bản", "có ý kiến", "có hình thức",
    "chỉ", "nhất là", "ngoài việc", "bằng", "đã", "đang", "cũng", "đều", "luôn", "luôn luôn",
    "tuyệt đối", "triệt để", "nhất thiết", "dứt khoát",
    "còn phải", "còn cần", "còn có trách nhiệm", "theo chuyên ngành", "theo ngành", "theo phân cấp",
    "theo địa bàn", "theo trách nhiệm", "theo phân công",
)  # fmt: skip
"""Words that stand between the name of a body and what it is to do."""

AFTER_NAME = (
    "hình thức", "giúp", "các nội dung", "các vấn đề", "các giải pháp", "các khó khăn",
    "các biện pháp", "các kết quả", "chủ trương", "để", "trong", "trước", "về", "theo",
    "và các nhiệm vụ", "kế hoạch", "kết quả", "là", "những", "nội dung", "tình hình", "danh sách",
    "danh mục", "phương án", "dự thảo", "đề án", "vào", "tại", "từ", "đến", "sau khi", "sau",
    "qua", "bằng", "nhằm", "ngay", "đối với", "được", "do", "hồ sơ", "việc", "đúng", "một số",
    "số liệu",
    "biết", "hướng", "dưới", "tùy", "tuỳ",
    "xong", "định kỳ", "chậm", "muộn", "mà", "nếu", "khi", "thì", "hoặc",
    "nêu", "văn bản", "quy định", "chính sách", "giải pháp", "biện pháp", "cho", "với", "có",
    "công tác", "chương trình", "thông qua", "lên", "thường kỳ", "đồng thời", "ban hành",
    "chấp thuận", "cho phép", "theo quy định", "trên", "ở", "như", "tham gia", "bởi", "của",
    "kinh phí", "nhu cầu", "dự toán", "tiến độ", "mức", "kịch bản", "đề cương", "tờ trình",
    "quy chế", "quy trình", "lần", "đợt",
)  # fmt: skip
"""What follows the name of one who receives or takes part."""

OPENERS = (
    "kính đề nghị", "trân trọng đề nghị", "đề nghị", "yêu cầu", "giao nhiệm vụ cho", "giao cho",
    "giao trách nhiệm cho", "giao trách nhiệm", "giao", "phân công", "ủy quyền cho",
    "uỷ quyền cho", "chỉ thị",
)  # fmt: skip
"""Words that hand an order to the body named next."""

PREFACES = (
    "hết năm", "hết quý", "đến hết", "trước khi", "sau mỗi", "sau",
    "trên cơ sở", "căn cứ", "trường hợp", "những trường hợp", "các trường hợp", "đối với", "khi",
    "kể từ", "bắt đầu từ",
    "sau khi", "trong quá trình", "hàng năm", "hằng năm", "hàng tháng", "hằng tháng", "hàng quý",
    "hằng quý", "định kỳ", "để", "nhằm", "theo", "trước ngày", "trong", "từ", "ngoài ra",
    "đồng thời", "nếu", "về", "qua", "tại", "riêng", "bên cạnh", "song song với", "trước mắt",
    "chậm nhất", "vào", "đến", "khẩn trương", "thực hiện", "ngay sau khi", "ngoài", "do",
    "vượt thẩm quyền", "vượt quá thẩm quyền", "những vấn đề vượt", "các nội dung vượt",
    "những nội dung vượt", "các vấn đề vượt", "nội dung vượt", "trong trường hợp",
    "tùy theo", "hai", "những đoạn", "các đoạn", "những nơi", "nhà thầu nào", "đơn vị nào",
    "doanh nghiệp nào", "chủ đầu tư nào", "tiếp thu", "quán triệt", "rút kinh nghiệm",
)  # fmt: skip
"""What may stand before the body that an order names."""

CONNECTIVES = (
    "đồng thời", "trong đó", "ngoài ra", "riêng", "trước mắt", "bên cạnh đó", "mặt khác",
    "trên cơ sở đó", "theo đó", "từ đó", "tiếp đó", "sau đó", "đặc biệt", "nhất là", "và",
    "vì vậy", "do đó", "cụ thể", "cùng với đó", "thứ nhất", "thứ hai", "thứ ba", "hai là",
    "một là", "ba là", "bốn là", "trước hết", "trước hết là", "đặc biệt là", "vì thế", "do vậy",
)  # fmt: skip

STATEMENTS = (
    "đánh giá cao", "ghi nhận", "biểu dương", "hoan nghênh", "cơ bản thống nhất",
    "cơ bản nhất trí", "thống nhất với", "nhất trí với", "đồng ý", "thời gian qua",
    "trong thời gian qua", "thời gian vừa qua", "những năm qua", "trong những năm", "tuy nhiên",
    "nhìn chung", "về cơ bản", "qua báo cáo", "đến nay", "hiện nay", "kết quả", "bên cạnh những",
    "bên cạnh kết quả", "trong bối cảnh", "nguyên nhân", "việc", "tình hình", "một số", "còn",
    "vẫn còn", "đây là", "trân trọng cảm ơn", "cảm ơn", "chúc", "kính chúc", "xét đề nghị",
    "xét thấy", "xét báo cáo", "xét văn bản", "xét công văn", "xét tờ trình", "xét kiến nghị",
    "xét hồ sơ", "theo báo cáo",
    "thống nhất chủ trương", "thống nhất về chủ trương", "thống nhất danh mục",
    "thống nhất đề xuất", "thống nhất theo đề", "thống nhất nguyên tắc", "nhất trí",
    "cơ bản đồng ý", "chấp thuận chủ trương", "chấp thuận đề nghị", "chấp thuận đề xuất",
    "chấp thuận theo",
    "dự kiến", "về nguyên tắc, không", "về nguyên tắc không",
    "về nguyên tắc, thống nhất", "về nguyên tắc thống nhất", "về nguyên tắc, đồng ý",
    "trình tự", "xem chi tiết", "xem thêm", "ví dụ", "được",
)  # fmt: skip
"""How a statement begins that orders nothing."""

DEMANDED = (
    "việc", "các", "những", "mọi", "mỗi", "tất cả", "công tác", "hoạt động", "nội dung",
    "kế hoạch", "hồ sơ",
    "kinh phí", "dự án", "dữ liệu",
)  # fmt: skip
"""How a sentence begins that says what must be done and by nobody in particular."""

MUST_BE = (
    "bảo đảm", "đảm bảo", "tuân thủ", "phù hợp", "đáp ứng", "đủ", "lớn mạnh", "gắn", "hướng vào",
)  # fmt: skip
"""What things must be."""

BACKGROUND_HEADINGS = (
    "mục đích", "yêu cầu", "mục tiêu", "quan điểm", "phạm vi", "đối tượng", "căn cứ",
    "sự cần thiết", "thực trạng", "tình hình", "đánh giá chung", "kết quả", "đặc điểm", "bối cảnh",
    "cơ sở pháp lý", "cơ sở chính trị", "đánh giá tình hình", "đánh giá kết quả",
    "kết quả đạt được", "tồn tại", "hạn chế", "nguyên nhân", "chỉ tiêu", "các chỉ tiêu",
    "thời gian", "địa điểm", "thành phần", "về đánh giá", "tầm nhìn", "khái quát", "những kết quả",
    "về kết quả", "về tình hình", "dự báo", "thời gian thực hiện",
)  # fmt: skip
"""Headings of sections that order nothing."""

THINGS = (
    "nghị định", "nghị quyết", "chỉ thị", "thông tư", "quyết định số", "công văn", "luật",
    "các nghị định", "các luật", "ý kiến", "tổng số", "tổng giá trị", "tỷ lệ", "số lượng", "tên",
    "nội dung", "thông báo số", "kết luận số", "kế hoạch số", "văn bản", "danh sách",
    "các văn bản", "quyết định của", "mẫu", "phụ lục", "biểu", "công điện",
)  # fmt: skip
"""Things, not orders, that lists are made of."""
