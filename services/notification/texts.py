"""Vietnamese texts of notices from one template each: first line the subject, then the body."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

_FOLDER = Path(__file__).parent / "templates"
_QUARTERS = {"1": "I", "2": "II", "3": "III", "4": "IV"}


@dataclass(frozen=True)
class Rendered:
    """A notice's words; ``body`` has an empty line between its paragraphs."""

    subject: str
    body: str

    def html(self) -> str:
        """The same as a page, where everything is escaped: what an e-mail has beside its text."""
        paragraphs = [one.strip() for one in self.body.split("\n\n")]
        page = _TEMPLATES.get_template("notice.html")
        return page.render(subject=self.subject, paragraphs=paragraphs)


def _day(value: date | None) -> str:
    return "" if value is None else f"{value:%d/%m/%Y}"


def _dated(value: date | None) -> str:
    """Behind a letter's number: its issuer counts from 1 again each year."""
    return "" if value is None else f" ngày {_day(value)}"


def _dong(value: int) -> str:
    return f"{value:,}".replace(",", ".") + " đồng"


def _place(path: str) -> str:
    """The item's place as a Vietnamese reader names it: ``3.-1`` is the first dash under 3."""
    numbered, _, dash = path.partition("-")
    words = [f"mục {one}" for one in (numbered.rstrip("."),) if one]
    words += [f"gạch đầu dòng thứ {dash}"] if dash else []
    return ", ".join(words) or "nội dung chỉ đạo"


def _period(name: str) -> str:
    """``2016-10``, ``2016-Q4``, ``2016-H2`` and ``2016`` in words."""
    year, _, part = name.partition("-")
    match part[:1]:
        case "":
            return f"năm {year}"
        case "Q":
            return f"quý {_QUARTERS[part[1:]]} năm {year}"
        case "H":
            return f"6 tháng {'đầu' if part == 'H1' else 'cuối'} năm {year}"
    return f"tháng {part} năm {year}"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = _day
    environment.filters["dated"] = _dated
    environment.filters["dong"] = _dong
    environment.filters["place"] = _place
    environment.filters["period"] = _period
    return environment


_TEMPLATES = _environment()

MILESTONES = tuple(sorted(path.stem for path in _FOLDER.glob("*.txt")))


def render(milestone: str, context: dict[str, Any]) -> Rendered:
    """The words for a milestone; a value the template needs and does not get is an error."""
    text = _TEMPLATES.get_template(f"{milestone}.txt").render(context)
    subject, _, body = text.partition("\n")
    return Rendered(" ".join(subject.split()), body.strip())
