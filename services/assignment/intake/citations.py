"""Numbers of other documents that the letter cites."""

import re

_CAPITALS = "A-ZĐƯ"
_NUMBER = re.compile(
    rf"(?<![\w/.-])(\d{{1,6}}(?:\.\d{{1,2}})?(?:/\d{{4}})?(?:/|-)(?:\s(?=[{_CAPITALS}]{{2}}|[{_CAPITALS}]-))?[{_CAPITALS}][\w&]*"
    rf"(?:(?:\s?[-/.&](?:(?<![.])\s(?=[{_CAPITALS}]{{2}}))?|(?<=&)\s?)[{_CAPITALS}][\w&]*){{0,4}})"
)
_LABEL = re.compile(r"\d{1,2}/\s\w+")
"""A unit's label and the name behind it: "2/ UBND các xã …"."""
_GLUED_DAY = re.compile(r"(?<=[A-ZĐƯa-z])[Nn]gày$")
"""A copy that lost a blank: "1033/PTM-SMEngày 15 tháng 4"."""
_BLANKS = re.compile(r"\s+")
_CYRILLIC = str.maketrans("АВЕКМНОРСТХ", "ABEKMHOPCTX")


def read_citations(text: str, own: str | None) -> list[str]:
    """Every distinct number in the order of the text, without blanks, without the letter's own."""
    found: dict[str, str] = {}
    for number in _NUMBER.findall(text.translate(_CYRILLIC)):
        if _LABEL.fullmatch(number):
            continue
        written = _BLANKS.sub("", _GLUED_DAY.sub("", number)).rstrip(".-&")
        if written != own and not written.endswith("/"):
            before = found.setdefault(written.casefold(), written)
            found[written.casefold()] = before if _small(before) >= _small(written) else written
    return list(found.values())


def _small(number: str) -> int:
    """How many small letters: a heading in capitals has "27/CT-TTG" for "27/CT-TTg"."""
    return sum(map(str.islower, number))
