"""Labels of a docx's numbered lists, which stand nowhere in its text: counted as Word counts."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from services.assignment.intake.files.styles import Styles, is_on, value

DEEPEST = 9
LARGEST = 100_000
_ROMAN = list(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
)


@dataclass(frozen=True)
class Level:
    """One level of a list. ``text`` is Word's pattern, ``%1.%2``."""

    format: str = "decimal"
    text: str = ""
    start: int = 1
    restarts_after: int | None = None
    """The level whose step makes this one begin anew; None: any above it; 0: never."""
    legal: bool = False


@dataclass
class Numbering:
    """Counts paragraph by paragraph, in the order of the document."""

    ns: str
    styles: Styles
    _lists: dict[str, tuple[str, dict[int, Level], dict[int, int]]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, root: Element | None, ns: str, styles: Styles) -> "Numbering":
        numbering = cls(ns, styles)
        if root is None:
            return numbering
        abstract = {
            value(one, ns, "abstractNumId"): one for one in root.findall(f"{ns}abstractNum")
        }
        named = {value(one, ns, "numId"): one for one in root.findall(f"{ns}num")}
        for id, one in named.items():
            if id is not None:
                numbering._lists[id] = numbering._list(one, abstract, named)
        return numbering

    def label(self, properties: Element | None, style: str | None) -> str:
        """The next label for a paragraph with these properties, "" if it is in no list."""
        own = None if properties is None else properties.find(f"{self.ns}numPr")
        inherited = self.styles.numbering(style)
        number = _of(own, inherited, "numId", self.ns)
        if number is None or number not in self._lists:
            return ""
        depth = _whole(_of(own, inherited, "ilvl", self.ns), 0)
        return self._step(number, min(depth, DEEPEST - 1))

    def _list(
        self, number: Element, abstract: dict[str | None, Element], named: dict[str | None, Element]
    ) -> tuple[str, dict[int, Level], dict[int, int]]:
        """The counters' owner, the levels and the levels at which this number starts anew."""
        ns = self.ns
        owner = value(number.find(f"{ns}abstractNumId"), ns) or ""
        body = abstract.get(owner)
        link = None if body is None else value(body.find(f"{ns}numStyleLink"), ns)
        if link is not None:
            linked = self.styles.numbering(link)
            other = None if linked is None else named.get(value(linked.find(f"{ns}numId"), ns))
            if other is not None:
                owner = value(other.find(f"{ns}abstractNumId"), ns) or ""
                body = abstract.get(owner)
        levels = {} if body is None else dict(_level(one, ns) for one in body.findall(f"{ns}lvl"))
        starts: dict[int, int] = {}
        for one in number.findall(f"{ns}lvlOverride"):
            depth = _whole(value(one, ns, "ilvl"), 0)
            replaced = one.find(f"{ns}lvl")
            if replaced is not None:
                levels[depth] = _level(replaced, ns)[1]
            start = one.find(f"{ns}startOverride")
            if start is not None:
                starts[depth] = _whole(value(start, ns), 1)
        return owner, levels, starts

    def _step(self, number: str, depth: int) -> str:
        owner, levels, starts = self._lists[number]
        counts = self._counts.setdefault(owner, {})
        if number not in self._seen:
            self._seen.add(number)
            for at, start in starts.items():
                counts[at] = start - 1
        for above in range(depth):
            counts.setdefault(above, levels.get(above, Level()).start)
        counts[depth] = min(counts.get(depth, levels.get(depth, Level()).start - 1) + 1, LARGEST)
        for below in [one for one in counts if one > depth]:
            after = levels.get(below, Level()).restarts_after
            if after is None or (after != 0 and depth < after):
                del counts[below]
        return _written(levels, counts, depth)


def _written(levels: dict[int, Level], counts: dict[int, int], depth: int) -> str:
    level = levels.get(depth, Level(text=f"%{depth + 1}."))
    if level.format == "bullet":
        return "+" if level.text.strip() == "+" else "-"
    if level.format == "none":
        return level.text if "%" not in level.text else ""

    def counted(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        shown = "decimal" if level.legal else levels.get(at, Level()).format
        return spelled(counts.get(at, levels.get(at, Level()).start), shown)

    return re.sub(r"%([1-9])", counted, level.text)


def spelled(number: int, format: str) -> str:
    """As Word shows it: after z comes aa; đ is none of its letters."""
    if format in ("lowerRoman", "upperRoman"):
        small = _roman(number)
    elif format in ("lowerLetter", "upperLetter"):
        small = chr(97 + (number - 1) % 26) * min((number - 1) // 26 + 1, 40) if number > 0 else ""
    elif format == "decimalZero":
        return f"{number:02}"
    elif format in ("bullet", "none"):
        return ""
    else:
        return str(number)
    return small.upper() if format.startswith("upper") else small


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    written = ""
    for worth, letters in _ROMAN:
        times, number = divmod(number, worth)
        written += letters * times
    return written


def _level(element: Element, ns: str) -> tuple[int, Level]:
    restart = value(element.find(f"{ns}lvlRestart"), ns)
    return _whole(value(element, ns, "ilvl"), 0), Level(
        format=value(element.find(f"{ns}numFmt"), ns) or "decimal",
        text=(value(element.find(f"{ns}lvlText"), ns) or "")[:100],
        start=_whole(value(element.find(f"{ns}start"), ns), 0),
        restarts_after=None if restart is None else _whole(restart, 0),
        legal=is_on(element.find(f"{ns}isLgl"), ns),
    )


def _of(own: Element | None, inherited: Element | None, name: str, ns: str) -> str | None:
    for properties in (own, inherited):
        found = None if properties is None else value(properties.find(f"{ns}{name}"), ns)
        if found is not None:
            return found
    return None


def _whole(text: str | None, default: int) -> int:
    if text is None or not re.fullmatch(r"\d{1,5}", text):
        return default
    return int(text)
