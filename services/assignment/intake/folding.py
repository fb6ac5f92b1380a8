"""One spelling for what people and programs spell in many ways."""

import re
import unicodedata

_TONE_MARKS = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
"""Where the tone mark stands in oa, oe, uy: old and new usage."""

_WORDS = (
    (re.compile(r"\bủy ban nhân dân\b"), "ubnd"),
    (re.compile(r"\btp\b\.?"), "thành phố"),
    (re.compile(r"&"), " và "),
)
_TONE = re.compile("|".join(_TONE_MARKS))
_PUNCTUATION = re.compile(r"[-–—‑.,;:()\"'“”*/]")
_SPACE = re.compile(r"\s+")
_ALIKE = dict(
    zip(
        "ÐƉðɖАВЕЅІЈКМНОРСТУХаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
        "ĐĐđđABESIJKMHOPCTYXaesijopcyxABEZHIKMNOPTYXo",
        strict=True,
    )
)
"""Letters of other alphabets that look like ours: eth, Cyrillic, Greek."""
_FOREIGN, _OURS = re.compile(f"[{''.join(_ALIKE)}]"), str.maketrans(_ALIKE)


def fold(text: str) -> str:
    """For comparing names: NFC, lower case, one place for tone marks, no punctuation.

    Đ and its look-alikes (Ð, Cyrillic letters), zero-width characters, "Ủy ban nhân dân" and
    "UBND", "&" and "và" become the same.
    """
    if _FOREIGN.search(text):
        # before marks are joined to letters: a Cyrillic o takes no circumflex as ours does
        text = unicodedata.normalize("NFKD", text).translate(_OURS)
    text = unicodedata.normalize("NFKC", text).lower()
    text = "".join(one for one in text if unicodedata.category(one) not in ("Cf", "Mn"))
    text = _TONE.sub(lambda found: _TONE_MARKS[found[0]], text)
    text = _SPACE.sub(" ", _PUNCTUATION.sub(" ", text)).strip()
    for pattern, word in _WORDS:
        text = pattern.sub(word, text)
    return _SPACE.sub(" ", text).strip()


def bare(text: str) -> str:
    """Folded, and without any mark: what people type who have no Vietnamese keyboard."""
    decomposed = unicodedata.normalize("NFD", fold(text))
    letters = (one for one in decomposed if unicodedata.category(one) != "Mn")
    return "".join(letters).replace("đ", "d")
