"""Kinds of value that mean the same in every event and every HTTP body."""

import re
import unicodedata
from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, core_schema

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Role(StrEnum):
    """How an agency stands to a task: chủ trì or phối hợp."""

    LEAD = "lead"
    COORDINATE = "coordinate"


class Recurrence(StrEnum):
    """How often an item asks for the same thing again."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half-yearly"
    YEARLY = "yearly"
    UNSPECIFIED = "unspecified"


def clean_text(value: str) -> str:
    """NFC, without NUL, zero-width characters and surrounding space; refuses lone surrogates."""
    if "\x00" in value:
        raise ValueError("contains the character U+0000, which no text may hold")
    if value.isascii():
        return value.strip()
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError("contains a lone surrogate, which is no character") from error
    if any(chr(code) in value for code in _INVISIBLE):
        value = value.translate(_INVISIBLE)
    return unicodedata.normalize("NFC", value).strip()


def _one_line(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError("must be one line without control characters")
    return value


class FromText:
    """Lets a strict model take a date, UUID or enum as the text JSON has for it, and nothing else.

    Pydantic's strict mode takes such text only from its own JSON parser; FastAPI hands it parsed
    objects.
    """

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        schema = handler(source)
        parse = self._parser(source)
        return core_schema.json_or_python_schema(
            json_schema=core_schema.no_info_before_validator_function(parse, schema)
            if source is date
            else schema,
            python_schema=core_schema.no_info_before_validator_function(parse, schema),
        )

    @staticmethod
    def _parser(source: Any) -> Any:
        def parse(value: object) -> object:
            if not isinstance(value, str):
                return value
            if source is date:
                if not _DATE.fullmatch(value):
                    raise ValueError("must be a date like 2016-10-20, without a time")
                return date.fromisoformat(value)
            return source(value)

        return parse


Id = Annotated[UUID, FromText()]
Date = Annotated[date, FromText(), Field(ge=date(1945, 9, 2), le=date(2199, 12, 31))]
Text = Annotated[str, StringConstraints(max_length=100_000), AfterValidator(clean_text)]
Line = Annotated[
    str,
    StringConstraints(max_length=1_000),
    AfterValidator(clean_text),
    AfterValidator(_one_line),
    StringConstraints(min_length=1),
]
AgencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,8}(-[A-Z0-9]{1,12}){1,3}$")]
"""Ours, not an official identifier: ``HN-SCT``, ``HN-UBND-001``."""
Amount = Annotated[int, Field(ge=0, le=10**15)]
"""Whole đồng."""
Count = Annotated[int, Field(ge=0, le=10**9)]
AnyRole = Annotated[Role, FromText()]
AnyRecurrence = Annotated[Recurrence, FromText()]
