"""What a name says of whom it means: "các hộ nuôi trồng thủy sản", "13 Cục Thuế có số thu lớn"."""

import re

from services.assignment.intake import names, words
from services.assignment.intake.patterns import any_of
from services.assignment.intake.source import squeeze
from services.assignment.intake.verbs import VERBS

_MANY = re.compile(
    r"(?i:(?:\w+\s+){1,4}?các|các|những|mỗi|từng|tất\s+cả)\s|\d{1,2}\s|(?i:[ủu][ỷy]\s+ban|ubnd)\s[^,]*,"
)
_DEALERS = re.compile(
    r"(?i:(?:các|những|mỗi)\s+)?(?i:tổ\s+chức,\s*cá\s+nhân|tổ\s+chức|cá\s+nhân|doanh\s+nghiệp|hộ|cơ\s+sở|nhà\s+máy"
    r"|đơn\s+vị|nhà\s+thầu|chủ\s+\w+)(?:\s*,\s*(?:doanh\s+nghiệp|cá\s+nhân|tổ\s+chức|hộ\s+kinh\s+doanh))*(?:\s+(?:hoạt\s+động|sản\s+xuất|kinh\s+doanh|chế\s+biến))?$"
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
    r"\s+(?:nơi\s+)?có\s+(?!(?:trách|báo|kế|biện|phương|giải|văn|ý|hình|lộ|cơ|nhiệm|thể|hiệu|liên|thẩm|chức)\b)"
)
_DOES = re.compile(rf"(?:\s*,|\svà)?\s+{any_of(DEALS)}(?:\s*(?:,\s*và|,|\svà)\s+{any_of(DEALS)})*")
_STATE = r"(?:đang|đã|chưa|sẽ|còn|được)"
_IS_IN_STATE = re.compile(rf"\s+{_STATE}(?=\s)(?!\s+được\s)")
"""What those are at, or have, whom a group means: "các cơ quan chưa báo cáo"."""
_IS_BUSY_WITH = re.compile(
    r"\s+(?:quản\s+lý|tham\s+gia|chủ\s+trì|sử\s+dụng|phụ\s+trách"
    r"|làm(?!\s+(?:tốt|rõ|việc|theo)\b)|thực\s+hiện(?=\s+(?:dự\s+án|đề\s+án|chương\s+trình|thí\s+điểm)))(?=\s)"
)
_NEXT = r"\s+(?!(?:và|việc|để|theo|về|cho|với|các|những|trong|tại|khi|không)\s)"
_WORDS = rf"(?:{_NEXT}(?:{_STATE}\s+(?:{any_of(VERBS)}|\w+)|[\w%]+)){{0,5}}?"
_ASIDE = r"(?:\s*\([^()]{0,200}\))?"
_ORDER = re.compile(rf"{_WORDS}(?={_ASIDE}\s+{any_of(BEGINS)})")
_MUST = (
    r"(?:theo\s+(?:chức\s+năng|nhiệm\s+vụ|thẩm\s+quyền)\b"
    r"|(?:có\s+trách\s+nhiệm|có\s+nhiệm\s+vụ|chịu\s+trách\s+nhiệm|phải|cần|tiếp\s+tục|tập\s+trung|sớm"
    r"|khẩn\s+trương|chủ\s+động|nghiêm\s+túc)(?=\s+\w)(?!\s+(?:và|để)\b))"
)
_STATED = re.compile(rf"\s+(?:{any_of(VERBS)}|\w+){_WORDS}(?={_ASIDE}\s+{_MUST})")
_OBLIGED = re.compile(rf"{_NEXT}\w+{_WORDS}(?={_ASIDE}\s+{_MUST})")
_BEGUN = rf"(?!trực\s+tiếp\s+(?:của|bởi|do|từ)\b){any_of(BEGINS)}"
_FAR = re.compile(
    rf"(?:\s*,?\s+(?!{_MUST}|{_BEGUN})\w+){{1,14}}?(?={_ASIDE}\s+(?:{_MUST}|{_BEGUN}))"
)
_IS_HIT = re.compile(r"\s+(?:bị|chịu(?!\s+trách))(?=\s\w)")
_IS_LISTED = re.compile(
    r"\s+(?:có\s+tên|(?:được\s+)?nêu\s+tên|được\s+nêu|được\s+liệt\s+kê)\s+(?=(?:trong|tại|ở)\s)"
)
"""What befell those whom a group means, and in which list they stand."""
_IS_AT = re.compile(
    r"\s+(?:trong|tại|ở|thuộc)\s+(?=(?:các\s+|những\s+)?(?:khu|vùng|cụm|làng|chợ|tuyến|lưu\s+vực|địa\s+bàn)\s)"
)
_THERE = re.compile(
    rf"(?:(?:\s*,(?!\s+[{words.CAPITALS}]))?\s+(?!{_MUST})[\w%]+){{1,14}}?(?=\s+{_MUST})"
)
"""Only where somebody must do another thing do such words tell who is meant."""


def described(text: str, begin: int, last: int, end: int) -> int:
    """Where the name ends, if a few words about whom it means stand before the order."""
    if _DEALERS.match(text, begin, last):
        more = _DOES.match(text, last, end) or _HAS.match(text, last, end)
        if more is not None and (rest := _rest(text, more, _ORDER, end)):
            return rest.end()
    if _MANY.match(text, begin, last) is None:
        return last
    for kind, order in (
        (_IS_LISTED, _FAR),
        (_IS_HIT, _FAR),
        (_HAS, _ORDER),
        (_HAS, _THERE),
        (_IS_IN_STATE, _STATED),
        (_IS_BUSY_WITH, _OBLIGED),
        (_IS_AT, _THERE),
    ):
        more = kind.match(text, last, end)
        if more is not None and (rest := _rest(text, more, order, end)):
            return rest.end()
    return last


def _rest(text: str, more: re.Match[str], order: re.Pattern[str], end: int) -> re.Match[str] | None:
    """The words behind ``more`` up to the order, which a blank precedes."""
    return order.match(text, more.end() - more[0].endswith(" "), end)


def of_provinces(said: str) -> bool:
    """ "Các tỉnh", "các thành phố", "các địa phương"."""
    return said[:4].lower() in ("tỉnh", "thàn", "địa ")


def kind_of_place(said: str, name: str) -> str:
    """A commune is what the group says it is; of provinces some are cities."""
    if of_provinces(said):
        return "thành phố" if name in words.CITIES else "tỉnh"
    return said.lower()


def central_name(said: str) -> str:
    """ "Bộ trưởng, Thủ trưởng cơ quan ngang bộ …": the ministries and agencies themselves."""
    headed = names.CENTRAL_HEAD.sub("các Bộ", squeeze(said), count=1).replace(" bộ", " Bộ")
    return names.CENTRAL_TITLE.sub("", headed)
