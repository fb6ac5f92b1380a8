"""The end of a letter: much of it is courtesy, some of it orders."""

import re

from services.assignment.intake.clause import Clause

_CLOSING = re.compile(
    r"(?i:(?:chỉ\s+thị|kế\s+hoạch|công\s+văn|văn\s+bản|công\s+điện|thông\s+báo|nội\s+dung|hướng\s+dẫn|kết\s+luận)"
    r"\s+(?:này|trên|chỉ\s+đạo\s+(?:nêu\s+)?trên|nêu\s+trên)"
    r"|trong\s+quá\s+trình|trường\s+hợp|trên\s+đây|nêu\s+trên|nếu\s+(?:có|phát\s+sinh)"
    r"|nhận\s+được|(?-i:\bthông\s+báo|trân\s+trọng)[^.;]{0,80}(?:biết|thực\s+hiện)"
    r"|nghiêm\s+túc\s+(?:triển\s+khai|thực\s+hiện|tổ\s+chức)"
    r"|(?:phối\s+hợp|thực\s+hiện|triển\s+khai|thi\s+hành)[\s.]*$)"
)
_CARRIES_OUT = re.compile(
    r"(?:thực\s+hiện|thi\s+hành)\s+(?:\w+\s+){0,3}"
    r"(?:(?:Chỉ\s+thị|Kế\s+hoạch|Công\s+điện|Công\s+văn)\s+này"
    r"|(?:hướng\s+dẫn|nội\s+dung|ý\s+kiến|chỉ\s+đạo|quy\s+định|yêu\s+cầu)\s+(?:nêu\s+)?trên)[\s.]*$"
)
_WATCHES = re.compile(r"\s(?:theo\s+dõi|đôn\s+đốc|kiểm\s+tra|giám\s+sát|tổng\s+hợp)\b")
"""What one body does about the letter that others carry out."""
_GROUP = re.compile(
    r"(?i:(?:các|những|toàn|ubnd các|[uủ][ỷy] ban nhân dân (?:các|cấp)|tất cả)\s)|.*,"
)


def closing_orders(text: str, one: Clause) -> bool:
    """A limit or a report makes it an order, a single body named for more than carrying it out,
    or words that are no courtesy: then it is no closing at all.
    """
    if one.deadline or one.report_to.names:
        return True
    if not one.named:
        return _CLOSING.search(text, one.start, one.end) is None
    groups = (_GROUP.match(name) or name[:1].islower() for name in one.lead.names)
    if all(groups):
        return _CLOSING.search(text, one.start, one.end) is None
    if _WATCHES.search(text, one.start, one.end):
        return True
    return _CARRIES_OUT.search(text, one.start, one.end) is None
