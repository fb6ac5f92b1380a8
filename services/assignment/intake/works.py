"""Who builds: contractors in brackets behind a package, bodies by the letter's short names."""

import re
from functools import lru_cache

from services.assignment.intake import words
from services.assignment.intake.belonging import Body
from services.assignment.intake.bodies import read_bodies, read_loose
from services.assignment.intake.named import Named, as_named
from services.assignment.intake.patterns import any_of
from services.assignment.intake.source import squeeze
from services.assignment.intake.verbs import VERBS

_PACKAGE = re.compile(
    r"\s*(?:(?i:riêng|đối\s+với)\s+)?(?:(?i:các)\s+)?(?P<what>(?i:gói\s+thầu|gói|dự\s+án|đoạn|hạng\s+mục|công\s+trình|tiểu\s+dự\s+án))\b"
    r"[^.;:()]{0,100}\((?P<who>[^()]{2,200})\)\s*[:,]?\s*"
)
"""What is built, and behind it in brackets who builds it."""
_ORDER = re.compile(rf"(?i:{any_of((*words.ADVERBS, *VERBS))})")
_BETWEEN = re.compile(r"\s*(?:,\s*và|,|;|\svà|\s\+|\s-)\s+")
_BUILDER = re.compile(
    rf"(?!Km|Lý\s+trình|Thông|Quyết|Nghị|Công\s+văn)[{words.CAPITALS}][^\d,.;:]{{1,60}}(?:\s+\d{{1,3}})?"
)
"""A contractor goes by its name alone: "Cienco 8", "Xuân Thành"."""
_SHORT = re.compile(
    r"(?:[Tt]ổng\s+[Cc]ông\s+ty|[Cc]ông\s+ty|[Tt]ập\s+đoàn|[Nn]gân\s+hàng|[Hh]iệp\s+hội|[Ll]iên\s+danh|Ban|Cục|Viện|Trung\s+tâm|Hội)"
    r"\s[^().;:\n]{3,140}\((?:(?:sau\s+đây\s+)?(?:gọi|viết)\s+tắt\s+(?:là\s+)?)?[“\"]?"
    rf"(?P<short>(?!UBND|HĐND)[{words.CAPITALS}][\w&]{{1,14}}(?:\s\d{{1,3}})?)[”\"]?\)"
)
"""A name in full and behind it the short one that the letter goes on with."""
_WORD = re.compile(r"\s*(?P<word>[^\s.,;:()]+)(?:\s\d{1,3}\b)?")


def of_package(text: str, start: int, end: int) -> Named | None:
    """ "Gói thầu số 5 (Tổng công ty A): hoàn thành …": the contractor does it."""
    begun = _PACKAGE.match(text, start, end)
    if begun is None or _ORDER.match(text, begun.end(), end) is None:
        return None
    bodies = read_bodies(text, begun.start("who"), begun.end("who"))
    if bodies and bodies[-1].end < begun.end("who"):
        bodies = []
    if not bodies and begun["what"].lower().startswith("gói"):
        bodies = _builders(text, *begun.span("who"))
    return as_named(bodies, "lead-of-package", 0.7, begun.end()) if bodies else None


def _builders(text: str, start: int, end: int) -> list[Body]:
    """Names with nothing before them that says what they are."""
    found: list[Body] = []
    place = start
    for cut in (*_BETWEEN.finditer(text, start, end), None):
        last = cut.start() if cut else end
        if _BUILDER.fullmatch(text, place, last) is None:
            return []
        found.append(Body(squeeze(text[place:last]), place, last))
        place = cut.end() if cut else end
    return found


def by_short_name(text: str, start: int, end: int) -> list[Body]:
    """ "VEC chuyển đủ …", where the letter says before whom it calls VEC."""
    word = _WORD.match(text, start, end)
    if word is None or word["word"] not in short_names(text):
        return []
    whole = Body(squeeze(word[0]), word.start("word"), word.end())
    return read_loose(text, start, end) or [whole]


@lru_cache(maxsize=16)
def short_names(text: str) -> frozenset[str]:
    """What the letter calls bodies for short, as far as the first word."""
    if "(" not in text:
        return frozenset()
    return frozenset(found["short"].split()[0] for found in _SHORT.finditer(text))
