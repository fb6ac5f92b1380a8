"""Whether an order is about public money."""

import re
from collections.abc import Iterator

from services.assignment.intake.evidence import Evidence
from services.assignment.intake.patterns import any_of
from services.assignment.intake.source import in_small, says

SPENDING = (
    "thu hồi tạm ứng", "thu hồi vốn", "dư tạm ứng", "việc tạm ứng", "vốn tạm ứng", "ứng vốn",
    "vốn ứng trước", "bổ sung vốn", "bổ sung kế hoạch vốn", "chuyển nguồn", "phân bổ kế hoạch vốn",
    "phân bổ hết kế hoạch vốn", "giao kế hoạch vốn", "kế hoạch đầu tư trung hạn",
    "kế hoạch đầu tư công trung hạn", "xử lý nợ đọng", "trả nợ đọng", "thanh toán nợ",
    "trả nợ xây dựng", "mức chi quà", "mức chi hỗ trợ", "mức chi cho", "mức quà", "mức hỗ trợ",
    "mức trợ cấp", "chi trả cho", "chi trả tiền", "chi trả bồi thường", "chi trả kinh phí",
    "ưu tiên kinh phí", "ưu tiên vốn", "ưu tiên nguồn vốn", "chính sách hỗ trợ người",
    "chính sách hỗ trợ mức", "chính sách hỗ trợ đặc thù", "chính sách hỗ trợ ngư dân",
    "chính sách hỗ trợ nông dân", "chính sách hỗ trợ hộ", "chính sách hỗ trợ học sinh",
    "chính sách hỗ trợ đối tượng", "chi công", "chi tiền công",
    "chi phụ cấp", "chi bồi dưỡng", "chi thù lao", "bảo đảm chi cho", "đảm bảo chi cho",
    "ngoài dự toán", "vượt dự toán", "vượt khả năng ngân sách",
    "vượt quá khả năng ngân sách", "dự toán chi",
    "nhu cầu vốn", "vốn trái phiếu chính phủ năm", "đề nghị bổ sung vốn",
)  # fmt: skip
"""What is always about the state's spending."""

_MONEY = re.compile(
    r"(?:bố\s+trí|cân\s+đối|phân\s+bổ|cấp\s+phát|(?<!phân\s)(?<!cung\s)(?<!trung\s)(?<!các\s)cấp|thanh\s+toán|giải\s+ngân|quyết\s+toán|lập|giao(?!\s+(?:dịch|thông|lưu|ban))"
    r"|đảm\s+bảo|bảo\s+đảm|dành|hỗ\s+trợ|huy\s+động|chi(?!\s+(?:cục|tiết|nhánh|phí|bộ|đội))|thẩm\s+định|tổng\s+hợp|sử\s+dụng)"
    r"[^.;]{0,80}?(?:ngân\s+sách|kinh\s+phí|dự\s+toán|vốn\s+đầu\s+tư(?!\s+nước\s+ngoài)|nguồn\s+vốn|vốn\s+ngân\s+sách)"
    r"|(?:bố\s+trí|phân\s+bổ|cấp|ghi|chuyển)\s+(?:(?:đủ|đầy\s+đủ|kịp\s+thời|ngay|và|,)\s+){0,4}(?:vốn|kinh\s+phí)\b"
    r"|kinh\s+phí\s+(?:được\s+)?lấy\s+từ|thanh\s+toán\s+(?:ngay\s+|kịp\s+thời\s+)?(?:\w+\s+)?khối\s+lượng"
    r"|(?:từ|bằng)\s+(?:nguồn\s+)?(?:vốn\s+)?ngân\s+sách|hỗ\s+trợ\s+mức\s+đóng|kinh\s+phí\s+ngân\s+sách|dự\s+toán\s+(?:kinh\s+phí|ngân\s+sách|chi)|ngân\s+sách\s+(?:nhà\s+nước|địa\s+phương)"
    r"|thanh\s+(?:toán\s*,\s*)?quyết\s+toán|(?:hồ\s+sơ|thủ\s+tục)\s+thanh\s+toán|tạm\s+ứng\s*,\s*thanh\s+toán"
    r"|kiểm\s+soát\s+chi(?!\s+(?:tiết|phí|nhánh))|(?:điều\s+chuyển|điều\s+chỉnh|điều\s+hòa)\s+(?:\w+\s+){0,3}?vốn\b"
    r"|(?:trình|phê\s+duyệt|duyệt|xin)\s+[^.;,]{0,40}?kinh\s+phí"
    r"|lập\s+dự\s+trù|vượt\s+(?:quá\s+)?khả\s+năng\s+cân\s+đối"
    r"|tham\s+mưu\s+(?:về\s+)?(?:nguồn\s+)?kinh\s+phí|giải\s+ngân|nhu\s+cầu\s+(?:sử\s+dụng\s+)?(?:kinh\s+phí|ngân\s+sách)|phân\s+bổ\s+kinh\s+phí"
)
_SPENDING = re.compile(any_of(SPENDING))
_TELLING = ("ngân", "phí", "toán", "vốn", "soát", "trù", "vượt")
_TELLING_TOO = (
    "tạm",
    "vốn",
    "nguồn",
    "trung",
    "nợ",
    "mức",
    "trả",
    "trợ",
    "toán",
    "ngân",
    "phí",
    " chi ",
)
"""One of these stands wherever the patterns above find something."""
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
_WATCHED = re.compile(
    r"(?i:giám\s+sát\s+việc|chỉ\s+đạo\s+về|(?:đã|chưa|khi)\s+được)"
    r"(?:\s+phân\s+bổ\s*(?:,|và))?(?:\s+bố\s+trí\s+vốn\s*,)?\s+$"
)
"""Money that is only watched, or a condition: "khi dự án đã được bố trí vốn"."""
_ITS_OWN = re.compile(r"\s*(?i:(?:các\s+)?(?:doanh\s+nghiệp|nhà\s+đầu\s+tư))\b")
"""Enterprises spend their own."""
_PURPOSE = re.compile(r"(?i:góp\s+phần|nhằm|để|thúc\s+đẩy|hiệu\s+quả|nâng\s+cao)[^.;]{0,60}$")


def about_money(text: str, start: int, end: int) -> Evidence | None:
    """Public money to be planned, given or spent; not where it is only a good of the order."""
    if _ITS_OWN.match(text, start, end):
        return None
    for found in _spoken_of(text, start, end):
        if _WATCHED.search(text, max(start, found.start() - 40), found.start()):
            continue
        if _INCOME.search(text, max(start, found.start() - 40), found.end()):
            continue
        if _only_told_of(text, start, found):
            continue
        if not _PURPOSE.search(text, max(start, found.start() - 80), found.start()):
            return Evidence("money-words", *found.span(), 0.9)
    return None


def _spoken_of(text: str, start: int, end: int) -> Iterator["re.Match[str]"]:
    small = in_small(text)
    if says(text, start, end, _TELLING):
        yield from _MONEY.finditer(small, start, end)
    if says(text, start, end, _TELLING_TOO):
        yield from _SPENDING.finditer(small, start, end)


def _only_told_of(text: str, start: int, found: "re.Match[str]") -> bool:
    """ "Công khai tiến độ giải ngân", "thẩm định thiết kế, dự toán": no money is given by it."""
    if _DESIGN.match(found[0]):
        return True
    if not found[0].lower().startswith(_SPENDS):
        return False
    return _TOLD_OF.search(text, max(start, found.start() - 60), found.start()) is not None
