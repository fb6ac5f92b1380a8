"""A letter's annotation: what a careful clerk finds in it, with spans in code points of its text.

The shape is that of annotations made by hand and of ``GET /intake/{id}/annotations``.
"""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class Header(_Part):
    """What the letter says of itself; None where its text does not."""

    number_symbol: str | None
    date: str | None
    kind: str
    issuer: str | None
    subject: str | None
    signer: str | None
    signer_title: str | None
    capacity: list[str]


class Deadline(_Part):
    """``date`` is ISO, None where the words give no day."""

    raw: str
    date: str | None
    kind: Literal[
        "date", "month", "quarter", "year", "recurring", "relative", "immediate", "conditional"
    ]


class Task(_Part):
    """One order. ``text`` is how its span begins, for people; an annotation may leave it out."""

    path: str
    start: int
    end: int
    text: str = ""
    lead: list[str]
    coordinate: list[str]
    report_to: list[str]
    deadline: Deadline | None
    recurrence: (
        Literal["daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly", "unspecified"]
        | None
    )
    budget: bool

    @model_validator(mode="after")
    def _is_a_span(self) -> "Task":
        if not 0 <= self.start <= self.end:
            raise ValueError(f"{self.start} to {self.end} is no span")
        return self


class Annotation(_Part):
    """One letter."""

    letter: str
    header: Header
    citations: list[str]
    tasks: list[Task]


class NoAnnotation(ValueError):
    """A file that is no annotation; one line says which, and what is wrong with it."""


def load_annotation(path: Path) -> Annotation:
    """NoAnnotation for a file that cannot be read or is of another shape."""
    try:
        return Annotation.model_validate_json(path.read_bytes())
    except OSError as error:
        raise NoAnnotation(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise NoAnnotation(f"{path} is no annotation: {place}: {first['msg']}") from error
