"""What a name says of whom it means: "các hộ nuôi trồng thủy sản", "13 Cục Thuế có số thu lớn"."""

import re

from services.assignment.intake import words
from services.assignment.intake.patterns import any_of

_MANY = re.compile(r"(?i:các|những|mỗi|từng|tất\s+cả)\s|\d{1,2}\s|(?i:[ủu][ỷy]\s+ban|ubnd)\s[^,]*,")
_DEALERS = re.compile(
    r"(?i:(?:các|những|mỗi)\s+)?(?i:tổ\s+chức,\s*cá\s+nhân|tổ\s+chức|cá\s+nhân|doanh\s+nghiệp|hộ|cơ\s+sở|nhà\s+máy"
    r"|đơn\s+vị|nhà\s+thầu|chủ\s+\w+)(?:\s*,\s*(?:doanh\s+nghiệp|cá\s+nhân|tổ\s+chức|hộ\s+kinh\s+doanh))*(?:\s+hoạt\s+động)?$"
)
DEALS = (
    "hoạt động", "sản xuất", "kinh doanh", "khai thác", "nuôi trồng", "chăn nuôi", "chế biến",
    "vận chuyển", "thi công", "cung cấp dịch vụ", "cung cấp", "sử dụng", "đánh bắt", "thu mua",
    "xuất khẩu", "nhập khẩu", "giết mổ", "đào tạo", "dạy nghề", "trồng",
)  # fmt: skip
"""What those do whom a group means by it."""
BEGINS = (
    *(one for one in words.ADVERBS if " " in one and not one.startswith(("có", "trong", "theo"))),
    "chủ trì", "phối hợp", "chỉ đạo", "rà soát", "thực hiện", "triển khai", "báo cáo", "tăng cường",
    "đẩy nhanh", "đẩy mạnh", "xây dựng", "lập", "gửi", "hoàn thành", "đăng ký", "kiểm tra",
    "bố trí", "nộp", "phải", "cần", "có trách nhiệm", "chấp hành", "bảo đảm", "đảm bảo", "gia cố",
    "tổ chức", "cập nhật", "kiểm điểm",
)  # fmt: skip
"""Words that an order begins with wherever they stand."""
_HAS = re.compile(
    r"\s+(?:nơi\s+)?có\s+(?!(?:trách|kế|biện|phương|giải|văn|ý|hình|lộ|cơ|nhiệm|thể|hiệu|liên|thẩm|chức)\b)"
)
_DOES = re.compile(rf"\s+{any_of(DEALS)}")
_WORDS = r"(?:\s+(?!(?:và|việc|để|theo|về|cho|với|các|những|trong|tại|khi|không)\s)\w+){0,5}?"
_ORDER = re.compile(rf"{_WORDS}(?=(?:\s*\([^()]{{0,200}}\))?\s+{any_of(BEGINS)})")


def described(text: str, begin: int, last: int, end: int) -> int:
    """Where the name ends, if a few words about whom it means stand before the order."""
    if _DEALERS.match(text, begin, last):
        more = _DOES.match(text, last, end) or _HAS.match(text, last, end)
    else:
        more = _HAS.match(text, last, end) if _MANY.match(text, begin, last) else None
    if more is None:
        return last
    rest = _ORDER.match(text, more.end() - text[more.start() : more.end()].endswith(" "), end)
    return rest.end() if rest else last


def of_provinces(said: str) -> bool:
    """ "Các tỉnh", "các thành phố", "các địa phương"."""
    return said[:4].lower() in ("tỉnh", "thàn", "địa ")


def kind_of_place(said: str, name: str) -> str:
    """A commune is what the group says it is; of provinces some are cities."""
    if of_provinces(said):
        return "thành phố" if name in words.CITIES else "tỉnh"
    return said.lower()
