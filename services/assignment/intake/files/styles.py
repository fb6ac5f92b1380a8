"""Styles of a docx: what a paragraph or a run has because its style says so."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

MOST_STEPS = 20
"""Styles based on styles; a ring ends here."""


def value(element: Element | None, ns: str, name: str = "val") -> str | None:
    return None if element is None else element.get(f"{ns}{name}")


def is_on(element: Element | None, ns: str) -> bool:
    """A toggle such as ``<w:caps/>``."""
    return element is not None and value(element, ns) not in ("0", "false", "off", "none")


def font_of(properties: Element | None, ns: str) -> str | None:
    """The font that a run's properties name, if they do."""
    fonts = None if properties is None else properties.find(f"{ns}rFonts")
    return value(fonts, ns, "ascii") or value(fonts, ns, "hAnsi")


@dataclass
class Styles:
    """By id. ``ns`` is WordprocessingML's namespace in braces, as the document has it."""

    ns: str
    default: str | None = None
    default_font: str | None = None
    _by_id: dict[str, Element] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Element | None, ns: str) -> "Styles":
        styles = cls(ns)
        if root is None:
            return styles
        styles.default_font = font_of(root.find(f"{ns}docDefaults/{ns}rPrDefault/{ns}rPr"), ns)
        for one in root.findall(f"{ns}style"):
            id = value(one, ns, "styleId")
            if id is None:
                continue
            styles._by_id[id] = one
            plain = value(one, ns, "type") == "paragraph" and value(one, ns, "default")
            if plain in ("1", "true"):
                styles.default = id
        return styles

    def chain(self, id: str | None) -> list[Element]:
        """The style and those it is based on, nearest first."""
        found: list[Element] = []
        while id in self._by_id and len(found) < MOST_STEPS:
            found.append(self._by_id[id])
            id = value(found[-1].find(f"{self.ns}basedOn"), self.ns)
        return found

    def font(self, id: str | None) -> str | None:
        for one in self.chain(id):
            if named := font_of(one.find(f"{self.ns}rPr"), self.ns):
                return named
        return None

    def numbering(self, id: str | None) -> Element | None:
        """The nearest ``numPr``."""
        for one in self.chain(id):
            found = one.find(f"{self.ns}pPr/{self.ns}numPr")
            if found is not None:
                return found
        return None
