"""Whether an order is about public money."""

import re

from services.assignment.intake.evidence import Evidence

_MONEY = re.compile(
    r"(?:bố\s+trí|cân\s+đối|phân\s+bổ|cấp\s+phát|cấp|thanh\s+toán|giải\s+ngân|quyết\s+toán|lập|giao(?!\s+(?:dịch|thông|lưu|ban))"
    r"|đảm\s+bảo|bảo\s+đảm|dành|hỗ\s+trợ|huy\s+động|chi(?!\s+(?:cục|tiết|nhánh|phí|bộ|đội))|thẩm\s+định|tổng\s+hợp|sử\s+dụng)"
    r"[^.;]{0,80}?(?:ngân\s+sách|kinh\s+phí|dự\s+toán|vốn\s+đầu\s+tư(?!\s+nước\s+ngoài)|nguồn\s+vốn|vốn\s+ngân\s+sách)"
    r"|(?:bố\s+trí|phân\s+bổ|cấp|ghi)\s+(?:đủ\s+|kịp\s+thời\s+)?vốn\b"
    r"|kinh\s+phí\s+ngân\s+sách|dự\s+toán\s+(?:kinh\s+phí|ngân\s+sách|chi)|ngân\s+sách\s+(?:nhà\s+nước|địa\s+phương)"
    r"|thanh\s+(?:toán\s*,\s*)?quyết\s+toán|(?:hồ\s+sơ|thủ\s+tục)\s+thanh\s+toán|tạm\s+ứng\s*,\s*thanh\s+toán"
    r"|kiểm\s+soát\s+chi(?!\s+(?:tiết|phí|nhánh))|(?:điều\s+chuyển|điều\s+chỉnh|điều\s+hòa)\s+(?:\w+\s+){0,3}?vốn\b"
    r"|lập\s+dự\s+trù|vượt\s+(?:quá\s+)?khả\s+năng\s+cân\s+đối"
    r"|tham\s+mưu\s+(?:về\s+)?(?:nguồn\s+)?kinh\s+phí|giải\s+ngân|nhu\s+cầu\s+(?:sử\s+dụng\s+)?(?:kinh\s+phí|ngân\s+sách)|phân\s+bổ\s+kinh\s+phí",
    re.IGNORECASE,
)
_MONEY_WORD = re.compile(
    r"ngân|phí|dự\s+toán|vốn|Ngân|Kinh|NGÂN|PHÍ|quyết\s+toán|thanh\s+toán|soát\s+chi|dự\s+trù|cân\s+đối"
)
"""Quickly tells that an order is not about money."""
_INCOME = re.compile(
    r"(?i:\bthu\s+(?:nộp\s+)?(?:vào\s+)?ngân\s+sách|nguồn\s+thu|nghĩa\s+vụ\s+(?:với\s+)?ngân\s+sách"
    r"|quan\s+hệ\s+ngân\s+sách|điều\s+tiết\s+ngân\s+sách|(?:nộp|vào)\s+(?:vào\s+)?ngân\s+sách)"
)
"""Money that the state takes in."""
_TOLD_OF = re.compile(
    r"(?i:(?:số\s+liệu|tình\s+hình|nội\s+dung|kết\s+quả|tỷ\s+lệ|đôn\s+đốc|chậm|gián\s+đoạn|xác\s+định"
    r"|(?:công\s+khai|báo\s+cáo|theo\s+dõi|cập\s+nhật)\s+tiến\s+độ)\s+(?:phân\s+bổ\s*(?:,|và)\s*)?)$"
)
"""Before "giải ngân" and "phân bổ": what is told of spending spends nothing."""
_DESIGN = re.compile(r"thẩm\s+định\s+[^.;]{0,60}thiết\s+kế", re.IGNORECASE)
"""Of a building's design with its estimate."""
_SPENDS = ("giải", "phân")
_PURPOSE = re.compile(r"(?i:góp\s+phần|nhằm|để|thúc\s+đẩy|hiệu\s+quả|nâng\s+cao)[^.;]{0,60}$")


def about_money(text: str, start: int, end: int) -> Evidence | None:
    """Public money to be planned, given or spent; not where it is only a good of the order."""
    if _MONEY_WORD.search(text, start, end) is None:
        return None
    for found in _MONEY.finditer(text, start, end):
        if _INCOME.search(text, max(start, found.start() - 40), found.end()):
            continue
        if _only_told_of(text, start, found):
            continue
        if not _PURPOSE.search(text, max(start, found.start() - 80), found.start()):
            return Evidence("money-words", *found.span(), 0.9)
    return None


def _only_told_of(text: str, start: int, found: "re.Match[str]") -> bool:
    """ "Công khai tiến độ giải ngân", "thẩm định thiết kế, dự toán": no money is given by it."""
    if _DESIGN.match(found[0]):
        return True
    if not found[0].lower().startswith(_SPENDS):
        return False
    return _TOLD_OF.search(text, max(start, found.start() - 60), found.start()) is not None
