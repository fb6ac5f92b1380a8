"""Whether an order is about public money."""

import re

from services.assignment.intake.evidence import Evidence

_MONEY = re.compile(
    r"(?:bố\s+trí|cân\s+đối|phân\s+bổ|cấp\s+phát|cấp|thanh\s+toán|giải\s+ngân|quyết\s+toán|lập|giao(?!\s+(?:dịch|thông|lưu|ban))"
    r"|đảm\s+bảo|bảo\s+đảm|dành|hỗ\s+trợ|huy\s+động|chi(?!\s+(?:cục|tiết|nhánh|phí|bộ|đội))|thẩm\s+định|tổng\s+hợp|sử\s+dụng)"
    r"[^.;]{0,80}?(?:ngân\s+sách|kinh\s+phí|dự\s+toán|vốn\s+đầu\s+tư(?!\s+nước\s+ngoài)|nguồn\s+vốn|vốn\s+ngân\s+sách)"
    r"|(?:bố\s+trí|phân\s+bổ|cấp|ghi)\s+(?:đủ\s+|kịp\s+thời\s+)?vốn\b"
    r"|kinh\s+phí\s+ngân\s+sách|dự\s+toán\s+(?:kinh\s+phí|ngân\s+sách|chi)|ngân\s+sách\s+(?:nhà\s+nước|địa\s+phương)"
    r"|tham\s+mưu\s+(?:về\s+)?(?:nguồn\s+)?kinh\s+phí|giải\s+ngân|nhu\s+cầu\s+(?:sử\s+dụng\s+)?(?:kinh\s+phí|ngân\s+sách)|phân\s+bổ\s+kinh\s+phí",
    re.IGNORECASE,
)
_MONEY_WORD = re.compile(r"ngân|phí|dự\s+toán|vốn|Ngân|Kinh|NGÂN|PHÍ")
"""Quickly tells that an order is not about money."""
_INCOME = re.compile(
    r"(?i:\bthu\s+(?:nộp\s+)?(?:vào\s+)?ngân\s+sách|nguồn\s+thu|nghĩa\s+vụ\s+(?:với\s+)?ngân\s+sách"
    r"|quan\s+hệ\s+ngân\s+sách|điều\s+tiết\s+ngân\s+sách|(?:nộp|vào)\s+(?:vào\s+)?ngân\s+sách)"
)
"""Money that the state takes in."""
_PURPOSE = re.compile(r"(?i:góp\s+phần|nhằm|để|thúc\s+đẩy|hiệu\s+quả|nâng\s+cao)[^.;]{0,60}$")


def about_money(text: str, start: int, end: int) -> Evidence | None:
    """Public money to be planned, given or spent; not where it is only a good of the order."""
    if _MONEY_WORD.search(text, start, end) is None:
        return None
    for found in _MONEY.finditer(text, start, end):
        if _INCOME.search(text, max(start, found.start() - 40), found.end()):
            continue
        if not _PURPOSE.search(text, max(start, found.start() - 80), found.start()):
            return Evidence("money-words", *found.span(), 0.9)
    return None
