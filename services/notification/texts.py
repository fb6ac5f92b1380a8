"""Vietnamese texts of notices from one template each: first line the subject, then the body."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

_FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Rendered:
    """A notice's words: the same text plain and as HTML (where everything is escaped)."""

    subject: str
    body: str
    html: str


def _day(value: date | None) -> str:
    return "" if value is None else f"{value:%d/%m/%Y}"


def _dong(value: int) -> str:
    return f"{value:,}".replace(",", ".") + " đồng"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = _day
    environment.filters["dong"] = _dong
    return environment


_TEMPLATES = _environment()

MILESTONES = tuple(sorted(path.stem for path in _FOLDER.glob("*.txt")))


def render(milestone: str, context: dict[str, Any]) -> Rendered:
    """The words for a milestone; a value the template needs and does not get is an error."""
    text = _TEMPLATES.get_template(f"{milestone}.txt").render(context)
    subject, _, body = text.partition("\n")
    body = body.strip()
    paragraphs = [one.strip() for one in body.split("\n\n")]
    html = _TEMPLATES.get_template("notice.html").render(subject=subject, paragraphs=paragraphs)
    return Rendered(" ".join(subject.split()), body, html)
