"""TCVN3 and VNI: Vietnamese as it was typed before Unicode, in fonts that lie about letters."""

import re
import unicodedata
from dataclasses import replace
from enum import StrEnum

from services.assignment.intake.files.result import Reading

_TCVN3 = str.maketrans(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
)
_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_HAT, _BREVE = "\u0302", "\u0306"
_VNI_MARKS = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _HAT, "á": _HAT + _ACUTE, "à": _HAT + _GRAVE, "å": _HAT + _HOOK,
    "ã": _HAT + _TILDE, "ä": _HAT + _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK,
    "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = {
    "ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ",
}  # fmt: skip
_VNI_MARKABLE = set("aeouyôöAEOUYÔÖ")
_COMMON_WORDS = """
    và của các được trong công về định có đến cho quy thực hiện tổ chức quản lý nhà nước
    dân nhân ủy ban thành phố tỉnh huyện xã sở bộ nghị quyết kế hoạch văn bản số ngày tháng năm
    chủ tịch phối hợp trì báo cáo đề thông đơn vị cơ quan việc với theo tại này những người
    hội phát triển kinh tế đầu tư tài chính chỉ đạo yêu cầu độc lập tự hạnh phúc cộng hòa hoà
    nghĩa việt phủ thủ tướng gửi nơi nhận lưu trên địa bàn sau khi đã để không phải là từ
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 40_000
_BEYOND_LATIN = re.compile("[\u0103\u0111\u01a1\u01b0\u0300-\u0323\u1ea0-\u1ef9]")
"""Letters and marks that no legacy coding has."""
_IN_UNICODE = 0.05
"""Of a Vietnamese text in Unicode a tenth is such letters; the codings have none."""
ENOUGH = 0.12
"""Of the words of a Vietnamese letter some four in ten are common ones, of another text none."""


class Coding(StrEnum):
    TCVN3 = "TCVN3"
    VNI = "VNI"


def converted(text: str, coding: Coding) -> str:
    """Unicode for text whose characters are the codes of a legacy font."""
    return _from_tcvn3(text) if coding is Coding.TCVN3 else _from_vni(text)


def coding_of_font(font: str | None) -> Coding | None:
    name = (font or "").lower().lstrip("@")
    if name.startswith(".vn"):
        return Coding.TCVN3
    return Coding.VNI if name.startswith(("vni-", "vni ")) else None


def converted_run(text: str, font: str | None) -> str:
    """A run of a document, by its font; text of any other font stays as it is."""
    coding = coding_of_font(font)
    if coding is None or text.isascii():
        return text.upper() if _capitals(font, coding) else text
    low = "".join(chr(ord(one) - 0xF000) if "\uf020" <= one <= "\uf0ff" else one for one in text)
    # what is Unicode already was typed over the font's name, not in its codes
    if any(ord(one) > 0x24F and one.isalpha() for one in low):
        return low
    made = converted(low, coding)
    return made.upper() if _capitals(font, coding) else made


def in_unicode(reading: Reading) -> Reading:
    """The reading, converted where its words show a legacy font that no file names."""
    coding = recognised(reading.text)
    if coding is None:
        return reading
    text = converted(reading.text, coding)
    return replace(reading, text=text, notes=[*reading.notes, f"encoding {coding}"])


def recognised(text: str) -> Coding | None:
    """The coding that makes Vietnamese of text that is none as it stands."""
    sample = text[:_SAMPLE]
    if len(_BEYOND_LATIN.findall(sample)) > _IN_UNICODE * len(sample):
        return None
    best, score = None, max(ENOUGH, 2 * vietnamese(sample))
    for coding in Coding:
        found = vietnamese(converted(sample, coding))
        if found > score:
            best, score = coding, found
    return best


def vietnamese(text: str) -> float:
    """Which part of the words that have marks at all are common Vietnamese ones, 0 to 1."""
    folded = unicodedata.normalize("NFC", text[:_SAMPLE]).lower()
    words = [word for word in _WORD.findall(folded) if not word.isascii()]
    return sum(word in _COMMON for word in words) / len(words) if words else 0.0


def _capitals(font: str | None, coding: Coding | None) -> bool:
    """.VnTimeH and its like show capitals for the codes of small letters."""
    return coding is Coding.TCVN3 and (font or "").endswith("H")


def _from_tcvn3(text: str) -> str:
    return text.translate(_TCVN3)


def _from_vni(text: str) -> str:
    made: list[str] = []
    before = ""
    for one in text:
        marks = _VNI_MARKS.get(one.lower()) if before in _VNI_MARKABLE else None
        if marks is not None and before:
            made[-1] = unicodedata.normalize("NFC", made[-1] + marks)
            before = ""
            continue
        letter = _VNI_LETTERS.get(one.lower(), one)
        made.append(letter.upper() if one.isupper() else letter)
        before = one
    return "".join(made)
