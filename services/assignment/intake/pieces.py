"""The pieces of a paragraph that begin an order, each with what only says more of it."""

import re

from services.assignment.intake import words
from services.assignment.intake.bodies import read_bodies
from services.assignment.intake.merging import TIME_ONLY
from services.assignment.intake.partners import only_takes_part
from services.assignment.intake.patterns import any_of
from services.assignment.intake.roles import lead
from services.assignment.intake.sentences import (
    begins_order,
    begins_with_verb,
    demands,
    segments,
    threatens,
)
from services.assignment.intake.times import read_limits

_ASKED = re.compile(rf"(?i:{any_of(words.OPENERS)}|phối\s+hợp\s+(?:cùng\s+)?với)\s+(?=\S)")
_LONGEST_LIST = 1000
_AMONG_THEM = re.compile(r"\s*[Tt]rong\s+đó\b")
"""What follows says more of the order before it, unless it names somebody."""
_LEADING = re.compile(r"\schủ\s+trì\b")
_TOPICS = re.compile(r":\s")
_LIST_HEAD = re.compile(
    r"(?i:\bcác\s+(?:bộ|sở|vụ|cục|tập\s+đoàn|tổng\s+công\s+ty|ban|phòng|viện|trường|tỉnh|thành\s+phố|địa\s+phương"
    r"|phường|xã|huyện|quận|đơn\s+vị|ngành|cơ\s+quan)(?:\s+trưởng)?(?:\s*(?:,|và)\s*\w+(?:\s\w+)?){0,3})$"
)
"""Before a colon that opens a list of names: "các Bộ: Công an, Quốc phòng"."""
_ORDERS_FOLLOW = re.compile(
    r"\s(?:công\s+việc|nhiệm\s+vụ|nội\s+dung|việc|giải\s+pháp|biện\s+pháp)(?:\s+\w+){0,4}?\s+sau(?:\s+đây)?\s*$"
)
"""Before a colon, if what it opens begins with a verb."""
_RESULT = re.compile(r"\s*Kết\s+quả\s[^.;:,]{0,60}?,?\s?(?:báo\s+cáo|gửi|trình)\s")
_PREFIX = re.compile(r"(?i:\s*(?:đối\s+với|về|báo\s+cáo\s+\w+|riêng)\b)")


def pieces_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Segments that begin an order, each with the ones behind it that do not."""
    pieces: list[tuple[int, int]] = []
    topics = False
    for begin, last, _ in segments(text, start, end):
        own = begins_order(text, begin, last) or _demands_until(text, begin, last)
        own = own or TIME_ONLY.match(text, begin, last) is not None
        own = own or _result_is_due(text, begin, last)
        own = own or threatens(text, begin, last)
        if pieces and (
            topics
            or not own
            or _says_more(text, pieces[-1], begin, last)
            or _only_names(text, *pieces[-1])
        ):
            pieces[-1] = (pieces[-1][0], last)
        else:
            pieces.append((begin, last))
        topics = _goes_on_with_topics(text, begin, last, topics)
    return pieces


def _result_is_due(text: str, begin: int, last: int) -> bool:
    """ "… . Kết quả kiểm tra báo cáo Thủ tướng trước ngày …": a report with a limit of its own."""
    said = _RESULT.match(text, begin, last)
    return said is not None and bool(read_limits(text, begin, last, None))


def _demands_until(text: str, begin: int, last: int) -> bool:
    """ "…; việc cắm biển phải xong trước ngày …": of a thing, with a limit of its own."""
    return demands(text, begin, last) and bool(read_limits(text, begin, last, None))


def _says_more(text: str, before: tuple[int, int], begin: int, last: int) -> bool:
    """ "Trong đó tập trung …", or who takes part where the order before it named who leads."""
    if _AMONG_THEM.match(text, begin, last):
        return not lead(text, begin, last).names
    return only_takes_part(text, begin, last) and bool(_LEADING.search(text, *before))


def _only_names(text: str, start: int, end: int) -> bool:
    """ "Các sở, ban, ngành;" before "UBND các xã: …": a list goes on, or "phối hợp với A; B"."""
    near = max(start, end - _LONGEST_LIST)
    asked = [one.end() for one in _ASKED.finditer(text, near, end)]
    if not asked and near > start:
        return False
    bodies = read_bodies(text, asked[-1] if asked else start, end)
    return bool(bodies) and not text[bodies[-1].end : end].strip()


def _goes_on_with_topics(text: str, begin: int, last: int, topics: bool) -> bool:
    """Whether a colon has opened a list of topics that this sentence has not ended."""
    if last < len(text) and text[last] == ".":
        return False
    if topics:
        return True
    for colon in _TOPICS.finditer(text, begin, last):
        if colon.start() < begin + 20:
            continue
        if _orders_follow(text, begin, colon, last) or _names_follow(text, begin, colon):
            continue
        named = lead(text, begin, last)
        after_name = named.names and named.order >= colon.start() - 2
        if not after_name and not _PREFIX.match(text, begin, colon.start()):
            return True
    return False


def _orders_follow(text: str, begin: int, colon: re.Match[str], last: int) -> bool:
    """ "… thực hiện một số công việc sau: thành lập …; tổ chức …": no topics."""
    introduced = _ORDERS_FOLLOW.search(text, max(begin, colon.start() - 80), colon.start())
    return introduced is not None and begins_with_verb(text, colon.end(), last)


def _names_follow(text: str, begin: int, colon: re.Match[str]) -> bool:
    if not text[colon.end() : colon.end() + 1].isupper():
        return False
    return _LIST_HEAD.search(text, max(begin, colon.start() - 80), colon.start()) is not None
