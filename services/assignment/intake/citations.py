"""Numbers of other documents that the letter cites."""

import re

_CAPITALS = "A-ZĐƯ"
_NUMBER = re.compile(
    rf"(?<![\w/.-])(\d{{1,6}}(?:\.\d{{1,2}})?(?:/\d{{4}})?(?:/|-)\s?[{_CAPITALS}][\w&]*(?:(?:\s?[-/.&]|(?<=&))\s?[{_CAPITALS}][\w&]*){{0,4}})"
)
_BLANKS = re.compile(r"\s+")
_CYRILLIC = str.maketrans("АВЕКМНОРСТХ", "ABEKMHOPCTX")


def read_citations(text: str, own: str | None) -> list[str]:
    """Every distinct number in the order of the text, without blanks, without the letter's own."""
    found: list[str] = []
    for number in _NUMBER.findall(text.translate(_CYRILLIC)):
        written = _BLANKS.sub("", number).rstrip(".-&")
        if written != own and written not in found and not written.endswith("/"):
            found.append(written)
    return found
