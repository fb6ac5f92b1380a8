"""What a letter is and what it is about: the title in capitals, or the line under its number."""

import re
from collections.abc import Iterable

from services.assignment.intake.source import squeeze
from services.assignment.intake.words import CAPITALS, SMALL

KINDS = (
    ("CHỈ THỊ", "chỉ thị"),
    ("CÔNG ĐIỆN", "công điện"),
    ("KẾ HOẠCH", "kế hoạch"),
    ("THÔNG BÁO KẾT LUẬN", "thông báo"),
    ("THÔNG BÁO", "thông báo"),
    ("KẾT LUẬN", "kết luận"),
    ("QUYẾT ĐỊNH", "quyết định"),
)
_SYMBOL_KINDS = (
    ("CT", "chỉ thị"),
    ("CĐ", "công điện"),
    ("KH", "kế hoạch"),
    ("TB", "thông báo"),
    ("KL", "kết luận"),
    ("QĐ", "quyết định"),
)
_BESIDE_KIND = re.compile(r"\s*(?:\(?(?:HỎA|HOẢ)\s+TỐC\)?|KHẨN|\(?SỐ\s+\d+\)?|CỦA\s.{3,80})")
"""What may stand in the line of the kind: "CÔNG ĐIỆN KHẨN", "CHỈ THỊ CỦA UBND TỈNH …"."""
_ABOUT = re.compile(r"(?:\b[Vv]/v|\bVề việc|\bV/V|\bVỀ VIỆC)\s*:?\s*")
_ABOUT_LINE = re.compile(r"(?:V/v|Về việc|V/V|VỀ VIỆC|Về|VỀ)\s*:?\s+")
_TITLE_LINE = re.compile(
    r"\s*(Chỉ thị|Công điện|Kế hoạch|Thông báo|Kết luận|Quyết định)\s+"
    r"(?!gửi\b|của\s+[^\n]{0,80}\sgửi\b)"
    r"(?:của\s+[^\n]{3,80}?\s(?=về\b|V/v|đề\s+nghị|yêu\s+cầu|chỉ\s+đạo))?(?:(?:về\s+việc|về|V/v)\s+)?",
    re.IGNORECASE,
)
_ONE_LINE = re.compile(
    rf"(?:^|\bnăm\s\d{{4}}\s)[ \x1f]*(?:CHỈ\sTHỊ|CÔNG\sĐIỆN|KẾ\sHOẠCH|THÔNG\sBÁO|QUYẾT\sĐỊNH)\s+"
    rf"(?!KẾT\sLUẬN\s*$)([^\n\x1f{SMALL}]{{12,400}})(?=\s[{CAPITALS}][{SMALL}]|\n|$)",
    re.MULTILINE,
)
"""A copy that lost its line breaks: kind and subject in capitals, and the text may follow."""
_KIND_FIRST = re.compile(
    r"\s*(Chỉ thị|Công điện|Kế hoạch|Thông báo|Kết luận|Quyết định)\s", re.IGNORECASE
)
_NUMBER_LINE = re.compile(r"^[ \x1f]*S[ốỐ]\s*:?[^\n]{0,40}?[-/]\s?[A-ZĐ][^\n]*\n", re.MULTILINE)
_DATE = re.compile(r"ngày\s+[\w.…]{0,9}\s*tháng\s+\d{1,2}\s+năm|,\s*ngày\s+\d", re.IGNORECASE)
_NO_SUBJECT = re.compile(
    r"[ \x1f]*(?:$|[-(\d]|[Kk]ính\s+gửi|KÍNH\s+GỬI|C[ỘÔ]NG\s|ĐẢNG CỘNG SẢN|Đ[ộÔỘ][Cc]\s)"
)
_ANSWERS = re.compile(r"(?:như\s+sau|ý\s+kiến|chỉ\s+đạo)\s*:?\s*$|:\s*$")
_CALLS = re.compile(r"[ \x1f]*(?:gửi\s+)?ĐIỆN\s*:?", re.IGNORECASE)
_CALLS_FIRST = re.compile(r"\s*ĐIỆN\s*:", re.IGNORECASE)
"""A telegram that lost its head begins with whom it calls."""
_LINES = 6
_WHOLE_LINE = 100
"""A line longer than this is not broken to fit a page: what it says ends with it."""
_RESTS_ON = re.compile(
    r"(?:Thực\s+hiện|Căn\s+cứ|Triển\s+khai|Thi\s+hành)\s+(?:các\s+)?(?:Luật|Pháp\s+lệnh|Nghị\s|Quyết\s+định|Chỉ\s+thị"
    r"|Kết\s+luận|Thông\s|Công\s+(?:điện|văn)|Chương\s+trình|Kế\s+hoạch)[^\n]{0,40}\b(?:số|của|ngày)\b"
    r"|(?:I|1)\.\s|(?:Thời\s+gian\s+qua|Trong\s+thời\s+gian|Để\s)[^\n]{20}"
)
"""How the text of a letter begins below its subject."""
_ITSELF = re.compile(r"(?<!theo )(Chỉ thị|Công điện|Kế hoạch) này\b")


def kind_in_line(line: str) -> str | None:
    said = squeeze(line.strip(" \x1f"))
    for mark, kind in KINDS:
        if said == mark:
            return kind
        if said.startswith(mark) and _BESIDE_KIND.fullmatch(said, len(mark)):
            return kind
    return None


def read_kind(top: str, symbol: str | None) -> str:
    for line in top.splitlines():
        if kind := kind_in_line(line):
            return kind
    for mark, kind in _SYMBOL_KINDS:
        if symbol and re.search(rf"/{mark}-|-{mark}/", symbol):
            return kind
    found = _KIND_FIRST.match(top)
    if found is None and _CALLS_FIRST.match(top):
        return "công điện"
    return found[1].lower() if found else "công văn"


def kind_by_itself(text: str) -> str | None:
    """ "… việc thực hiện Công điện này": what a letter without a head calls itself."""
    found = _ITSELF.search(text)
    return found[1].lower() if found else None


def read_subject(top: str, kind: str, issuer: str | None) -> str | None:
    lines = [line.strip(" \x1f") for line in top.splitlines()]
    at = next((at for at, line in enumerate(lines) if kind_in_line(line)), None)
    if at is not None:
        below = _below(lines[at + 1 :])
        return None if below and issuer and below.lower() == issuer.lower() else below
    if kind != "công văn":
        if titled := _ONE_LINE.search(top):
            return squeeze(titled[1]).strip(" .")
        found = _TITLE_LINE.match(top)
        if found and not _CALLS.match(top, found.end()):
            return squeeze(top[found.end() :].split("\n", 1)[0]).strip(" .") or None
    for found in _ABOUT.finditer(top):
        if subject := _of_lines(top[found.end() :]):
            return subject
    return _under_number(top) if kind == "công văn" else None


def _under_number(top: str) -> str | None:
    """A subject that lost its "V/v" stands right under the number, before the day."""
    number = _NUMBER_LINE.search(top)
    if number is None or _NO_SUBJECT.match(top, number.end()) or _is_day(top, number.end()):
        return None
    said = _of_lines(top[number.end() :])
    return _ABOUT_LINE.sub("", said, count=1) if said else None


def _is_day(top: str, place: int) -> bool:
    return _DATE.search(top[place:].split("\n", 1)[0]) is not None


def _of_lines(rest: str) -> str | None:
    """Lines up to an empty one or the day; a sentence that goes on to orders is no subject."""
    kept: list[str] = []
    for line in rest.split("\n"):
        if not line.strip() or line.strip(" ") == "\x1f" or _DATE.search(line):
            break
        if kept and _NO_SUBJECT.match(line):
            break
        kept.append(line.split("\x1f", 1)[0] if kept or line.strip(" \x1f") else line)
    said = squeeze(" ".join(kept))
    return None if _ANSWERS.search(said) else said.strip(" .") or None


def _below(lines: list[str]) -> str | None:
    """The lines under the kind: capitals go on while they are capitals, else to an empty line."""
    kept: list[str] = []
    rest = iter(lines)
    for line in rest:
        if not line.strip("-_ "):
            if kept:
                break
            continue
        if kept and kept[0].isupper() and line != line.upper():
            break
        if kept and (_RESTS_ON.match(line) or _is_whole(kept[-1], line)):
            break
        kept.append(line)
    if kept and _called(rest):
        return None
    subject = squeeze(" ".join(kept)).strip(" .")
    about = _ABOUT_LINE.match(subject)
    return subject[about.end() :] if about else subject or None


def _is_whole(line: str, after: str) -> bool:
    """A long line, and a sentence that begins below it."""
    return len(line) > _WHOLE_LINE < len(after) and after[:1].isupper()


def _called(rest: Iterable[str]) -> bool:
    """ "THỦ TƯỚNG CHÍNH PHỦ / điện: …": what stands under the kind is who calls."""
    after = next((line for line in rest if line.strip("-_ ")), "")
    return _CALLS.match(after) is not None
