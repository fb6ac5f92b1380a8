"""Words of the genre that a scan lost the marks of, written right again, each in its place."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from services.assignment.intake.letterhead import HEADS
from services.assignment.intake.patterns import any_of
from services.assignment.intake.signature import OFFICES
from services.assignment.intake.subject import KINDS
from services.assignment.intake.words import FIELDS

_WORDS = (
    "chủ trì", "phối hợp", "báo cáo", "kiểm tra", "thanh tra", "triển khai", "thực hiện", "tổ chức",
    "rà soát", "xây dựng", "tổng hợp", "đề xuất", "đề nghị", "yêu cầu", "hướng dẫn", "đẩy mạnh",
    "tăng cường", "khẩn trương", "tiếp tục", "chỉ đạo", "đôn đốc", "theo dõi", "quản lý",
    "hoàn thành", "hoàn thiện", "nghiên cứu", "xử lý", "phê duyệt", "giám sát", "bảo đảm",
    "đảm bảo", "bố trí", "tuyên truyền", "phổ biến", "kịp thời", "thường xuyên", "trách nhiệm",
    "nhiệm vụ", "trong quá trình", "chức năng", "thẩm quyền", "cơ quan", "đơn vị", "địa phương",
    "thành phố",
    "trực thuộc", "trung ương", "nhân dân", "ủy ban", "ủy ban nhân dân", "chính phủ",
    "thủ tướng", "thủ tướng chính phủ", "chủ tịch", "giám đốc", "văn phòng", "chính quyền",
    "tài chính", "nội vụ", "y tế", "nông nghiệp", "kế hoạch", "giáo dục",
    "đào tạo", "công nghệ", "tài nguyên", "giao thông", "vận tải", "tư pháp", "quốc phòng",
    "thông tin", "tổng cục", "cục thuế", "tổng cục thuế", "kết quả", "quyết định", "chỉ thị",
    "công điện", "vướng mắc", "khó khăn", "cụ thể", "cụ thể như sau", "bộ tài chính", "bộ y tế",
    "bộ công thương", "bộ công an", "bộ nội vụ", "bộ xây dựng", "bộ tư pháp",
    "cộng hòa xã hội chủ nghĩa việt nam",
)  # fmt: skip
"""Each is the only reading of its letters where at least a third of its syllables are right."""
_RIGHT_TOO = frozenset(
    (
        "để xuất", "để nghị", "có quan", "theo đối", "theo đổi", "hướng dần", "đơn vì", "bao cao",
        "nói nhân",
        "uỷ ban", "uỷ ban nhân dân", "cộng hoà xã hội chủ nghĩa việt nam",
    )
)  # fmt: skip
"""Other words of the same letters: "để xuất khẩu", "có quan hệ", "Đài Tiếng nói nhân dân"."""
_RIGHT = _RIGHT_TOO.union(_WORDS)

_OF_HEAD_AND_FOOT = (
    "cộng hòa xã hội chủ nghĩa", "độc lập", "hạnh phúc", "kính gửi", "nơi nhận", "như trên",
    "đồng chí",
    *(f"{rank}{one}".lower() for rank in ("", "phó ") for one in OFFICES),
    *(one.lower() for one in (*HEADS, *(mark for mark, _ in KINDS)) if " " in one),
    *(f"{of} {one.lower()}" for of in ("bộ", "sở", "tổng cục", "cục", "vụ")
      for one in (*FIELDS, "Thuế", "Hải quan", "Thống kê")),
)  # fmt: skip
"""Known by their letters alone, in a scan; "tự do" is not: its letters are those of "từ đó" too."""
_TOP = 3000
_NAME = re.compile(r"cộng\s+h(?:òa|oà)\s+xã\s+hội\s+chủ\s+nghĩa\s+việt\s+nam", re.IGNORECASE)
_MOTTO = re.compile(r"độc\s+lập\W+tự\s+do\W+hạnh\s+phúc", re.IGNORECASE)
_BARE_HEAD = re.compile(r"\bcong\s+hoa\s+xa\b|\bdoc\s+lap\s*\W?\s*tu\s+do\b")


def _bare(letter: str) -> str:
    """The letter without its marks, small."""
    return unicodedata.normalize("NFD", letter)[0].lower().replace("đ", "d")


_LETTERS = [
    chr(code) for code in range(0x1EFA) if chr(code).isalpha() and len(chr(code).lower()) == 1
]
_BARE = str.maketrans({one: _bare(one) for one in _LETTERS})


def _by_letters(words: Iterable[str]) -> "re.Pattern[str]":
    return re.compile(r"(?<!\w)" + any_of(word.translate(_BARE) for word in words))


_MEANT = {one.translate(_BARE): one for one in (*_OF_HEAD_AND_FOOT, *_WORDS)}
_SAID = _by_letters(_WORDS)


@cache
def _said_in_scans() -> "re.Pattern[str]":
    """Made when it is needed: most letters are no scans."""
    return _by_letters(_MEANT)


def mended(text: str) -> str:
    """NFC text of the same length, in linear time; a word that is right stays as it is.

    A quarter is written in two ways ("quí II"), and read in one.

    Where the nation's name or its motto lost marks the words of head and foot are mended too, and
    no syllable of a word need be right.
    """
    text = text.replace("quí", "quý").replace("Quí", "Quý")
    bare = text.translate(_BARE)
    scan = _lost_marks(text[:_TOP], bare[:_TOP])
    parts: list[str] = []
    place = 0
    for found in (_said_in_scans() if scan else _SAID).finditer(bare):
        said = text[found.start() : found.end()]
        if said.lower() in _RIGHT:
            continue
        right = _right(said, scan=scan)
        if right != said:
            parts += (text[place : found.start()], right)
            place = found.end()
    return "".join((*parts, text[place:])) if parts else text


def _lost_marks(top: str, bare: str) -> bool:
    if _NAME.search(top) and _MOTTO.search(top):
        return False
    return _BARE_HEAD.search(bare) is not None


def _right(said: str, *, scan: bool) -> str:
    syllables = said.lower().split()
    if " ".join(syllables) in _RIGHT_TOO:
        return said
    wanted = _MEANT[" ".join(syllables).translate(_BARE)]
    same = sum(one == other for one, other in zip(syllables, wanted.split(), strict=True))
    if same * 3 < len(syllables) and not scan:
        return said
    letters = iter("".join(wanted.split()))
    return "".join(one if one.isspace() else _as_large(next(letters), one) for one in said)


def _as_large(letter: str, said: str) -> str:
    return letter.upper() if said.isupper() else letter
