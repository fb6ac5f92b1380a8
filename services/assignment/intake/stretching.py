"""Names of groups that say after a comma what else they are of: "Các doanh nghiệp bưu chính, …"."""

import re

from services.assignment.intake import words
from services.assignment.intake.belonging import Body
from services.assignment.intake.patterns import any_of
from services.assignment.intake.source import squeeze
from services.assignment.intake.verbs import VERBS

_GROUP = re.compile(r"(?i:các|những|mỗi)\s")
_ORDER = rf"(?:{any_of((*words.ADVERBS, *VERBS))})"
_MORE = re.compile(
    rf"(?:\s*(?:,\s*và|,|\svà)\s+(?!{_ORDER})\w+(?:\s+(?!{_ORDER})\w+){{0,3}}){{1,5}}(?=\s*,?\s+{_ORDER})"
)


def stretched(text: str, found: list[Body], end: int) -> list[Body]:
    """The last group up to its order, where only a few words stand between each two commas."""
    last = found[-1]
    more = _MORE.match(text, last.end, end) if _GROUP.match(last.name) else None
    if more is None:
        return found
    return [*found[:-1], Body(squeeze(text[last.start : more.end()]), last.start, more.end())]
