"""Kinds of value that mean the same in every event and every HTTP body."""

import re
import unicodedata
from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from shared.ids import uuid_of

_DATE = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_UUID = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_NO_DATE = "must be a date like 2016-10-20, without a time"
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
    if value.isprintable():  # then it holds none of what is looked for below
        return (value if value.isascii() else unicodedata.normalize("NFC", value)).strip()
    if "\x00" in value:
        raise ValueError("contains the character U+0000, which no text may hold")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError("contains a lone surrogate, which is no character") from error
    if any(chr(code) in value for code in _INVISIBLE):
        value = value.translate(_INVISIBLE)
    return unicodedata.normalize("NFC", value).strip()


def clean_line(value: str) -> str:
    """As ``clean_text``; refuses control characters too."""
    cleaned = clean_text(value)
    if not cleaned.isprintable() and _CONTROL.search(cleaned):
        raise ValueError("must be one line without control characters")
    return cleaned


class FromText:
    """Lets a strict model take an enum as the text JSON has for it, and no else.

    Pydantic's strict mode takes such text only from its own JSON parser; FastAPI hands it parsed
    objects.
    """

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        relaxed = core_schema.enum_schema(source, list(source), sub_type="str", strict=False)
        return core_schema.json_or_python_schema(json_schema=handler(source), python_schema=relaxed)


class UuidText:
    """As ``FromText`` for a UUID, in its usual form of 36 characters.

    Events get asyncpg's kind: to write an id out again, which an event's way through a service
    does three times, takes a tenth of what the standard library's takes.
    """

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        text = core_schema.no_info_after_validator_function(
            uuid_of, core_schema.str_schema(strict=True, pattern=_UUID)
        )
        given = core_schema.union_schema(
            [core_schema.uuid_schema(strict=True), text], mode="left_to_right"
        )
        return core_schema.custom_error_schema(
            core_schema.json_or_python_schema(json_schema=text, python_schema=given),
            custom_error_type="uuid_form",
            custom_error_message="must be a UUID like 01936f1c-9c1e-7e6a-8a3e-3f2b1c0d9e8f",
            serialization=core_schema.to_string_ser_schema(when_used="json"),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "format": "uuid"}


def _date_of_text(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not _DATE.fullmatch(value):
        raise ValueError(_NO_DATE)
    return date.fromisoformat(value)


class IsoDate:
    """A date, or its text such as 2016-10-20: no time, no number of seconds, no other form."""

    FIRST, LAST = date(1945, 9, 2), date(2199, 12, 31)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        text = core_schema.custom_error_schema(
            core_schema.str_schema(strict=True, pattern=_DATE.pattern),
            custom_error_type="date_form",
            custom_error_message=_NO_DATE,
        )
        day = core_schema.date_schema(strict=False, ge=self.FIRST, le=self.LAST)
        return core_schema.json_or_python_schema(
            json_schema=core_schema.chain_schema([text, day]),
            python_schema=core_schema.no_info_before_validator_function(
                _date_of_text, core_schema.date_schema(strict=True, ge=self.FIRST, le=self.LAST)
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        bounds = {"ge": self.FIRST.isoformat(), "le": self.LAST.isoformat()}
        return {"type": "string", "format": "date", **bounds}


Id = Annotated[UUID, UuidText()]
Date = Annotated[date, IsoDate()]
Text = Annotated[str, StringConstraints(max_length=100_000), AfterValidator(clean_text)]
Line = Annotated[
    str,
    StringConstraints(max_length=1_000),
    AfterValidator(clean_line),
    StringConstraints(min_length=1),
]
Label = Annotated[str, AfterValidator(clean_text)]
"""Where an item stands in its letter: ``3.2``, ``II.1.a``."""
AgencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,8}(-[A-Z0-9]{1,12}){1,3}$")]
"""Ours, not an official identifier: ``HN-SCT``, ``HN-UBND-001``."""
Amount = Annotated[int, Field(ge=0, le=10**15)]
"""Whole đồng."""
Count = Annotated[int, Field(ge=0, le=10**9)]
AnyRole = Annotated[Role, FromText()]
AnyRecurrence = Annotated[Recurrence, FromText()]
