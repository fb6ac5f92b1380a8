"""Lines put together to paragraphs, each with its label if it has one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.assignment.intake.bodies import read_bodies
from services.assignment.intake.fields import field_at
from services.assignment.intake.labels import FIRST_BELOW, follows, label_at
from services.assignment.intake.patterns import any_of
from services.assignment.intake.roles import lead
from services.assignment.intake.source import skip_blanks
from services.assignment.intake.verbs import VERBS
from services.assignment.intake.words import ADVERBS, CAPITALS, FIELDS, OPENERS

VERB = re.compile(rf"(?i:{any_of((*VERBS, *ADVERBS))})")
OPENER = re.compile(rf"\s*(?i:{any_of(OPENERS)})\s+")

_ENDED = re.compile(r"[.;:!?…][”\")]?\s*$|\./\.\s*$")
_PAGE = re.compile(
    r"\s*-{2,}\s*(?i:page\s+break|trang\s+\d+)[^\n]{0,20}(?=\n|\Z)"
    r"|[ \t]*\d{1,3}(?=\s{1,9}-{2,}\s*(?i:page)\b)"
)
"""Where a page ends, in text copied out of one: the sentence goes on behind it."""
_SECOND_PARTS = [one.split(" - ")[1] for one in FIELDS if " - " in one]
_SECOND_PART = re.compile(
    rf"\s*-\s+{any_of(('Cơ quan', 'Trưởng ban', 'Trưởng Ban', 'Phó', *_SECOND_PARTS))}"
)
_CLOSES = re.compile(r"\s*\w{1,4}\)")
_NEEDS_MORE = re.compile(
    rf"(?i:[,-]|\b(?:{any_of(OPENERS)}|cho|của|với|và|tại|do|theo|là|các|những|để|về|từ|bởi|gửi|trình|đến|hoặc))\s*$"
)
_FEW, _MOSTLY, _SHORT = 5, 0.8, 10
_LONGEST_HEADING = 300
_WRAPPED, _NARROW = 130, 45
"""A line longer than this was not broken to fit a page; the page's narrowest column."""


@dataclass
class Paragraph:
    """``start`` is where the label stands, ``body`` where the words begin."""

    kind: str
    label: str
    start: int
    body: int
    end: int


def paragraphs(text: str, start: int, end: int) -> list[Paragraph]:
    """What a reader takes for paragraphs, whether lines are broken to fit a page or not."""
    width = _page_width(text, start, end)
    spaced = bool(width) and _spaced(text, start, end)
    found: list[Paragraph] = []
    fresh, before = True, (start, start)
    turned = False
    for place, stop in _rows(text, start, end):
        if not text[place:stop].strip():
            fresh = True
            continue
        if _PAGE.match(text, place, end):
            turned = True
            continue
        if turned and found:
            fresh, turned = _ends(text, before), False
        kind, label, body = label_at(text, place, stop)
        closes = not fresh and _closes_bracket(text, before, (place, stop))
        open_ = found[-1] if found else None
        if open_ is not None and (
            closes
            or _goes_on(text, open_, before, (place, stop), kind, fresh, width)
            or (spaced and kind == "text" and not fresh and not _ends(text, before))
        ):
            open_.end = stop
        else:
            found.append(Paragraph(kind, label, skip_blanks(text, place, stop), body, stop))
        fresh, before = False, (place, stop)
    return [one for paragraph in found for one in _run_on(text, paragraph)]


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    place = start
    while place < end:
        stop = text.find("\n", place, end)
        stop = end if stop < 0 else stop
        yield place, stop
        place = stop + 1


def _rows(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Lines, and what a copy has put into one: "2. Một nội dung 2.1. Rà soát …"."""
    for place, stop in _lines(text, start, end):
        if below := FIRST_BELOW.match(text, place, stop):
            yield place, below.start("below")
            place = below.start("below")
        yield place, stop


def _ends(text: str, line: tuple[int, int]) -> bool:
    return _ENDED.search(text[line[0] : line[1]].strip()) is not None


def _closes_bracket(text: str, before: tuple[int, int], line: tuple[int, int]) -> bool:
    """ "(… Kho bạc Nhà nước Khu vực", and "VIII)" below it is no label."""
    if _CLOSES.match(text, *line) is None:
        return False
    return text.rfind("(", *before) > text.rfind(")", *before)


def _spaced(text: str, start: int, end: int) -> bool:
    """Blank lines stand between the paragraphs: behind nearly every line that ends a sentence."""
    ended = blank = 0
    behind = False
    for place, stop in _lines(text, start, end):
        blank += behind and not text[place:stop].strip()
        behind = stop - place > _SHORT and _ends(text, (place, stop))
        ended += behind
    return ended >= _FEW and blank >= _MOSTLY * ended


def _page_width(text: str, start: int, end: int) -> int:
    """How long the full lines are; 0 where each paragraph is one line.

    In a narrow column no line is longer than 45 code points.
    """
    lengths = sorted(
        length
        for place, stop in _lines(text, start, end)
        if (length := len(text[place:stop].strip())) > _NARROW // 2
    )
    if not lengths or lengths[int(len(lengths) * 0.98)] > _NARROW:
        lengths = [one for one in lengths if one > 40]
    wrapped = [one for one in lengths if one <= _WRAPPED]
    if len(wrapped) < 4 or len(wrapped) < 0.6 * len(lengths):
        return 0
    return wrapped[int(len(wrapped) * 0.9)]


def _goes_on(
    text: str,
    open_: Paragraph,
    before: tuple[int, int],
    line: tuple[int, int],
    kind: str,
    fresh: bool,
    width: int,
) -> bool:
    """Whether a line belongs to the paragraph before it."""
    previous = text[before[0] : before[1]].strip()
    words = text[line[0] : line[1]].split(None, 2)
    ended = bool(_ENDED.search(previous))
    first_word = " ".join(words[:2]) if kind == "dash" else words[0]
    full = bool(width) and len(previous) + 1 + len(first_word) > width - 3
    if kind != "text":
        if ended or fresh or not full:
            return kind == "dash" and fresh and _interrupted(text, open_, line, ended)
        return kind in ("dash", "number", "letter")
    small = words[0][:1].islower() or words[0][:1] in ",;)"
    if _in_capitals(text, open_) and not text[line[0] : line[1]].isupper():
        return False
    if not fresh and previous.endswith(";") and _lists_bodies(text, open_, line):
        return True
    if fresh:
        return small and not ended
    if open_.kind != "text" and not text[open_.body : open_.end].strip(" .:"):
        return True
    if small:
        return True
    if not width:
        return False
    if full:
        return True
    if not text[open_.body : open_.end].strip(" .:"):
        return True
    first = before[0] <= open_.body <= before[1]
    return first and not (
        ended or _complete(text, open_, line) or _heads_named(text, open_, previous, line)
    )


def _heads_named(text: str, open_: Paragraph, previous: str, line: tuple[int, int]) -> bool:
    """ "5. Y tế, an toàn thực phẩm", and the next line begins "Sở Y tế chỉ đạo …"."""
    if _NEEDS_MORE.search(previous) or read_bodies(text, open_.body, open_.end):
        return False
    named = lead(text, *line).evidence
    return named is not None and named.rule == "lead-before-order"


def _in_capitals(text: str, open_: Paragraph) -> bool:
    """ "III. KINH PHÍ": what stands below in small letters is no part of it."""
    if open_.kind == "text" or open_.end - open_.body > _LONGEST_HEADING:
        return False
    said = text[open_.body : open_.end].strip()
    return len(said) > _SHORT // 2 and said.isupper()


def _lists_bodies(text: str, open_: Paragraph, line: tuple[int, int]) -> bool:
    """ "- Cơ quan chủ trì: Công an tỉnh;", and below it "UBND các xã, phường."."""
    field = field_at(text, open_.body, open_.end)
    if field is None or field.name not in ("lead", "coordinate", "both"):
        return False
    bodies = read_bodies(text, *line)
    return bool(bodies) and not text[bodies[-1].end : line[1]].strip(" .;,")


def _complete(text: str, open_: Paragraph, line: tuple[int, int]) -> bool:
    """ "1.4. Giao Sở Xây dựng", and a verb begins the next line: a heading without an end."""
    if not VERB.match(text, skip_blanks(text, *line), line[1]):
        return False
    begin = OPENER.match(text, open_.body, open_.end)
    bodies = read_bodies(text, begin.end() if begin else open_.body, open_.end)
    if not bodies or text[bodies[-1].end : open_.end].strip(" :.,"):
        return False
    return len(bodies[-1].name.split()) > 1


def _interrupted(text: str, open_: Paragraph, line: tuple[int, int], ended: bool) -> bool:
    """A sentence that stops without an end goes on with "- …": a name broken at its dash."""
    words = text[open_.body : open_.end]
    if ended or len(words) <= 150 or re.search(r"\w\s*$", words) is None:
        return False
    return _SECOND_PART.match(text, *line) is not None


_RUN_ON = re.compile(
    rf"(?<=[.;:])\s+(?:(?P<number>\d{{1,2}})[.)]|(?P<letter>[a-zđ])\)|(?P<dash>-))\s+(?=[{CAPITALS}])"
)


def _run_on(text: str, paragraph: Paragraph) -> list[Paragraph]:
    """Labels inside a paragraph that lost its line breaks: a row that counts up from its first."""
    if paragraph.end - paragraph.body < 60:
        return [paragraph]
    found = list(_RUN_ON.finditer(text, paragraph.body, paragraph.end))
    kept = _counting(found, paragraph)
    if len(kept) < 2:
        return [paragraph]
    ends = [one.start() for one in kept[1:]] + [paragraph.end]
    split = [
        Paragraph(paragraph.kind, paragraph.label, paragraph.start, paragraph.body, kept[0].start())
    ]
    for one, end in zip(kept, ends, strict=True):
        kind = str(one.lastgroup)
        label = one[kind] if kind != "dash" else ""
        split.append(Paragraph(kind, label, one.start(kind), one.end(), end))
    return split


def _counting(found: list["re.Match[str]"], paragraph: Paragraph) -> list["re.Match[str]"]:
    """Those whose labels follow on each other, each kind from its first."""
    kept: list[re.Match[str]] = []
    last = {"number": "0", "letter": ""}
    if paragraph.kind in last:
        last[paragraph.kind] = paragraph.label.rpartition(".")[2]
    for one in found:
        kind = str(one.lastgroup)
        if kind == "dash":
            kept.append(one)
        elif follows(kind, last[kind], one[kind]):
            last[kind] = one[kind]
            if kind == "number":
                last["letter"] = ""
            kept.append(one)
    return kept
