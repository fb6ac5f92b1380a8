"""Sentences that only say what something is, how much of it there is, or what was written of it."""

import re

_FIGURES = re.compile(
    r"(?:Kế\s+hoạch|Tổng|Diện\s+tích|Sản\s+lượng|Năng\s+suất|Kinh\s+phí|Số\s+lượng)[^.;:]{0,60}\slà\s+(?:trên\s+|khoảng\s+)?\d"
)
"""How much of it there is: "Kế hoạch toàn vùng là 1,6 triệu ha"."""
_IN_THE_PRESS = re.compile(
    r"(?:Báo|Đài|Tạp\s+chí|Trang|Thông\s+tấn\s+xã)\s[^.;:]{0,80}?\b(?:ngày|số)\s+\d[^.;:]{0,60}?"
    r"\s(?:đưa\s+tin|đăng|có\s+bài|có\s+tin|phản\s+ánh|nêu|thông\s+tin)\b"
    r"(?![^.;]*\s(?:giao|yêu\s+cầu|đề\s+nghị|chỉ\s+đạo)\s)"
)
"""What a newspaper wrote on a day: "Báo Lao động ngày 26 tháng 3 năm 2019 đưa tin …"."""
_IS_A_DUTY = re.compile(
    r"\s*(?!(?i:xác\s+định|coi|xem|lấy|quán\s+triệt|nhận\s+thức|đưa|tuyên\s+truyền|phổ\s+biến)\b)"
    r"(?:(?!\s(?:phải|cần|theo)\s)[^.;:,]){5,120}?\slà\s+(?:một\s+(?:trong\s+những\s+)?)?"
    r"(?:nhiệm\s+vụ|yêu\s+cầu|vấn\s+đề|chủ\s+trương|động\s+lực|nền\s+tảng|khâu|mục\s+tiêu|xu\s+thế)\s"
    r"(?:chính|trọng|quan|đặc|hàng|cấp|then|xuyên|lớn|tất|đột|thường|có|của|mà)"
)
"""What something is: "Phát triển đường sắt là nhiệm vụ chính trị quan trọng"."""


def only_states(text: str, place: int, end: int) -> bool:
    """Whatever verb such a sentence begins with, nobody is to do anything."""
    return any(one.match(text, place, end) for one in (_FIGURES, _IN_THE_PRESS, _IS_A_DUTY))
