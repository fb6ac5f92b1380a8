"""Who issues a letter: the lines in capitals at its head, else who speaks in its text."""

import re

from services.assignment.intake.patterns import any_of
from services.assignment.intake.source import squeeze
from services.assignment.intake.words import CAPITALS, FIELDS, SMALL

HEADS = (
    "UBND", "HĐND", "HỘI ĐỒNG", "THỦ TƯỚNG", "CHÍNH PHỦ", "CHỦ TỊCH", "VĂN PHÒNG", "BỘ", "BAN",
    "NGÂN HÀNG", "THANH TRA", "SỞ", "TỔNG CỤC", "CHI CỤC", "CỤC", "VỤ", "KHO BẠC", "BẢO HIỂM",
    "CÔNG AN", "CÔNG ĐOÀN", "TỔNG CÔNG TY", "TẬP ĐOÀN", "TỔNG LIÊN ĐOÀN", "LIÊN ĐOÀN", "TỈNH ĐOÀN",
    "TỈNH ỦY", "TỈNH UỶ", "THÀNH ỦY", "THÀNH UỶ", "HUYỆN ỦY", "HUYỆN UỶ", "QUẬN ỦY", "QUẬN UỶ",
    "ĐẢNG ỦY", "ĐẢNG UỶ", "ĐẢNG BỘ", "HỘI LIÊN HIỆP", "HỘI NÔNG DÂN", "HỘI CỰU", "HỘI CHỮ THẬP",
    "TÒA ÁN", "TOÀ ÁN", "VIỆN", "HỌC VIỆN", "TRƯỜNG", "TRUNG TÂM", "KIỂM TOÁN", "THÔNG TẤN", "ĐÀI",
)  # fmt: skip
"""What the names of bodies begin with, as capitals have it."""
BODIES = re.compile(rf"(?:{any_of(HEADS)}|[ỦUÚ]?[YỶ] BAN|PHÒNG(?!,| CHỐNG| KHÔNG))\b")
_SPLITS_NOT = ("CHÍNH PHỦ", "THỦ TƯỚNG", "CHỦ TỊCH")
"""Lines that begin so go on with the line above: "VĂN PHÒNG / CHÍNH PHỦ"."""
_OPEN = re.compile(r"(?:\b(?:VỀ|VÀ|CỦA|CÁC|BỘ|BAN)|[,&-])\s*$")
"""A line that ends so names nobody yet."""
_PARENT = re.compile(r"^(BỘ(?:\s\w+){1,4}?|UBND(?:\s\w+){2,5}?)\s(?=(?:TỔNG\s)?CỤC\s|SỞ\s)")
"""A parent in one line with the body that issues: "BỘ TÀI CHÍNH TỔNG CỤC THUẾ"."""
_OF_ANOTHER = ("VĂN PHÒNG", "THANH TRA", "CHỦ TỊCH", "CƠ QUAN")
"""Bodies that need the name of the one they belong to."""
_NATION = re.compile(
    r"C[ỘÔO]NG\s+H[ÒO]|\bCỘNG$|\bĐ[ộôỘÔ][cC]\s+[lL][ậâẬÂ][pP]\b|ĐẢNG CỘNG SẢN"
    r"|(?i:cộng\s+h(?:òa|oà)\s+xã\s+hội)"
)
_URGENT = re.compile(
    r"(?:HỎA|HOẢ|HOA)\s+TỐC|(?:THƯỢNG\s+)?KHẨN|(?:TỐI|TUYỆT)?\s*MẬT|BẢN SAO|SAO Y.*"
)
_STOP = re.compile(r"(?:CHỈ THỊ|CÔNG ĐIỆN|KẾ HOẠCH|THÔNG BÁO|KẾT LUẬN|S[ỐỐ]\s*[:.])")
_LINES, _LONGEST = 9, 90
_WORD = f"[{CAPITALS}][{SMALL}]+"
_SPEAKER = re.compile(
    r"(?:Chủ\s+tịch\s+|Bộ\s+trưởng\s+)?((?:UBND|[UỦ][ỷy] ban nhân dân)"
    rf"\s+(?:[Tt]hành phố|tỉnh|TP\.?|quận|huyện|xã|phường)(?:\s+{_WORD})*"
    r"|Thủ tướng Chính phủ|Văn phòng Chính phủ"
    r"|(?:Ban\s+Thường\s+vụ\s+)?(?:Tỉnh|Thành|Huyện|Đảng)\s+[uủ][ỷy](?:\s[^,.:;\n]{2,30}?)?"
    rf"|(?:Bộ|Tổng cục|Cục|Sở|Ban Chỉ đạo)\s+[{CAPITALS}q][^,.:;\n]{{2,40}}?)"
    r"\s+(?:xin\s+|trân\s+trọng\s+)?(?:xây\s+dựng\s+[Kk]ế\s+hoạch|yêu\s+cầu|chỉ\s+thị|đề\s+nghị|có\s+ý\s+kiến|chỉ\s+đạo|thông\s+báo|ban\s+hành"
    r"|hướng\s+dẫn(?:\s+\w+){0,3}\s+như\s+sau)"
)
_OF_THE_ISSUER = re.compile(
    r"(?i:\s*thông\s+báo\s[^\n]*\scủa\s+(?:lãnh\s+đạo\s+)?"
    r"((?:bộ(?!\s+trưởng)|ubnd|[uủ][ỷy]\s+ban\s+nhân\s+dân)\s[^,;\n]{3,40}?))"
    r"(?=[ .]*\n|\s+tại\s)"
)
"""A title without a letterhead may say whose it is: "Thông báo kết luận của Bộ Y tế tại …"."""
_OFFICE_TELLS = re.compile(
    rf"(?<=\n)Văn phòng (Bộ [{CAPITALS}][^,.;:\n]{{2,40}}?)\s+"
    r"(?:xin\s+|trân\s+trọng\s+)?thông\s+báo\s"
)
"""At the end: what the minister concluded is made known by the ministry's office."""
_ASKED = re.compile(r"(?i:đề\s+nghị|yêu\s+cầu|giao|chỉ\s+đạo|cùng|với)\s+$")
"""Who is asked so is not the one who speaks."""
_MINISTER_CHAIRS = re.compile(
    rf"(?:Thứ\s+trưởng|Bộ\s+trưởng)\s+(Bộ\s+(?-i:{any_of(FIELDS)}))[^.;:\n]{{0,80}}?\s(?:đã\s+)?(?:chủ\s+trì|kết\s+luận)\s"
)
"""A copy that says only who chaired: "Thứ trưởng Bộ Giao thông vận tải A đã chủ trì cuộc họp"."""
_OF_THE_PRIME_MINISTER = re.compile(
    r"\s*thông\s+báo\s[^\n]*?kết\s+luận\s+của\s+(?:phó\s+)?thủ\s+tướng\b", re.IGNORECASE
)
"""What he concluded is made known by the Government's Office, where it names itself too."""
_OFFICE = "Văn phòng Chính phủ"
_UNDER_TITLE = re.compile(
    r"(?i:\s*(?:chỉ\s+thị|công\s+điện|kế\s+hoạch|thông\s+báo|quyết\s+định)\s[^\n]+)\n"
    r"[ \x1f]*([^\n.,;:]{5,80}?)[ \x1f]*\n"
)
"""A copy without a letterhead has the issuer's name under its title."""
_TELLS_OF_BEFORE = re.compile(r"\s(?:đã|vừa|sẽ|cần|phải|được|có|tại|về)$")
_PLACE = re.compile(r"(?<=\s)(tỉnh|thành phố|quận|huyện|xã(?! hội)|phường)\s.+$")
_ENDS = (*FIELDS, "Chính phủ", "Việt Nam", "Hải quan", "Thuế", "Thống kê")


def read_issuer(text: str, start: int) -> str | None:
    """The last of the bodies in the letterhead: those above are its parents."""
    bodies = _bodies(_lines(text[start : start + 2500]))
    if bodies:
        name = bodies[-1]
        if name in _OF_ANOTHER and len(bodies) > 1:
            name = f"{name} {bodies[-2]}"
        return as_name(name)
    under = _UNDER_TITLE.match(text, start)
    if under and BODIES.match(under[1].upper()):
        return as_name(squeeze(under[1]).upper())
    office = text.find(_OFFICE, start, start + 2500)
    if office >= 0 and _OF_THE_PRIME_MINISTER.match(text, start):
        return _OFFICE
    for found in _SPEAKER.finditer(text, start, start + 8000):
        asked = _ASKED.search(text, max(start, found.start() - 20), found.start())
        if not asked and not _TELLS_OF_BEFORE.search(found[1]):
            return squeeze(found[1])
    if minister := _MINISTER_CHAIRS.search(text, start, start + 2500):
        return squeeze(minister[1])
    titled = _OF_THE_ISSUER.match(text, start) or _OFFICE_TELLS.search(text, start)
    if titled is None:
        return None
    name = squeeze(titled[1])
    return as_name(name.upper()) if name.islower() else name


def _lines(top: str) -> list[str]:
    """The lines in capitals, without the nation's name that may stand beside them."""
    kept: list[str] = []
    seen = 0
    for line in top.split("\n"):
        said = squeeze(line.replace("\x1f", " ")).strip(" -_")
        if not said:
            continue
        seen += 1
        beside = _NATION.search(said)
        words = said[: beside.start()].strip(" -_.|") if beside else said
        if _URGENT.fullmatch(words):
            continue
        if seen > _LINES or len(words) > _LONGEST or _STOP.match(words):
            break
        if words and not words.isupper():
            if seen == 1 and BODIES.match(words.upper()) and _NATION.match(_next(top, line)):
                return [words.upper()]
            break
        if not words and kept:
            break
        if words:
            kept.append(words)
    return kept


def _next(top: str, line: str) -> str:
    """What stands under a line of the head."""
    return top[top.index(line) + len(line) :].lstrip(" \x1f\n-_")[:200]


def _bodies(lines: list[str]) -> list[str]:
    """A line that names a body begins anew, unless the line above it has named nobody yet."""
    found: list[str] = []
    before = ""
    for said in (one for line in lines for one in _PARENT.sub(r"\1\n", line).split("\n")):
        line = f"{before} {said}".strip()
        before = "" if found or " " in line else line
        if before and not BODIES.fullmatch(before):
            continue
        begins = BODIES.match(line) and not line.startswith(_SPLITS_NOT)
        if found and (not begins or _unfinished(found[-1])):
            found[-1] = f"{found[-1]} {line}"
        elif found or BODIES.match(line):
            found.append(line)
    return found


def _unfinished(line: str) -> bool:
    return " " not in line or line in _OF_ANOTHER[:1] or _OPEN.search(line) is not None


def as_name(words: str) -> str:
    """ỦY BAN NHÂN DÂN TỈNH BẮC NINH → Ủy ban nhân dân tỉnh Bắc Ninh."""
    if words.startswith(("Y BAN", "Ỷ BAN")):
        words = "Ủ" + words.replace("Ỷ", "Y", 1)
    name = words.capitalize().replace(" ủy ban", " Ủy ban").replace(" uỷ ban", " Uỷ ban")
    for written in _ENDS:
        name = re.sub(rf"(?<=\s){re.escape(written.lower())}$", written, name)
    return _PLACE.sub(lambda found: found[0].title().replace(found[1].title(), found[1]), name)
