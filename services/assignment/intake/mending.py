"""Words of the genre that a scan lost the marks of, written right again, each in its place."""

import re
import unicodedata

from services.assignment.intake.patterns import any_of

_WORDS = (
    "chủ trì", "phối hợp", "báo cáo", "kiểm tra", "thanh tra", "triển khai", "thực hiện", "tổ chức",
    "rà soát", "xây dựng", "tổng hợp", "đề xuất", "đề nghị", "yêu cầu", "hướng dẫn", "đẩy mạnh",
    "tăng cường", "khẩn trương", "tiếp tục", "chỉ đạo", "đôn đốc", "theo dõi", "quản lý",
    "hoàn thành", "hoàn thiện", "nghiên cứu", "xử lý", "phê duyệt", "giám sát", "bảo đảm",
    "đảm bảo", "bố trí", "tuyên truyền", "phổ biến", "kịp thời", "thường xuyên", "trách nhiệm",
    "nhiệm vụ", "chức năng", "thẩm quyền", "cơ quan", "đơn vị", "địa phương", "thành phố",
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
        "uỷ ban", "uỷ ban nhân dân", "cộng hoà xã hội chủ nghĩa việt nam",
    )
)  # fmt: skip
"""Other words of the same letters: "để xuất khẩu", "có quan hệ", "theo đối tượng"."""


def _bare(letter: str) -> str:
    """The letter without its marks, small."""
    return unicodedata.normalize("NFD", letter)[0].lower().replace("đ", "d")


_LETTERS = [
    chr(code) for code in range(0x1EFA) if chr(code).isalpha() and len(chr(code).lower()) == 1
]
_BARE = str.maketrans({one: _bare(one) for one in _LETTERS})
_BY_LETTERS = {one.translate(_BARE): one for one in _WORDS}
_SAID = re.compile(r"(?<!\w)" + any_of(_BY_LETTERS))


def mended(text: str) -> str:
    """NFC text of the same length, in linear time; a word that is right stays as it is."""
    parts: list[str] = []
    place = 0
    for found in _SAID.finditer(text.translate(_BARE)):
        said = text[found.start() : found.end()]
        right = _right(said)
        if right != said:
            parts += (text[place : found.start()], right)
            place = found.end()
    return "".join((*parts, text[place:])) if parts else text


def _right(said: str) -> str:
    syllables = said.lower().split()
    if " ".join(syllables) in _RIGHT_TOO:
        return said
    wanted = _BY_LETTERS[" ".join(syllables).translate(_BARE)]
    same = sum(one == other for one, other in zip(syllables, wanted.split(), strict=True))
    if same * 3 < len(syllables):
        return said
    letters = iter("".join(wanted.split()))
    return "".join(one if one.isspace() else _as_large(next(letters), one) for one in said)


def _as_large(letter: str, said: str) -> str:
    return letter.upper() if said.isupper() else letter
